"""Stock lines of sites: which line rule a line matches."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import LineRule
from cleaner.rulebook.regexes import SECONDS, Expression, Prefilter
from cleaner.text.article import Article
from cleaner.text.tokens import bare_line, fold, lower, plain

_LONGEST = 900


class StockLines:
    """The line rules of a book."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._too_slow: set[str] = set()

    @cached_property
    def _expressions(self) -> list[tuple[LineRule, Expression]]:
        """The patterns of the line rules, those of one rule beside each other; rules for some places last, and last those in doubt."""
        rules = sorted(self._book.of_form(LineRule), key=lambda rule: (rule.where != "any", rule.alone is not None))
        return [(rule, expression) for rule in rules for expression in self._book.expressions[rule.id]]

    @cached_property
    def _prefilter(self) -> Prefilter:
        return Prefilter(expression for _, expression in self._expressions)

    def rules(self, article: Article) -> list[LineRule | None]:
        """The rule that each line matches."""
        literals = article.once(self._book.literals_by_paragraph)
        lines = (paragraph.of(article.text) for paragraph in article.paragraphs)
        return [self._rule_for(article, line, found) for line, found in zip(lines, literals, strict=True)]

    def _rule_for(self, article: Article, line: str, literals: set[str]) -> LineRule | None:
        if len(line) > _LONGEST:
            return None
        written = plain(line)
        bare = bare_line(written)
        ids = [rule_id for rule_id in self._book.lines.get(fold(bare), ()) if rule_id not in self._book.off]
        if ids:
            return cast(LineRule, self._book.rules[ids[-1]])
        numbers = self._prefilter.possible(literals)
        return self._by_pattern(article, written, numbers) or (self._by_pattern(article, bare, numbers) if bare != line else None)

    def _by_pattern(self, article: Article, line: str, numbers: list[int]) -> LineRule | None:
        """The rule of the first of the patterns, by their numbers, that matches the line."""
        folded = lower(line)
        for rule, expression in map(self._expressions.__getitem__, numbers):
            if expression.possible_as_whole(folded) and rule.id not in self._too_slow:
                try:
                    if expression.compiled.fullmatch(line, timeout=SECONDS):
                        return rule
                except TimeoutError:
                    self._too_slow.add(rule.id)
                    article.errors.append(self._book.too_slow(rule, article.document.path))
        return None
