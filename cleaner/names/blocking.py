"""Which names may be spellings of one: candidate pairs, found without comparing each with each.

Two names are candidates when they share a key: their first letters with up to two left out (the deletion neighborhood of SymSpell,
complete for OSA distance 2), or their romanization skeleton. So the cost grows with the names, not with their square.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cleaner.facts.sample import hashed
from cleaner.names.romanization import skeleton
from cleaner.text.letters import Spelled, firm_consonants, letters

SHORTEST = 5
"""Names of fewer letters are too close to too many others."""
LONGEST = 40
"""Longer words are no names: chains of letters, addresses."""
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
        if _may_have_a_partner(folded):
            forms[folded].append(name)
    return forms


def _may_have_a_partner(folded: str) -> bool:
    return SHORTEST - 1 <= len(folded) <= LONGEST


class Neighborhood:
    """The candidate pairs of a few names among many, without looking for those of the others; `names` may have more than are `there`."""

    def __init__(self, names: Spelled, there: Container[str]) -> None:
        self._there = there
        self._forms: dict[str, list[str]] = {}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._found: dict[str, list[tuple[str, str]]] = {}
        """What was found of a name: it is asked for what it may be a slip of, and for what it may be a spelling of."""
        self._choices: dict[int, list[str]] = {}
        """By the length of a name all that are about as long."""
        self._by_consonants: dict[str, list[str]] = defaultdict(list)
        for name, (folded, consonants) in names.items():
            if folded in self._forms:
                self._forms[folded].append(name)
            elif _may_have_a_partner(folded):
                self._forms[folded] = [name]
                self._by_length[len(folded)].append(folded)
                self._by_consonants[consonants].append(folded)

    def pairs(self, few: Iterable[str]) -> set[tuple[str, str]]:
        """Those of `candidate_pairs` in which one of `few` is."""
        return set().union(*map(self._pairs_of, few))

    def _pairs_of(self, name: str) -> list[tuple[str, str]]:
        if name not in self._found:
            folded, near = letters(name), set[str]()
            if name in self._forms.get(folded, ()):
                near = {other for other in self._near(folded) if _close(folded, other)}
                if len(folded) >= SHORTEST:
                    near.add(folded)
            forms = itertools.chain.from_iterable(map(self._forms.__getitem__, near))
            self._found[name] = [_ordered(name, form) for form in forms if form != name and form in self._there]
        return self._found[name]

    def _near(self, folded: str) -> Iterator[str]:
        """All names that may be close to `folded`, and others."""
        length = len(folded)
        choices = self._choices.get(length)
        if choices is None:
            near = (
                self._by_length.get(other, ())
                for other in range(length - 2, length + 3)
                if _slips(length, other) >= abs(length - other)
            )
            choices = self._choices[length] = list(itertools.chain.from_iterable(near))
        for other, _, _ in process.extract(folded, choices, scorer=OSA.distance, score_cutoff=2, limit=None):
            yield other
        alike, mine = self._by_consonants[firm_consonants(folded)], skeleton(folded)
        yield from (other for other in alike if abs(len(other) - len(folded)) <= _MOST_APART and skeleton(other) == mine)


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
