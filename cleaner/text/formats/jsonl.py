"""JSON Lines: one record a line, whose article is the string in one field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial

from cleaner.expressions import expression
from cleaner.text.formats.records import Field, RecordError
from cleaner.text.prose import Builder, Prose

_SPACE = expression(r"[ \t\r\n]*")
_ESCAPE = expression(r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\.")
_decoder = json.JSONDecoder(parse_int=float)  # which numbers they are is all one, and an int may have too many digits


def records(source: str) -> Iterator[list[Field]]:
    """The fields of each record, those that are strings with their places; RecordError for a line that is no JSON object."""
    for line in re.finditer(r"[^\r\n]+", source):
        if line.group().strip():
            try:
                yield list(_fields(source, line.start(), line.end()))
            except (json.JSONDecodeError, IndexError, RecursionError) as error:
                at = error.pos if isinstance(error, json.JSONDecodeError) else line.end()
                raise RecordError(min(at, line.end()), "not a JSON object in one line") from error


def _fields(source: str, start: int, end: int) -> Iterator[Field]:
    at = _after("{", source, start)
    while source[at] != "}":
        key, until = _decoder.raw_decode(source, at)
        if not isinstance(key, str):
            raise json.JSONDecodeError("a key that is no text", source, at)
        at = _after(":", source, until)
        _, until = _decoder.raw_decode(source, at)
        yield Field(key, at, until, source[at] == '"')
        at = _skip(source, until)
        if source[at : at + 1] != "}":
            at = _after(",", source, at)
            if source[at : at + 1] != '"':
                raise json.JSONDecodeError("a key is missing", source, at)
    if source[at + 1 : end].strip():
        raise json.JSONDecodeError("more than an object", source, at + 1)


def _after(mark: str, source: str, at: int) -> int:
    """The place after `mark` and the space around it; it must stand at `at`."""
    at = _skip(source, at)
    if not source.startswith(mark, at):
        raise json.JSONDecodeError(f"expected {mark}", source, at)
    return _skip(source, at + 1)


def _skip(source: str, at: int) -> int:
    """The place of the first character at or after `at` that is no space."""
    match = _SPACE.match(source, at)
    return match.end() if match else at


def prose(source: str, field: Field) -> Prose:
    """The prose of a field."""
    builder, at, end = Builder(source), field.start + 1, field.end - 1
    for match in _ESCAPE.finditer(source, at, end):
        builder.keep(at, match.start())
        char = json.loads(f'"{match.group()}"')
        builder.written("\ufffd" if "\ud800" <= char <= "\udfff" else char, *match.span())
        at = match.end()
    builder.keep(at, end)
    return builder.prose(partial(_written, source.isascii()))


def _written(ascii_only: bool, text: str) -> str:  # noqa: FBT001 - bound where it is made
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]
