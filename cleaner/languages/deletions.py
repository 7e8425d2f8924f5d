"""Which words are one slip from a string: a letter more or less, another letter, or two letters swapped.

An index of deletions (Garbe's SymSpell): two words one slip apart become one where each loses a letter at most. Each word stands
under itself and under what is left without each of its letters, so a look-up asks for one string more than the word has letters.
"""

from __future__ import annotations

import struct
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator

import marisa_trie

_HEAD = struct.Struct("<Q")
_WHOLE = 255
"""The place of the letter of a word that lost none."""

Slip = tuple[int, str, str, int]
"""Where it begins, what stands there, what was meant, and the weight of the word that was meant."""


class Deletions:
    """An index of words with their weights, of the bytes that `pack` made."""

    def __init__(self, data: memoryview) -> None:
        (size,) = _HEAD.unpack_from(data)
        trie = marisa_trie.Trie().map(data[_HEAD.size : _HEAD.size + size])
        numbers = data[_HEAD.size + size :].cast("I")
        self._find = trie.get
        self._starts, self._entries = numbers[: len(trie) + 1], numbers[len(trie) + 1 :]

    @staticmethod
    def pack(words: Iterable[tuple[str, int]]) -> bytes:
        """The bytes of an index of words of less than 255 letters, all of the Basic Multilingual Plane, with weights of 0 to 255."""
        under: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for word, weight in words:
            under[word].append(_WHOLE | weight << 8)
            for i, letter in enumerate(word):
                under[word[:i] + word[i + 1 :]].append(i | weight << 8 | ord(letter) << 16)
        trie = marisa_trie.Trie(under)
        starts, entries = array("I", [0]), array("I")
        for number in range(len(trie)):
            entries += under[trie.restore_key(number)]
            starts.append(len(entries))
        packed = trie.tobytes()
        packed += bytes(-len(packed) % starts.itemsize)
        return b"".join([_HEAD.pack(len(packed)), packed, starts, entries])

    def slips(self, word: str) -> Iterator[Slip]:
        """The slips that may have made `word` of one in the index, each once; of equal letters in a row it is the last."""
        find, starts, entries = self._find, self._starts, self._entries
        number = find(word)
        if number is not None:
            for entry in entries[starts[number] : starts[number + 1]]:
                place, letter = entry & 255, chr(entry >> 16)
                if place != _WHOLE and letter != word[place : place + 1]:
                    yield place, "", letter, entry >> 8 & 255
        shorter = [word[:i] + word[i + 1 :] for i in range(len(word))]
        for i, number in enumerate(map(find, shorter)):
            if number is not None:
                char = word[i]
                for entry in entries[starts[number] : starts[number + 1]]:
                    place, letter = entry & 255, chr(entry >> 16)
                    if place == i:
                        if letter != char:
                            yield i, char, letter, entry >> 8 & 255
                    elif place == _WHOLE:
                        if char != word[i + 1 : i + 2]:
                            yield i, char, "", entry >> 8 & 255
                    elif place == i + 1 and letter == char != word[place]:
                        yield i, char + word[place], word[place] + char, entry >> 8 & 255
