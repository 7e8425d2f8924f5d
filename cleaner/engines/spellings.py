"""How the names of a folder are spelled, kept from run to run: those of a few articles are compared with all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import marisa_trie
import msgspec

from cleaner import cache
from cleaner.facts.names import NameFacts
from cleaner.facts.spelled import PackedRow, Spelled
from cleaner.shelf import decoder

_FEW = 4
"""So many groups are looked through again in each run before what they have is kept."""
_SMALL = 1000
"""So many names may be too many."""


class _Names(msgspec.Struct, array_like=True, frozen=True):
    """A trie of names, and how they are spelled."""

    trie: memoryview
    rows: dict[int, PackedRow]

    @classmethod
    def of(cls, names: Collection[str], spelled: Spelled) -> _Names:
        return cls(memoryview(marisa_trie.Trie(names).tobytes()), spelled.packed())

    @property
    def known(self) -> Collection[str]:
        trie: Collection[str] = marisa_trie.Trie().map(self.trie)
        return trie

    @property
    def spelled(self) -> Spelled:
        return Spelled({}, self.rows)


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """The words and phrases of `groups`, which are known by their signs, and of what these were; `names` is how many there were at first."""

    groups: dict[str, bytes]
    names: int
    sorts: tuple[_Names, _Names]


_NOTHING = _Kept({}, 0, (_Names.of((), Spelled({})),) * 2)


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
        sorts = [
            _Names.of([*names.known, *more], names.spelled.plus(spelled))
            for names, more, spelled in zip(kept.sorts, new, added, strict=True)
        ]
        signs = {name: sign for name, (sign, _) in groups.items()}
        number = kept.names or sum(map(len, new))
        cache.store(file, msgspec.msgpack.encode(_Kept(signs, number, (sorts[0], sorts[1]))))
    return [words.spelled, added[0]], [phrases.spelled, added[1]]


def _beyond(names: _Names, others: Iterable[Iterable[str]]) -> set[str]:
    """Those of `others` that are none of `names`."""
    known = names.known
    return {name for each in others for name in each if name not in known}
