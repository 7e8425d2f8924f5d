"""What LanguageTool finds, as far as the policy in the rules lets it through.

LanguageTool knows English better than this program and names much worse. So its rules have the confidence that they earned on news, its
speller is heard only where this program's own evidence agrees, and of each proposal only the words that change are touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Self

import msgspec

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.detectors.typos import TyposDetector, unknown_word
from cleaner.errors import DocumentError
from cleaner.findings import Edit, Finding, Fix, Span
from cleaner.languages import Language
from cleaner.languagetool.checker import Checker, GrammarSource
from cleaner.languagetool.remarks import Remark
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.load import shipped_rules
from cleaner.rulebook.model import EngineRule
from cleaner.text.article import Article

_CATEGORY = "category "
_SPELLER = "MORFOLOGIK_"
# In Zipf units: what our own evidence must come to where LanguageTool agrees. Alone it needs more (see `detectors.typos`).
_AGREED = 1.0
_LONGEST = 4000  # code points asked about at once
_SPACED = re.compile(r"\s+|[^\s]+")
# Depends on today's date: the answer would be another one next year.
_CLOCK = frozenset({"EN_DATE_WEEKDAY_CURRENTYEAR"})


class Policy(msgspec.Struct, frozen=True):
    """What becomes of each of LanguageTool's rules: the most particular rule that names it decides, a user's before a shipped one."""

    exact: dict[str, EngineRule]
    patterns: dict[re.Pattern[str], EngineRule]

    @classmethod
    def of(cls, book: RuleBook) -> Self:
        """The policy of a rule book."""
        exact: dict[str, EngineRule] = {}
        patterns: dict[re.Pattern[str], EngineRule] = {}
        shipped = str(shipped_rules())
        for rule in sorted(book.of_form(EngineRule), key=lambda rule: not book.places[rule.id][0].startswith(shipped)):
            for name in rule.languagetool:
                if "*" in name:
                    patterns[re.compile(re.escape(name).replace(r"\*", ".*"))] = rule
                else:
                    exact[name] = rule
        return cls(exact, patterns)

    @property
    def disabled(self) -> frozenset[str]:
        """What LanguageTool need not look for; of single rules nothing, so that what is remembered outlives a change of their confidence."""
        return _CLOCK | {name for name, rule in self.exact.items() if name.startswith(_CATEGORY) and not rule.confidence}

    def rule(self, remark: Remark) -> EngineRule | None:
        """The rule that a remark is a finding of; None where it is off."""
        found = self.by_name(remark)
        return found if found and found.confidence else None

    def by_name(self, remark: Remark) -> EngineRule | None:
        """The rule that names what made a remark, or its category; also one that switches it off."""
        if remark.rule in self.exact:
            return self.exact[remark.rule]
        for pattern, rule in self.patterns.items():
            if pattern.fullmatch(remark.rule):
                return rule
        return self.exact.get(_CATEGORY + remark.category)


class GrammarDetector(Detector):
    """Hands an article's paragraphs to LanguageTool, and what it says of them to the policy."""

    name = "grammar"

    def __init__(self, book: RuleBook, language: Language, source: GrammarSource) -> None:
        super().__init__(book, language)
        self._policy = Policy.of(book)
        self._typos = TyposDetector(book, language)
        self._checker = Checker(source, language.code, self._policy.disabled)

    @property
    def version(self) -> str:
        """The version of LanguageTool; empty as long as it is not known."""
        return self._checker.version

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of all paragraphs for which there is an answer; the article is told of the others."""
        if not self._policy.exact and not self._policy.patterns:
            return
        spans = [span for number in range(len(article.paragraphs)) for span in _pieces(article, number)]
        answers, error = self._checker.check([span.of(article.text) for span in spans])
        if error:
            article.errors.append(DocumentError(article.document.path, f"not wholly checked by LanguageTool: {error}"))
        for span in spans:
            for remark in answers.get(span.of(article.text), ()):
                finding = self._judge(article, evidence, remark, Span(remark.start, remark.end).shifted(span.start))
                if finding:
                    yield finding

    def _judge(self, article: Article, evidence: Evidence, remark: Remark, span: Span) -> Finding | None:
        rule = self._policy.rule(remark)
        if rule is None:
            return None
        if remark.rule.startswith(_SPELLER):
            return self._misspelling(article, evidence, rule, remark, span)
        matched = span.of(article.text)
        fixes = [Fix((_least(article.text, span, each),)) for each in remark.replacements if each.split() != matched.split()]
        found = make_finding(article, rule, span, fixes, evidence=[self._source_of(remark)])
        return msgspec.structs.replace(found, message=" ".join(f"“{matched}”: {remark.message}".split()))

    def _misspelling(self, article: Article, evidence: Evidence, rule: EngineRule, remark: Remark, span: Span) -> Finding | None:
        """A small-lettered word for which LanguageTool and our own evidence have the same correction."""
        word = span.of(article.text)
        candidates, strength = self._typos.judged(word) if word.islower() else ([], 0.0)
        if strength < _AGREED or candidates[0].text not in remark.replacements[:1]:
            return None
        if self._typos.is_meant(article, span, unknown_word(evidence, word)):
            return None
        return make_finding(article, rule, span, [candidates[0].text], evidence=[self._source_of(remark)])

    def _source_of(self, remark: Remark) -> str:
        return f"LanguageTool {self._checker.version}, rule {remark.rule}"


def _pieces(article: Article, paragraph: int) -> Iterator[Span]:
    """A paragraph, or, where it is very long, runs of its sentences; nothing without a word in it."""
    whole = article.paragraphs[paragraph]
    if len(whole) <= _LONGEST:
        if any(char.isalpha() for char in whole.of(article.text)):
            yield whole
        return
    start = end = whole.start
    for sentence in article.sentences(paragraph):
        if sentence.span.end - start > _LONGEST and end > start:
            yield Span(start, end)
            start = sentence.span.start
        end = min(sentence.span.end, start + _LONGEST)
    yield Span(start, end)


def _least(text: str, span: Span, replacement: str) -> Edit:
    """The edit without the words at both ends that stay as they are: names among them are not touched."""
    old, new = _SPACED.findall(span.of(text)), _SPACED.findall(replacement)
    start, end = span.start, span.end
    while old and new and old[0] == new[0] and (len(old) > 1 or len(new) == 1):
        start += len(old.pop(0))
        new.pop(0)
    while old and new and old[-1] == new[-1] and (len(old) > 1 or len(new) == 1):
        end -= len(old.pop())
        new.pop()
    return Edit(Span(start, end), "".join(new))
