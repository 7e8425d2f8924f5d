"""A lexicon: the words of a language with their frequency and what is known of each, in a trie.

It is compiled once from the data that installed packages ship, kept in the cache folder under the versions of those
packages, and loads in milliseconds.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from enum import IntFlag
from functools import cached_property, lru_cache

import marisa_trie

from cleaner.cache import fetch, origin, remembered, stamp, store
from cleaner.languages.deletions import Deletions

_RECORD = "<BH"
_FORMAT = 5
STEPS = 20
"""A unit of the Zipf scale has so many; frequencies are kept in them."""
RAREST_MEANT = 2.2
"""What is meant is a word of a dictionary that is more frequent than this."""


class Flag(IntFlag):
    """What is known of a word."""

    DICTIONARY = 1
    """A dictionary has it; without the flag it is a name, a rarity or a misspelling that people write."""
    AN = 2
    """Begins with a vowel sound."""
    A = 4
    """Begins with a consonant sound."""
    SINGULAR = 8
    PLURAL = 16
    VERB = 32
    ADJECTIVE = 64
    ADVERB = 128
    FOREIGN = 256
    """Far more frequent in another language."""


_UNKNOWN = (0.0, Flag(0), False)
_FLAGS: dict[int, Flag] = {}
"""The flags by their numbers: making one takes longer than looking a word up."""


class Lexicon:
    """Words, folded, with Zipf frequency (log10 of the occurrences in a billion words; 0 for unknown) and flags.

    `key` tells what the words were compiled from, `kept` are the bytes that the trie reads where it has none of its own.
    """

    def __init__(self, trie: marisa_trie.RecordTrie, language: str, key: str, kept: memoryview | None = None) -> None:
        self.key = key
        self._language = language
        self._trie = trie
        self._kept = kept
        self._look_up = lru_cache(maxsize=1 << 16)(self._look_up_in_trie)

    def _look_up_in_trie(self, word: str) -> tuple[float, Flag, bool]:
        """Frequency, flags, and whether it is in a dictionary: what is asked most, and arithmetic with flags is slow."""
        records = self._trie.get(word)
        if not records:
            return _UNKNOWN
        steps, number = records[0]
        flags = _FLAGS.get(number)
        if flags is None:
            flags = _FLAGS[number] = Flag(number)
        return steps / STEPS, flags, bool(number & Flag.DICTIONARY.value)

    def zipf(self, word: str) -> float:
        """How frequent `word` is: 7 for "the", 4 for "soldier", 2 for a rarity, 0 where it is unknown."""
        return self._look_up(word)[0]

    def flags(self, word: str) -> Flag:
        """What is known of `word`."""
        return self._look_up(word)[1]

    def is_word(self, word: str) -> bool:
        """Whether a dictionary has `word`."""
        return self._look_up(word)[2]

    @cached_property
    def deletions(self) -> Deletions:
        """The words that a misspelt one may have been meant to be, with their frequency in `STEPS`, by slips."""
        return Deletions(fetch(self._deletions_name) or self.compile_deletions())

    def compile_deletions(self) -> memoryview:
        """Compile the index of deletions, and keep it."""
        dictionary = Flag.DICTIONARY.value
        meant = (
            (word, steps)
            for word, (steps, number) in self._trie.iteritems()
            if number & dictionary and steps / STEPS > RAREST_MEANT
        )
        data = Deletions.pack(meant)
        store(self._deletions_name, data)
        return memoryview(data)

    @property
    def _deletions_name(self) -> str:
        return f"deletions-{self._language}-{self.key}.index"


def load(language: str, packages: dict[str, str], collect: Callable[[], Iterable[tuple[str, float, int]]]) -> Lexicon:
    """The lexicon of `language`, compiled by `collect` (word, Zipf frequency, flags) where the cache has none.

    The cache is keyed by the versions of the `packages` that ship the data, given by their modules.
    """
    key = remembered("lexicon", [str(_FORMAT), language, *map(_stamp, packages)], lambda: _key(packages.values()))
    name = f"lexicon-{language}-{key}.marisa"
    kept = fetch(name)  # checked: a damaged trie would not raise but crash
    if kept is not None:
        return Lexicon(marisa_trie.RecordTrie(_RECORD).map(kept), language, key, kept)
    print("cleaner: preparing the lexicon (once) …", file=sys.stderr, flush=True)
    trie = marisa_trie.RecordTrie(_RECORD, ((word, (round(zipf * STEPS), flags)) for word, zipf, flags in collect()))
    store(name, trie.tobytes())
    lexicon = Lexicon(trie, language, key)
    lexicon.compile_deletions()
    return lexicon


def _key(packages: Iterable[str]) -> str:
    from importlib import metadata  # slow to load

    versions = "/".join([str(_FORMAT), *(f"{name} {metadata.version(name)}" for name in packages)])
    return hashlib.blake2b(versions.encode(), digest_size=8).hexdigest()


def _stamp(module: str) -> str:
    path = origin(module)
    assert path is not None
    return stamp(path)
