"""The letters of a name: what is left of it when diacritics, capitals and marks are taken away."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cleaner.expressions import expression

_UNDECOMPOSED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_AGAIN = expression(r"(.)(?=\1)")


class _Firm(dict[int, Any]):
    """For `str.translate`: the consonants that a skeleton has wherever the name has them, and nothing else."""

    def __missing__(self, char: int) -> None:
        return None


_FIRM = _Firm(dict.fromkeys(range(128)) | str.maketrans("lmnrgpfdjvwb", "lmnrgpfdjvvv"))


_ALIKE = ("aeiouy", "ckqxsztdj", "vwb", "pf")
_BEGINNINGS = {letter: group[0] for group in _ALIKE for letter in group}
"""The letters that may begin the skeletons of one name, each by the first of its group."""
_FIRST = expression(r"(?:h(?![hlmnr]|p(?!h)|b(?!b)))?([a-z]?)")
"""What a skeleton begins with: an h is heard before few consonants."""
_UNHEARD = expression(r"[^a-z]+")


@lru_cache(maxsize=1 << 18)
def letters(name: str) -> str:
    """The letters and digits of `name`, small and without diacritics: ``Guaidó`` is ``guaido``, ``Fed-Ex`` is ``fedex``."""
    lowered = name.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered.translate(_UNDECOMPOSED))
    return lowered if lowered.isalnum() else "".join(filter(str.isalnum, lowered))


def firm_consonants(folded: str) -> str:
    """What the letters of a name begin with, and its consonants that its romanization skeleton has, too, in order, repetitions left out.

    Names of one skeleton have the same: a cheap test before the skeletons are made.
    """
    heard = folded if folded.isascii() and folded.isalpha() else _UNHEARD.sub("", folded)
    found = _FIRST.match(heard)
    first = found[1] if found else ""
    firm = _AGAIN.sub("", heard.replace("ph", "f").replace("zh", "j").translate(_FIRM))
    return f"{_BEGINNINGS.get(first, first)} {firm}"


Spelled = dict[str, tuple[str, str]]
"""Names with their letters and the firm consonants of these."""


def spelled(names: Iterable[str]) -> Spelled:
    """Some names with their letters and firm consonants."""
    return {name: (letters(name), firm_consonants(letters(name))) for name in names}
