"""Numbers as other languages put them together: 12 thousand 400, 50 ten thousand, 2,500 millions of euros."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Span
from cleaner.text.article import Article

_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_WORDS = {
    word: value
    for value, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        start=1,
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_FROM_ELEVEN = "|".join(word for word, value in _WORDS.items() if value > 10)
_MONTHS = "january february march april may june july august september october november december".split()

_START = r"(?<![\w.,/:-])"
_FIGURE = r"\d{1,3}(?:,\d{3})+|\d+"
# What is counted one by one or is a unit of money: a number that stands before it is a whole one.
_UNITS = (
    r"(?:of )?(?:us |u\.s\. |american |canadian |australian )?(?:euro|dollar|peso|pound|ruble|rouble|yuan|yen|franc|crown|kron|hryvnia|lira|rupee|"
    r"zlot|shekel|dirham|dinar|rial|riyal|real|reais|sol|boliv|tenge|won|rand|forint|lei|leva|people|person|inhabitant|"
    r"barrel|ton|cubic|square|litre|liter|hectare|passenger|tourist|voter|dose|user)"
)
_MEASURE = r"(?:dollar|euro|pound|met(?:re|er)|mile|year|foot|man|strong|m|km|kg)\b"
_PARTS = expression(
    rf"{_START}(?P<figure>\d{{1,3}}|{'|'.join(_WORDS)}) (?P<scale>thousand|million|billion|trillion)"
    r"(?P<and> and)? (?P<rest>[1-9]\d\d(?:,\d{3})?|[1-9]\d{0,2})(?: (?P<lower>thousand|million|billion))?"
    rf"(?![\w%]|[.,:/-]\d|-| {_MEASURE}| (?:thousand|million|billion)s?\b)"
)
# After “and” the rest may count something else: two thousand left and 300 stayed.
_COUNTED = expression(
    r" (?!was |is |has |its |as |this |across |plus |others were )(?:[a-z]+s|people|children|women|men|yuan|yen|lira|hryvnia)\b"
)
_APART = expression(r"\b(?:between|both|of|from) $")
_MYRIADS = expression(
    rf"{_START}(?P<figure>\d+\.\d+|{_FIGURE}|{_FROM_ELEVEN}) (?P<by>hundred million|hundred billion|ten[ -]thousand|ten million)s?"
    rf"(?![\w-]| {_MEASURE})"
)
_DATED = expression(rf"\b(?:{'|'.join(_MONTHS)}|at|on|in|since|until|room|page|age|aged|article|of|the) $")
_YEAR = expression(r"(?:19|20)\d\d")
_MILLIONS = expression(
    rf"{_START}(?P<figure>\d{{1,3}}(?:(?:,\d{{3}})+|\.\d00| \d{{3}})|\d{{2,4}}00) millions?(?P<of> of(?= {_UNITS}))?(?![\w-])"
)
_BEFORE_UNITS = expression(rf" {_UNITS}")
_BEFORE_STOP = expression(r" ?(?:[.,;)]|$)", re.MULTILINE)


class NumbersDetector(Detector):
    """Reads such numbers and writes them as English does."""

    name: ClassVar[str] = "numbers"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the three checks."""
        if article.vocabulary.isdisjoint(_SCALES) and "millions" not in article.vocabulary:
            return
        for check, pattern, value_of in (
            ("number-in-parts", _PARTS, _sum),
            ("myriads", _MYRIADS, _product),
            ("thousands-of-millions", _MILLIONS, _long_scale),
        ):
            if rule := self.book.check(check):
                for match in pattern.finditer(article.folded):
                    value = value_of(match)
                    if value is not None:
                        yield make_finding(article, rule, Span(*match.span()), [in_english(value)])


def in_english(value: int) -> str:
    """`value` as news writes it: ``12,400``, ``1.4 billion``.

    >>> in_english(12_400), in_english(3_450_000), in_english(2_500_000_000), in_english(3_450_210)
    ('12,400', '3.45 million', '2.5 billion', '3,450,210')
    """
    for name in ("trillion", "billion", "million"):
        scale = _SCALES[name]
        if value >= scale:
            if value * 1000 % scale:
                break
            return f"{Decimal(value) / scale:f} {name}"
    return f"{value:,}"


def _read(figure: str) -> Decimal:
    return Decimal(_WORDS.get(figure) or re.sub("[, ]", "", figure))


def _sum(match: re.Match[str]) -> int | None:
    """12 thousand 400, 3 million and 450 thousand; None where the parts are no one number."""
    scale, lower = _SCALES[match["scale"]], _SCALES.get(match["lower"] or "", 1)
    rest = int(_read(match["rest"])) * lower
    if lower > scale:  # 3 thousand 200 million: the last scale is that of both
        lower, scale = 1, scale * lower
    if not (lower * 1000 == scale if lower > 1 else scale <= 10 * rest < 10 * scale):
        return None
    if match["and"] and (not _COUNTED.match(match.string, match.end()) or _APART.search(match.string, 0, match.start())):
        return None
    return int(_read(match["figure"])) * scale + rest


def _product(match: re.Match[str]) -> int | None:
    """50 ten thousand, 14 hundred million; None where the figure is a date or the product no whole number."""
    if _YEAR.fullmatch(match["figure"]) or _DATED.search(match.string, 0, match.start()):
        return None
    first, second = re.split("[ -]", match["by"])
    value = _read(match["figure"]) * (10 if first == "ten" else 100) * _SCALES[second]
    return int(value) if value == int(value) else None


def _long_scale(match: re.Match[str]) -> int | None:
    """2,500 millions of euros; None where nothing says that millions are counted."""
    figure = match["figure"]
    string, end = match.string, match.end()
    counted = match["of"] or _BEFORE_UNITS.match(string, end) or string.endswith(("$", "€", "£"), 0, match.start())
    if not counted and not (figure.endswith(",000") and _BEFORE_STOP.match(string, end)):
        return None
    value = int(_read(figure.replace(".", ""))) * _SCALES["million"]
    return value if value >= _SCALES["billion"] and in_english(value)[-1].isalpha() else None
