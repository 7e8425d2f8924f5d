from pathlib import Path

import msgspec
import pytest

from cleaner import config, languages
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


MISTAKES = [
    ("\nmin-confidense = 0.5", "2:1", "unknown key 'min-confidense': did you mean 'min-confidence'?"),
    ("\n  min-confidence = 5", "2:3", "'min-confidence' cannot be 5: it must be a number from 0 to 1"),
    ('kinds = [\n"typos"]', "1:1", "an item of 'kinds' cannot be 'typos': did you mean 'typo'?"),
    ("jobs = = 2", "1:8", "not valid TOML"),
    ("file = 'x'", "1:1", "unknown key 'file'"),
    ("extensions = []", "1:1", "'extensions' cannot be an empty list: it must be a list that is not empty"),
    ("exclude = 'raw'", "1:1", "'exclude' cannot be 'raw': it must be a list"),
    ("exclude = ['a', '!']", "1:1", "'exclude': '!' is not a gitignore pattern"),
    ("language = 'xx'", "1:1", "'language' cannot be 'xx': choose one of en"),
    ("jobs = '2'", "1:1", "'jobs' cannot be '2': it must be a whole number from 0 up"),
    ("review = 1", "1:1", "'review' cannot be 1: it must be keys with values"),
    ("jobs = 1\n[review]\nthem = 'x'", "3:1", "unknown key 'them': did you mean 'theme'?"),
    ("review.mouse = 3", "1:1", "'mouse' cannot be 3: it must be true or false"),
    ("[review]\nkeys = {accept = 1}", "2:1", "'accept' cannot be 1: put it in quotes"),
    ("[review.keys]\n accept = 1", "2:2", "'accept' cannot be 1: put it in quotes"),
    ("x = " + "[" * 5000, "1:1", "nested too deeply"),
]


@pytest.mark.parametrize(("text", "place", "what"), MISTAKES, ids=[case[0][:30] for case in MISTAKES])
def test_mistakes_are_named_with_their_place(tmp_path: Path, text: str, place: str, what: str):
    path = tmp_path / "cleaner.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        config.load(str(tmp_path))
    assert str(error.value).startswith(f"{path}:{place}: ")
    assert what in str(error.value)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("tool = 1", "1:1", "'tool' is not a table: write [tool.cleaner]"),
        ("[tool]\ncleaner = 1", "2:1", "'cleaner' is not a table: write [tool.cleaner]"),
        ("[[tool.cleaner]]", "1:1", "'cleaner' is not a table"),
        ("[tool.other]\njobs = -1\n[tool.cleaner]\njobs = -2", "4:1", "'jobs' cannot be -2"),
    ],
)
def test_mistakes_in_a_pyproject_are_named_in_its_own_table(tmp_path: Path, text: str, place: str, what: str):
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigError) as error:
        config.load(str(tmp_path))
    assert str(error.value).startswith(f"{tmp_path}/pyproject.toml:{place}: ")
    assert what in str(error.value)


def test_another_encoding_is_named_with_its_place(tmp_path: Path):
    (tmp_path / "cleaner.toml").write_bytes(b"jobs = 1\n# caf\xe9")
    with pytest.raises(ConfigError, match=":2:6: not valid UTF-8"):
        config.load(str(tmp_path))


def test_the_language_is_one_that_is_supported():
    (setting,) = (each for each in msgspec.structs.fields(config.Config) if each.name == "language")
    assert msgspec.inspect.type_info(setting.type).type.values == languages.LANGUAGES
