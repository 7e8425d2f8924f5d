"""HTML: the text between the tags is prose, with the spaces and characters that a reader sees."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from string import ascii_letters

from cleaner.expressions import expression
from cleaner.text.prose import Builder, Prose

_SPACE = expression(r"[ \t\r\n\f]+")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite data del dfn em font i img ins label mark q rp rt ruby s small span strike strong sub sup time tt u wbr".split()
)
_UNREAD = frozenset("audio canvas iframe math noscript object pre script select style svg template textarea title video".split())
"""Elements whose content is no prose."""
_LOCKED = frozenset("code kbd samp var".split())
"""Elements within a sentence that are read and not to be changed."""


def prose(source: str) -> Prose:
    """The prose of an HTML document or of a part of one."""
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    return reader.builder.prose(written)


def written(text: str) -> str:
    """`text` as it stands in HTML."""
    return html.escape(text, quote=False)


class _Reader(HTMLParser):
    """Gathers the prose, piece by piece."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.builder = Builder(source)
        self._source = source
        self._lines = [0, *(match.end() for match in re.finditer("\n", source))]
        self._inside: list[str] = []
        """The elements around this place whose content is no prose, or not to be changed."""
        self._space: tuple[int, int] | None = None
        """A space that counts if text follows."""
        self._begun = False
        """Whether there is text in this block."""
        self._open = -1
        """Where a tag ends that was none."""
        self._unended = -1
        """Where a reference ends that another letter would make another one."""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Note what begins."""
        if tag in _UNREAD or tag in _LOCKED:
            self._inside.append(tag)
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        if tag in self._inside:
            self._inside.remove(tag)
        self._part(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """An element without content."""
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in _INLINE and tag not in _LOCKED:
            self.builder.part("\n" if tag == "br" else "\n\n")
            self._space, self._begun = None, False

    def handle_data(self, data: str) -> None:
        """Text, its spaces as they are shown."""
        at = self._offset()
        # The parser drops the ampersand of a last reference that does not end.
        if data[0] in ascii_letters and self._source[at - 1 : at] == "&":
            at, data = at - 1, f"&{data}"
        if "<" in data or at == self._open:  # a tag that does not end, or would with other text in it
            self._lock(data, at, at + len(data))
            return
        for match in re.finditer(r"[ \t\r\n\f]+|[^ \t\r\n\f]+", data):
            start, end = at + match.start(), at + match.end()
            if _SPACE.match(match.group()):
                self._space = self._space or ((start, end) if self._begun else None)
            else:
                self._text(match.group(), start, end)

    def handle_entityref(self, name: str) -> None:
        """A character by its name; one that is none is text."""
        self._character(f"&{name}")

    def handle_charref(self, name: str) -> None:
        """A character by its number."""
        self._character(f"&#{name}")

    def _character(self, reference: str) -> None:
        start = self._offset()
        end = start + len(reference)
        end += self._source.startswith(";", end)
        text = html.unescape(self._source[start:end])
        (self._lock if start == self._open else self._text)(text, start, end)
        self._unended = -1 if self._source[end - 1] == ";" else end

    def _lock(self, text: str, start: int, end: int) -> None:
        self._text(text, start, end, locked=True)
        self._open = end

    def _text(self, text: str, start: int, end: int, *, locked: bool = False) -> None:
        if not _UNREAD.isdisjoint(self._inside):
            return
        if self._space:
            self.builder.written(" ", *self._space)
        self._space, self._begun = None, True
        locked = locked or bool(self._inside) or start == self._unended
        (self.builder.locked if locked else self.builder.written)(text, start, end)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
