"""The letters of a name: what is left of it when diacritics, capitals and marks are taken away."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_UNDECOMPOSED = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@lru_cache(maxsize=1 << 18)
def letters(name: str) -> str:
    """The letters and digits of `name`, small and without diacritics: ``Guaidó`` is ``guaido``, ``Fed-Ex`` is ``fedex``."""
    lowered = name.lower()
    if not lowered.isascii():
        lowered = unicodedata.normalize("NFKD", lowered.translate(_UNDECOMPOSED))
    return lowered if lowered.isalnum() else "".join(filter(str.isalnum, lowered))
