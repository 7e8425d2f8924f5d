"""What a text must hold for a regular expression to match it: a cheap test before the search.

As in RE2's prefilters, an expression is reduced to texts of which one stands in, or begins, whatever it matches. Most texts have none,
and then the expression need not even be compiled. What must stand in a match is looked for where spaces are single and each digit is ``0``:
figures are what many expressions are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from cleaner.expressions import expression
from cleaner.text.tokens import fold

_MOST = 20
"""More texts than this are no cheap test."""
_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - Python's own parser is to be had nowhere else
_UNBOUNDED = 1 << 40
_REPEATS = (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT)
_MOST_TIMES = 4
_LONG = 5
"""A text of so many code points tells as much as a longer one."""
_DIGIT, _SPACES = expression(r"\d"), expression(r"\s{2,}|[^\S ]")

Literals = frozenset[str]
"""Folded texts, of which one must be there; empty where none need be."""
_NONE: Literals = frozenset()
_NOTHING: Literals = frozenset({""})


class Needs(msgspec.Struct, array_like=True, frozen=True):
    """The folded texts of which one begins whatever an expression matches, and of which one stands in it; empty where any may.

    What it matches has at most `longest` code points.
    """

    starts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    longest: int = _UNBOUNDED


def sought(folded: str) -> str:
    """A folded text as the texts that expressions hold are looked for in it."""
    return _DIGIT.sub("0", _SPACES.sub(" ", folded))


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


def _holds(items: Any, run: Literals = _NOTHING) -> Literals:
    """The most telling of what the items of a sequence need, all of which must be there: long texts, spaces aside, and few of them."""
    return max(_parts(items, run), key=_telling, default=_NONE)


def _telling(found: Literals) -> tuple[int, int, int]:
    shortest = min((len(text.strip()) for text in found), default=0)
    return min(shortest, _LONG), -len(found), shortest


def _parts(items: Any, run: Literals = _NOTHING) -> Iterator[Literals]:
    """What the items of a sequence need, one after the other; `run` is what stands right before them."""
    for operation, argument in items:
        exact = _exact(operation, argument)
        longer = _product([run, exact]) if len(exact) == 1 or _telling(run)[0] < _LONG else _NONE
        if longer:
            run = longer
            if operation is _parser.ASSERT:
                yield from _parts(argument[1], run if argument[0] > 0 else _NOTHING)
            continue
        yield _needed(run)
        if operation is _parser.BRANCH:
            yield _least(_union([_holds(branch, run) for branch in argument[1]]))
        elif operation is _parser.SUBPATTERN:
            yield from _parts(argument[3], run)
        elif operation is _parser.ATOMIC_GROUP:
            yield from _parts(argument, run)
        elif operation in _REPEATS and argument[0]:
            yield from _parts(argument[2], run)
        run = exact or _NOTHING
    yield _needed(run)


def _exact(operation: Any, argument: Any) -> Literals:
    """All texts that an item may match, as they are looked for; none where they are too many to tell."""
    if operation is _parser.LITERAL:
        return _NONE if chr(argument) in "\r\n" else frozenset({sought(fold(chr(argument)))})
    if operation is _parser.IN:
        return _union([_exact_of_set(*each) for each in argument])
    if operation is _parser.BRANCH:
        return _union([_exact_of_all(branch) for branch in argument[1]])
    if operation is _parser.SUBPATTERN:
        return _exact_of_all(argument[3])
    if operation is _parser.ATOMIC_GROUP:
        return _exact_of_all(argument)
    if operation in _REPEATS:
        least, most, repeated = argument
        once = _exact_of_all(repeated) if most <= _MOST_TIMES else _NONE
        return _union([_product([once] * times) for times in range(least, most + 1)]) if once else _NONE
    return _NOTHING if operation in {_parser.AT, _parser.ASSERT, _parser.ASSERT_NOT} else _NONE


def _exact_of_set(operation: Any, argument: Any) -> Literals:
    """The same of a part of a set of characters."""
    if operation is _parser.RANGE:
        return frozenset("0") if all(chr(end) in "0123456789" for end in argument) else _NONE
    if operation is _parser.CATEGORY:
        return frozenset("0") if argument is _parser.CATEGORY_DIGIT else _NONE
    return _exact(operation, argument) if operation is _parser.LITERAL else _NONE


def _exact_of_all(items: Any) -> Literals:
    return _product([_exact(*each) for each in items])


def _product(parts: Sequence[Literals]) -> Literals:
    """The texts of which each is made of one of each of `parts`, one after the other."""
    found = _NOTHING
    for part in parts:
        if len(found) * len(part) > _MOST:
            return _NONE
        found = frozenset(before + after for before in found for after in part)
    return found


def _needed(run: Literals) -> Literals:
    """What stands in a match, as it is looked for, without what holds another; nothing where it may be no more than spaces."""
    return _least(map(sought, run)) if all(map(str.strip, run)) else _NONE


def _least(texts: Iterable[str]) -> Literals:
    least: list[str] = []
    for text in sorted(texts, key=len):
        if not any(other in text for other in least):
            least.append(text)
    return frozenset(least)


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
