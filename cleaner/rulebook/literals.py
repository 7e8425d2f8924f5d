"""What a text must hold for a regular expression to match it: a cheap test before the search.

As in RE2's prefilters, an expression is reduced to texts of which one stands in, or begins, whatever it matches. Most texts have none,
and then the expression need not even be compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cleaner.text.tokens import fold

_MOST = 64
"""More texts than this are no cheap test."""
_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - Python's own parser is to be had nowhere else
_UNBOUNDED = 1 << 40
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)

Literals = frozenset[str]
"""Folded texts, of which one must be there; empty where none need be."""
_NONE: Literals = frozenset()


class Needs(NamedTuple):
    """The folded texts of which one begins whatever an expression matches, and of which one stands in it; empty where any may.

    What it matches has at most `longest` code points.
    """

    starts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    longest: int = _UNBOUNDED


def needs(source: str) -> Needs:
    """What the expression `source`, which Python can compile, needs; the few letters that have more than two cases aside (ſ, İ)."""
    parsed = _parser.parse(source)
    return Needs(tuple(sorted(_starts(list(parsed)))), tuple(sorted(_holds(parsed))), _longest(parsed))


def _longest(parsed: Any) -> int:
    r"""The most that a whole line may have: by the width of the expression, or by a first look to the end as ``(?=.{4,160}\Z)``."""
    most = [parsed.getwidth()[1], _UNBOUNDED]
    if len(parsed) and parsed[0][0] is _parser.ASSERT and parsed[0][1][0] > 0:
        ahead = parsed[0][1][1]
        if len(ahead) and ahead[-1] == (_parser.AT, _parser.AT_END_STRING):
            most.append(ahead.getwidth()[1])
    return min(map(int, most))


def _union(parts: Sequence[Literals]) -> Literals:
    return frozenset().union(*parts) if all(parts) and sum(map(len, parts)) <= _MOST else _NONE


def _holds(items: Any) -> Literals:
    """The most telling of what the items of a sequence need, all of which must be there: long texts, spaces aside, and few."""
    return max(_parts(items), key=_telling, default=_NONE)


def _telling(found: Literals) -> tuple[int, int, int]:
    return min((len(text.strip()) for text in found), default=0), min(map(len, found), default=0), -len(found)


def _parts(items: Any) -> Iterator[Literals]:
    run = ""
    for operation, argument in items:
        if operation is _parser.LITERAL:
            run += chr(argument)
            continue
        yield _folded(run)
        run = ""
        if operation is _parser.BRANCH:
            yield _union([_holds(branch) for branch in argument[1]])
        elif operation is _parser.SUBPATTERN:
            yield _holds(argument[3])
        elif operation is _parser.ASSERT:
            yield _holds(argument[1])
        elif operation is _parser.ATOMIC_GROUP:
            yield _holds(argument)
        elif operation in _REPEATS and argument[0]:
            yield _holds(argument[2])
    yield _folded(run)


def _starts(items: list[Any]) -> Literals:
    """The texts that a sequence may begin with; empty where one may be nothing or anything."""
    run = ""
    while items and items[0][0] is _parser.LITERAL:
        run += chr(items[0][1])
        items = items[1:]
    if run or not items:
        return _folded(run)
    (operation, argument), *rest = items
    if operation in {_parser.AT, _parser.ASSERT, _parser.ASSERT_NOT}:
        return _starts(rest)
    if operation is _parser.BRANCH:
        return _union([_starts([*branch, *rest]) for branch in argument[1]])
    if operation is _parser.SUBPATTERN:
        return _starts([*argument[3], *rest])
    if operation in _REPEATS:
        least, _, repeated = argument
        some = _starts([*repeated, *([] if least else rest)])
        return some if least else _union([some, _starts(rest)])
    return _NONE


def _folded(run: str) -> Literals:
    """A run of letters, unless its spaces are such as lines are searched without."""
    return frozenset({fold(run)}) if run and " ".join(f"x{run}x".split()) == f"x{run}x" else _NONE
