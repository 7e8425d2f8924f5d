"""CSV: one record a row, whose article is in the column that the first row gives a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.expressions import expression
from cleaner.text.formats.records import Field, RecordError
from cleaner.text.prose import Builder, Prose, as_is

_DELIMITERS = ",;\t|"
_PAIR = expression('""')
_QUOTED = expression(r'"[^"]*+(?:""[^"]*+)*+"')


def records(source: str, delimiters: str = _DELIMITERS) -> Iterator[list[Field]]:
    """The fields of each row after the first, parted by the one of `delimiters` that it has most of; RecordError for a quotation that does not end."""
    end = re.search(r"[\r\n]|\Z", source)
    header = source[: end.start()] if end else source
    rows = _rows(source, max(delimiters, key=header.count))
    names = [_prose(source, *place).text for place in next(rows, [])]
    for row in rows:
        yield [Field(name, *place, text=True) for name, place in zip(names, row, strict=False)]


def _rows(source: str, delimiter: str) -> Iterator[list[tuple[int, int]]]:
    """Where the fields of each row stand, quotes included."""
    field = re.compile(rf"({_QUOTED.pattern})?[^{re.escape(delimiter)}\r\n]*")
    at, row = 0, list[tuple[int, int]]()
    while at < len(source) or row:
        match = field.match(source, at)
        assert match
        if match.group().startswith('"') and not match[1]:
            raise RecordError(match.start(), "a quotation mark at the start of a field that nothing closes")
        row.append(match.span())
        at = match.end()
        if source.startswith(delimiter, at):
            at += 1
            continue
        at += 2 if source.startswith("\r\n", at) else 1
        if row != [(match.start(), match.start())]:  # a blank line is no row
            yield row
        row = []


def prose(source: str, field: Field) -> Prose:
    """The prose of a field."""
    return _prose(source, field.start, field.end)


def _prose(source: str, start: int, end: int) -> Prose:
    """What a field says: the text in its quotation marks, if it begins with one, and what stands after them."""
    builder, quoted = Builder(source), _QUOTED.match(source, start, end)
    if quoted:
        at, start = start + 1, quoted.end()
        for match in _PAIR.finditer(source, at, start - 1):
            builder.keep(at, match.start())
            builder.written('"', *match.span())
            at = match.end()
        builder.keep(at, start - 1)
    builder.keep(start, end)
    return builder.prose(_quoted if quoted and start == end else _unquoted)


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _unquoted(text: str) -> str | None:
    """`text` where a field is not all in quotation marks: what would need them cannot be written there."""
    return None if any(char in _DELIMITERS or char in '"\r\n' for char in text) else as_is(text)
