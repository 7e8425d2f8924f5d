"""What a folder shows about lines: which ones recur from article to article, on one site and on others."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

import msgspec

from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.facts.sample import hashed
from cleaner.text.article import Article
from cleaner.text.sites import site_of

_LONGEST = 400
_FEW = 3
"""Articles that make a line recur, of up to `_THOUSAND`; one more for ten times as many, among which lines meet by chance."""
_THOUSAND = 1000

Places = int | dict[int, int]
"""Where a line stands: the hash of the one site on which it was seen once, or articles by site."""


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
    return articles >= _FEW + max(0, math.ceil(math.log10(max(1, of) / _THOUSAND)))


class LineFacts(msgspec.Struct):
    """The sites of each short line, by the hash of its folded text, and the number of articles by the hash of their site."""

    lines: dict[int, Places] = msgspec.field(default_factory=dict)
    articles: Counter[int] = msgspec.field(default_factory=Counter)

    def merge(self, other: LineFacts) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)
        for line, places in other.lines.items():
            ours = self.lines.get(line)
            self.lines[line] = places if ours is None else dict(_counts(ours) + _counts(places))

    def parted(self, number: int) -> list[LineFacts]:
        """These facts in so many parts."""
        pairs = zip(parted(self.lines, number), parted(self.articles, number), strict=True)
        return [LineFacts(lines, Counter(articles)) for lines, articles in pairs]

    @classmethod
    def joined(cls, parts: Sequence[LineFacts]) -> LineFacts:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.lines for part in parts], _sum), sum((part.articles for part in parts), Counter()))

    def settle(self) -> None:
        """Drop the lines of one article, which are nearly all: for the article that has it such a line counts like one never seen."""
        self.lines = {line: places for line, places in self.lines.items() if not isinstance(places, int)}

    def recurrence(self, line: str, site: str) -> Recurrence:
        """How often `line` of an article of `site` stands in others."""
        return self.recurrence_by(line_key(line), hashed(site))

    def recurrence_by(self, line: int, site: int) -> Recurrence:
        """How often the line of a key stands in articles, for one of the site of a hash."""
        places = self.lines.get(line)
        counts = Counter[int]() if places is None else _counts(places)
        return Recurrence(counts[site], self.articles[site], counts.total(), self.articles.total())


def _sum(places: Sequence[Places]) -> Places:
    return dict(sum(map(_counts, places), Counter())) if len(places) > 1 else places[0]


def _counts(places: Places) -> Counter[int]:
    return Counter({places: 1} if isinstance(places, int) else places)


def line_key(line: str) -> int:
    """The key of a line in `LineFacts`, whatever its capitals and spaces."""
    return int.from_bytes(hashlib.blake2b(" ".join(line.lower().split()).encode("utf-8", "replace"), digest_size=8).digest())


def observe_lines(article: Article) -> LineFacts:
    """The line facts of one article; a line that stands twice in it counts once."""
    lines = {span.of(article.text).strip() for span in article.lines if len(span) <= _LONGEST}
    site = hashed(article.once(site_of))
    return LineFacts({line_key(line): site for line in lines if line}, Counter([site]))
