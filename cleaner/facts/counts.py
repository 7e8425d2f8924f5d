"""Facts that are counts: in how many articles something stands."""

from __future__ import annotations

import itertools
import struct
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self, cast
from zlib import crc32

import msgspec

from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted

_HEAD = struct.Struct("<II")  # buckets and texts
_BUCKET = 16  # texts
_ONCE = b"\x011\0"


class Tally(Mapping[str, int]):
    """Counts by text in a piece of bytes, in buckets by hash: what is asked for is searched there. Made in a quarter of the time of a shelf."""

    def __init__(self, data: memoryview) -> None:
        head: tuple[int, int] = _HEAD.unpack_from(data)
        self._buckets, self._length = head
        ends = _HEAD.size + 4 * self._buckets
        self._ends = data[_HEAD.size : ends].cast("I")
        self._data = data[ends:]

    @staticmethod
    def pack(counts: Mapping[str, int]) -> bytes:
        """The bytes of these counts; no text may hold one of the first two characters of Unicode."""
        number = len(counts) // _BUCKET + 1
        buckets: list[list[bytes]] = [[] for _ in range(number)]
        for text, count in counts.items():
            key = text.encode()
            buckets[crc32(key) % number].append(key + (_ONCE if count == 1 else b"\1%d\0" % count))
        joined = [b"".join([b"\0", *bucket]) for bucket in buckets]
        ends = array("I", itertools.accumulate(map(len, joined)))
        return b"".join([_HEAD.pack(number, len(counts)), ends, *joined])

    def _bucket(self, number: int) -> bytes:
        return bytes(self._data[self._ends[number - 1] if number else 0 : self._ends[number]])

    def __getitem__(self, text: str) -> int:
        count = self.get(text)
        if count is None:
            raise KeyError(text)
        return count

    def get(self, text: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """The count of a text, or `default` where there is none."""
        key = text.encode()
        bucket = self._bucket(crc32(key) % self._buckets)
        at = bucket.find(b"\0%b\1" % key) + 1
        if not at:
            return default
        at += len(key) + 1
        return int(bucket[at : bucket.index(b"\0", at)])

    def __iter__(self) -> Iterator[str]:
        for number in range(self._buckets):
            for entry in self._bucket(number).split(b"\0")[1:-1]:
                yield entry.partition(b"\1")[0].decode()

    def __len__(self) -> int:
        return self._length


class Counts(msgspec.Struct):
    """In how many articles each of some texts stands. None of the texts can go when the facts are settled: what one article says is heard in another."""

    articles: dict[str, int] = msgspec.field(default_factory=Counter)

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        counts: Any = other.articles
        # What one article has Python counts in a third of the time that it adds counts in.
        once = self.articles and sum(counts.values()) == len(counts)
        self.articles.update(iter(counts) if once else counts)

    def parted(self, number: int) -> list[Self]:
        """These facts in so many parts."""
        return [type(self)(Counter(part)) for part in parted(self.articles, number)]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.articles for part in parts], sum, 0))

    def packed(self) -> memoryview:
        """These facts as bytes."""
        return memoryview(Tally.pack(self.articles))

    @classmethod
    def unpacked(cls, data: memoryview) -> Self:
        """The facts of these bytes, read as they are asked for."""
        return cls(cast(Any, Tally(data)))

    def settle(self) -> None:
        """Nothing can go."""
