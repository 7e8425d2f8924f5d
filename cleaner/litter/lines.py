"""The paragraphs of an article as lines of a page: their shape, and whether they stand above, in or below its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from typing import Any, TypeVar

from cleaner.expressions import expression
from cleaner.languages import Language
from cleaner.rulebook.model import LineRule
from cleaner.text.article import Article
from cleaner.text.tokens import WORD, fold

FULL_PARAGRAPH = 80
"""Code points from which on a line has the length of running text."""
_SENTENCE_ENDS = tuple(".!?…:;,")
_CLOSING = "\"”’')]"
_CUT_OFF = expression(r"\w,? ?(?:\.\.\.|…|\[(?:\.\.\.|…)\])(?P<more>\s*(?:»|›|>|[\w ]{4,20})?)\s*\Z")
_OPENING_QUOTES = '“"‘«„'
_CUT_WORDS = 7
_HEADLINE_WORDS = range(3, 25)
_TITLE_CASE = 0.7
_TOP = 4
T = TypeVar("T")


def _once_a_line(method: Callable[[Lines, int], T]) -> Callable[[Lines, int], T]:
    """Keep what a method says of each line."""

    @wraps(method)
    def kept(self: Lines, number: int) -> T:
        known = self.known.setdefault(method.__name__, {})
        if number not in known:
            known[number] = method(self, number)
        result: T = known[number]
        return result

    return kept


class Lines:
    """The lines of a page. `rules` are the line rules that they match, `blurb` gives the words by which one speaks of a site or an author."""

    def __init__(
        self,
        article: Article,
        language: Language,
        rules: Sequence[LineRule | None],
        blurb: Callable[[int], list[str]] = lambda _: [],
    ) -> None:
        self._article = article
        self._language = language
        self._blurb = blurb
        self.rules = rules
        self.known: dict[str, dict[int, Any]] = {}

    @cached_property
    def head(self) -> int:
        """The number of the first line of the text."""
        count = len(self.rules)
        return next((number for number in range(count) if self._is_text(number)), count)

    @cached_property
    def tail(self) -> int:
        """The number of the first line below the text; 0 where there is no text."""
        tail = len(self.rules)
        while tail and (self.rules[tail - 1] is not None or self.blurb(tail - 1) or not self._is_text(tail - 1)):
            tail -= 1
        return tail

    @_once_a_line
    def text(self, number: int) -> str:
        """A line."""
        return self._article.paragraphs[number].of(self._article.text)

    @_once_a_line
    def words(self, number: int) -> list[str]:
        """The words of a line, with plain apostrophes."""
        span = self._article.paragraphs[number]
        return self._article.row.written_in(span)

    @_once_a_line
    def forms(self, number: int) -> list[str]:
        """The folded words of a line."""
        return self._article.row.forms_in(self._article.paragraphs[number])

    @_once_a_line
    def blurb(self, number: int) -> list[str]:
        """The words by which a line speaks of a site or an author; none where it does not."""
        return self._blurb(number)

    def _is_text(self, number: int) -> bool:
        return self.rules[number] is None and self.is_full(number)

    @_once_a_line
    def is_full(self, number: int) -> bool:
        """Whether a line has the length, the end and the capitals of running text."""
        text = self.text(number)
        return len(text) >= FULL_PARAGRAPH and _is_ended(text) and not _cut_off(text) and not self.is_title_case(number)

    @_once_a_line
    def is_unended(self, number: int) -> bool:
        """Whether a line does not end as a statement does; a headline may be a question."""
        text = self.text(number)
        return text.endswith("?") or not _is_ended(text)

    @_once_a_line
    def is_title_case(self, number: int) -> bool:
        """Whether nearly all words of a line have a capital."""
        words = [word for word in self.words(number) if word[0].isalpha() and len(word) > 3]
        return len(words) > 1 and sum(word[0].isupper() for word in words) >= _TITLE_CASE * len(words)

    def is_headline(self, number: int) -> bool:
        """Whether a line looks like the headline of another story."""
        words = len(self.text(number).split())
        return (
            self.rules[number] is None
            and words in _HEADLINE_WORDS
            and (words >= 5 or self.is_title_case(number))
            and (self.is_unended(number) or (len(self.text(number)) >= FULL_PARAGRAPH and self.is_title_case(number)))
            and not self.is_cut_off(number)
        )

    def is_cut_off(self, number: int) -> bool:
        """Whether a text breaks off: a whole clause or a phrase without its noun, not a voice that trails away."""
        text = self.text(number)
        found = _cut_off(text)
        if not found or self.rules[number] or text[0] in _OPENING_QUOTES:
            return False
        words = WORD.findall(fold(text[: found.start() + 1]))
        return len(words) >= _CUT_WORDS or (len(words) > 2 and words[-1] in self._language.function_words)

    def leads_on(self, number: int) -> bool:
        """Whether a cut-off text ends with a link to the rest: … Read more."""
        found = _cut_off(self.text(number))
        return found is not None and bool(found["more"].strip())

    def is_section(self, number: int) -> bool:
        """Whether a line is a heading of the site."""
        rule = self.rules[number]
        return rule is not None and rule.id == "layout.section-heading"

    def headline_of(self, number: int) -> int | None:
        """The number of the headline above a cut-off text, past lines of rules (its date)."""
        above = number - 1
        while above > 0 and self.rules[above] is not None and not self.is_section(above):
            above -= 1
        return above if above > 0 and self.is_headline(above) else None

    @_once_a_line
    def has_verb(self, number: int) -> bool:
        """Whether a line tells of an event: after its first word it has a verb in the third person or the past."""
        words = self.words(number)[1:]
        title = self.is_title_case(number)
        return any(self._language.is_finite(fold(word)) for word in words if title or not word[0].isupper())

    def is_own_headline(self, number: int) -> bool:
        """Whether a line near the top may be the headline of this article: without an end, and most of its words stand in the article, too."""
        if number >= _TOP or not self.is_unended(number) or len(self.text(number).split()) < _HEADLINE_WORDS.start + 1:
            return False
        return strangeness(self._article, self.forms(number)) <= 1 / 2


def _is_ended(text: str) -> bool:
    """Whether a line ends with the mark of a sentence or clause, perhaps in brackets or quotation marks."""
    return text.rstrip().rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _cut_off(text: str) -> re.Match[str] | None:
    """The dots that a line breaks off with."""
    return _CUT_OFF.search(text) if "…" in text or "..." in text else None


def strangeness(article: Article, words: Sequence[str]) -> float:
    """The share of the content words of a line that the rest of its article does not have; `words` are all words of the line, folded."""
    content = [word for word in words if len(word) > 3]
    return sum(article.word_counts[word] <= words.count(word) for word in content) / max(1, len(content))
