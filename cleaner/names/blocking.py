"""Which names may be spellings of one: candidate pairs, found without comparing each with each.

Two names are candidates when they share a key: their letters with up to two left out (the deletion neighbourhood of SymSpell,
complete for OSA distance 2), or their romanization skeleton. So the cost grows with the names, not with their square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from cleaner.names.romanization import letters, skeleton

SHORTEST = 5
"""Names of fewer letters are too close to too many others."""
_TWO_SLIPS = 7


def candidate_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names at OSA distance 1, or 2 where both are long, or of equal skeleton; each pair once, in order."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        folded = letters(name)
        if len(folded) >= SHORTEST - 1:
            for key in _keys(folded):
                blocks[key].append(name)
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for i, a in enumerate(block):
            for b in block[:i]:
                pair = (a, b) if a < b else (b, a)
                if pair not in seen:
                    seen.add(pair)
                    if _close(letters(a), letters(b)):
                        yield pair


def _keys(folded: str) -> set[str]:
    keys = {folded} | {folded[:i] + folded[i + 1 :] for i in range(len(folded))}
    if len(folded) >= _TWO_SLIPS - 1:
        keys |= {key[:i] + key[i + 1 :] for key in list(keys) for i in range(len(key))}
    keys.add("=" + skeleton(folded))
    return keys


def _close(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    if max(len(a), len(b)) < SHORTEST:
        return False
    if OSA.distance(a, b, score_cutoff=2) <= (2 if shorter >= _TWO_SLIPS - 1 else 1):
        return True
    return skeleton(a) == skeleton(b) and abs(len(a) - len(b)) <= 3
