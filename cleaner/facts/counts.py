"""Facts that are counts: in how many articles something stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Self, cast

import msgspec

from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.shelf import Shelf, decoder


class Counts(msgspec.Struct):
    """In how many articles each of some texts stands. None of the texts can go when the facts are settled: what one article says is heard in another."""

    articles: dict[str, int] = msgspec.field(default_factory=Counter)

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)

    def parted(self, number: int) -> list[Self]:
        """These facts in so many parts."""
        return [type(self)(Counter(part)) for part in parted(self.articles, number)]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.articles for part in parts], sum, 0))

    def packed(self) -> memoryview:
        """These facts as a shelf."""
        return memoryview(Shelf.pack({text: msgspec.msgpack.encode(count) for text, count in self.articles.items()}))

    @classmethod
    def unpacked(cls, data: memoryview) -> Self:
        """The facts on a shelf."""
        return cls(cast(Any, Shelf(data, decoder(int))))

    def settle(self) -> None:
        """Nothing can go."""
