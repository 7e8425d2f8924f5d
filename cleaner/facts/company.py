"""What a folder shows about the company of words that rules know: in how many articles "civilian contractor" stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from cleaner import languages
from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.text.article import Article

_BEFORE = re.compile(r"(?<![\w'-])(?P<word>[^\W\d_]{3,})[ -]\Z")
_AFTER = re.compile(r"[ -](?P<word>[^\W\d_]{3,})(?![\w'-])")
_REACH = 32
_COMMONEST = 6.0  # Zipf: words above it stand beside anything


class CompanyFacts(msgspec.Struct):
    """In how many articles a known word and its neighbour stand side by side, by the two words in order, folded and without a plural's s.

    The pairs are bounded by the words that rules know and what stands beside them.
    """

    articles: dict[str, int] = msgspec.field(default_factory=Counter)

    def merge(self, other: CompanyFacts) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)

    def parted(self, number: int) -> list[CompanyFacts]:
        """These facts in so many parts."""
        return [CompanyFacts(Counter(part)) for part in parted(self.articles, number)]

    @classmethod
    def joined(cls, parts: Sequence[CompanyFacts]) -> CompanyFacts:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.articles for part in parts], sum, 0))

    def settle(self) -> None:
        """Nothing can go: what one article says is heard in another."""


def neighbours(article: Article, start: int, end: int) -> tuple[str, str]:
    """The telling words right before and after a span, folded; empty where there is none."""
    before = _BEFORE.search(article.folded, max(0, start - _REACH), start)
    after = _AFTER.match(article.folded, end)
    return _telling(article, before), _telling(article, after)


def pairs(before: str, word: str, after: str) -> list[str]:
    """The keys of `word` between its neighbours."""
    sides = ((before, word) if before else (), (word, after) if after else ())
    return [" ".join(each.removesuffix("s") for each in side) for side in sides if side]


def observe_company(article: Article, terms: AbstractSet[str]) -> CompanyFacts:
    """The company that `terms`, folded words, have in one article."""
    found = {
        pair
        for term in article.vocabulary & terms
        for start in article.occurrences(term)
        for pair in pairs(*_around(article, term, start))
    }
    return CompanyFacts(Counter(found))


def _around(article: Article, term: str, start: int) -> tuple[str, str, str]:
    before, after = neighbours(article, start, start + len(term))
    return before, term, after


def _telling(article: Article, match: re.Match[str] | None) -> str:
    lexicon = languages.get(article.language).lexicon
    return match["word"] if match and lexicon.zipf(match["word"]) < _COMMONEST else ""
