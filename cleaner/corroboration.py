"""What the findings of an article say about each other: certain signs of machine translation make weaker ones likelier.

The signs and the prose of an article give the probability that a machine made it; over a threshold it is reported itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cleaner.detectors.base import make_finding
from cleaner.findings import Finding, Kind, Span
from cleaner.languages import Language
from cleaner.names.model import logit, sigmoid
from cleaner.prose.features import measure
from cleaner.prose.model import Prose
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import CheckRule
from cleaner.text.article import Article

_CERTAIN = 0.85
_WEAK = 0.9
_SURE = 0.95
"""No finding becomes surer by its company than this."""
_SHARE = 0.5
"""How much of the article's log-odds a finding gains: an article that a machine made has right words, too."""
_PRIOR = 0.3
"""The share of articles that machines made among those that the models were fitted on: their score where nothing is known."""
_SHOWN = 3
_TORN = frozenset({"detached-possessive", "detached-contraction", "split-contraction", "plural-apostrophe", "repeated-words"})
"""Checks of what translation tools do to words and their endings."""


class Corroboration:
    """Weighs the findings of an article by each other."""

    def __init__(self, book: RuleBook, language: Language) -> None:
        self._book = book
        self._language = language

    def weighed(self, article: Article, findings: Sequence[Finding]) -> list[Finding]:
        """The findings, the weak signs of machine translation surer by the company of others; and the one about the article."""
        prose = Prose(article.once(lambda each: measure(each, self._language)))
        signs = [finding for finding in findings if self._is_sign(finding)]
        certain = self.certain(signs)
        weighed = [
            self._raised(finding, prose, certain) if finding in signs and finding.confidence < _WEAK else finding
            for finding in findings
        ]
        return [*weighed, *self._about(article, prose, certain)]

    def certain(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those of the findings that are certain signs of machine translation, each place once."""
        places: dict[Span, Finding] = {}
        for finding in sorted(findings, key=lambda finding: (finding.span, finding.rule_id)):
            if finding.confidence >= _CERTAIN and self._is_sign(finding):
                places.setdefault(finding.span, finding)
        return list(places.values())

    def _is_sign(self, finding: Finding) -> bool:
        rule = self._book.rules[finding.rule_id]
        return rule.kind in (Kind.WORDING, Kind.ROLE) or (isinstance(rule, CheckRule) and rule.check in _TORN)

    @staticmethod
    def _raised(finding: Finding, prose: Prose, certain: Sequence[Finding]) -> Finding:
        others = [other for other in certain if not other.span.overlaps(finding.span)]
        gain = logit(prose.score(len(others))) - logit(_PRIOR)
        if gain <= 0:
            return finding
        raised = min(_SURE, sigmoid(logit(finding.confidence) + _SHARE * gain))
        if raised < finding.confidence + 0.01:
            return finding
        reason = (
            f"the article has other signs of machine translation{_named(others)}"
            if others
            else "the article reads as a machine's"
        )
        return msgspec.structs.replace(
            finding, confidence=round(raised, 2), evidence=(*finding.evidence[:-1], reason, finding.evidence[-1])
        )

    def _about(self, article: Article, prose: Prose, certain: Sequence[Finding]) -> list[Finding]:
        """The advice that a machine made the article, as an empty span at its end."""
        rule = self._book.check("machine-prose")
        if rule is None or not prose.features:
            return []
        reasons = prose.reasons(len(certain))
        if certain:
            reasons.insert(0, f"signs of translation tools: {len(certain)}{_named(certain)}")
        end = len(article.text.rstrip())
        score = round(prose.score(len(certain)), 4)
        return [make_finding(article, rule, Span(end, end), confidence=score, evidence=reasons)]


def _named(findings: Sequence[Finding]) -> str:
    """The first few findings' texts, after a colon; empty if there are none."""
    texts = dict.fromkeys(f"“{' '.join(finding.matched.split())}”" for finding in findings)
    return f": {', '.join([*texts][:_SHOWN])}" if texts else ""
