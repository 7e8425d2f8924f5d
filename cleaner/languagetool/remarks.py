"""What LanguageTool says of a text, in this program's terms."""

from __future__ import annotations

import msgspec


class Remark(msgspec.Struct, frozen=True, array_like=True):
    """A match of one of LanguageTool's rules at `[start, end)`, in code points of the text that was asked about."""

    rule: str
    category: str
    message: str
    start: int
    end: int
    replacements: tuple[str, ...]


def code_points(text: str, start: int, units: int) -> int:
    """How many code points of `text` from `start` on take `units` of UTF-16, in which LanguageTool counts."""
    count = 0
    for char in text[start:]:
        if units <= 0:
            break
        units -= 2 if char > "\uffff" else 1
        count += 1
    return count
