"""Which spellings in a folder are slips or variants of which other: candidate pairs, scored.

Candidates share a key of the deletion neighbourhood (strings equal after leaving out up to two letters, as SymSpell
does) or a romanization skeleton, so that the cost grows with the number of names and not with its square.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from cleaner.facts.names import NameCount
from cleaner.languages.lexicon import Flag, Lexicon
from cleaner.names.romanization import ascii_letters, skeleton

_SHORTEST = 5
_LONG = 8
# What is added to a name to make another word of it: never a slip.
_DERIVING = ("s", "es", "n", "an", "ian", "i", "is", "ist", "ists", "ism", "ese", "ish", "er", "ers", "a", "ite", "ites", "ic", "ia", "y", "e", "o", "ans", "ians", "na", "ova", "eva", "ina")


@dataclass(frozen=True, slots=True)
class Variant:
    """`form` is taken for a slip of `canonical`, with the counts that say so."""

    form: str
    canonical: str
    confidence: float
    times: int
    documents: int


def candidate_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names at OSA distance 1, or 2 for long ones, or of equal skeleton; each pair once."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        folded = ascii_letters(name)
        if len(folded) < _SHORTEST:
            continue
        keys = {folded} | {folded[:i] + folded[i + 1 :] for i in range(len(folded))}
        if len(folded) >= _LONG:
            keys |= {key[:i] + key[i + 1 :] for key in list(keys) for i in range(len(key))}
        keys.add("=" + skeleton(name))
        for key in keys:
            blocks[key].append(name)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for i, a in enumerate(block):
            for b in block[:i]:
                pair = (a, b) if a < b else (b, a)
                if pair not in seen:
                    seen.add(pair)
                    yield pair


class VariantModel:
    """Scores a pair of names by spelling, counts and what the lexicon knows of each."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def variants(self, counts: Mapping[str, NameCount], protected: frozenset[str]) -> dict[str, Variant]:
        """For each name that is a likely slip, the name that was meant; names in `protected` are right as they are."""
        best: dict[str, Variant] = {}
        for a, b in candidate_pairs(counts):
            form, canonical = (a, b) if counts[a].total < counts[b].total else (b, a)
            if form in protected:
                continue
            confidence = self.confidence(form, canonical, counts[form], counts[canonical])
            if confidence > 0.5 and (form not in best or confidence > best[form].confidence):
                best[form] = Variant(form, canonical, confidence, counts[canonical].total, counts[canonical].documents)
        return best

    def confidence(self, form: str, canonical: str, rare: NameCount, common: NameCount) -> float:
        """The probability that `form` is a slip of `canonical`."""
        a, b = ascii_letters(form), ascii_letters(canonical)
        if _derived(a, b) or _derived(b, a) or common.total < 2 * rare.total + 1 or common.firm == 0:
            return 0.0
        distance = OSA.distance(a, b)
        if distance > 2 or (distance == 2 and min(len(a), len(b)) < _LONG):
            return 0.0
        lexicon = self._lexicon
        if lexicon.is_word(a) and lexicon.flags(a) & (Flag.SINGULAR | Flag.VERB | Flag.ADJECTIVE):
            return 0.0
        score = -1.0
        score += 1.2 * min(math.log2(common.total / rare.total), 4)
        score -= 1.4 * max(lexicon.zipf(a) - 1.0, 0)
        score -= 1.5 * (distance - 1)
        score += 1.0 * (sorted(a) == sorted(b))
        score += 0.6 * (abs(len(a) - len(b)) == 1)
        score -= 2.0 * (a[0] != b[0])
        score += 0.3 * (min(len(a), len(b)) - 6)
        return 1 / (1 + math.exp(-score))


def _derived(short: str, long: str) -> bool:
    """Whether `long` is `short` with an ending: Iraq, Iraqi; Gandhi, Gandhiji is not."""
    for ending in _DERIVING:
        if long == short + ending:
            return True
        for other in _DERIVING:
            stem = short.removesuffix(other)
            if stem != short and len(stem) > 2 and long == stem + ending:
                return True
    return False
