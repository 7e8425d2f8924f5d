"""Examples of rules: texts in which the defect is marked with what mends it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaner.expressions import expression
from cleaner.findings import Span

_FOLDER = expression(r"^={5,}\n", re.MULTILINE)
_MARK = expression(r"\[(?P<wrong>[^\[\]]*?)(?: ->(?P<right>[^\[\]]*))?\]", re.DOTALL)


class ExampleError(ValueError):
    """An example that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A defect: its span in the unmarked text and its replacements, best first; none for advice."""

    span: Span
    replacements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A text without its marks, the marks in order, and the other articles of its folder."""

    text: str
    marks: tuple[Mark, ...]
    others: tuple[str, ...] = ()

    @property
    def corrected(self) -> str:
        """The text with the first replacement of every mark."""
        text = self.text
        for mark in reversed(self.marks):
            if mark.replacements:
                text = text[: mark.span.start] + mark.replacements[0] + text[mark.span.end :]
        return text


def parse_example(source: str) -> Example:
    """Read ``… [wrong -> right | second] …``; ``[wrong -> ]`` is a removal, ``[wrong]`` advice without an edit.

    ``[]`` marks a place at which an advice stands. One space on either side of the arrow and of the bar belongs to the mark, any other to the text. A line of five or more ``=``
    parts the text from further articles of its folder.
    """
    source, *others = _FOLDER.split(source)
    parts: list[str] = []
    marks: list[Mark] = []
    length = at = 0
    for match in _MARK.finditer(source):
        before, wrong, right = source[at : match.start()], match["wrong"], match["right"]
        if not wrong and right is not None:
            raise ExampleError(f"an empty mark: {match.group()!r}")
        start = length + len(before)
        replacements = () if right is None else tuple(right.removeprefix(" ").split(" | "))
        marks.append(Mark(Span(start, start + len(wrong)), replacements))
        parts += [before, wrong]
        length, at = start + len(wrong), match.end()
    text = "".join([*parts, source[at:]])
    return Example(text, tuple(marks), tuple(others))
