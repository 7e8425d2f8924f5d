"""The regular expressions of rules: checked when a rule is loaded, run with a limit of time.

Their language is that of Python's `re`, which says most clearly what is wrong with one; they run in `regex`, which can be stopped.
"""

from __future__ import annotations

import marshal
import math
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any, Self

import msgspec

from cleaner.expressions import matcher, regex_parts
from cleaner.rulebook.literals import Needs

SECONDS = 2.0
"""What a search of one expression may take in one article. Honest ones take a thousandth of it."""
_MOST_REPEATS = 50_000
_COUNT = re.compile(r"(.)\{(?:\d*,)?(\d+),?\}", re.DOTALL)
_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")


class RegexError(ValueError):
    """An expression or its replacement that cannot be used; the message says why."""


def check_regex(source: str, *, whole_line: bool = False) -> None:
    """RegexError for what is no expression, is ambiguous or too large, or would match everywhere.

    An expression for whole lines may match nothing, since no line is empty, but may not begin with flags: it is one of many.
    """
    import regex

    if _repeats(source) > _MOST_REPEATS:
        raise RegexError(f"repeats something more than {_MOST_REPEATS:,} times: use + or *")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            matches_nothing = re.compile(source).search("")
        regex.compile(source)
    except Warning as error:
        raise RegexError(f"an ambiguous regular expression: {error}: write \\ before a mark that stands for itself") from error
    except (re.error, regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise RegexError(f"not a regular expression: {error}") from error
    if whole_line and (flags := _FLAGS.match(source)):
        raise RegexError(f"leave out {flags.group()}: case is ignored, and other flags are written as (?s:…)")
    if matches_nothing and not whole_line:
        raise RegexError("matches the empty text, so it would be found everywhere: use + in place of *")


def _repeats(source: str) -> int:
    """About how often an expression with counts, as ``(a{4}){9}``, repeats its smallest part."""
    counts = [(before, int(count[:9])) for before, count in _COUNT.findall(source)]
    return math.prod(count for before, count in counts if before == ")") * max((n for b, n in counts if b != ")"), default=1)


def check_template(source: str, template: str) -> None:
    """RegexError for a replacement that names a group which the expression `source` has not, or that cannot be read."""
    try:
        re.compile(source).sub(template, "")
    except (re.error, IndexError) as error:
        raise RegexError(f"not a replacement for this regular expression: {error}") from error


class Expression(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """A compiled expression, which is made ready when a text has what it `needs`; that takes a thirtieth of the time of compiling it.

    `code` holds its parts (see `regex_parts`).
    """

    needs: Needs
    code: bytes

    @classmethod
    def of(cls, source: str, needs: Needs, *, ignore_case: bool = False) -> Self:
        """Compile a checked expression."""
        return cls(needs, marshal.dumps(regex_parts(source, ignore_case=ignore_case)))

    def possible_as_whole(self, folded: str) -> bool:
        """Whether the expression may match all of `folded`, a folded text that has what it holds."""
        starts = self.needs.starts
        return len(folded) <= self.needs.longest and (not starts or folded.startswith(starts))

    @cached_property
    def compiled(self) -> Any:
        """Give its methods ``timeout=SECONDS``, by which they may raise TimeoutError."""
        return matcher().compile(*marshal.loads(self.code))  # noqa: S302 - from the rule book, in this user's own cache


class Prefilter:
    """Expressions by the texts of which what they match holds one."""

    def __init__(self, expressions: Iterable[Expression]) -> None:
        self._always: set[int] = set()
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for number, expression in enumerate(expressions):
            for text in expression.needs.holds:
                self._numbers[text].append(number)
            if not expression.needs.holds:
                self._always.add(number)

    def possible(self, held: AbstractSet[str]) -> list[int]:
        """The numbers, in order, of the expressions that may match within a text which has these of the texts that expressions hold."""
        return sorted(self._always.union(*map(self._numbers.__getitem__, held & self._numbers.keys())))
