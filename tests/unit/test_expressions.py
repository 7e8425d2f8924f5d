"""The program's own expressions."""

import pkgutil
import re
from importlib import import_module

import pytest

import cleaner
from cleaner import expressions
from cleaner.expressions import expression


def test_an_expression_is_compiled_once_and_when_it_is_used(monkeypatch: pytest.MonkeyPatch):
    compile_, compiled = re.compile, []

    def compiling(source: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(source)
        return compile_(source, flags)

    monkeypatch.setattr(expressions.re, "compile", compiling)
    lazy = expression("(?P<letter>[a-c])", re.IGNORECASE)
    assert compiled == []
    assert [match["letter"] for match in lazy.finditer("xBc")] == ["B", "c"]
    assert lazy.search("b")
    assert lazy.search("d") is None
    assert (lazy.pattern, lazy.groupindex["letter"], bool(lazy.flags & re.IGNORECASE)) == ("(?P<letter>[a-c])", 1, True)


def test_all_expressions_can_be_compiled():
    for module in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
        if module.name.startswith(("cleaner.adapters", "cleaner.engines.ray", "cleaner.__main__", "cleaner.cli.server")):
            continue
        for value in vars(import_module(module.name)).values():
            for each in value if isinstance(value, tuple) else [value]:
                if isinstance(each, expressions._Expression):
                    assert each.pattern
