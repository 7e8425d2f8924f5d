"""CSV: one record a row, whose article is in the column that the first row gives a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.text.formats.records import Field, RecordError
from cleaner.text.prose import Builder, Prose, as_is

_DELIMITERS = ",;\t|"


def records(source: str) -> Iterator[list[Field]]:
    """The fields of each row after the first; RecordError for a quotation that does not end."""
    end = re.search(r"[\r\n]|\Z", source)
    header = source[: end.start()] if end else source
    delimiter = max(_DELIMITERS, key=header.count)
    rows = _rows(source, delimiter)
    names = [_value(source, start, end) for start, end in next(rows, [])]
    for row in rows:
        yield [Field(name, *place, text=True) for name, place in zip(names, row, strict=False)]


def _rows(source: str, delimiter: str) -> Iterator[list[tuple[int, int]]]:
    """Where the fields of each row stand, quotes included."""
    mark = re.escape(delimiter)
    field = re.compile(rf'"(?:[^"]|"")*"(?=[{mark}\r\n]|\Z)|[^{mark}\r\n]*')
    at, row = 0, list[tuple[int, int]]()
    while at < len(source) or row:
        match = field.match(source, at)
        assert match
        if match.group().startswith('"') and not match.group().endswith('"', 1):
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


def _value(source: str, start: int, end: int) -> str:
    return source[start + 1 : end - 1].replace('""', '"') if source[start:end].startswith('"') else source[start:end]


def prose(source: str, field: Field) -> Prose:
    """The prose of a field."""
    builder, at, end = Builder(source), field.start, field.end
    if not source.startswith('"', at) or at == end:
        builder.keep(at, end)
        return builder.prose(_unquoted)
    at, end = at + 1, end - 1
    for match in re.compile('""').finditer(source, at, end):
        builder.keep(at, match.start())
        builder.written('"', *match.span())
        at = match.end()
    builder.keep(at, end)
    return builder.prose(_quoted)


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _unquoted(text: str) -> str | None:
    """`text` where a field has no quotation marks: what would need them cannot be written there."""
    return None if any(char in _DELIMITERS or char in '"\r\n' for char in text) else as_is(text)
