"""What every detector is: it names the facts it needs, may draw conclusions from all of them, and finds defects."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any, ClassVar, TypeVar

import msgspec

from cleaner.facts import Facts, Observer
from cleaner.findings import Applicability, Finding, Fix, Kind, Related, Span
from cleaner.languages import NAMES, Language
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import PhraseRule, RoleRule, Rule
from cleaner.text.article import Article
from cleaner.text.tokens import goes_on

A = TypeVar("A")
K = TypeVar("K", str, tuple[int, int])


class Evidence(msgspec.Struct, frozen=True):
    """All that a run knows when it looks for defects: the merged facts, and each detector's conclusions by its name.

    Whoever looks for defects learns of it by a `question` and in no other way: so it is known what the findings of an article depend on.
    """

    facts: Facts
    conclusions: dict[str, Any] = msgspec.field(default_factory=dict)
    asked: dict[str, set[Any]] | None = None
    """What was asked, by question, where that is recorded."""

    def recording(self) -> Evidence:
        """The same evidence, which records what it is asked from here on."""
        return Evidence(self.facts, self.conclusions, {})


QUESTIONS: dict[str, Callable[[Evidence, Any], Any]] = {}
"""What evidence can be asked, by name; to ask by this is not recorded."""


def question(answer: Callable[[Evidence, K], A]) -> Callable[[Evidence, K], A]:
    """Make of a function, which answers from evidence and a key alone, a question that evidence may record."""
    name = answer.__name__
    QUESTIONS[name] = answer

    @wraps(answer)
    def ask(evidence: Evidence, key: K) -> A:
        if evidence.asked is not None:
            evidence.asked.setdefault(name, set()).add(key)
        return answer(evidence, key)

    return ask


class Detector(ABC):
    """Finds one family of defects. Subclasses are listed in `cleaner.detectors.ALL`."""

    name: ClassVar[str]
    observes: tuple[Observer, ...] = ()

    def __init__(self, book: RuleBook, language: Language) -> None:
        self.book = book
        self.language = language

    def conclude(self, facts: Facts) -> Any:
        """What follows from the facts of all articles; worked out once a run and given to every worker."""
        return None

    def conclude_for(self, articles: Sequence[Article], facts: Facts) -> Any:
        """As much of `conclude` as `find` asks for in these articles."""
        return self.conclude(facts)

    @abstractmethod
    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The defects of one article, in any order."""


def known_from(rule: PhraseRule | RoleRule) -> list[str]:
    """The evidence that a wording or a title is a rendering of some languages."""
    return [f"a rendering known from {', '.join(NAMES.get(code, code) for code in rule.languages)}"] if rule.languages else []


def make_finding(
    article: Article,
    rule: Rule,
    span: Span,
    replacements: Sequence[str | Fix] = (),
    *,
    confidence: float | None = None,
    evidence: Sequence[str] = (),
    related: Sequence[Related] = (),
) -> Finding:
    """A finding of `rule` at `span`.

    It is `safe` only where the rule is, with all of its confidence, one replacement, and outside quotations, which are someone's
    words (but lines that are no part of the article may go whatever they quote). Half of the confidence is lost where the words are
    cut by what a reader does not see. The rule's `why` is the last line of the evidence.
    """
    fixes = tuple(choice if isinstance(choice, Fix) else Fix.replacing(span, choice) for choice in replacements)
    matched = span.of(article.text)
    first = fixes[0].within(article.text, span) if fixes else ""
    applicability = rule.applicability
    sure = rule.confidence if confidence is None else confidence
    if rule.kind is not Kind.LAYOUT and (goes_on(article.text, span.start) or goes_on(article.text, span.end)):
        sure /= 2
    if not fixes:
        applicability = Applicability.DISPLAY
    elif applicability is Applicability.SAFE:
        certain = len(fixes) == 1 and sure >= rule.confidence and (rule.kind is Kind.LAYOUT or not article.quoted(span))
        applicability = Applicability.SAFE if certain else Applicability.REVIEW
    return Finding(
        rule_id=rule.id,
        kind=rule.kind,
        span=span,
        matched=matched,
        message=rule.message.replace("{matched}", " ".join(matched.split())).replace("{fix}", " ".join(first.split())),
        fixes=fixes,
        confidence=sure,
        evidence=(*evidence, rule.why),
        applicability=applicability,
        related=tuple(related),
    )
