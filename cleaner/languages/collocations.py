"""Collocations: which words of a language are known to stand side by side.

Compiled once from the data that an installed package ships, like the lexicon.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import marisa_trie

from cleaner.cache import fetch, origin, stamp, store

_FORMAT = 1


class Collocations:
    """The frequent pairs of neighbouring words, folded; `kept` are the bytes that the trie reads where it has none of its own."""

    def __init__(self, trie: marisa_trie.Trie, kept: memoryview | None = None) -> None:
        self._trie = trie
        self._kept = kept

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return " ".join(pair) in self._trie

    def among(self, pairs: Iterable[str]) -> set[str]:
        """Those of `pairs`, two words with a space between, that are frequent."""
        return set(filter(self._trie.__contains__, pairs))


def load(language: str, package: str, collect: Callable[[Path], Iterable[tuple[str, str]]]) -> Collocations:
    """The collocations of `language`, gathered by `collect` in the folder of `package` where the cache has none of this version of it."""
    path = origin(package)
    assert path is not None
    key = hashlib.blake2b(f"{_FORMAT}/{stamp(path)}".encode(), digest_size=8).hexdigest()
    name = f"collocations-{language}-{key}.marisa"
    kept = fetch(name)
    if kept is not None:
        return Collocations(marisa_trie.Trie().map(kept), kept)
    trie = marisa_trie.Trie(map(" ".join, collect(Path(path).parent)))
    store(name, trie.tobytes())
    return Collocations(trie)
