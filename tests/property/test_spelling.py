"""The speller offers what making every string one slip away and asking the lexicon of each would: the same words, scores and order."""

from collections.abc import Iterator

import wordfreq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import languages
from cleaner.spelling import Speller

ENGLISH = languages.get("en")
SPELLER = Speller(ENGLISH)
ODD = "don't o'clock state's protégé protégé's café 1st 2nd bookkeeper eerie misspell".split()
WORDS = [word for word in wordfreq.top_n_list("en", 80_000) if ENGLISH.lexicon.is_word(word)]
LETTERS = ENGLISH.alphabet + "'é1"


def one_slip(word: str) -> Iterator[tuple[str, float]]:
    """Every string one slip away from `word`, with the cost of the slip that made `word` of it."""
    for i, char in enumerate(word):
        before, after = word[i - 1] if i else "", word[i + 1 : i + 2]
        first = 0.0 if i else 1.1
        beside = SPELLER._neighbours.get(char, frozenset())
        doubled = char in (before, after)
        struck = before in beside or after in beside
        yield word[:i] + word[i + 1 :], first / 2 + (0.9 if doubled else 1.4 if struck else 1.8)
        if after and after != char:
            yield word[:i] + after + char + word[i + 2 :], 1.1
        for letter in ENGLISH.alphabet:
            if letter != char:
                vowels = letter in ENGLISH.vowels and char in ENGLISH.vowels
                yield word[:i] + letter + word[i + 1 :], first + (1.4 if vowels or letter in beside else 2.2)
    for i in range(len(word) + 1):
        for letter in ENGLISH.alphabet:
            yield word[:i] + letter + word[i:], 0.9 if letter in word[max(0, i - 1) : i + 1] else 1.4


def two_words(word: str) -> Iterator[tuple[str, float]]:
    """What `word` is without a space, one of the two a function word."""
    lexicon, small = ENGLISH.lexicon, ENGLISH.function_words
    for parts in ((word[:i], word[i:]) for i in range(1, len(word))):
        rarer = min(map(lexicon.zipf, parts))
        right = all(lexicon.is_word(part) and (len(part) > 1 or part in small) for part in parts)
        if right and small.intersection(parts) and rarer > 4.2:
            yield " ".join(parts), rarer - 2.0


def enumerated(word: str) -> list[tuple[str, float]]:
    """The candidates for `word`, by enumeration."""
    lexicon, scores = ENGLISH.lexicon, dict[str, float]()
    for text, cost in one_slip(word):
        if lexicon.is_word(text) and lexicon.zipf(text) > 2.2:
            scores[text] = max(scores.get(text, -10.0), lexicon.zipf(text) - cost)
    return sorted([*scores.items(), *two_words(word)], key=lambda pair: (-pair[1], pair[0]))


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A word with up to two slips in it."""
    word = draw(st.sampled_from(WORDS) | st.sampled_from(ODD))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(word)))
        letters = draw(st.sampled_from(["", word[at : at + 2][::-1]]) | st.sampled_from(LETTERS))
        word = word[:at] + letters + word[at + draw(st.integers(0, 2)) :]
    return word


@settings(max_examples=500)
@given(misspelt() | st.text(LETTERS, max_size=4))
@example("")
@example("sspending")
@example("bookeeper")
@example("campaignin")
@example("isin")
@example("protég'és")
def test_the_candidates_are_those_of_an_enumeration(word: str):
    assert [(candidate.text, candidate.score) for candidate in SPELLER.candidates(word)] == enumerated(word)
