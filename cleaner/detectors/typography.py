"""Damaged characters and spacing: pattern rules, mojibake and HTML entities."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Finding, Span
from cleaner.rulebook.model import PatternRule, Rule
from cleaner.text.article import Article

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# What UTF-8 read as Windows-1252 (or Latin-1, or Cyrillic) always begins with: only then is ftfy worth loading.
_MOJIBAKE_SIGNS = re.compile("[ÃÂâÅÄÐÑØÙÎÏãäåæçè][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|�")


class TypographyDetector(Detector):
    """Runs every pattern rule over the text, and ftfy over paragraphs that look like mojibake."""

    name = "typography"

    @cached_property
    def _patterns(self) -> list[tuple[PatternRule, re.Pattern[str]]]:
        return [(rule, re.compile(rule.pattern)) for rule in self.book.of_form(PatternRule)]

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the pattern rules and of the two checks."""
        for rule, pattern in self._patterns:
            if rule.needs and not any(text in article.folded for text in rule.needs):
                continue
            for match in pattern.finditer(article.text):
                yield self._finding(article, rule, match)
        if (rule := self.book.check("html-entity")) and "&" in article.text:
            yield from self._entities(article, rule)
        if (rule := self.book.check("mojibake")) and _MOJIBAKE_SIGNS.search(article.text):
            yield from self._mojibake(article, rule)

    def _finding(self, article: Article, rule: PatternRule, match: re.Match[str]) -> Finding:
        group = "fix" if "fix" in match.re.groupindex else 0
        return make_finding(article, rule, Span(*match.span(group)), [match.expand(template) for template in rule.replace])

    def _entities(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in _ENTITY.finditer(article.text):
            right = html.unescape(match.group())
            if right != match.group() and right.isprintable():
                yield make_finding(article, rule, Span(*match.span()), [right])

    def _mojibake(self, article: Article, rule: Rule) -> Iterator[Finding]:
        import ftfy
        from ftfy.badness import is_bad

        for paragraph in article.paragraphs:
            text = paragraph.of(article.text)
            if not is_bad(text):
                continue
            fixed = ftfy.fix_encoding(text)
            for tag, start, end, fixed_start, fixed_end in SequenceMatcher(None, text, fixed, autojunk=False).get_opcodes():
                if tag != "equal":
                    span = Span(start, end).shifted(paragraph.start)
                    yield make_finding(article, rule, span, [fixed[fixed_start:fixed_end]])
