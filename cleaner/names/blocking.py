"""Which names may be spellings of one: candidate pairs, found without comparing each with each.

Two names are candidates when they share a key: their first letters with up to two left out (the deletion neighborhood of SymSpell,
complete for OSA distance 2), or their romanization skeleton. So the cost grows with the names, not with their square.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cleaner.facts.sample import hashed
from cleaner.facts.spelled import Spelled, may_have_a_partner
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton

SHORTEST = 5
"""Two names of fewer letters are close to too many others."""
MANY = 5_000
"""From so many names on arrays are worth the time that loading NumPy takes."""
_TWO_SLIPS = 6
_FIRST = 8
"""So many letters make the keys of a long name: of two that are close, the beginnings are, too, with as many letters left out of either."""
_MOST_APART = 3


def candidate_pairs(names: Iterable[str], many: int = MANY) -> Iterator[tuple[str, str]]:
    """Pairs of names at OSA distance 1, or 2 where both are long, or of equal skeleton; each pair once, in order."""
    forms = _by_letters(names)
    for folded, same in forms.items():
        if len(folded) >= SHORTEST:
            yield from (_ordered(a, b) for a, b in itertools.combinations(same, 2))
    for x, y in (_by_arrays if len(forms) >= many else _by_keys)(list(forms)):
        if _close(x, y):
            yield from (_ordered(a, b) for a, b in itertools.product(forms[x], forms[y]))


def _by_letters(names: Iterable[str]) -> dict[str, list[str]]:
    """The names that may have a partner, by their letters."""
    forms: dict[str, list[str]] = defaultdict(list)
    for name in names:
        folded = letters(name)
        if may_have_a_partner(folded):
            forms[folded].append(name)
    return forms


class Neighborhood:
    """The candidate pairs of a few names among many, without looking for those of the others; `names` may have more than are `there`."""

    def __init__(self, names: Sequence[Spelled], there: Container[str]) -> None:
        self._names = names
        self._there = there
        self._found: dict[str, list[tuple[str, str]]] = {}
        """What was found of a name: it is asked for what it may be a slip of, and for what it may be a spelling of."""
        self._choices: dict[tuple[Spelled, int], tuple[list[str], list[str]]] = {}
        """By the length of a name the letters of all that are about as long, and these names."""

    def pairs(self, few: Iterable[str]) -> set[tuple[str, str]]:
        """Those of `candidate_pairs` in which one of `few` is."""
        return set().union(*map(self._pairs_of, few))

    def _pairs_of(self, name: str) -> list[tuple[str, str]]:
        if name not in self._found:
            near: set[str] = set()
            if name in self._there:
                for names in self._names:
                    known = names.partners(name)
                    near.update(self._near(name, names) if known is None else known)
            self._found[name] = [_ordered(name, other) for other in near if other != name and other in self._there]
        return self._found[name]

    def _near(self, name: str, names: Spelled) -> Iterator[str]:
        """Those of `names` that are close to a name."""
        folded = letters(name)
        if not may_have_a_partner(folded):
            return
        length, sound = len(folded), skeleton(folded)
        if (names, length) not in self._choices:
            lengths = (other for other in _lengths(length, 2) if abs(other - length) <= _slips(length, other))
            rows = [names.row(other) for other in lengths]
            chain = itertools.chain.from_iterable
            self._choices[names, length] = [*chain(row.letters for row in rows)], [*chain(row.names for row in rows)]
        choices, found = self._choices[names, length]
        for other, distance, number in process.extract(folded, choices, scorer=OSA.distance, score_cutoff=2, limit=None):
            if distance <= _slips(length, len(other)):
                yield found[number]
        for row in map(names.row, _lengths(length, _MOST_APART)):
            yield from row.names[bisect_left(row.skeletons, sound) : bisect_right(row.skeletons, sound)]


def _lengths(length: int, apart: int) -> list[int]:
    """The lengths of names that one of `length` letters is compared with: these are so many letters apart, or fewer."""
    return [other for other in range(length - apart, length + apart + 1) if max(length, other) >= SHORTEST]


def _ordered(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _by_keys(folded: list[str]) -> Iterator[tuple[str, str]]:
    """The pairs that share a key, each once."""
    last: dict[str, str] = {}
    blocks: dict[str, list[str]] = {}  # of the few keys that several share
    for each in folded:
        keys = _keys(each)
        for key in last.keys() & keys:
            blocks.setdefault(key, [last[key]]).append(each)
        last.update(dict.fromkeys(keys, each))
    seen: set[tuple[str, str]] = set()
    for block in blocks.values():
        for pair in itertools.combinations(block, 2):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _by_arrays(folded: list[str]) -> Iterator[tuple[str, str]]:
    """The same pairs, by NumPy."""
    from cleaner.names.neighbors import close_pairs

    distances = [2 if len(each) >= _TWO_SLIPS else 1 for each in folded]
    skeletons = [hashed("=" + skeleton(each)) for each in folded]
    return ((folded[i], folded[j]) for i, j in close_pairs(folded, distances, skeletons))


def _keys(folded: str) -> set[str]:
    keys = {f"={skeleton(folded)}"}
    if len(folded) < _FIRST:
        keys.add(folded)
        left = range(len(folded) - (2 if len(folded) >= _TWO_SLIPS else 1), len(folded))
    else:
        left = range(_FIRST - 2, _FIRST - 1)
    keys.update(*(map("".join, itertools.combinations(folded[:_FIRST], number)) for number in left))
    return keys


def _slips(length: int, other: int) -> int:
    """How far apart two names of so many letters may be."""
    return 2 if min(length, other) >= _TWO_SLIPS else 1


def _close(a: str, b: str) -> bool:
    if max(len(a), len(b)) < SHORTEST:
        return False
    if OSA.distance(a, b, score_cutoff=2) <= _slips(len(a), len(b)):
        return True
    return skeleton(a) == skeleton(b) and abs(len(a) - len(b)) <= _MOST_APART
