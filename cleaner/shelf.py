"""A shelf: many values by key in one piece of bytes; only what is asked for is decoded.

So a rule book of any size is there at once, and an article pays for the rules that its words lead to.
"""

from __future__ import annotations

import itertools
import struct
from array import array
from collections.abc import Callable, Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, TypeVar, cast

import marisa_trie
import msgspec

_HEAD = struct.Struct("<QQ")  # the sizes of the trie and of the ends
_TRIES = 1
"""Of more tries within each other it takes a third more time to ask, and twice to make and to open; they are hardly smaller."""
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
        size, ends = _HEAD.unpack_from(data)
        values = _HEAD.size + size + ends
        self._kept = data[_HEAD.size : _HEAD.size + size]  # the trie reads it where it lies
        self._trie = marisa_trie.Trie().map(self._kept)
        self._ends = data[_HEAD.size + size : values].cast("I")
        self._values = data[values:]
        self._decode = decode
        self._known: dict[str, T] = {}
        self._missing: set[str] = set()

    @staticmethod
    def pack(values: Mapping[str, bytes | memoryview]) -> bytes:
        """The bytes of a shelf with these encoded values, in all less than 4 GiB; the same whatever their order."""
        trie = marisa_trie.Trie(sorted(values), num_tries=_TRIES)
        pieces: list[bytes | memoryview] = [b""] * len(trie)
        for key, value in values.items():
            pieces[trie[key]] = value
        packed, ends = trie.tobytes(), array("I", itertools.accumulate(map(len, pieces), initial=0))
        return b"".join([_HEAD.pack(len(packed), len(ends) * ends.itemsize), packed, ends, *pieces])

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
        number = self._trie.get(key)
        if number is not None:
            value = self._known[key] = self._decode(self._values[self._ends[number] : self._ends[number + 1]])
            return value
        if len(self._missing) >= _MOST_MISSING:
            self._missing.clear()
        self._missing.add(key)
        return None

    def raw(self, key: str) -> memoryview:
        """The bytes that the value of `key` is made of; none where there is no value."""
        number = self._trie.get(key)
        return self._values[:0] if number is None else self._values[self._ends[number] : self._ends[number + 1]]

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

    def get(self, key: str, default: T | None = None) -> T | None:  # type: ignore[override]
        """The value of `key`, or `default` where there is none."""
        value = self.find(key)
        return default if value is None else value

    def __contains__(self, key: object) -> bool:
        return key in self._trie

    def __iter__(self) -> Iterator[str]:
        return iter(self._trie)

    def __len__(self) -> int:
        return len(self._trie)
