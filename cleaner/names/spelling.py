"""How two spellings differ, in features that anyone can read: what the models of this folder weigh."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from cleaner.findings import common_prefix
from cleaner.languages.lexicon import Flag, Lexicon
from cleaner.text.romanization import skeleton

_VOWELS = frozenset("aeiouy")
# What is added to a name to make another word of it (Iraq, Iraqi), or exchanged (Texas, Texan; Putin, Putina): never a slip.
_ENDINGS = frozenset(
    ("", "s", "es", "n", "an", "ans", "ian", "ians", "i", "is", "ist", "ists", "ism", "ese", "ish", "er", "ers", "a", "as", "ite", "ites", "ic", "ia", "y", "e", "o", "os", "en", "in",
     "ina", "na", "ova", "eva", "on", "us", "um", "ium", "ies", "ji", "is", "et", "ette", "ton", "sky", "ska", "skaya", "ov", "ev", "ish", "land", "and", "ine", "ines", "ns", "al")
)  # fmt: skip
_LONGEST_ENDING = 5
_OF_PLACES = frozenset(("ian", "ians", "ans", "ese", "ish", "i", "is", "ite", "ites"))
_PLACES = frozenset(("", "a", "e", "o", "s", "y", "ia", "ea"))


def spelling_features(a: str, b: str) -> dict[str, float]:
    """What the edit from `b` to `a` (folded letters) is, and where: 1 or 0, but for the length."""
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
        "people of a place": float(of_place(a, b)),
    }


def lexicon_features(a: str, b: str, lexicon: Lexicon) -> dict[str, float]:
    """How far `a` and `b` (folded letters) are known as words and names, each about in [-1, 2]."""
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


def of_place(a: str, b: str) -> bool:
    """Whether one of the folded names is of the people or language of the other: Illinois, Illinoians; Baghdad, Baghdadi."""
    stem = common_prefix(a, b)
    cuts = range(stem, max(2, stem - _LONGEST_ENDING), -1)
    return any(x[cut:] in _OF_PLACES and y[cut:] in _PLACES for cut in cuts for x, y in ((a, b), (b, a)))
