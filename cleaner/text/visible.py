"""Text for people: what they could not see, or what a terminal would obey, is written out as ``<U+200B>``."""

from __future__ import annotations

from unicodedata import category

_BROKEN = range(0xDC80, 0xDD00)


def visible(text: str, keep: str = "") -> str:
    """`text` with every control, invisible and private character written out, but for those in `keep`.

    A byte that is no text (a surrogate, PEP 383) is written as ``<FF>``. Spaces and combining marks stay.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep or category(char) == "Zs" else _name(char) for char in text)


def printable(text: str) -> str:
    """`text` to be read in its lines: one kind of line end, tabs, and everything else as in `visible`."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t")


def _name(char: str) -> str:
    code = ord(char)
    return f"<{code - 0xDC00:02X}>" if code in _BROKEN else f"<U+{code:04X}>"
