"""Damaged characters and spacing: pattern rules, mojibake and HTML entities."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cached_property

from rapidfuzz.distance import Levenshtein

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Span
from cleaner.rulebook.model import PatternRule, Rule
from cleaner.rulebook.regexes import SECONDS, Expression, Prefilter
from cleaner.text.article import Article

_ENTITY = expression(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# What UTF-8 read as Windows-1252 (or Latin-1, or Cyrillic) always begins with: only then is ftfy worth loading.
_MOJIBAKE_SIGNS = expression("[ÃÂâÅÄÐÑØÙÎÏãäåæçè][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|�")
# A line, or of a very long one a part that ends before a space between two words in ASCII, if it can.
_PIECE = expression(r"[^\n\r]{1,1000}(?:(?<=[!-~])(?= [!-~])|(?=[\n\r]|\Z))|[^\n\r]{1,1000}")


class TypographyDetector(Detector):
    """Runs every pattern rule over the text, and ftfy over lines that look like mojibake."""

    name = "typography"

    @cached_property
    def _patterns(self) -> list[tuple[PatternRule, Expression]]:
        return [(rule, self.book.expressions[rule.id][0]) for rule in self.book.of_form(PatternRule)]

    @cached_property
    def _prefilter(self) -> Prefilter:
        return Prefilter(expression for _, expression in self._patterns)

    @cached_property
    def _too_slow(self) -> set[str]:
        return set()

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the pattern rules and of the two checks."""
        literals = frozenset().union(*article.once(self.book.literals_by_paragraph))
        for number in self._prefilter.possible(literals):
            yield from self._by_pattern(article, *self._patterns[number])
        if (rule := self.book.check("html-entity")) and "&" in article.text:
            yield from self._entities(article, rule)
        if (rule := self.book.check("mojibake")) and _MOJIBAKE_SIGNS.search(article.text):
            yield from self._mojibake(article, rule)

    def _by_pattern(self, article: Article, rule: PatternRule, expression: Expression) -> Iterator[Finding]:
        if rule.id in self._too_slow:
            return
        pattern = expression.compiled
        group = "fix" if "fix" in pattern.groupindex else 0
        try:
            for match in pattern.finditer(article.text, timeout=SECONDS):
                if match.start(group) >= 0:
                    texts = [match.expand(template) for template in rule.replace]
                    yield make_finding(article, rule, Span(*match.span(group)), texts)
        except TimeoutError:
            self._too_slow.add(rule.id)
            article.errors.append(self.book.too_slow(rule, article.document.path))

    def _entities(self, article: Article, rule: Rule) -> Iterator[Finding]:
        import html

        for match in _ENTITY.finditer(article.text):
            right = html.unescape(match.group()).replace("\xa0", " ")
            if right != match.group() and right.isprintable():
                yield make_finding(article, rule, Span(*match.span()), [right])

    def _mojibake(self, article: Article, rule: Rule) -> Iterator[Finding]:
        import ftfy
        from ftfy.badness import is_bad

        for piece in _PIECE.finditer(article.text):
            text = piece.group()
            if is_bad(text):
                fixed = ftfy.fix_encoding(text)
                for span, right in _changes(text, fixed):
                    yield make_finding(article, rule, span.shifted(piece.start()), [right])


def _changes(old: str, new: str) -> Iterator[tuple[Span, str]]:
    """The parts of `old` that differ in `new`, and what they are there."""
    for different, blocks in itertools.groupby(Levenshtein.opcodes(old, new), key=lambda block: block.tag != "equal"):
        if different:
            parts = list(blocks)
            first, last = parts[0], parts[-1]
            yield Span(first.src_start, last.src_end), new[first.dest_start : last.dest_end]
