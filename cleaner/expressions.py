"""The program's own regular expressions: each is compiled when it is first used, and what it compiles to is kept from run to run.

An article leads to some sixty of them; to compile these would take a tenth of a start. Those of the library `regex` are kept likewise, so
that no more of it is loaded than what matches: the half that compiles takes as long again.
"""

from __future__ import annotations

import atexit
import copyreg
import marshal
import re
import sys
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any, cast

import cleaner
from cleaner.cache import fetch, stamp, store

_compiler: Any = re._compiler  # type: ignore[attr-defined]  # noqa: SLF001 - what `re.compile` calls, where nothing can be kept
_Parts = tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]
"""What `_sre.compile` makes a compiled expression of besides its source: flags, code, and groups by number and name."""


class _Expression:
    """Stands for a compiled expression: what is asked of it is kept beside it, so that it is as fast as that from the second time on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(compiled(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def expression(source: str, flags: int = 0) -> re.Pattern[str]:
    """The expression `source` of Python's `re`; what is wrong with it is told by its first use."""
    return cast("re.Pattern[str]", _Expression(source, int(flags)))


def compiled(source: str, flags: int) -> re.Pattern[str]:
    """The compiled expression; it equals what `re.compile` makes."""
    kept = _kept()
    parts = kept.get((source, flags))
    if parts is None:
        parts = kept[source, flags] = _parts(source, flags)
        _keep_at_the_end()
    made: re.Pattern[str] = _compiler._sre.compile(source, *parts)  # noqa: SLF001
    return made


def _parts(source: str, flags: int) -> _Parts:
    parsed = _compiler._parser.parse(source, flags)  # noqa: SLF001
    code = list(map(int, _compiler._code(parsed, flags)))  # noqa: SLF001
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in parsed.state.groupdict.items():
        names[number] = name
    return int(flags | parsed.state.flags), code, parsed.state.groups - 1, dict(parsed.state.groupdict), tuple(names)


# --- the library `regex`


@cache
def regex_expression(source: str) -> Any:
    """The compiled expression `source` of `regex`, which knows the properties of characters, for what `re` has no word for."""
    kept, version = _kept(), regex_version()
    parts = kept.get((source, version))
    if parts is None:
        parts = kept[source, version] = regex_parts(source)
        _keep_at_the_end()
    return matcher().compile(*parts)


def regex_parts(source: str, *, ignore_case: bool = False) -> tuple[Any, ...]:
    """What `matcher().compile` makes a compiled expression of, of the same version of `regex` and no other; it can be marshalled."""
    import regex

    compiled = regex.compile(source, regex.IGNORECASE if ignore_case else 0)
    reduced: Any = copyreg.dispatch_table[type(compiled)](compiled)  # what pickle would write
    return cast(tuple[Any, ...], reduced[1])


def regex_version() -> str:
    """What stands for the version of `regex`, of which no more is loaded for it than what matches."""
    return stamp(str(matcher().__file__))


@cache
def matcher() -> ModuleType:
    """The half of `regex` that matches; alone, where the other is not loaded yet."""
    name = "regex._regex"
    if name not in sys.modules:
        library = PathFinder.find_spec("regex")
        spec = PathFinder.find_spec(name, library.submodule_search_locations) if library else None
        if not (spec and spec.loader):
            import regex  # noqa: F401 - from where this finds it
        else:
            sys.modules[name] = module = module_from_spec(spec)
            spec.loader.exec_module(module)
    return sys.modules[name]


# --- what is kept


def _name() -> str:
    """The file of the cache: code is for one version of Python; of another program some expressions would not be used any more."""
    return f"expressions-{cleaner.__version__}.{sys.hexversion:x}.codes"


@cache
def _kept() -> dict[tuple[str, int | str], Any]:
    """The parts of expressions by source and flags, or by source and what stands for the version of `regex`."""
    data = fetch(_name())
    return marshal.loads(data) if data is not None else {}  # noqa: S302 - from this user's own cache


@cache
def _keep_at_the_end() -> None:
    atexit.register(_keep)


def _keep() -> None:
    store(_name(), marshal.dumps(_kept()))
