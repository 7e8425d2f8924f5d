"""The findings of a shard as a shard of the same format: a row for each of its rows, in their order."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO, Protocol

import msgspec

from cleaner.corpus.shards import PARQUET, arrow
from cleaner.jsonlines import as_dict
from cleaner.pipeline import Checked

_BATCH = 256  # rows


class Judged(msgspec.Struct, frozen=True):
    """What is written of a row: `digest` is that of its text in UTF-8, empty where it has none; `error` says why it was not checked, or not in full."""

    id: str
    row: int
    digest: str
    findings: list[dict[str, Any]]
    error: str | None = None
    text: str | None = None


def told(checked: Checked) -> list[dict[str, Any]]:
    """The findings of a row, as a report in JSON Lines has them, but for the path: what they relate to stands in the same text."""
    found = [as_dict(checked.document, finding) for finding in checked.findings]
    for each in found:
        del each["path"]
        for other in each["related"]:
            del other["path"]
    return found


class Sink(Protocol):
    """Takes the rows of a shard."""

    def add(self, row: Judged) -> None:
        """Write a row, now or a little later."""


def writing(path: str, stream: BinaryIO, *, with_text: bool) -> AbstractContextManager[Sink]:
    """What writes rows to `stream` in the format of `path`."""
    return _table(stream, with_text) if path.lower().endswith(PARQUET) else _lines(path, stream, with_text)


@contextmanager
def _lines(path: str, stream: BinaryIO, with_text: bool) -> Iterator[Sink]:  # noqa: FBT001
    packed = gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="") if path.lower().endswith(".gz") else stream
    text = io.TextIOWrapper(packed, "utf-8", newline="\n")
    yield _Lines(text, with_text)
    text.detach()
    if packed is not stream:
        packed.close()


class _Lines:
    def __init__(self, stream: io.TextIOWrapper, with_text: bool) -> None:  # noqa: FBT001
        self._stream = stream
        self._with_text = with_text

    def add(self, row: Judged) -> None:
        record = msgspec.to_builtins(row)
        if not self._with_text:
            del record["text"]
        self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")


@contextmanager
def _table(stream: BinaryIO, with_text: bool) -> Iterator[Sink]:  # noqa: FBT001
    pa, parquet = arrow()
    schema = _schema(pa, with_text)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        table = _Table(pa, writer, schema)
        yield table
        table.flush()


class _Table:
    def __init__(self, pa: Any, writer: Any, schema: Any) -> None:
        self._pa, self._writer, self._schema = pa, writer, schema
        self._rows: list[dict[str, Any]] = []

    def add(self, row: Judged) -> None:
        self._rows.append(msgspec.structs.asdict(row))
        if len(self._rows) == _BATCH:
            self.flush()

    def flush(self) -> None:
        self._writer.write_batch(self._pa.RecordBatch.from_pylist(self._rows, schema=self._schema))
        self._rows = []


def _schema(pa: Any, with_text: bool) -> Any:  # noqa: FBT001
    texts, number = pa.list_(pa.string()), pa.int64()
    related = pa.struct({"start": number, "end": number})
    finding = pa.struct(
        {
            "line": number,
            "column": number,
            "start": number,
            "end": number,
            "text": pa.string(),
            "replacements": texts,
            "kind": pa.string(),
            "rule": pa.string(),
            "message": pa.string(),
            "confidence": pa.float64(),
            "applicability": pa.string(),
            "evidence": texts,
            "key": pa.string(),
            "related": pa.list_(related),
        }
    )
    columns = {"id": pa.string(), "row": number, "digest": pa.string(), "findings": pa.list_(finding), "error": pa.string()}
    return pa.schema({**columns, "text": pa.string()} if with_text else columns)
