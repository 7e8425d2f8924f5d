"""Capital letters: carrying those of the text over to what replaces it."""

from __future__ import annotations

import re

_SMALL_IN_TITLES = frozenset("a an and as at by for from in into nor of off on or out per the to up via with".split())


def carry_case(original: str, replacement: str) -> str:
    """`replacement` with the capitals of `original`: all of them, title case, or the first letter.

    Capitals that the replacement has of its own stay: they are a name's.
    """
    words = re.split(r"[\s-]+", original)
    letters = [char for char in original if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return replacement.upper()
    long_words = [word for word in words if word.lower() not in _SMALL_IN_TITLES]
    if len(long_words) > 1 and all(word[:1].isupper() for word in long_words):
        return " ".join(
            word if i and word in _SMALL_IN_TITLES else capitalized(word) for i, word in enumerate(replacement.split(" "))
        )
    if original[:1].isupper():
        return capitalized(replacement)
    return replacement


def capitalized(text: str) -> str:
    """`text` with its first letter as a capital and the rest as it is."""
    return text[:1].upper() + text[1:]


def has_capitals_of(text: str, wanted: str) -> bool:
    """Whether every capital letter of `wanted` is one in `text`, which has the same letters."""
    return all(char.isupper() for char, model in zip(text, wanted, strict=True) if model.isupper())
