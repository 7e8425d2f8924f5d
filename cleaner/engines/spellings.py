"""How the names of a folder are spelled, and which are candidates of which, kept from run to run: a few articles ask for those of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

import msgspec

from cleaner import cache
from cleaner.facts.names import NameFacts
from cleaner.facts.spelled import PackedRow, Spelled
from cleaner.names.blocking import Neighborhood, candidate_pairs
from cleaner.shelf import Shelf, decoder

_FEW, _MANY = 4, 8
"""So many groups, and one of so many, are looked through again in each run before what they have is kept: to write it takes as long as to look through twenty."""
_SMALL = 1000
"""So many names may be too many, and so many are compared with all others, one by one."""


class _Names(msgspec.Struct, array_like=True, frozen=True, dict=True):
    """Names, each with its partners among them, on a shelf, and how they are spelled."""

    shelf: memoryview
    rows: dict[int, PackedRow]

    @cached_property
    def known(self) -> Shelf[list[str]]:
        """The names with their partners."""
        return Shelf(self.shelf, decoder(list[str]))

    @cached_property
    def spelled(self) -> Spelled:
        """How they are spelled."""
        return Spelled({}, self.rows, self.known)

    def beyond(self, *others: Iterable[str]) -> set[str]:
        """Those of `others` that are none of these names."""
        known = self.known
        return {name for each in others for name in each if name not in known}

    def and_those(self, new: AbstractSet[str]) -> Sequence[Spelled]:
        """How these names and `new` ones are spelled."""
        return [self.spelled, Spelled.of(new)] if new else [self.spelled]

    def plus(self, new: AbstractSet[str]) -> _Names:
        """These names and `new` ones."""
        added = Spelled.of(new)
        partners: dict[str, list[str]] = {name: [] for name in (*self.known, *new)}
        pairs: Iterable[tuple[str, str]]
        if len(new) > _SMALL:
            pairs = candidate_pairs(partners)
        else:
            partners |= {name: [*others] for name, others in self.known.items()}
            pairs = Neighborhood([self.spelled, added], partners).pairs(new)
        for a, b in pairs:
            partners[a].append(b)
            partners[b].append(a)
        encode = msgspec.msgpack.encode
        shelf = Shelf.pack({name: encode(others) for name, others in partners.items()})
        return _Names(memoryview(shelf), self.spelled.plus(added).packed())


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """The words and phrases of `groups`, which are known by their signs, and of what these were; `names` is how many there were at first."""

    groups: dict[str, bytes]
    names: int
    sorts: tuple[_Names, _Names]


_NOTHING = _Kept({}, 0, (_Names(memoryview(Shelf.pack({})), {}),) * 2)


def spellings(
    file: str, groups: Mapping[str, tuple[bytes, NameFacts]], *, keeps: bool
) -> tuple[Sequence[Spelled], Sequence[Spelled]]:
    """How the capitalized words and the names of several words of groups of articles are spelled, each with its sign, and maybe some that they had before.

    They are kept as `file`, if anything is to be.
    """
    data = cache.fetch(file) if keeps else None
    kept = decoder(_Kept)(data) if data is not None else _NOTHING
    if sum(len(names.known) for names in kept.sorts) > 2 * max(kept.names, _SMALL):
        kept = _NOTHING  # most of it may be gone by now
    changed = [facts for name, (sign, facts) in groups.items() if kept.groups.get(name) != sign]
    counts = [facts.tokens for facts in changed], [facts.phrases for facts in changed]
    new = [names.beyond(*each) for names, each in zip(kept.sorts, counts, strict=True)]
    if keeps and (kept is _NOTHING or len(changed) > max(_FEW, len(groups) // _MANY)):
        words, phrases = (names.plus(more) for names, more in zip(kept.sorts, new, strict=True))
        signs = {name: sign for name, (sign, _) in groups.items()}
        kept = _Kept(signs, kept.names or sum(map(len, new)), (words, phrases))
        cache.store(file, msgspec.msgpack.encode(kept))
        new = [set(), set()]
    words, phrases = kept.sorts
    return words.and_those(new[0]), phrases.and_those(new[1])
