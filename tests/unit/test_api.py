"""`cleaner.check`: what programs in Python use."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import RULE, SEEDS, reported

import cleaner
from cleaner.findings import Kind

BAD = "A café.\r\nThe goverment of foo fell. It is an medical case.\n"


def test_a_text():
    found = cleaner.check(BAD)
    assert [(each.path, each.line, each.column, each.matched, each.replaced_by) for each in found] == [
        ("-", 2, 5, "goverment", ("government",)),
        ("-", 2, 34, "an medical", ("a medical",)),
    ]
    assert found[0].span.of(BAD) == "goverment"
    assert isinstance(found[0], cleaner.Finding)
    assert cleaner.check("") == []
    assert cleaner.check("The goverment \ud800 fell.")[0].matched == "goverment"


def test_what_is_wanted():
    assert [each.kind for each in cleaner.check(BAD, kinds=["grammar"])] == [Kind.GRAMMAR]
    assert cleaner.check(BAD, min_confidence=1.0) == []


def test_paths_give_what_the_command_line_gives(cli: Callable[..., subprocess.CompletedProcess[str]]):
    rows = reported(cli, SEEDS)
    for source in (SEEDS, [str(SEEDS)], sorted(SEEDS.iterdir())):
        found = cleaner.check(source)
        assert [
            (each.path, each.line, each.column, each.span.start, each.rule_id, list(each.replaced_by), each.key) for each in found
        ] == [
            (row["path"], row["line"], row["column"], row["start"], row["rule"], row["replacements"], row["key"]) for row in rows
        ]


def test_rules_and_configuration(tmp_path: Path):
    (tmp_path / "own.yaml").write_text(RULE)
    (tmp_path / "cleaner.toml").write_text('rules = ["own.yaml"]\nkinds = ["wording"]\n')
    (tmp_path / "a.txt").write_text(BAD)
    for found in (
        cleaner.check(tmp_path / "a.txt"),
        cleaner.check(BAD, config=tmp_path / "cleaner.toml"),
        cleaner.check(BAD, rules=[tmp_path / "own.yaml"], kinds=["wording"]),
    ):
        assert [(each.matched, each.replaced_by) for each in found] == [("foo", ("bar",))]


def test_a_text_is_judged_alike_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "cleaner.toml").write_text('kinds = ["name"]')
    monkeypatch.chdir(tmp_path)
    assert len(cleaner.check(BAD)) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": Path("nowhere")}, "nowhere: no such file or folder"),
        ({"source": []}, "there are no paths to check"),
        ({"source": BAD, "kinds": ["typos"]}, "unknown kind 'typos': did you mean 'typo'"),
        ({"source": BAD, "min_confidence": 2}, "2 is not a number from 0 to 1"),
        ({"source": BAD, "rules": ["nowhere"]}, "nowhere: no such file or folder of rules"),
        ({"source": BAD, "config": "nowhere.toml"}, "nowhere.toml: cannot be read"),
    ],
)
def test_mistakes_are_raised(arguments: dict, message: str):
    with pytest.raises(cleaner.CleanerError, match=message):
        cleaner.check(**arguments)


def test_errors_go_to_who_asks_for_them(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / "b.txt").write_bytes(b"\0\1\2")
    (tmp_path / "broken.yaml").write_text("rules:\n  - id: x.y\n")
    errors: list[cleaner.CleanerError] = []
    paths = [tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "c.txt"]
    found = cleaner.check(paths, rules=[tmp_path / "broken.yaml"], on_error=errors.append)
    assert len(found) == 2
    assert [str(error).removeprefix(f"{tmp_path}/").partition(":")[0] for error in errors] == ["c.txt", "broken.yaml", "b.txt"]
    assert capfd.readouterr() == ("", "")


def test_to_import_it_loads_next_to_nothing():
    code = "import cleaner, sys; print(*[name for name in sys.modules if name.startswith('cleaner.')]); cleaner.nothing"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "\n"
    assert done.stderr.endswith("AttributeError: module 'cleaner' has no attribute 'nothing'\n")
