"""Misspellings: those that word lists know, and unknown words that are one slip from a far more common one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property, lru_cache

from cleaner.detectors.base import Detector, Evidence, make_finding, question
from cleaner.expressions import expression
from cleaner.facts.words import WordFacts, observe_words, unknown_words
from cleaner.findings import Finding, Span
from cleaner.languages.lexicon import Flag
from cleaner.rulebook.model import Rule, WordListRule
from cleaner.spelling import Candidate, Speller
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case

_SHORTEST, _LONGEST = 4, 40  # letters of a word; what is longer was never meant to be one
_ENOUGH = 1.6
"""How strong the evidence must be, in Zipf units."""
_JOINS = tuple("]@#/_")
_GOES_ON = expression(r"[@/_]|\[\w{1,2}\]|\.\w")
_ONE_LETTER = "aAIO"
# An unknown word in this many articles is a term that lexicons lack, not a slip.
_TERM = 4


@question
def unknown_word(evidence: Evidence, word: str) -> int:
    """In how many articles a word stands that no dictionary has; more than make it a term are not counted."""
    return min(evidence.facts.section(WordFacts).articles[word], _TERM)


class TyposDetector(Detector):
    """Judges small-lettered words only: capitals are the name detector's."""

    name = "typos"
    observes = (observe_words,)

    @cached_property
    def _lists(self) -> dict[str, tuple[str, WordListRule]]:
        rules: list[WordListRule] = self.book.of_form(WordListRule)
        return {wrong: (right, rule) for rule in rules for wrong, right in self.book.misspellings[rule.id].items()}

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.language)

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """Findings for each occurrence of a listed or unknown word."""
        for word in article.vocabulary & self._lists.keys():
            right, listed = self._lists[word]
            for span in self._spans(article, word):
                yield make_finding(
                    article, listed, span, [carry_case(span.of(article.text), right)], evidence=["a known misspelling"]
                )
        rule = self.book.check("unknown-word")
        if rule is None:
            return
        for word in sorted(unknown_words(article)):
            if word not in self._lists and unknown_word(evidence, word):
                yield from self._judge(article, rule, word)

    def _judge(self, article: Article, rule: Rule, word: str) -> Iterator[Finding]:
        candidates, strength = self.judged(word)
        if strength < _ENOUGH:
            return
        for span in self._spans(article, word):
            if (
                span.of(article.text) != word
                or _is_part(article.text, span)
                or self._in_foreign_company(article, word, span.start)
            ):
                continue
            best = candidates[0].text
            reason = f"no dictionary has “{word}”; “{best}” is {_times(self._ratio(word, best))} more common"
            near = [candidate.text for candidate in candidates[:3] if candidate.score > candidates[0].score - 1.5]
            yield make_finding(article, rule, span, near, confidence=_confidence(strength), evidence=[reason])

    def is_meant(self, article: Article, span: Span, articles: int) -> bool:
        """Whether an unknown word, which so many articles have, is a term, a piece of a word, or of another language."""
        part = _is_part(article.text, span)
        return articles >= _TERM or part or self._in_foreign_company(article, span.of(article.text), span.start)

    @lru_cache(maxsize=1 << 16)  # noqa: B019 - a detector lives as long as its run
    def judged(self, word: str) -> tuple[list[Candidate], float]:
        """The candidates for an unknown word and how strong the evidence is (see `Speller.judge`); none for what is no word."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or not word.isascii():
            return [], 0.0
        return ([], 0.0) if self.language.lexicon.is_word(word) else self._speller.judge(word)

    def _ratio(self, word: str, best: str) -> float:
        lexicon = self.language.lexicon
        return 10 ** (min(map(lexicon.zipf, best.split())) - max(lexicon.zipf(word), 1.0))

    def _in_foreign_company(self, article: Article, word: str, offset: int) -> bool:
        """Whether the sentence has other words that are not of the language: a quotation in another one."""
        lexicon = self.language.lexicon
        sentence = article.sentence_at(offset)
        others = {token.form for token in sentence.tokens if token.is_word and token.form != word} if sentence else set()
        strange = sum(
            not lexicon.is_word(other) and (Flag.FOREIGN in lexicon.flags(other) or not lexicon.zipf(other))
            for other in others
            if other.isalpha()
        )
        if any(self._is_strange(neighbour) for neighbour in _beside(article, sentence, offset)):
            return True
        limit = 1 if Flag.FOREIGN in lexicon.flags(word) else 3
        return strange >= limit and strange > 0.1 * len(others)

    def _is_strange(self, word: str) -> bool:
        """Whether an unknown word is like no other, so that it and its neighbour are a term of another language: pesh merga."""
        unknown = word.islower() and word.isalpha() and not self.language.lexicon.is_word(word)
        return unknown and len(word) >= _SHORTEST and self.judged(word)[1] < _ENOUGH

    @staticmethod
    def _spans(article: Article, word: str) -> Iterator[Span]:
        for start in article.occurrences(word):
            yield Span(start, start + len(word))


def _beside(article: Article, sentence: Sentence | None, offset: int) -> Iterator[str]:
    """The words right before and after the one at `offset`, as written."""
    if sentence:
        at = sentence.index_at(offset)
        for token in sentence.tokens[max(0, at - 1) : at + 2]:
            if token.start != offset:
                yield article.text[token.start : token.end]


def _is_part(text: str, span: Span) -> bool:
    """Whether the word is a piece of one: of a quotation made to fit ("[w]ithin"), of an address, or left by a stray letter."""
    before = text[max(0, span.start - 2) : span.start]
    if before.endswith(_JOINS) or _GOES_ON.match(text, span.end):
        return True
    stray = before.endswith(" ") and before[0].isalpha() and before[0] not in _ONE_LETTER
    return stray and (span.start < 3 or text[span.start - 3].isspace())


def _confidence(strength: float) -> float:
    """From 0.6 where the evidence just suffices towards 0.99."""
    return round(0.6 + 0.39 * (1 - math.exp(_ENOUGH - strength)), 2)


def _times(ratio: float) -> str:
    rounded = 10 ** math.floor(math.log10(max(ratio, 1)))
    return f"over {rounded:,} times" if rounded > 1 else ""
