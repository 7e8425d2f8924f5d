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

_FEW = 4
"""So many groups are looked through again in each run before what they have is kept."""
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

    def plus(self, new: AbstractSet[str], added: Spelled) -> _Names:
        """These names and `new` ones, which are spelled as `added` says."""
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
    words, phrases = kept.sorts
    new = _beyond(words, [facts.tokens for facts in changed]), _beyond(phrases, [facts.phrases for facts in changed])
    added = [Spelled.of(names) for names in new]
    if keeps and (len(changed) > _FEW or kept is _NOTHING):
        sorts = [names.plus(*more) for names, more in zip(kept.sorts, zip(new, added, strict=True), strict=True)]
        signs = {name: sign for name, (sign, _) in groups.items()}
        number = kept.names or sum(map(len, new))
        cache.store(file, msgspec.msgpack.encode(_Kept(signs, number, (sorts[0], sorts[1]))))
    spelled = [
        [names.spelled, more] if some else [names.spelled] for names, some, more in zip(kept.sorts, new, added, strict=True)
    ]
    return spelled[0], spelled[1]


def _beyond(names: _Names, others: Iterable[Iterable[str]]) -> set[str]:
    """Those of `others` that are none of `names`."""
    known = names.known
    return {name for each in others for name in each if name not in known}
