from pathlib import Path

import pytest

from cleaner import config
from cleaner.errors import ConfigError
from cleaner.findings import Kind


def test_defaults_where_there_is_no_file(tmp_path: Path):
    assert config.load(str(tmp_path)).extensions == [".txt"]


@pytest.mark.parametrize(("name", "head"), [("cleaner.toml", ""), ("pyproject.toml", "[tool.other]\nx = 1\n[tool.cleaner]\n")])
def test_the_nearest_file_above_is_used(tmp_path: Path, name: str, head: str):
    (tmp_path / name).write_text(head + 'min-confidence = 0.8\nkinds = ["name"]\nrules = ["own"]\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    loaded = config.load(str(inner / "article.txt"))
    assert (loaded.min_confidence, loaded.kinds, loaded.folder) == (0.8, [Kind.NAME], tmp_path)


def test_a_pyproject_of_another_program_is_passed_over(tmp_path: Path):
    (tmp_path / "cleaner.toml").write_text('language = "en"\nmin-confidence = 0.7')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert config.load(str(inner)).min_confidence == 0.7


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("x = 1\nmin-confidense = 0.5", "2:1", "unknown key 'min-confidense': did you mean 'min-confidence'?"),
        ("\n  min-confidence = 5", "2:3", "'min-confidence': expected `float` <= 1.0"),
        ('kinds = ["typos"]', "1:1", "'kinds'"),
        ("jobs = = 2", "1:8", "not valid TOML"),
        ("folder = 'x'", "1:1", "unknown key 'folder'"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, text: str, place: str, what: str):
    path = tmp_path / "cleaner.toml"
    path.write_text(text.replace("x = 1\n", "\n"))
    with pytest.raises(ConfigError) as error:
        config.load(str(tmp_path))
    assert str(error.value).startswith(f"{path}:{place}: ")
    assert what in str(error.value)
