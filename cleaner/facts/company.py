"""What a folder shows about the company of words that rules know: in how many articles "civilian contractor" stands."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Set as AbstractSet
from functools import cache

from cleaner import languages
from cleaner.facts.counts import Counts
from cleaner.text.article import Article
from cleaner.text.sieve import Sieve
from cleaner.text.words import Words

_BETWEEN = frozenset(" -")
_PARTS = ("'", "-", "_")
"""What a longer word has before or after its parts."""
_SHORTEST = 3
_COMMONEST = 6.0  # Zipf: words above it stand beside anything


class CompanyFacts(Counts):
    """In how many articles a known word and its neighbour stand side by side, by the two words in order, folded and without a plural's s.

    The pairs are bounded by the words that rules know and what stands beside them.
    """


def neighbours(article: Article, number: int) -> tuple[str, str]:
    """The telling words right before and after word number `number` of the row, folded; empty where there is none."""
    row, telling = article.row, article.once(_telling)
    before = row.forms[number - 1] if number and _are_beside(row, number - 1) and _begins(row, number - 1) else ""
    after = row.forms[number + 1] if _are_beside(row, number) and _ends(row, number + 1) else ""
    return before if before in telling else "", after if after in telling else ""


def pairs(before: str, word: str, after: str) -> list[str]:
    """The keys of `word` between its neighbours."""
    sides = ((before, word) if before else (), (word, after) if after else ())
    return [_key(*side) for side in sides if side]


def observe_company(article: Article, terms: AbstractSet[str]) -> CompanyFacts:
    """The company that `terms`, folded words, have in one article."""
    known, telling, row = article.vocabulary & terms, article.once(_telling), article.row
    found, beside = set(), list(map(_BETWEEN.__contains__, row.gaps))
    for number in itertools.compress(itertools.count(), map(known.__contains__, row.bare)):
        word, before, after = row.bare[number], row.forms[number - 1], row.forms[number + 1 : number + 2]
        if number and beside[number] and before in telling and _begins(row, number - 1):
            found.add(_key(before, word))
        if after and beside[number + 1] and after[0] in telling and word == row.forms[number] and _ends(row, number + 1):
            found.add(_key(word, after[0]))
    return CompanyFacts(Counter(found))


def _key(left: str, right: str) -> str:
    return f"{left.removesuffix('s')} {right.removesuffix('s')}"


def _are_beside(row: Words, number: int) -> bool:
    """Whether a space or hyphen and nothing else parts word number `number` from the next one."""
    return row.gaps[number + 1] in _BETWEEN and number + 1 < len(row.forms)


def _begins(row: Words, number: int) -> bool:
    """Whether a word is no later part of a longer one."""
    return not row.gaps[number].endswith(_PARTS)


def _ends(row: Words, number: int) -> bool:
    """Whether a word is no earlier part of a longer one."""
    return not row.gaps[number + 1].startswith(_PARTS)


def _telling(article: Article) -> set[str]:
    """The words of an article that say something about their neighbours: those of letters that do not stand beside anything."""
    return _telling_words(article.language).among(article.vocabulary)


@cache
def _telling_words(language: str) -> Sieve:
    zipf = languages.get(language).lexicon.zipf
    return Sieve(lambda form: len(form) >= _SHORTEST and form.isalpha() and zipf(form) < _COMMONEST)
