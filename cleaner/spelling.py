"""What a misspelt word was meant to be: candidates one slip away, ranked by the slip and by how common they are.

The noisy-channel model of Kernighan, Church and Gale (1990), on a log scale: a candidate's score is its Zipf frequency
less the cost of the slip. Costs (in Zipf units) say which slips writers make: letters swapped, doubled or dropped,
a vowel for a vowel, a key beside the right one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cleaner.languages import Language
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


class Candidate(msgspec.Struct, frozen=True):
    """A word (or two, where the slip was a missing space) that may have been meant, and its score in Zipf units."""

    text: str
    score: float


class Speller:
    """Corrects words of one language."""

    def __init__(self, language: Language) -> None:
        self._lexicon = language.lexicon
        self._slips = language.lexicon.deletions.slips
        self._alphabet = frozenset(language.alphabet)
        self._vowels = frozenset(language.vowels)
        self._neighbours = _neighbours(language.keyboard)
        self._function_words = language.function_words
        self._small = tuple(language.function_words)
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
        scored = [
            Candidate(word[:at] + meant + word[at + len(stands) :], steps / STEPS - self._cost(word, at, stands, meant))
            for at, stands, meant, steps in self._slips(word)
            if len(meant) != 1 or meant in self._alphabet
        ]
        scored += self._split(word)
        return sorted(scored, key=_rank) if len(scored) > 1 else scored

    def _cost(self, word: str, at: int, stands: str, meant: str) -> float:
        """What the slip costs by which `stands` at a place of `word`, and not what was `meant`."""
        if not stands:
            return _DOUBLED if meant in word[max(0, at - 1) : at + 1] else _DROPPED
        if len(stands) == 2:
            return _SWAP
        beside = self._neighbours.get(stands, _NONE)
        first = 0.0 if at else _FIRST_LETTER
        if meant:
            vowels = meant in self._vowels and stands in self._vowels
            return first + (_VOWEL if vowels else _NEIGHBOUR if meant in beside else _OTHER)
        before, after = word[at - 1 : at], word[at + 1 : at + 2]  # of equal letters it is the last that is too many
        struck = before in beside or after in beside
        return first / 2 + (_DOUBLED if before == stands else _EXTRA_NEIGHBOUR if struck else _EXTRA)

    def _split(self, word: str) -> Iterator[Candidate]:
        """Two words with their space missing, one of them a function word ("campaignin")."""
        if not word.startswith(self._small) and not word.endswith(self._small):
            return
        for i in range(1, len(word)):
            left, right = word[:i], word[i:]
            if left in self._function_words or right in self._function_words:
                rarer = min(self._lexicon.zipf(left), self._lexicon.zipf(right))
                if rarer > _RAREST_PART and all(
                    self._lexicon.is_word(part) and (len(part) > 1 or part in self._function_words) for part in (left, right)
                ):
                    yield Candidate(f"{left} {right}", rarer - _SPACE)

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


def _rank(candidate: Candidate) -> tuple[float, str]:
    """The likeliest first, and those that are as likely in the order of their letters."""
    return -candidate.score, candidate.text


def _neighbours(keyboard: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The keys around each key of a keyboard, given as its rows from the top."""
    around: dict[str, set[str]] = {}
    for r, row in enumerate(keyboard):
        for i, key in enumerate(row):
            near = {other[j] for other in keyboard[max(0, r - 1) : r + 2] for j in (i - 1, i, i + 1) if 0 <= j < len(other)}
            around[key] = near - {key}
    return {key: frozenset(keys) for key, keys in around.items()}
