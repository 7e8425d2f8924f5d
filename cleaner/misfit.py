"""Where data that a user wrote do not fit a type, in plain words: the messages of msgspec are for programmers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from cleaner.errors import nearest

Trail = tuple[str | int, ...]
"""The keys and numbers that lead to a value."""
_LONGEST_SHOWN = 60  # code points


class Misfit(msgspec.Struct, frozen=True):
    """What is wrong, and where."""

    path: Trail
    what: str


def find_misfit(value: Any, to: Any) -> Misfit | None:
    """The first place at which `value`, plain data, is no `to`; None where it fits."""
    return next(_misfits(value, inspect.type_info(to), ()), None)


def _misfits(value: Any, wanted: inspect.Type, path: Trail) -> Iterator[Misfit]:
    wanted, hint = _bare(wanted)
    if isinstance(wanted, inspect.UnionType):  # of something and nothing
        if value is not None:
            yield from _misfits(value, wanted.types[0], path)
    elif isinstance(wanted, inspect.StructType) and isinstance(value, dict):
        yield from _misfits_of_struct(value, wanted, path)
    elif isinstance(wanted, inspect.DictType) and isinstance(value, dict):
        for key, each in value.items():
            if not _fits(key, _bare(wanted.key_type)[0]):
                yield Misfit((*path, key), f"unknown key '{key}'{_way_out(key, *_bare(wanted.key_type))}")
            yield from _misfits(each, wanted.value_type, (*path, key))
    elif isinstance(wanted, inspect.ListType) and isinstance(value, list) and len(value) >= (wanted.min_length or 0):
        for number, each in enumerate(value):
            yield from _misfits(each, wanted.item_type, (*path, number))
    elif not _fits(value, wanted):
        yield Misfit(path, f"{_subject(path)} cannot be {_shown(value)}{_way_out(value, wanted, hint)}")


def _misfits_of_struct(value: dict[str, Any], wanted: inspect.StructType, path: Trail) -> Iterator[Misfit]:
    fields = {field.encode_name: field for field in wanted.fields}
    for key in value:
        if key not in fields:
            yield Misfit((*path, key), f"unknown key '{key}'{nearest(key, list(fields))}")
    for name, field in fields.items():
        if name in value:
            yield from _misfits(value[name], field.type, (*path, name))
        elif field.required:
            yield Misfit(path, f"the key '{name}' is missing: add it")


def _bare(wanted: inspect.Type) -> tuple[inspect.Type, str]:
    """A type without its description, and the description."""
    if isinstance(wanted, inspect.Metadata):
        return wanted.type, (wanted.extra_json_schema or {}).get("description", "")
    return wanted, ""


def _choices(wanted: inspect.Type) -> Sequence[str]:
    if isinstance(wanted, inspect.EnumType):
        return [each.value for each in wanted.cls]
    return [str(each) for each in wanted.values] if isinstance(wanted, inspect.LiteralType) else []


def _fits(value: Any, wanted: inspect.Type) -> bool:
    """Whether a single value fits; what holds others does not if this is asked."""
    if choices := _choices(wanted):
        return value in choices
    if isinstance(wanted, inspect.StrType):
        fitting = isinstance(value, str) and len(value) >= (wanted.min_length or 0)
        return fitting and (wanted.pattern is None or re.search(wanted.pattern, value) is not None)
    if isinstance(wanted, inspect.BoolType):
        return isinstance(value, bool)
    if isinstance(wanted, inspect.IntType | inspect.FloatType):
        number = isinstance(value, int if isinstance(wanted, inspect.IntType) else int | float) and not isinstance(value, bool)
        above = number and (wanted.gt is None or value > wanted.gt) and (wanted.ge is None or value >= wanted.ge)
        return above and (wanted.le is None or value <= wanted.le)
    return not isinstance(wanted, inspect.StructType | inspect.DictType | inspect.ListType)


def _way_out(value: Any, wanted: inspect.Type, hint: str) -> str:
    """What to write instead."""
    if choices := _choices(wanted):
        return nearest(str(value), choices)
    if isinstance(wanted, inspect.StrType) and wanted.pattern and isinstance(value, str):
        return f": {hint or f'it must look like {wanted.pattern}'}"
    if isinstance(wanted, inspect.StrType) and isinstance(value, int | float):
        return ": put it in quotes"
    return f": it must be {_expected(wanted)}"


def _expected(wanted: inspect.Type) -> str:
    if isinstance(wanted, inspect.StrType):
        return "a text that is not empty" if wanted.min_length else "a text"
    if isinstance(wanted, inspect.BoolType):
        return "true or false"
    if isinstance(wanted, inspect.IntType | inspect.FloatType):
        name = "a whole number" if isinstance(wanted, inspect.IntType) else "a number"
        if wanted.le is not None:
            return f"{name} from {wanted.ge} to {wanted.le}"
        return f"{name} above {wanted.gt}" if wanted.gt is not None else f"{name} from {wanted.ge} up"
    if isinstance(wanted, inspect.ListType):
        return "a list that is not empty" if wanted.min_length else "a list"
    return "keys with values"


def _subject(path: Trail) -> str:
    key = next((step for step in reversed(path) if isinstance(step, str)), None)
    if key is None:
        return "an item of the file" if path else "the file"
    return f"'{key}'" if path[-1] == key else f"an item of '{key}'"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + '…'}'" if value else "an empty text"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "keys with values" if isinstance(value, dict) else "empty" if value is None else str(value)
