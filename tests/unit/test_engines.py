import re
import tomllib
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from support import shipped_pipeline

from cleaner.engines.local import Job, LocalEngine
from cleaner.engines.signs import _PACKAGES
from cleaner.errors import DocumentError
from cleaner.pipeline import Checked, Pipeline
from cleaner.text.article import Article


@pytest.mark.parametrize("step", ["observe", "search"])
def test_a_file_for_which_memory_does_not_suffice_is_named_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for path in paths:
        Path(path).write_text("The goverment fell.")
    done = getattr(Pipeline, step)

    def short_of_memory(pipeline: Pipeline, of: Article | Sequence[Article], *rest: object, **options: object) -> object:
        article = of if isinstance(of, Article) else of[0]
        if article.document.path == paths[0]:
            raise MemoryError
        return done(pipeline, of, *rest, **options)

    monkeypatch.setattr(Pipeline, step, short_of_memory)
    first, second = LocalEngine(Job(shipped_pipeline, 1000)).run(paths)
    assert isinstance(first, DocumentError)
    assert str(first) == f"{paths[0]}: not enough memory to check it: split it, or exclude it"
    assert isinstance(second, Checked)
    assert len(second.findings) == 1


SILENT = {"filelock", "msgspec", "pathspec", "platformdirs", "rich", "ruamel-yaml", "shtab", "textual", "watchfiles"}
"""What is required, but has no say in what is found: it encodes, walks, writes and shows."""


def test_what_is_remembered_depends_on_each_package_that_has_a_say_in_it():
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["parquet"]]

    def name(distribution: str) -> str:
        return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", distribution)[0]).lower()

    telling = set(map(name, required)) - SILENT
    listed = {module: set(map(name, names)) for module, names in packages_distributions().items() if module in _PACKAGES}
    assert listed.keys() == set(_PACKAGES)
    assert set().union(*listed.values()) == telling
