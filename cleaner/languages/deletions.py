"""Which words are one slip from a string: a letter more or less, another letter, or two letters swapped.

An index of deletions (Garbe's SymSpell): two words one slip apart become one where each loses a letter at most. Each word stands
under itself and under what is left without each of its letters, so a look-up asks for one string more than the word has letters.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterable

import marisa_trie

_HEAD = struct.Struct("<Q")
WHOLE = 255
"""The place of the letter of a word that lost none."""
_SEVERAL = 254
"""What stands in place of a place where a string is left of several words: the number beside it says where these are."""


class Deletions:
    """An index of words with their weights, of the bytes that `pack` made.

    Under a string stands an entry for each word that it is, or is left of: the place of the letter that was lost (8 bits), the weight (8) and the letter (16).
    """

    def __init__(self, data: memoryview) -> None:
        (size,) = _HEAD.unpack_from(data)
        trie = marisa_trie.Trie().map(data[_HEAD.size : _HEAD.size + size])
        numbers = data[_HEAD.size + size :].cast("I")
        self.find: Callable[[str], int | None] = trie.get
        """The number of a string that is a word, or one without a letter."""
        self._only, self._many = numbers[: len(trie)], numbers[len(trie) :]

    @staticmethod
    def pack(words: Iterable[tuple[str, int]]) -> bytes:
        """The bytes of an index of words of less than 254 letters, all of the Basic Multilingual Plane, with weights of 0 to 255."""
        first: dict[str, int] = {}
        under: dict[str, list[int]] = {}
        for word, weight in words:
            left = [(word, WHOLE | weight << 8)]
            left += ((word[:i] + word[i + 1 :], i | weight << 8 | ord(letter) << 16) for i, letter in enumerate(word))
            for string, entry in left:
                if string not in first:
                    first[string] = entry
                elif string in under:
                    under[string].append(entry)
                else:
                    under[string] = [first[string], entry]
        trie = marisa_trie.Trie(first)
        only, many = array("I"), array("I")
        for string in map(trie.restore_key, range(len(trie))):
            entries = under.get(string)
            if entries is None:
                only.append(first[string])
            else:
                only.append(_SEVERAL | len(many) << 8)
                many.append(len(entries))
                many.extend(entries)
        packed = trie.tobytes()
        packed += bytes(-len(packed) % only.itemsize)
        return b"".join([_HEAD.pack(len(packed)), packed, only, many])

    def entries(self, number: int) -> Iterable[int]:
        """What stands under the string of this number."""
        entry = self._only[number]
        if entry & 255 != _SEVERAL:
            return (entry,)
        start = (entry >> 8) + 1
        return self._many[start : start + self._many[start - 1]]
