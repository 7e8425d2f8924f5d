"""Collocations: which words of a language are known to stand side by side.

Compiled once from the data that an installed package ships, like the lexicon.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from importlib import metadata

import marisa_trie

from cleaner.cache import fetch, store

_FORMAT = 1


class Collocations:
    """The frequent pairs of neighbouring words, folded."""

    def __init__(self, trie: marisa_trie.Trie) -> None:
        self._trie = trie

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return " ".join(pair) in self._trie


def load(language: str, package: str, collect: Callable[[], Iterable[tuple[str, str]]]) -> Collocations:
    """The collocations of `language`, gathered by `collect` where the cache has none of this version of `package`."""
    version = f"{_FORMAT}/{package} {metadata.version(package)}"
    name = f"collocations-{language}-{hashlib.blake2b(version.encode(), digest_size=8).hexdigest()}.marisa"
    kept = fetch(name)
    trie = marisa_trie.Trie()
    if kept is not None:
        return Collocations(trie.frombytes(kept))
    trie = marisa_trie.Trie(map(" ".join, collect()))
    store(name, trie.tobytes())
    return Collocations(trie)
