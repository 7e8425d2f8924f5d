"""Two spellings of one thing side by side in an article: US and U.S., per cent and percent, organise and recognize.

Advice, one finding an article and pair, at the first of the rarer spelling. What is quoted and what is a name does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Related, Span
from cleaner.text.article import Article

_PAIRS = (
    (("US", r"\bUS\b(?![$’'.-])"), ("U.S.", r"\bU\.S\.(?![A-Z]|-)")),
    (("UK", r"\bUK\b"), ("U.K.", r"\bU\.K\.")),
    (("UN", r"\bUN\b(?!-)"), ("U.N.", r"\bU\.N\.")),
    (("EU", r"\bEU\b(?!-)"), ("E.U.", r"\bE\.U\.")),
    (("per cent", r"\bper cent\b"), ("percent", r"\bpercent\b")),
    (("e-mail", r"\be-mails?\b"), ("email", r"\bemails?\b")),
    (("web site", r"\bweb sites?\b"), ("website", r"\bwebsites?\b")),
    (("adviser", r"\badvisers?\b"), ("advisor", r"\badvisors?\b")),
    (("OK", r"\bOK\b"), ("okay", r"\bokay\b")),
    (("grey", r"\bgrey\b"), ("gray", r"\bgray\b")),
    (("towards", r"\btowards\b"), ("toward", r"\btoward\b")),
)
"""The two spellings of a thing: what both have to be in a text for one of them to be rare, and the expression."""
_HYPHENED = expression(r"(?<![\w-])(?!re-)([a-z]{2,})-([a-z]{3,})(?![\w-])")
_ISE = expression(r"([a-z]{3,})(is)(e|ed|es|ing|ation|ations)")
_IZE = expression(r"([a-z]{3,})(iz)(e|ed|es|ing|ation|ations)")
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
        for (sign, one), (other_sign, other) in _PAIRS:
            if sign in article.plain and other_sign in article.plain:
                yield _places(article, one), _places(article, other)
        with_hyphen = " ".join(dict.fromkeys(part for part in article.plain.split() if "-" in part))
        for hyphened in dict.fromkeys(match.group() for match in _HYPHENED.finditer(with_hyphen)):
            closed = hyphened.replace("-", "")
            if closed in article.word_counts:
                yield tuple(_places(article, rf"(?<![\w-]){re.escape(form)}(?![\w-])") for form in (hyphened, closed))  # type: ignore[misc]
        ise = self._verbs(article, "is", _ISE)
        ize = self._verbs(article, "iz", _IZE) if ise else []
        if ise and ize:
            yield tuple(_places(article, rf"\b(?:{'|'.join(words)})\b") for words in (ise, ize))  # type: ignore[misc]

    def _verbs(self, article: Article, sign: str, pattern: re.Pattern[str]) -> list[str]:
        """Forms of verbs in -ise or -ize that have the other spelling, too: not advise, not prize."""
        is_word = self.language.lexicon.is_word
        return [
            word
            for word in sorted(word for word in article.words if sign in word)
            for match in [pattern.fullmatch(word)]
            if match and match[1] not in _ALWAYS_ISE and is_word(f"{match[1]}{_OTHER[match[2]]}{match[3]}")
        ]


def _places(article: Article, pattern: str) -> list[Span]:
    spans = (Span(*match.span()) for match in re.finditer(pattern, article.plain))
    return [span for span in spans if not article.quoted(span)]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
