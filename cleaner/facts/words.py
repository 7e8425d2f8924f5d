"""What a folder shows about words that no lexicon knows: in how many articles each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Self

import msgspec

from cleaner import languages
from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.text.article import Article
from cleaner.text.sieve import Sieve


class WordFacts(msgspec.Struct):
    """In how many articles each small-lettered word stands that no dictionary has."""

    articles: dict[str, int] = msgspec.field(default_factory=Counter)

    def merge(self, other: WordFacts) -> None:
        """Add the counts of `other`."""
        self.articles.update(other.articles)

    def parted(self, number: int) -> list[WordFacts]:
        """These facts in so many parts."""
        return [WordFacts(Counter(part)) for part in parted(self.articles, number)]

    @classmethod
    def joined(cls, parts: Sequence[WordFacts]) -> WordFacts:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.articles for part in parts], sum, 0))

    def packed(self) -> Self:
        """These facts, which are few."""
        return self

    @classmethod
    def unpacked(cls, data: Self) -> Self:
        """The same."""
        return data

    def settle(self) -> None:
        """Nothing can go: a word is judged because it is here."""


def unknown_words(article: Article) -> set[str]:
    """The small-lettered words of an article that no dictionary has."""
    return _unknown(article.language).among(article.words)


@cache
def _unknown(language: str) -> Sieve:
    lexicon = languages.get(language).lexicon
    return Sieve(lambda word: word.islower() and not lexicon.is_word(word))


def observe_words(article: Article) -> WordFacts:
    """The word facts of one article."""
    return WordFacts(Counter(unknown_words(article)))
