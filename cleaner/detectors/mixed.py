"""Two spellings of one thing side by side in an article: US and U.S., per cent and percent, organise and recognize.

Advice, one finding an article and pair, at the first of the rarer spelling. What is quoted and what is a name does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Finding, Related, Span
from cleaner.text.article import Article

_PAIRS = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"\bUS\b(?![$’'.-])", r"\bU\.S\.(?![A-Z]|-)"),
        (r"\bUK\b", r"\bU\.K\."),
        (r"\bUN\b(?!-)", r"\bU\.N\."),
        (r"\bEU\b(?!-)", r"\bE\.U\."),
        (r"\bper cent\b", r"\bpercent\b"),
        (r"\be-mails?\b", r"\bemails?\b"),
        (r"\bweb sites?\b", r"\bwebsites?\b"),
        (r"\badvisers?\b", r"\badvisors?\b"),
        (r"\bOK\b", r"\bokay\b"),
        (r"\bgrey\b", r"\bgray\b"),
        (r"\btowards\b", r"\btoward\b"),
    )
)
_HYPHENED = re.compile(r"(?<![\w-])(?!re-)([a-z]{2,})-([a-z]{3,})(?![\w-])")
_ISE = re.compile(r"\b([a-z]{3,})(is)(e|ed|es|ing|ation|ations)\b")
_IZE = re.compile(r"\b([a-z]{3,})(iz)(e|ed|es|ing|ation|ations)\b")
_ALWAYS_ISE = frozenset(
    """advert adv appr ar chast circumc compr comprom conc dem desp dev disgu enterpr enfranch exc exerc expert franch hydrol improv merchand
    parad prem prec prom repr rev superv surpr telev treat""".split()
)
_OTHER = {"is": "iz", "iz": "is"}


class MixedDetector(Detector):
    """Counts the spellings of which either is right by itself."""

    name = "mixed"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """A finding for each pair of spellings that stand side by side."""
        rule = self.book.check("mixed-spelling")
        if rule is None:
            return
        for one, other in self._spellings(article):
            if not one or not other:
                continue
            rare, common = sorted((one, other), key=lambda spans: (len(spans), -spans[0].start))
            counts = ", ".join(f"{spans[0].of(article.text)}: {_times(len(spans))}" for spans in (common, rare))
            related = [Related(article.document.path, common[0])]
            yield make_finding(article, rule, rare[0], evidence=[counts], related=related)

    def _spellings(self, article: Article) -> Iterator[tuple[list[Span], list[Span]]]:
        for one, other in _PAIRS:
            first = _places(article, one)
            yield first, _places(article, other) if first else []
        for hyphened in dict.fromkeys(match.group() for match in _HYPHENED.finditer(article.plain)):
            closed = hyphened.replace("-", "")
            if closed in article.word_counts:
                yield tuple(_places(article, re.compile(rf"(?<![\w-]){re.escape(form)}(?![\w-])")) for form in (hyphened, closed))  # type: ignore[misc]
        ise = self._verbs(article, _ISE)
        yield ise, self._verbs(article, _IZE) if ise else []

    def _verbs(self, article: Article, pattern: re.Pattern[str]) -> list[Span]:
        """Where forms of verbs in -ise or -ize stand that have the other spelling, too: not advise, not prize."""
        is_word = self.language.lexicon.is_word
        return [
            span
            for span in _places(article, pattern)
            for match in [pattern.fullmatch(span.of(article.plain))]
            if match and match[1] not in _ALWAYS_ISE and is_word(f"{match[1]}{_OTHER[match[2]]}{match[3]}")
        ]


def _places(article: Article, pattern: re.Pattern[str]) -> list[Span]:
    spans = (Span(*match.span()) for match in pattern.finditer(article.plain))
    return [span for span in spans if not article.quoted(span)]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
