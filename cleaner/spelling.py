"""What a misspelt word was meant to be: candidates one slip away, ranked by the slip and by how common they are.

The noisy-channel model of Kernighan, Church and Gale (1990), on a log scale: a candidate's score is its Zipf frequency
less the cost of the slip. Costs (in Zipf units) say which slips writers make: letters swapped, doubled or dropped,
a vowel for a vowel, a key beside the right one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, permutations
from operator import itemgetter

import msgspec

from cleaner.languages import Language
from cleaner.languages.deletions import WHOLE
from cleaner.languages.lexicon import STEPS, Flag

_SWAP = 1.1
_DOUBLED = 0.9
_EXTRA = 1.8
_EXTRA_NEIGHBOUR = 1.4
_DROPPED = 1.4
_VOWEL = 1.4
_NEIGHBOUR = 1.4
_OTHER = 2.2
_FIRST_LETTER = 1.1
_SPACE = 2.0
# What the distance to the next candidate counts, and what a word loses that may have been coined.
_MARGIN_COUNTS = 0.4
_COINED = 1.5
_RENEWED = 1.0
_COMMON_NOUN = 3.8
_COMMON_VERB = 3.8
_RAREST_PART = 4.2
_NONE: frozenset[str] = frozenset()


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A word (or two, where the slip was a missing space) that may have been meant, and its score in Zipf units."""

    text: str
    score: float


class Speller:
    """Corrects words of one language."""

    def __init__(self, language: Language) -> None:
        self._lexicon = language.lexicon
        self._words = language.lexicon.deletions
        self._alphabet = frozenset(language.alphabet)
        self._neighbours = _neighbours(language.keyboard)
        beside = {key + other: _NEIGHBOUR for key, others in self._neighbours.items() for other in others}
        self._changed = beside | dict.fromkeys(map("".join, permutations(language.vowels, 2)), _VOWEL)
        """What it costs that the first letter stands where the second was meant, if less than for others."""
        self._function_words = language.function_words
        self._starts = _grouped(language.function_words, itemgetter(0))
        self._ends = _grouped(language.function_words, itemgetter(-1))
        self._prefixes, self._suffixes = language.prefixes, language.suffixes

    def judge(self, word: str) -> tuple[list[Candidate], float]:
        """The candidates for an unknown word, and how much likelier the best is than that the word was meant, and than the next.

        The strength is in Zipf units; 0 without a candidate.
        """
        candidates = self.candidates(word)
        if not candidates:
            return [], 0.0
        best = candidates[0].score
        margin = best - candidates[1].score if len(candidates) > 1 else best
        coined = _COINED * self._is_coined(word, candidates[0].text) + _RENEWED * self._is_renewed(word)
        return candidates, best - self._lexicon.zipf(word) + _MARGIN_COUNTS * margin - coined

    def candidates(self, word: str) -> list[Candidate]:
        """The words that `word` (folded) may have been meant to be, best first; all are dictionary words."""
        entries, alphabet, changed = self._words.entries, self._alphabet, self._changed
        whole, at = self._words.find(word), len(word)
        scored = [] if whole is None else self._without_a_letter(word, entries(whole))
        without = list(map("".join, combinations(word, at - 1))) if word else []  # the last letter, and so on to the first
        for number in map(self._words.find, without):
            at -= 1
            if number is None:
                continue
            stands, rest = word[at], without[-1 - at]
            for entry in entries(number):
                place = entry & 255
                if place == at:
                    letter = chr(entry >> 16)
                    if letter == stands or letter not in alphabet:
                        continue
                    cost, meant = changed.get(stands + letter, _OTHER), rest[:at] + letter + rest[at:]
                    if not at:
                        cost += _FIRST_LETTER
                elif place == WHOLE:
                    if stands == word[at + 1 : at + 2]:
                        continue
                    cost, meant = self._extra(word, at), rest
                elif place == at + 1 and chr(entry >> 16) == stands != word[place]:
                    cost, meant = _SWAP, rest[:place] + stands + rest[place:]
                else:
                    continue
                scored.append((cost - (entry >> 8 & 255) / STEPS, meant))
        if word.startswith(self._starts.get(word[:1], ())) or word.endswith(self._ends.get(word[-1:], ())):
            scored += self._split(word)
        scored.sort()
        return [Candidate(text, -cost) for cost, text in scored]

    def _without_a_letter(self, word: str, entries: Iterable[int]) -> list[tuple[float, str]]:
        """The words that `word` is when they lose a letter, of the entries under it, with what that costs less how common they are."""
        scored: list[tuple[float, str]] = []
        for entry in entries:
            at, letter = entry & 255, chr(entry >> 16)
            if at != WHOLE and letter in self._alphabet and letter != word[at : at + 1]:  # of equal letters it is the last
                cost = _DOUBLED if letter in word[at - 1 if at else 0 : at + 1] else _DROPPED
                scored.append((cost - (entry >> 8 & 255) / STEPS, word[:at] + letter + word[at:]))
        return scored

    def _extra(self, word: str, at: int) -> float:
        """What it costs that the letter at a place of `word` stands there, which was not meant to; of equal letters it is the last."""
        beside, before, after = self._neighbours.get(word[at], _NONE), word[at - 1 : at], word[at + 1 : at + 2]
        cost = _DOUBLED if before == word[at] else _EXTRA_NEIGHBOUR if before in beside or after in beside else _EXTRA
        return cost if at else cost + _FIRST_LETTER / 2

    def _split(self, word: str) -> Iterator[tuple[float, str]]:
        """Two words with their space missing, one of them a function word ("campaignin"), and what they cost."""
        zipf, is_word, small_words = self._lexicon.zipf, self._lexicon.is_word, self._function_words
        pairs = [(small, rest, rest) for small in self._starts.get(word[:1], ()) if (rest := word.removeprefix(small)) != word]
        for small in self._ends.get(word[-1:], ()):
            rest = word.removesuffix(small)
            if rest != word and rest not in small_words:  # such a pair is there already
                pairs.append((rest, small, rest))
        for first, second, other in pairs:
            if (len(other) > 1 or other in small_words) and zipf(other) > _RAREST_PART:
                rarer = min(zipf(first), zipf(second))
                if rarer > _RAREST_PART and is_word(first) and is_word(second):
                    yield _SPACE - rarer, f"{first} {second}"

    def _is_renewed(self, word: str) -> bool:
        """Whether `word` is "re" before a common verb: reshore, rearm."""
        flags, zipf = self._lexicon.flags(word[2:]), self._lexicon.zipf(word[2:])
        return word.startswith("re") and len(word) > 5 and Flag.VERB in flags and zipf > _COMMON_VERB

    def _is_coined(self, word: str, best: str) -> bool:
        """Whether an unknown `word` follows from known ones by a rule: it may be new rather than wrong."""
        if self.is_derived(word):
            return True
        halves = [(word[:i], word[i:]) for i in range(4, len(word) - 3)]
        return any(
            all(self._lexicon.is_word(half) and self._lexicon.zipf(half) > 3 for half in pair)
            for pair in halves
            # "heathcare" and "spokewoman" are no coinages: a half of them is a half of what was meant
            if not (best.startswith(pair[0]) or best.endswith(pair[1]))
        )

    def is_derived(self, word: str) -> bool:
        """Whether `word` is a dictionary word with a prefix, a suffix or an ending of inflection, of which the end may lose its e."""
        is_word, flags = self._lexicon.is_word, self._lexicon.flags
        if any(
            word.startswith(prefix) and len(word) - len(prefix) > 3 and is_word(word[len(prefix) :]) for prefix in self._prefixes
        ):
            return True
        for suffix in self._suffixes:
            stem = word[: -len(suffix)]
            if word.endswith(suffix) and len(stem) > 3 and (is_word(stem) or (suffix[0] in "aei" and is_word(f"{stem}e"))):
                return True
        if word.endswith("s") and flags(word[:-1]) & (Flag.SINGULAR | Flag.ADJECTIVE):
            return True
        stem = next((f"{word[: -len(ending)]}e" for ending in ("ing", "ed") if word.endswith(ending)), "")
        return Flag.SINGULAR in flags(stem) and self._lexicon.zipf(stem) > _COMMON_NOUN


def _grouped(words: Iterable[str], by: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """The words by one of their letters."""
    groups: dict[str, tuple[str, ...]] = {}
    for word in words:
        groups[by(word)] = (*groups.get(by(word), ()), word)
    return groups


def _neighbours(keyboard: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The keys around each key of a keyboard, given as its rows from the top."""
    around: dict[str, set[str]] = {}
    for r, row in enumerate(keyboard):
        for i, key in enumerate(row):
            near = {other[j] for other in keyboard[max(0, r - 1) : r + 2] for j in (i - 1, i, i + 1) if 0 <= j < len(other)}
            around[key] = near - {key}
    return {key: frozenset(keys) for key, keys in around.items()}
