"""`cleaner rules try`: what draft rules would find, and how rules like them fared."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cleaner.decisions import RuleStatistics
from cleaner.expressions import expression
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import PhraseRule, Rule

SAMPLES = 10
_LIKE = 3
_WORD = expression(r"[^\W\d_]{3,}")
_FUNCTION = frozenset("the and for with from not its his her".split())


@dataclass
class Trial:
    """Counts what the drafts find while the results pass by, of which the first few findings of each rule are kept."""

    findings: Counter[str] = field(default_factory=Counter)
    articles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    checked: int = 0

    def sampled(self, results: Iterable[Any]) -> Iterator[Any]:
        """The results with no more than `SAMPLES` findings a rule in all."""
        for result in results:
            findings = getattr(result, "findings", None)
            if findings is None:
                yield result
                continue
            self.checked += 1
            shown = []
            for finding in findings:
                self.findings[finding.rule_id] += 1
                self.articles[finding.rule_id].add(result.document.path)
                if self.findings[finding.rule_id] <= SAMPLES:
                    shown.append(finding)
            yield msgspec.structs.replace(result, findings=tuple(shown))

    def summary(self, book: RuleBook, drafts: Iterable[str], counts: Mapping[str, RuleStatistics]) -> Iterator[str]:
        """A line or more for each draft: how much it finds, and what reviewers made of the rules that are like it."""
        for rule_id in sorted(drafts):
            found = self.findings[rule_id]
            shown = f", {SAMPLES} of them shown" if found > SAMPLES else ""
            yield f"{rule_id}: {_counted(found, 'finding')} in {len(self.articles[rule_id])} of {_counted(self.checked, 'article')}{shown}"
            rule = book.rules[rule_id]
            like = [other for other in similar(book, rule) if other.id in counts][:_LIKE]
            for other in like:
                yield f"  like it: {other.id}, {_acceptance([counts[other.id]])}"
            same = [each for other, each in counts.items() if other in book.rules and book.rules[other].kind is rule.kind]
            if same:
                yield f"  all {rule.kind} rules: {_acceptance(same)}"


def similar(book: RuleBook, rule: Rule) -> list[Rule]:
    """The other rules of its kind that have words in common with `rule`, those with most of them first."""
    words = _words(rule)
    shared = {
        other.id: len(words & _words(other)) for other in book.rules.values() if other.kind is rule.kind and other.id != rule.id
    }
    return [book.rules[other] for other in sorted(shared, key=lambda other: (-shared[other], other)) if shared[other]]


def _words(rule: Rule) -> frozenset[str]:
    """The words that a rule looks for or offers."""
    texts = [*rule.match, *rule.replace] if isinstance(rule, PhraseRule) else [*getattr(rule, "terms", [])]
    found = {word.lower() for text in texts for word in _WORD.findall(re.sub(r"<[^>]*>|/[nva]\b", " ", text))}
    return frozenset(found - _FUNCTION)


def _acceptance(counts: Iterable[RuleStatistics]) -> str:
    all_ = list(counts)
    accepted, total = sum(each.accepted for each in all_), sum(each.total for each in all_)
    return f"{accepted} of {_counted(total, 'finding')} accepted ({accepted / total:.0%})"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
