"""The probability that one spelling in an article is a slip of another."""

from __future__ import annotations

import math

import msgspec

from cleaner.languages.lexicon import Lexicon
from cleaner.names.spelling import lexicon_features, spelling_features
from cleaner.text.letters import letters


class Usage(msgspec.Struct, frozen=True):
    """How a form is used in one article and in its folder.

    `here` counts its occurrences in the article, `documents` articles; `before` and `after` are the names next to it in this article, `titles` the
    titles before it, `beside` the names that it is listed with; `speaks` says that a verb of reporting follows it, `credit` that it stands only in picture credits.
    """

    here: int
    documents: int
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    speaks: bool = False
    credit: bool = False

    @property
    def introduced(self) -> bool:
        """Whether it stands beside another name or a title: a person's first mention."""
        return bool(self.before or self.after or self.titles)


def slip_features(form: str, canonical: str, rare: Usage, common: Usage, lexicon: Lexicon, *, known: bool) -> dict[str, float]:
    """What speaks for and against `form` being a slip of `canonical`, each about in [-1, 1]; `known` says that the gazetteer has it."""
    a, b = letters(form), letters(canonical)
    return {
        **spelling_features(a, b),
        **lexicon_features(a, b, lexicon),
        "in the gazetteer": float(known),
        "here": min(math.log2(1 + common.here), 4) / 4,
        "absent": float(common.here == 0),
        "repeated": min(math.log2(rare.here), 3) / 3,
        "outnumbered": min(max(math.log2((common.here + 0.5) / rare.here), -2), 4) / 4,
        "other documents": min(math.log2(rare.documents), 4) / 4,
        "documents": min(math.log2(1 + common.documents), 6) / 6,
        "same before": float(bool(rare.before & common.before)),
        "other before": float(bool(rare.before) and not rare.before & common.before),
        "other before, known": float(bool(rare.before and common.before) and not rare.before & common.before),
        "same after": float(bool(rare.after & common.after)),
        "other after": float(bool(rare.after) and not rare.after & common.after),
        "same title": float(bool(rare.titles & common.titles)),
        "another's given name": float(bool(rare.after) and not rare.before and not common.after and bool(common.here)),
        "another's surname": float(bool(rare.before) and not rare.after and not common.before and bool(common.here)),
        "listed together": float(canonical in rare.beside),
        "bare": float(not rare.introduced),
        "bare, the other introduced": float(not rare.introduced and bool(common.before or common.titles)),
        "speaks, never introduced": float(rare.speaks and not rare.introduced),
        "credit": float(rare.credit),
    }
