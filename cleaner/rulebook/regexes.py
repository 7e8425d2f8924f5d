"""The regular expressions of rules: checked when a rule is loaded, run with a limit of time.

Their language is that of Python's `re`, which says most clearly what is wrong with one; they run in `regex`, which can be stopped.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

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


def compile_regex(source: str, *, ignore_case: bool = False) -> Any:
    """A checked expression, compiled; give its methods ``timeout=SECONDS``, by which they may raise TimeoutError."""
    import regex  # only where an article leads to an expression

    return regex.compile(source, regex.IGNORECASE if ignore_case else 0)


def compile_any(sources: Sequence[str]) -> Any:
    """What matches where any of `sources`, checked, matches; case is ignored. Their groups do not get into each other's way."""
    import regex

    return regex.compile("(?|" + "|".join(f"(?:{source})" for source in sources) + ")" if sources else "(?!)", regex.IGNORECASE)
