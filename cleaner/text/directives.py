"""Comments in an article that are for this program: ``<!-- cleaner: off names -->``."""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from cleaner.expressions import expression
from cleaner.findings import Span

_COMMENT = expression(r"<!--\s*cleaner:(?P<says>.*?)-->", re.DOTALL)


class Verb(StrEnum):
    """What a comment asks for."""

    OFF = "off"
    """From here to the comment that switches it on again, or to the end."""
    ON = "on"
    OFF_LINE = "off-line"
    """In the line of the comment."""
    OFF_NEXT_LINE = "off-next-line"
    """In the next line that is not blank."""


class Directive(msgspec.Struct, frozen=True):
    """A comment, where it stands, what it asks for (any word, right or wrong) and of which rules; all, if none is named."""

    span: Span
    verb: str
    names: tuple[str, ...]


def directives(text: str) -> list[Directive]:
    """The comments for this program, in order."""
    if "cleaner:" not in text:
        return []
    found = []
    for match in _COMMENT.finditer(text):
        verb, *names = match["says"].replace(",", " ").split() or [""]
        found.append(Directive(Span(*match.span()), verb, tuple(names)))
    return found
