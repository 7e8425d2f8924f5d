"""A shelf: many values by key in one piece of bytes; only what is asked for is decoded.

So a rule book of any size is there at once, and an article pays for the rules that its words lead to.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, TypeVar, cast

import marisa_trie
import msgspec

_PLACE = "<QL"  # where a value begins, and its length
_HEAD = struct.Struct("<Q")
_MOST_MISSING = 1 << 17
"""So many keys are remembered to have no value."""
T = TypeVar("T")


def decoder(wanted: type[T]) -> Callable[[Any], T]:
    """What makes a value of a type of its MessagePack, once a process and when it is first asked for: to learn a type takes long."""
    return cast(Callable[[Any], T], _decode(cast(Hashable, wanted)))


@cache
def _decode(wanted: Any) -> Any:
    return msgspec.msgpack.Decoder(wanted).decode


class Shelf(Mapping[str, T]):
    """The values that `pack` put into `data`, each made by `decode` when it is first asked for."""

    def __init__(self, data: memoryview, decode: Callable[[memoryview], T]) -> None:
        (size,) = _HEAD.unpack_from(data)
        self._values = data[_HEAD.size + size :]
        self._trie = data[_HEAD.size : _HEAD.size + size]  # kept, as it is not copied
        self._places = marisa_trie.RecordTrie(_PLACE).map(self._trie)
        self._decode = decode
        self._known: dict[str, T] = {}
        self._missing: set[str] = set()

    @staticmethod
    def pack(values: Mapping[str, bytes | memoryview]) -> bytes:
        """The bytes of a shelf with these encoded values; the same whatever their order."""
        keys, places, at = sorted(values), {}, 0
        for key in keys:
            places[key] = (at, len(values[key]))
            at += len(values[key])
        trie = marisa_trie.RecordTrie(_PLACE, places.items()).tobytes()
        return b"".join([_HEAD.pack(len(trie)), trie, *map(values.__getitem__, keys)])

    @staticmethod
    def unpack(data: memoryview) -> dict[str, memoryview]:
        """The encoded values that `pack` put into `data`."""
        shelf = Shelf(data, bytes)
        return {key: shelf.raw(key) for key in shelf}

    def find(self, key: str) -> T | None:
        """The value of `key`, if there is one."""
        value = self._known.get(key)
        if value is not None or key in self._missing:
            return value
        places = self._places.get(key)
        if places:
            ((start, length),) = places
            value = self._known[key] = self._decode(self._values[start : start + length])
            return value
        if len(self._missing) >= _MOST_MISSING:
            self._missing.clear()
        self._missing.add(key)
        return None

    def raw(self, key: str) -> memoryview:
        """The bytes that the value of `key` is made of; none where there is no value."""
        ((start, length),) = self._places.get(key) or ((0, 0),)
        return self._values[start : start + length]

    def among(self, keys: AbstractSet[str]) -> Iterator[tuple[str, T]]:
        """Those of `keys` that have a value, with it."""
        find = self.find
        for key in keys - self._missing:
            value = find(key)
            if value is not None:
                yield key, value

    def __getitem__(self, key: str) -> T:
        value = self.find(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places.keys())

    def __len__(self) -> int:
        return len(self._places)
