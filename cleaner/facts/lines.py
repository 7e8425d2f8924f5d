"""What a folder shows about lines: which ones recur from article to article, on one site and on others."""

from __future__ import annotations

import functools
import itertools
import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

import msgspec

from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.facts.sample import hashed
from cleaner.shelf import decoder
from cleaner.text.article import Article
from cleaner.text.sites import site_of

_LONGEST = 400
_FEW = 3
"""Articles that make a line recur, of up to `_THOUSAND`; one more for ten times as many, among which lines meet by chance."""
_THOUSAND = 1000

Places = int | dict[int, int]
"""Where a line stands: the hash of the one site on which it was seen once, or articles by site."""


PackedLines = tuple[memoryview, memoryview, dict[int, int]]
"""See `Lines`; and the number of articles by site."""
_END = 4  # bytes


class Recurrence(msgspec.Struct, frozen=True):
    """In how many articles a line stands: `here` of the `of` of its site, `total` of the `folder` of all sites."""

    here: int
    of: int
    total: int
    folder: int

    @property
    def is_certain(self) -> bool:
        """Whether so many articles do not share a line by chance."""
        return _recurs(self.here, self.of) or _recurs(self.total, self.folder)

    def __str__(self) -> str:
        if self.of == self.folder or not _recurs(self.here, self.of):
            return f"this line stands in {self.total} articles"
        others = self.total - self.here
        return f"this line stands in {self.here} of the {self.of} articles of this site" + (
            f", and in {others} of others" if others else ""
        )


def _recurs(articles: int, of: int) -> bool:
    return articles >= _FEW and articles >= _FEW + max(0, math.ceil(math.log10(max(1, of) / _THOUSAND)))


class Lines(Mapping[int, Places]):
    """Where lines stand, in two pieces of bytes: their keys, ascending, and what each of them has, after the ends of these."""

    def __init__(self, keys: memoryview, places: memoryview) -> None:
        self._keys = keys.cast("Q")
        first = _END * (len(self._keys) + 1)
        self._ends, self._places = places[:first].cast("I"), places[first:]

    @staticmethod
    def pack(lines: Mapping[int, Places]) -> tuple[memoryview, memoryview]:
        """The pieces for these lines."""
        keys = array("Q", sorted(lines))
        places = [msgspec.msgpack.encode(lines[key]) for key in keys]
        ends = array("I", itertools.accumulate(map(len, places), initial=0))
        return memoryview(keys.tobytes()), memoryview(b"".join([ends, *places]))

    def get(self, line: int, default: Any = None) -> Any:
        """Where a line stands, or `default`."""
        number = bisect_left(self._keys, line)
        if number == len(self._keys) or self._keys[number] != line:
            return default
        return decoder(cast(Any, Places))(self._places[self._ends[number] : self._ends[number + 1]])

    def __getitem__(self, line: int) -> Places:
        places: Places | None = self.get(line)
        if places is None:
            raise KeyError(line)
        return places

    def __contains__(self, line: object) -> bool:
        return self.get(cast(int, line)) is not None

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class LineFacts(msgspec.Struct, dict=True):
    """The sites of each short line, by the hash of its folded text, and the number of articles by the hash of their site."""

    lines: dict[int, Places] = msgspec.field(default_factory=dict)
    articles: Counter[int] = msgspec.field(default_factory=Counter)

    def merge(self, other: LineFacts) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)
        self.__dict__.pop("_total", None)
        for line, places in other.lines.items():
            ours = self.lines.get(line)
            self.lines[line] = places if ours is None else _added(ours, places)

    def parted(self, number: int) -> list[LineFacts]:
        """These facts in so many parts."""
        pairs = zip(parted(self.lines, number), parted(self.articles, number), strict=True)
        return [LineFacts(lines, Counter(articles)) for lines, articles in pairs]

    @classmethod
    def joined(cls, parts: Sequence[LineFacts]) -> LineFacts:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.lines for part in parts], _sum), sum((part.articles for part in parts), Counter()))

    def packed(self) -> PackedLines:
        """These facts as bytes."""
        return *Lines.pack(self.lines), self.articles

    @classmethod
    def unpacked(cls, data: PackedLines) -> LineFacts:
        """The facts of these bytes, read as they are asked for."""
        keys, places, articles = data
        return cls(cast(Any, Lines(keys, places)), Counter(articles))

    def settle(self) -> None:
        """Drop the lines of one article, which are nearly all: for the article that has it such a line counts like one never seen."""
        self.lines = {line: places for line, places in self.lines.items() if not isinstance(places, int)}

    def recurrence(self, line: int, site: int) -> Recurrence:
        """How often the line of a key stands in articles, for one of the site of a hash."""
        places = self.lines.get(line, {})
        if isinstance(places, int):
            places = {places: 1}
        return Recurrence(places.get(site, 0), self.articles[site], sum(places.values()), self._total)

    @cached_property
    def _total(self) -> int:
        return self.articles.total()


def _sum(places: Sequence[Places]) -> Places:
    first = places[0]
    return functools.reduce(_added, places[1:], first if isinstance(first, int) else dict(first))


def _added(ours: Places, places: Places) -> Places:
    """The sum of both; `ours` is changed where it can be, which for a line of many sites takes a fraction of the time."""
    total = {ours: 1} if isinstance(ours, int) else ours
    for site, count in ({places: 1} if isinstance(places, int) else places).items():
        total[site] = total.get(site, 0) + count
    return total


def line_key(line: str) -> int:
    """The key of a line in `LineFacts`, whatever its capitals and spaces."""
    return hashed(" ".join(line.lower().split()))


def observe_lines(article: Article) -> LineFacts:
    """The line facts of one article; a line that stands twice in it counts once."""
    lines = {span.of(article.text).strip() for span in article.lines if len(span) <= _LONGEST}
    site = hashed(article.once(site_of))
    return LineFacts({line_key(line): site for line in lines if line}, Counter([site]))
