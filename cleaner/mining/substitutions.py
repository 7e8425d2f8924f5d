"""Which words stand for which between two sentences that say the same, and which of the two is the suspect.

The suspect is what nobody puts beside its neighbours, or what a spun article has where one that is not spun says otherwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cleaner.findings import Span
from cleaner.languages import Language
from cleaner.mining.parallel import SentencePair
from cleaner.prose.features import measure
from cleaner.prose.model import Prose
from cleaner.text.article import Article, Sentence
from cleaner.text.tokens import Token

_LONGEST = 2  # words
_COMMONEST = 6.0  # Zipf; words above it are no wording
_NEAR_FORM = 4
_SPUN, _CLEARLY = 0.01, 3.0


@dataclass(frozen=True, slots=True)
class _Side:
    article: Article
    sentence: Sentence
    tokens: list[Token]
    """Its words."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """`wrong` in one article where another has `right`, folded words, between the same neighbours (a side may be empty)."""

    wrong: tuple[str, ...]
    right: tuple[str, ...]
    before: str
    after: str
    article: Article
    sentence: Sentence
    span: Span
    """Of the suspect words in their article."""
    parallel: tuple[Article, Sentence]
    spun: bool
    """Whether the suspect's article reads as spun and the other does not."""


def substitutions(pair: SentencePair, language: Language) -> Iterator[Substitution]:
    """The substitutions of one pair of sentences whose suspect can be told."""
    left, right = (
        _Side(article, sentence, [token for token in sentence.tokens if token.is_word])
        for article, sentence in (pair.first, pair.second)
    )
    forms = [[token.form for token in side.tokens] for side in (left, right)]
    matcher = SequenceMatcher(None, forms[0], forms[1], autojunk=False)
    spun = _reads_spun(left.article, right.article, language), _reads_spun(right.article, left.article, language)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "replace" or b - a > _LONGEST or d - c > _LONGEST:
            continue
        mine, theirs = left.tokens[a:b], right.tokens[c:d]
        before = left.tokens[a - 1].form if a else ""
        after = left.tokens[b].form if b < len(left.tokens) else ""
        wordings = _is_wording(left.article, mine, language) and _is_wording(right.article, theirs, language)
        if not wordings or not (before or after) or _same(mine, theirs):
            continue
        fit = [_fits(before, [token.form for token in words], after, language) for words in (mine, theirs)]
        if fit[0] < fit[1] or (fit[0] == fit[1] and spun[0]):
            yield Substitution(
                *_forms(mine, theirs), before, after, left.article, left.sentence, _span(mine), pair.second, spun[0]
            )
        elif fit[1] < fit[0] or (fit[0] == fit[1] and spun[1]):
            yield Substitution(
                *_forms(theirs, mine), before, after, right.article, right.sentence, _span(theirs), pair.first, spun[1]
            )


def _forms(wrong: Sequence[Token], right: Sequence[Token]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(token.form for token in wrong), tuple(token.form for token in right)


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].start, tokens[-1].end)


def _reads_spun(article: Article, other: Article, language: Language) -> bool:
    return _spun(article, language) > max(_SPUN, _CLEARLY * _spun(other, language))


def _spun(article: Article, language: Language) -> float:
    """The probability that an article is spun, by its prose alone."""
    return Prose(article.once(lambda each: measure(each, language))).probability("spun", 0)


def _is_wording(article: Article, tokens: Sequence[Token], language: Language) -> bool:
    """Whether the tokens are small words of a dictionary, next to each other, none so common that it stands anywhere."""
    return (
        all(article.text[t.start].islower() and language.lexicon.is_word(t.form) and not t.clitic for t in tokens)
        and all(language.lexicon.zipf(t.form) < _COMMONEST for t in tokens)
        and all(article.text[x.end : y.start] == " " for x, y in itertools.pairwise(tokens))
    )


def _same(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether two words share a stem, or their first letters."""
    return any(x.form[:_NEAR_FORM] == y.form[:_NEAR_FORM] for x in one for y in other)


def _fits(before: str, words: Sequence[str], after: str, language: Language) -> int:
    """How many of the pairs that words make with their neighbours and each other are known collocations."""
    row = [*([before] if before else []), *words, *([after] if after else [])]
    return sum(pair in language.collocations for pair in itertools.pairwise(row)) - (len(words) - 1)
