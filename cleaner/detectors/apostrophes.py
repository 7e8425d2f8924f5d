"""Apostrophes that were torn from their word: "groups ’ability", "Iran ’s", "don’ t", "prisoners‘ lawyers"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import ClassVar

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Span
from cleaner.languages.lexicon import Flag
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article
from cleaner.text.tokens import APOSTROPHES

_MARK = f"[{APOSTROPHES}]"
_WORD = r"(?:[^\W\d_]\.){2,}|[^\W\d_]{2,}|[Ii]"
_LEFT = rf"(?<![\w{APOSTROPHES}])"
_RIGHT = rf"(?![\w{APOSTROPHES}-])"
_NEGATED = r"(?:is|are|was|were|do|does|did|has|have|had|wo|would|could|should|ca|must|need|ai)n"
_PRONOUN = r"[Ii]|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey|[Tt]hat|[Tt]here|[Ww]ho"
# A space before, after, or on both sides of the mark within one word.
_SPACED = rf"(?: (?P<mark>{_MARK}) ?|(?P<mark2>{_MARK}) )"
_SPACED_ENDS = tuple(f"{mark}{end}" for mark in (" '", "' ") for end in ("t", "re", "ve", "ll", "d", "m"))
_POSSESSIVE = expression(rf"{_LEFT}(?P<word>{_WORD}){_SPACED}(?P<end>s){_RIGHT}")
_CONTRACTION = expression(
    rf"{_LEFT}(?:(?P<word>{_NEGATED}){_SPACED}(?P<end>t)|(?P<word3>{_PRONOUN}) (?P<mark3>{_MARK}) ?(?P<end3>re|ve|ll|d|m)){_RIGHT}"
)
_SPLIT = expression(rf"{_LEFT}(?P<word>{_NEGATED[:-1]}) (?P<end>n{_MARK}t){_RIGHT}")
# The mark of a plural possessive at the next word, between two spaces, or written as an opening mark.
_PLURAL = expression(
    rf"{_LEFT}(?P<word>\w*[^\W\d_]s)(?: (?P<mark>{_MARK})(?P<gap> ?)|(?P<wrong>[‘`´]) )(?=(?P<next>[^\W_][\w-]*))"
)
_PLURAL_SIGN = expression(rf"s(?: {_MARK} ?|[‘`´] )[^\W_]")
_SHORTENED = frozenset("em til tis twas cause bout round n neath cos cuz hood s t m d ll re ve".split())
_DECADE = expression(r"\d0s")
_OPENING, _CLOSING = (
    expression(rf"(?<![^\s(“\"]){_MARK}(?=\w)"),
    expression(rf"(?<=[\w.,!?;:]){_MARK}(?!\w)|(?<=[^s\s] ){_MARK}(?=[\s.,;:!?]|\Z)"),
)
_REACH = 600


class ApostropheDetector(Detector):
    """Looks where a mark stands beside a space; what may be a quotation is left alone."""

    name: ClassVar[str] = "apostrophes"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the four checks."""
        for check, signs, pattern in (
            ("detached-possessive", (" 's", "' s"), _POSSESSIVE),
            ("detached-contraction", _SPACED_ENDS, _CONTRACTION),
            ("split-contraction", (" n't",), _SPLIT),
        ):
            rule = self.book.check(check) if any(sign in article.plain for sign in signs) else None
            if rule:
                yield from self._joined(article, rule, pattern)
        rule = self.book.check("plural-apostrophe") if _PLURAL_SIGN.search(article.text) else None
        if rule:
            yield from self._plurals(article, rule)

    def _joined(self, article: Article, rule: Rule, pattern: re.Pattern[str]) -> Iterator[Finding]:
        for match in pattern.finditer(article.text):
            groups = match.groupdict()
            word, end = groups["word"] or groups["word3"], groups["end"] or groups["end3"] if "end3" in groups else groups["end"]
            joined = f"{word}{end}" if "n" in end and len(end) == 3 else f"{word}{article.apostrophe}{end}"
            if rule.id.endswith("possessive") and self._is_quotation(article, match):
                continue
            yield make_finding(article, rule, Span(*match.span()), [joined])

    def _is_quotation(self, article: Article, match: re.Match[str]) -> bool:
        """Whether the mark closes a quotation, or the "s" is a letter in quotes: the letter 's'."""
        after = article.text[match.end() : match.end() + 1]
        return after in set(APOSTROPHES) or (match["mark2"] is not None and self._opened_before(article, match.start()))

    def _plurals(self, article: Article, rule: Rule) -> Iterator[Finding]:
        torn: set[int] = set()  # the marks found so far, which open no quotation
        for match in _PLURAL.finditer(article.text):
            word, following = match["word"], match["next"]
            if not self._is_plural(word) or following.lower() in _SHORTENED or _DECADE.match(following):
                continue
            if match["mark"] == "‘" and following[0].isupper():
                continue  # the ayn of an Arabic name
            wrong = match["wrong"] is not None
            if wrong and self._opened_before(article, match.start(), torn):
                continue  # ‘… prisoners‘ closes
            if not wrong and (
                self._closed_after(article, match.end("mark"))
                or (match["gap"] and self._opened_before(article, match.start(), torn))
            ):
                continue  # an opening mark: the groups ‘ability’
            torn.add(match.start("mark"))
            span = Span(match.start(), match.end("next") if not match["gap"] and not wrong else match.end())
            apostrophe = article.apostrophe if (match["mark"] or match["wrong"]) == "'" else "’"
            right = f"{word}{apostrophe} " + (following if span.end == match.end("next") else "")
            yield make_finding(article, rule, span, [right])

    def _is_plural(self, word: str) -> bool:
        """Whether `word` is a plural, or a name or unknown word that may be one; a verb is none."""
        if word[0].isupper():
            return True
        flags = self.language.lexicon.flags(word.lower())
        return Flag.PLURAL in flags and word.lower() not in self.language.speech_verbs

    @staticmethod
    def _closed_after(article: Article, offset: int) -> bool:
        """Whether a quotation that begins before `offset` ends in its paragraph, before another one begins."""
        text = article.text[offset : offset + _REACH].split("\n", 1)[0]
        closing = _CLOSING.search(text)
        opening = _OPENING.search(text)
        return closing is not None and (opening is None or closing.start() < opening.start())

    @staticmethod
    def _opened_before(article: Article, offset: int, torn: AbstractSet[int] = frozenset()) -> bool:
        """Whether a single quotation mark, none of the `torn` ones, opened in this paragraph and did not close before `offset`."""
        start = max(offset - _REACH, article.text.rfind("\n", 0, offset) + 1, 0)
        opening = [match.start() for match in _OPENING.finditer(article.text, start, offset) if match.start() not in torn]
        return bool(opening) and _CLOSING.search(article.text, opening[-1] + 1, offset) is None
