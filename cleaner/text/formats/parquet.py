"""Parquet: read as the JSON Lines that its columns of texts make, a row a line; changed cells are written back, all else stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cleaner.text.document import Packed, PackedError
from cleaner.text.formats import jsonl
from cleaner.text.formats.records import Field
from cleaner.text.prose import Prose

_LARGEST = 200_000_000  # characters of all texts
_KEYS = frozenset({"PLAIN_DICTIONARY", "RLE_DICTIONARY"})
_ORDINARY = _KEYS | {"PLAIN", "RLE", "BIT_PACKED"}
_ARROW = b"ARROW:schema"
records = jsonl.records


def prose(source: str, field: Field) -> Prose:
    """The prose of a cell."""
    return msgspec.structs.replace(jsonl.prose(source, field), write=lambda text: _json(text)[1:-1])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def opened(data: bytes) -> Parquet:
    """How the table `data` is read; PackedError where pyarrow is not installed."""
    arrow()
    return Parquet(data=data)


def arrow() -> tuple[Any, Any]:
    """PyArrow and its module for Parquet; PackedError where it is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        if error.name != "pyarrow":
            raise
        raise PackedError("Parquet is read by pyarrow: pip install 'cleaner[parquet]'") from error
    return pa, parquet


def is_text(sort: Any) -> bool:
    """Whether a column of this type holds texts."""
    from pyarrow import types

    sort = sort.value_type if types.is_dictionary(sort) else sort
    return bool(types.is_string(sort) or types.is_large_string(sort) or types.is_string_view(sort))


class Parquet(Packed, frozen=True):
    """The columns of texts of a Parquet file."""

    def decode(self, data: bytes) -> str:
        """The rows of `data` as JSON Lines."""
        return "".join(f"{_json(row)}\n" for row in _rows(data))

    def embedded(self, old: str, new: str) -> bytes:
        """The file with the cells that differ changed: row groups, schema, metadata and compression stay."""
        return _written(self.data, _changes(old, new))


# --- reading


def _opened(data: bytes, **options: Any) -> Any:
    """The file, by pyarrow; PackedError where it is none."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(pa.BufferReader(data), **options)
    except (pa.ArrowException, OSError) as error:
        raise PackedError(f"not a Parquet file that can be read: {_first_line(error)}: mend it, or exclude it") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0].rstrip(".")


def _text_columns(schema: Any) -> list[str]:
    """The names of the columns of texts; of lists and structs there are none."""
    names = [each.name for each in schema if is_text(each.type)]
    for name in names:
        if schema.names.count(name) > 1:
            raise PackedError(f"two columns are called '{name}': rename one, or exclude the file")
    if not names:
        raise PackedError("no column holds texts: exclude the file")
    return names


def _rows(data: bytes) -> Iterator[dict[str, str | None]]:
    """The texts of each row, by column; PackedError where they are too many."""
    import pyarrow as pa

    file = _opened(data)
    names = _text_columns(file.schema_arrow)
    repeated = [name for name in names if name in _with_dictionary(file.metadata)]
    file = _opened(data, read_dictionary=repeated)  # what stands often is in memory once, however often that is
    left = _remaining(_LARGEST, file.metadata.num_rows * sum(map(len, names)))
    try:
        for number in range(file.num_row_groups):
            table = file.read_row_group(number, names, use_threads=False)
            columns = [table.column(name) for name in names]
            left = _remaining(left, sum(map(_length, columns)))
            for cells in zip(*map(_cells, columns), strict=True):
                yield dict(zip(names, cells, strict=True))
    except MemoryError:  # one of Arrow's exceptions is one
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise PackedError(f"not a Parquet file that can be read: {_first_line(error)}: mend it, or exclude it") from error


def _remaining(left: int, taken: int) -> int:
    if taken > left:
        raise PackedError(f"unpacks to more than {_LARGEST:,} characters: split it, or exclude it")
    return left - taken


def _with_dictionary(meta: Any) -> list[str]:
    """The columns that the file keeps each value of once."""
    group = meta.row_group(0) if meta.num_row_groups else None
    columns = [group.column(number) for number in range(group.num_columns)] if group else []
    return [each.path_in_schema for each in columns if not _KEYS.isdisjoint(each.encodings)]


def _length(column: Any) -> int:
    """The bytes of all texts of a column, or a little more."""
    from pyarrow import compute, types

    total: int = 0
    for chunk in column.chunks:
        if types.is_dictionary(chunk.type):
            total += compute.sum(compute.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        else:
            total += chunk.nbytes
    return total


def _cells(column: Any) -> Iterator[str | None]:
    """The texts of a column; those that are the same are one object."""
    from pyarrow import types

    for chunk in column.chunks:
        if types.is_dictionary(chunk.type):
            texts = chunk.dictionary.to_pylist()
            yield from (None if place is None else texts[place] for place in chunk.indices.to_pylist())
        else:
            yield from chunk.to_pylist()


# --- writing


def _changes(old: str, new: str) -> dict[int, dict[str, str]]:
    """The new texts, by the number of their row and the name of their column."""
    before, after = old.split("\n"), new.split("\n")
    if len(before) != len(after):
        raise PackedError("not written: a change adds or takes away rows")
    rows = enumerate(zip(before, after, strict=True))
    return {number: _changed_cells(row, wanted, number) for number, (row, wanted) in rows if row != wanted}


def _changed_cells(row: str, wanted: str, number: int) -> dict[str, str]:
    before: Any = json.loads(row) if row else {}
    try:
        after = json.loads(wanted)
    except json.JSONDecodeError:
        after = None
    if not isinstance(after, dict) or _sorts(after) != _sorts(before):
        raise PackedError(
            f"not written: in row {number + 1} a change is not written as JSON: quotation marks need a \\ before them"
        )
    return {name: text for name, text in after.items() if text != before[name]}


def _sorts(row: Mapping[str, object]) -> dict[str, type]:
    return {name: type(cell) for name, cell in row.items()}


def _written(data: bytes, changes: Mapping[int, Mapping[str, str]]) -> bytes:
    """`data` with other texts in some cells; PackedError where pyarrow would change more than that."""
    import pyarrow as pa
    from pyarrow import parquet

    file, out, first = _opened(data), pa.BufferOutputStream(), 0
    try:
        with parquet.ParquetWriter(out, file.schema_arrow, **_settings(file)) as writer:
            for number in range(file.num_row_groups):
                table = file.read_row_group(number, use_threads=False)
                for name in _text_columns(table.schema):
                    cells = {row - first: each[name] for row, each in changes.items() if name in each}
                    here = {row: text for row, text in cells.items() if 0 <= row < table.num_rows}
                    if here:
                        at = table.schema.get_field_index(name)
                        table = table.set_column(at, table.schema.field(at), _with(table.column(at), here))
                writer.write_table(table, row_group_size=max(table.num_rows, 1))
                first += table.num_rows
            if _ARROW not in (file.metadata.metadata or {}):  # with its own schema pyarrow writes the metadata by itself
                writer.add_key_value_metadata(_pairs(file))
    except (pa.ArrowException, OSError, KeyError) as error:
        raise PackedError(f"not written: pyarrow cannot write this file anew: {_first_line(error)}") from error
    result: bytes = out.getvalue().to_pybytes()
    if _shape(_opened(result)) != _shape(file):
        raise PackedError("not written: pyarrow would change more of this file than the text")
    return result


def _with(column: Any, cells: Mapping[int, str]) -> Any:
    """A column with other texts in some cells."""
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        texts = column.to_pylist()
        for row, text in cells.items():
            texts[row] = text
        return pa.chunked_array([pa.array(texts, column.type)])
    column = column.unify_dictionaries().combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    known, places = column.dictionary.to_pylist(), column.indices.to_pylist()
    for row, text in cells.items():
        if text not in known:
            known.append(text)
        places[row] = known.index(text)
    sort = column.type
    indices, dictionary = pa.array(places, sort.index_type), pa.array(known, sort.value_type)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, dictionary, ordered=sort.ordered)])


def _settings(file: Any) -> dict[str, Any]:
    """What makes pyarrow write a file as `file` was written."""
    meta = file.metadata
    group = meta.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    leaves = [file.schema.column(number) for number in range(meta.num_columns)]
    keys = _with_dictionary(meta)
    special = {
        each.path_in_schema: code
        for each in columns
        for code in each.encodings
        if code not in _ORDINARY and each.path_in_schema not in keys
    }
    return {
        "version": meta.format_version,
        "compression": {each.path_in_schema: _codec(each) for each in columns},
        "use_dictionary": keys or False,
        "column_encoding": special or None,
        "write_statistics": [each.path_in_schema for each in columns if each.is_stats_set] or False,
        "write_page_index": any(each.has_column_index for each in columns),
        "sorting_columns": group.sorting_columns or None,
        "use_deprecated_int96_timestamps": any(each.physical_type == "INT96" for each in columns),
        "store_decimal_as_integer": any(
            str(each.logical_type.type) == "DECIMAL" and "INT" in each.physical_type for each in leaves
        ),
        "store_schema": _ARROW in (meta.metadata or {}),
    }


def _pairs(file: Any) -> dict[bytes, bytes]:
    """The metadata of a file without what pyarrow adds."""
    return {key: value for key, value in (file.metadata.metadata or {}).items() if key != _ARROW}


def _codec(column: Any) -> str:
    return "NONE" if column.compression == "UNCOMPRESSED" else str(column.compression)


def _shape(file: Any) -> list[Any]:
    """What of a file must not change with its texts."""
    meta = file.metadata
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    leaves = [file.schema.column(number) for number in range(meta.num_columns)]
    return [
        [(each.path, each.physical_type, each.max_definition_level, each.max_repetition_level) for each in leaves],
        file.schema_arrow.remove_metadata().to_string(truncate_metadata=False),
        _pairs(file),
        [(group.num_rows, group.sorting_columns) for group in groups],
        [[group.column(number).compression for number in range(group.num_columns)] for group in groups],
    ]
