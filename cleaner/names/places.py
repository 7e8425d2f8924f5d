"""The towns of the world by their spellings: two towns are two names, however alike they are."""

from __future__ import annotations

import mmap
from functools import cache, lru_cache
from pathlib import Path

from cleaner.text.letters import letters

FILE = Path(__file__).with_name("places.tsv")
"""Sorted lines of a spelling's letters, the places that bear it as their main name, and those of which it is another spelling.

Places are GeoNames numbers in base 36. Made by ``benchmarks/make_places.py`` from GeoNames, CC BY 4.0.
"""

_Places = tuple[frozenset[bytes], frozenset[bytes]]


def relation(a: str, b: str) -> bool | None:
    """What is known of two spellings: True for one town's, False for two towns, None where either is no town of the list."""
    own, other = _places(letters(a))
    if not (own or other):
        return None
    their_own, their_other = _places(letters(b))
    if own and their_own:
        return bool(own & their_own)
    return True if (own | other) & (their_own | their_other) else None


@lru_cache(maxsize=1 << 16)
def _places(spelling: str) -> _Places:
    """The towns that have `spelling` as their main name, and as another one: a binary search in the mapped file."""
    lines, wanted = _lines(), spelling.encode() + b"\t"
    low, high = 0, len(lines)
    while low < high:
        start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
        end = lines.find(b"\n", start) + 1
        line = lines[start:end]
        if line.startswith(wanted):
            _, own, other = line.rstrip(b"\n").split(b"\t")
            return frozenset(own.split()), frozenset(other.split())
        if line < wanted:
            low = end
        else:
            high = start
    return frozenset(), frozenset()


@cache
def _lines() -> mmap.mmap:
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
