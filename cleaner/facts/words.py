"""What a folder shows about words that no lexicon knows: in how many articles each stands."""

from __future__ import annotations

from collections import Counter
from functools import cache

from cleaner import languages
from cleaner.facts.counts import Counts
from cleaner.text.article import Article
from cleaner.text.sieve import Sieve


class WordFacts(Counts):
    """In how many articles each small-lettered word stands that no dictionary has."""


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
