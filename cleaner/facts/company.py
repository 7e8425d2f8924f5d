"""What a folder shows about the company of words that rules know: in how many articles "civilian contractor" stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from cleaner import languages
from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.text.article import Article

_BETWEEN = frozenset(" -")
_GOES_ON = ("'", "-", "_")
"""What a longer word has before or after one of its parts."""
_SHORTEST = 3
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


def neighbours(article: Article, number: int) -> tuple[str, str]:
    """The telling words right before and after word number `number` of the row, folded; empty where there is none."""
    row, text = article.row, article.folded
    start, before, after = row.starts[number], "", ""
    end = start + len(row.forms[number].removesuffix("'s"))
    if number and text[start - 1] in _BETWEEN and row.starts[number - 1] + len(row.forms[number - 1]) == start - 1:
        before = "" if text.endswith(_GOES_ON, 0, row.starts[number - 1]) else row.forms[number - 1]
    if number + 1 < len(row.forms) and text[end] in _BETWEEN and row.starts[number + 1] == end + 1:
        after = "" if text.startswith(_GOES_ON, end + 1 + len(row.forms[number + 1])) else row.forms[number + 1]
    telling = article.once(_telling)
    return before if before in telling else "", after if after in telling else ""


def pairs(before: str, word: str, after: str) -> list[str]:
    """The keys of `word` between its neighbours."""
    sides = ((before, word) if before else (), (word, after) if after else ())
    return [" ".join(each.removesuffix("s") for each in side) for side in sides if side]


def observe_company(article: Article, terms: AbstractSet[str]) -> CompanyFacts:
    """The company that `terms`, folded words, have in one article."""
    found = set()
    for term in article.vocabulary & terms:
        for number in article.row.places(term):
            before, after = neighbours(article, number)
            found.update(pairs(before, term, after))
    return CompanyFacts(Counter(found))


def _telling(article: Article) -> frozenset[str]:
    """The words of an article that say something about their neighbours: those of letters that do not stand beside anything."""
    zipf = languages.get(article.language).lexicon.zipf
    return frozenset(form for form in article.vocabulary if len(form) >= _SHORTEST and form.isalpha() and zipf(form) < _COMMONEST)
