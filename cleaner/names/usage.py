"""How names are used in one article: counts, neighbours, and whether they stand in picture credits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Set as AbstractSet

import msgspec

from cleaner.expressions import expression
from cleaner.facts.names import BESIDE, Mention, NameCount
from cleaner.findings import Span
from cleaner.languages import Language
from cleaner.names.slips import Usage
from cleaner.text.article import Article

_CREDIT = expression(
    r"\((?=[^()]*(?:photo|getty|reuters|afp|image|via ap|/ap|file|press)\b)[^()]*\)|\b(?:photo|image|picture|credit)s?: ?[^\n\r]*",
    re.IGNORECASE,
)
_LISTED = frozenset((" and ", " or ", ", ", ", and ", " & ", "/", " not ", " nor "))
"""What stands between two names that are two."""

_AFTER = expression(r",?[\"”]? ([a-z]+)\b")
_BEFORE = expression(r"[\"”] ([a-z]+) \Z")
_REACH = 16


def _verb_beside(article: Article, span: Span) -> str:
    """The small word after a name, or between a quotation and it; empty where there is none."""
    found = _BEFORE.search(article.text, max(span.start - _REACH, 0), span.start) or _AFTER.match(article.text, span.end)
    return found.group(1) if found else ""


class _Local(msgspec.Struct):
    count: int = 0
    in_credits: int = 0
    before: set[str] = msgspec.field(default_factory=set)
    after: set[str] = msgspec.field(default_factory=set)
    titles: set[str] = msgspec.field(default_factory=set)
    beside: set[str] = msgspec.field(default_factory=set)
    speaks: bool = False


class Usages:
    """The usage in an article of the `wanted` ones of its capitalised words."""

    def __init__(self, article: Article, mentions: list[Mention], language: Language, wanted: AbstractSet[str]) -> None:
        self._local: dict[str, _Local] = defaultdict(_Local)
        credits_ = [match.span() for match in _CREDIT.finditer(article.text)]
        for i, mention in enumerate(mentions):
            if i and not wanted.isdisjoint((mentions[i - 1].form, mention.form)):
                self._meet(article, mentions[i - 1], mention, language.titles)
            if mention.form not in wanted:
                continue
            local = self._local[mention.form]
            local.count += 1
            start = mention.span.start
            local.in_credits += any(first <= start < last for first, last in credits_)
            local.speaks |= _verb_beside(article, mention.span) in language.reporting_verbs

    def _meet(self, article: Article, left: Mention, right: Mention, titles: frozenset[str]) -> None:
        """Take in that `right` is the next name after `left`."""
        ours, theirs = self._local[left.form], self._local[right.form]
        if article.plain[left.span.end : right.span.start] in _LISTED:
            ours.beside.add(right.form)
            theirs.beside.add(left.form)
        elif self._adjacent(article, left, right):
            if left.form in titles:
                theirs.titles.add(left.form)
            else:
                ours.after.add(right.form)
                theirs.before.add(left.form)

    @staticmethod
    def _adjacent(article: Article, left: Mention, right: Mention) -> bool:
        between = article.plain[left.span.end : right.span.start]
        return BESIDE.fullmatch(between) is not None or (between == ". " and len(left.form) <= 3)

    def of(self, form: str, everywhere: NameCount) -> Usage:
        """The usage of `form` here, with its counts in the folder."""
        local = self._local.get(form) or _Local()
        return Usage(
            here=local.count,
            documents=max(everywhere.documents, 1),
            before=frozenset(local.before),
            after=frozenset(local.after),
            titles=frozenset(local.titles),
            beside=frozenset(local.beside),
            speaks=local.speaks,
            credit=0 < local.count == local.in_credits,
        )
