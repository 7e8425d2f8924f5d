"""The program's own expressions."""

import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import cleaner
from cleaner import cache, expressions
from cleaner.expressions import compiled, expression


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sources that are compiled, where nothing is kept yet."""
    sources = []

    def parts(source: str, flags: int) -> tuple:
        sources.append(source)
        return anew(source, flags)

    anew = expressions._parts
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(expressions, "_parts", parts)
    expressions._kept.cache_clear()
    yield sources
    expressions._kept.cache_clear()


def test_an_expression_is_compiled_once_and_when_it_is_used(made: list[str]):
    lazy = expression("(?P<letter>[a-c])", re.IGNORECASE)
    assert made == []
    assert [match["letter"] for match in lazy.finditer("xBc")] == ["B", "c"]
    assert lazy.search("b")
    assert lazy.search("d") is None
    assert (lazy.pattern, lazy.groupindex["letter"], bool(lazy.flags & re.IGNORECASE)) == ("(?P<letter>[a-c])", 1, True)
    assert made == ["(?P<letter>[a-c])"]


def test_what_it_compiles_to_is_kept_for_the_next_run(made: list[str], tmp_path: Path):
    assert expression("(a)|b").fullmatch("b")
    expressions._keep()
    expressions._kept.cache_clear()
    assert expression("(a)|b").fullmatch("a")[1] == "a"
    assert expression("(a)|b", re.IGNORECASE).fullmatch("B")
    assert made == ["(a)|b", "(a)|b"]
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    expressions._kept.cache_clear()
    assert expression("(a)|b").fullmatch("a")
    assert len(made) == 3


def test_all_expressions_are_what_python_makes_of_them():
    elsewhere = "cleaner.engines.ray", "cleaner.__main__", "cleaner.corpus", "cleaner.cli.server"
    found = []
    for module in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
        if not module.name.startswith(elsewhere):
            for value in vars(import_module(module.name)).values():
                found += [
                    each for each in (value if isinstance(value, tuple) else [value]) if isinstance(each, expressions._Expression)
                ]
    assert len(found) > 80
    for each in found:
        assert compiled(each._source, each._flags) == re.compile(each._source, each._flags)


def test_what_regex_compiles_to_is_kept_and_matches_without_its_compiler(tmp_path: Path):
    code = (
        "import sys; from cleaner.expressions import regex_expression; found = regex_expression(r'\\p{Lu}\\p{M}*').findall('aÉB');"
        "compiler = 'regex._regex_core' in sys.modules; import regex; same = regex.compile(r'\\p{Lu}\\p{M}*').findall('aÉB');"
        "print(found, compiler, found == same == regex.findall(r'\\p{Lu}', 'aÉB'))"
    )
    said = []
    for _ in range(2):
        environment = {**os.environ, "CLEANER_CACHE_DIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
        said.append(
            subprocess.run(
                [sys.executable, "-c", code], check=True, env=environment, capture_output=True, encoding="utf-8"
            ).stdout
        )
    assert said == ["['É', 'B'] True True\n", "['É', 'B'] False True\n"]
