"""The probability that one spelling is a slip of another: a logistic model over features that anyone can read.

The weights stand in ``weights.json`` beside this module and are fitted by ``benchmarks/fit_names.py`` on real articles.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

from cleaner.findings import common_prefix
from cleaner.languages.lexicon import Flag, Lexicon
from cleaner.names.romanization import letters, skeleton

_VOWELS = frozenset("aeiouy")
# What is added to a name to make another word of it (Iraq, Iraqi), or exchanged (Texas, Texan; Putin, Putina): never a slip.
_ENDINGS = frozenset(
    ("", "s", "es", "n", "an", "ans", "ian", "ians", "i", "is", "ist", "ists", "ism", "ese", "ish", "er", "ers", "a", "as", "ite", "ites", "ic", "ia", "y", "e", "o", "os", "en", "in",
     "ina", "na", "ova", "eva", "on", "us", "um", "ium", "ies", "ji", "is", "et", "ette", "ton", "sky", "ska", "skaya", "ov", "ev", "ish", "land", "and", "ine", "ines", "ns", "al")
)  # fmt: skip
_LONGEST_ENDING = 5


@dataclass(frozen=True, slots=True)
class Usage:
    """How a form is used in one article and in its folder.

    `here` and `everywhere` count occurrences, `documents` articles; `before` and `after` are the capitalised words next to it in this
    article; `bare` says that it never stands next to one; `credit` that it stands only in picture credits.
    """

    here: int
    everywhere: int
    documents: int
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    bare: bool = True
    credit: bool = False


@cache
def load_weights() -> dict[str, float]:
    """The fitted weights by feature, `bias` included."""
    weights: dict[str, float] = json.loads(resources.files(__package__).joinpath("weights.json").read_text("utf-8"))["slip"]
    return weights


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic model: features that have no weight count nothing."""
    score = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def slip_features(form: str, canonical: str, rare: Usage, common: Usage, lexicon: Lexicon) -> dict[str, float]:
    """What speaks for and against `form` being a slip of `canonical`, each about in [-1, 1]."""
    a, b = letters(form), letters(canonical)
    return {
        **_spelling_features(a, b),
        **_lexicon_features(a, b, lexicon),
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
        "bare": float(rare.bare),
        "credit": float(rare.credit),
    }


def _spelling_features(a: str, b: str) -> dict[str, float]:
    distance = OSA.distance(a, b)
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    prefix, suffix = common_prefix(a, b), common_prefix(a[::-1], b[::-1])
    one = distance == 1
    changed = longer[prefix : len(longer) - suffix] if len(longer) > prefix + suffix else longer[prefix : prefix + 1]
    substituted = one and len(a) == len(b)
    swapped = distance == 1 and substituted and sorted(a) == sorted(b)
    vowels = substituted and not swapped and a[prefix] in _VOWELS and b[prefix] in _VOWELS
    doubled = one and len(a) != len(b) and prefix > 0 and changed[:1] in (longer[prefix - 1], longer[prefix + 1 : prefix + 2])
    return {
        "equal letters": float(distance == 0),
        "swapped": float(swapped),
        "vowel for vowel": float(vowels),
        "letter for letter": float(substituted and not swapped and not vowels),
        "doubled": float(doubled),
        "letter dropped": float(one and len(a) < len(b) and not doubled),
        "letter added": float(one and len(a) > len(b) and not doubled),
        "two slips": float(distance == 2),
        "more slips": float(distance > 2),
        "same letters": float(distance == 2 and sorted(a) == sorted(b)),
        "first letter": float(a[0] != b[0]),
        "second letter": float(a[0] == b[0] and a[1:2] != b[1:2]),
        "last letter": float(a[-1] != b[-1]),
        "length": (min(len(shorter), 12) - 5) / 7,
        "skeleton": float(skeleton(a) == skeleton(b)),
        "derived": float(derived(a, b)),
    }


def _lexicon_features(a: str, b: str, lexicon: Lexicon) -> dict[str, float]:
    zipf_a, zipf_b, flags = lexicon.zipf(a), lexicon.zipf(b), lexicon.flags(a)
    return {
        "known": min(zipf_a, 4) / 4,
        "well known": max(zipf_a - 2.5, 0) / 2,
        "unknown": float(zipf_a == 0),
        "common noun": float(bool(flags & (Flag.SINGULAR | Flag.VERB | Flag.ADJECTIVE | Flag.PLURAL))),
        "canonical known": min(zipf_b, 5) / 5,
        "rarer": min(max(zipf_b - max(zipf_a, 1.0), -2), 4) / 4,
    }


def derived(a: str, b: str) -> bool:
    """Whether the folded names differ by an ending only: Iraq, Iraqi; Texas, Texan."""
    stem = common_prefix(a, b)
    return any(a[cut:] in _ENDINGS and b[cut:] in _ENDINGS for cut in range(stem, max(2, stem - _LONGEST_ENDING), -1))
