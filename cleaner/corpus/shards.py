"""Shards: files of rows, each with a text and perhaps an id, read a few rows at a time."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

import msgspec

from cleaner.errors import DocumentError, UsageError, because, nearest
from cleaner.text.document import PackedError
from cleaner.text.formats import ORIGINS, origin_of
from cleaner.text.formats import parquet as tables

PARQUET = ".parquet"
LINES = (".jsonl", ".ndjson")
ENDINGS = (PARQUET, *LINES, *(f"{ending}.gz" for ending in LINES))
_BATCH = 256  # rows
_BLOCK = 1 << 20  # bytes
_MARK = b"\xef\xbb\xbf"


class Columns(msgspec.Struct, frozen=True):
    """The columns of the text and of the id; without one the id is in the column "id", or else the number of the row."""

    text: str
    id: str | None = None


class Row(msgspec.Struct, frozen=True):
    """A row by its number, from 1, which is that of the line in JSON Lines; without a text `wrong` says why."""

    number: int
    id: str
    text: str = ""
    wrong: str = ""
    origin: str = ""
    """The site that it comes from, if a column says so."""


def discover(root: str) -> list[str]:
    """The shards in `root`, or `root` itself, as paths below their folder, in order; hidden ones are left out."""
    if os.path.isfile(root):
        return [os.path.basename(root)]
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        found += [
            os.path.relpath(os.path.join(folder, name), root)
            for name in names
            if name.lower().endswith(ENDINGS) and not name.startswith((".", "_"))
        ]
    return sorted(found)


def digest(path: str) -> str:
    """The blake2b-128 of the bytes of a shard; DocumentError where it cannot be read."""
    state = hashlib.blake2b(digest_size=16)
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                state.update(block)
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {because(error)}") from error
    return state.hexdigest()


def rows(path: str, columns: Columns, longest: int) -> Iterator[Row]:
    """The rows of a shard, of which none may have more than `longest` bytes; DocumentError where it is damaged or has no such column."""
    try:
        yield from (_of_table if path.lower().endswith(PARQUET) else _of_lines)(path, columns, longest)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DocumentError(path, f"damaged: it cannot be unpacked ({error})") from error
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {because(error)}") from error


# --- JSON Lines


def _of_lines(path: str, columns: Columns, longest: int) -> Iterator[Row]:
    with _opened(path) as file:
        number = 0
        while line := file.readline(longest + 1):
            number += 1
            if len(line) > longest and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = file.readline(_BLOCK)
                yield _too_long(number, str(number), longest)
            elif line.strip():
                yield _of_line(line.removeprefix(_MARK) if number == 1 else line, number, columns)


def _opened(path: str) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.lower().endswith(".gz") else open(path, "rb")


def _of_line(line: bytes, number: int, columns: Columns) -> Row:
    try:
        record = json.loads(line)
    except UnicodeDecodeError as error:
        return Row(number, str(number), wrong=f"not valid UTF-8 at byte {error.start + 1} of the line")
    except json.JSONDecodeError as error:
        return Row(number, str(number), wrong=f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return Row(number, str(number), wrong="not JSON: nested too deeply")
    except ValueError:
        return Row(number, str(number), wrong="a number of too many digits")
    if not isinstance(record, dict):
        return Row(number, str(number), wrong="not a JSON object")
    id_, origin = record.get(columns.id or "id"), origin_of(map(record.get, ORIGINS))
    return _row(number, _whole(str(number if id_ is None else id_)), record.get(columns.text), columns.text, _whole(origin))


# --- Parquet


def _of_table(path: str, columns: Columns, longest: int) -> Iterator[Row]:
    pa, parquet = arrow()
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            for name in filter(None, (columns.text, columns.id)):
                if name not in names:
                    raise DocumentError(path, f"there is no column '{name}'{nearest(name, names)}")
            kind = file.schema_arrow.field(columns.text).type
            if not tables.is_text(kind):
                raise DocumentError(path, f"the column '{columns.text}' holds {kind}, not text: name another one with --field")
            id_ = columns.id or ("id" if "id" in names else None)
            number = 0
            origins = [name for name in ORIGINS if name in names and tables.is_text(file.schema_arrow.field(name).type)]
            for batch in file.iter_batches(_BATCH, columns=list(dict.fromkeys([columns.text, *filter(None, [id_]), *origins]))):
                for at, text in enumerate(batch[columns.text]):
                    number += 1
                    key = _shown(batch[id_][at]) if id_ else None
                    origin = origin_of(_shown(batch[name][at]) for name in origins)
                    yield _of_cell(number, str(number if key is None else key), text, columns.text, origin, longest)
    except (pa.ArrowException, OSError) as error:
        raise DocumentError(path, f"damaged, or no Parquet: {' '.join(str(error).split())}") from error


def _of_cell(number: int, id_: str, text: Any, column: str, origin: str, longest: int) -> Row:
    try:
        value = text.as_py()
    except UnicodeDecodeError as error:
        return Row(number, id_, wrong=f"not valid UTF-8 at byte {error.start + 1} of the text")
    if value and len(value.encode()) > longest:
        return _too_long(number, id_, longest)
    return _row(number, id_, value, column, origin)


def _shown(cell: Any) -> Any:
    """The value of a cell; what of a text is not valid UTF-8 is U+FFFD."""
    try:
        return cell.as_py()
    except UnicodeDecodeError as error:
        return error.object.decode("utf-8", "replace")


def arrow() -> tuple[Any, Any]:
    """PyArrow and its module for Parquet; UsageError where it is not installed."""
    try:
        return tables.arrow()
    except PackedError as error:
        raise UsageError(str(error)) from error


# --- both


def _row(number: int, id_: str, text: Any, column: str, origin: str) -> Row:
    if text is None:
        return Row(number, id_, wrong=f"no text in '{column}'")
    if not isinstance(text, str):
        return Row(number, id_, wrong=f"'{column}' is not a text but {_JSON.get(type(text), 'something else')}")
    return Row(number, id_, _whole(text), origin=origin)


def _whole(text: str) -> str:
    """`text` with each lone half of a pair, which is no character, as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_JSON = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}


def _too_long(number: int, id_: str, longest: int) -> Row:
    return Row(number, id_, wrong=f"larger than {longest:,} bytes: split it, or raise 'max-file-size'")
