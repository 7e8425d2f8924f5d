"""How names are used in one article: counts, neighbours, and whether they stand in picture credits."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from cleaner.facts.names import Mention, NameCount
from cleaner.names.model import Usage
from cleaner.text.article import Article

_CREDIT = re.compile(
    r"\((?=[^()]*(?:photo|getty|reuters|afp|image|via ap|/ap|file|press)\b)[^()]*\)|\b(?:photo|image|picture|credit)s?: ?[^\n\r]*",
    re.IGNORECASE,
)


@dataclass
class _Local:
    count: int = 0
    in_credits: int = 0
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    bare: bool = True


class Usages:
    """The usage of every capitalised word of an article."""

    def __init__(self, article: Article, mentions: list[Mention], titles: frozenset[str]) -> None:
        self._local: dict[str, _Local] = defaultdict(_Local)
        credits_ = [match.span() for match in _CREDIT.finditer(article.text)]
        for i, mention in enumerate(mentions):
            local = self._local[mention.form]
            local.count += 1
            start = mention.span.start
            local.in_credits += any(first <= start < last for first, last in credits_)
            before = mentions[i - 1] if i and self._adjacent(article, mentions[i - 1], mention) else None
            after = mentions[i + 1] if i + 1 < len(mentions) and self._adjacent(article, mention, mentions[i + 1]) else None
            if before:
                local.before.add(before.form)
                local.bare &= before.form in titles
            if after:
                local.after.add(after.form)
                local.bare &= after.form in titles

    @staticmethod
    def _adjacent(article: Article, left: Mention, right: Mention) -> bool:
        between = article.plain[left.span.end : right.span.start]
        return between == " " or (between == ". " and len(left.form) <= 3)

    def of(self, form: str, everywhere: NameCount) -> Usage:
        """The usage of `form` here, with its counts in the folder."""
        local = self._local.get(form) or _Local()
        return Usage(
            here=local.count,
            everywhere=everywhere.total,
            documents=max(everywhere.documents, 1),
            before=frozenset(local.before),
            after=frozenset(local.after),
            bare=local.bare,
            credit=0 < local.count == local.in_credits,
        )
