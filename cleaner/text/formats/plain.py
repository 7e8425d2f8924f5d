"""Plain text: all of it is prose but for the comments that are for this program."""

from __future__ import annotations

from cleaner.text.directives import directives
from cleaner.text.prose import Builder, Prose


def prose(text: str) -> Prose | None:
    """The text without its comments; None where there are none. A comment that is alone in its line goes with the line."""
    found = directives(text)
    if not found:
        return None
    builder, at = Builder(text), 0
    for directive in found:
        start, end = directive.span.start, directive.span.end
        while start > at and text[start - 1] in " \t":
            start -= 1
        if start == 0 or text[start - 1] in "\r\n":
            while end < len(text) and text[end] in " \t":
                end += 1
            if text.startswith("\r\n", end):
                end += 2
            elif text[end : end + 1] in ("\r", "\n"):
                end += 1
        builder.keep(at, start)
        at = end
    builder.keep(at, len(text))
    return builder.prose()
