"""How the names of a folder are spelled, kept from run to run: those of a few articles are compared with all of them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cleaner import cache
from cleaner.facts.names import NameFacts
from cleaner.shelf import decoder
from cleaner.text.letters import Spelled, spelled

_FEW = 4
"""So many groups are looked through again in each run before what they have is kept."""
_SMALL = 1000
"""So many names may be too many."""

_Rows = tuple[str, str, str]
"""Names, their letters and their firm consonants, a line each: they are read in a tenth of the time that they are made in."""


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """The words and phrases of `groups`, which are known by their signs, and of what these were; `names` is how many there were at first."""

    groups: dict[str, bytes]
    names: int
    words: _Rows
    phrases: _Rows


_NOTHING = _Kept({}, 0, ("", "", ""), ("", "", ""))


def spellings(file: str, groups: Mapping[str, tuple[bytes, NameFacts]], *, keeps: bool) -> tuple[Spelled, Spelled]:
    """The capitalized words and the names of several words of groups of articles, each with its sign, and maybe some that they had before.

    They are kept as `file`, if anything is to be.
    """
    data = cache.fetch(file) if keeps else None
    kept = decoder(_Kept)(data) if data is not None else _NOTHING
    words, phrases = _from_rows(kept.words), _from_rows(kept.phrases)
    if len(words) + len(phrases) > 2 * max(kept.names, _SMALL):
        kept, words, phrases = _NOTHING, {}, {}  # most of it may be gone by now
    new = [name for name, (sign, _) in groups.items() if kept.groups.get(name) != sign]
    for name in new:
        _, facts = groups[name]
        words |= spelled(set(facts.tokens) - words.keys())
        phrases |= spelled(set(facts.phrases) - phrases.keys())
    if keeps and (len(new) > _FEW or kept is _NOTHING):
        signs = {name: sign for name, (sign, _) in groups.items()}
        state = _Kept(signs, kept.names or len(words) + len(phrases), _in_rows(words), _in_rows(phrases))
        cache.store(file, msgspec.msgpack.encode(state))
    return words, phrases


def _in_rows(names: Spelled) -> _Rows:
    folded, consonants = zip(*names.values(), strict=True) if names else ((), ())
    return "\n".join(names), "\n".join(folded), "\n".join(consonants)


def _from_rows(rows: _Rows) -> Spelled:
    names, folded, consonants = (row.split("\n") for row in rows)
    return dict(zip(names, zip(folded, consonants, strict=True), strict=True)) if rows[0] else {}
