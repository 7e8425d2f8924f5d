"""What a folder shows about lines: which ones recur from article to article."""

from __future__ import annotations

import hashlib
from collections import Counter

import msgspec

from cleaner.text.article import Article

_LONGEST = 400


class LineFacts(msgspec.Struct):
    """In how many articles each short line stands, by the hash of its folded text."""

    articles: Counter[int] = msgspec.field(default_factory=Counter)

    def merge(self, other: LineFacts) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)


def line_key(line: str) -> int:
    """The key of a line in `LineFacts`, whatever its capitals and spaces."""
    return int.from_bytes(hashlib.blake2b(" ".join(line.lower().split()).encode("utf-8", "replace"), digest_size=8).digest())


def observe_lines(article: Article) -> LineFacts:
    """The line facts of one article; a line that stands twice in it counts once."""
    lines = {span.of(article.text).strip() for span in article.lines if len(span) <= _LONGEST}
    return LineFacts(Counter(line_key(line) for line in lines if line))
