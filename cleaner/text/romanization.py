"""Folding of romanized names: what is left when the choices that transcribers differ in are taken away.

Arabic, Persian, Hebrew and Cyrillic names reach English by many conventions (BGN/PCGN, ALA-LC, AP, French and German
habits), which differ in vowels, doubled letters, digraphs, hyphens, ayn and hamza. The skeleton keeps what they agree on.
"""

from __future__ import annotations

from functools import lru_cache

from cleaner.expressions import expression
from cleaner.text.letters import letters

# In order: digraphs first. The right sides are single letters that no later rule changes back.
_RULES = tuple(
    (expression(pattern), to)
    for pattern, to in (
        (r"[^a-z]", ""),
        (r"sch|sh|ch(?=r)|š", "S"),
        (r"tch|tsch|ch", "C"),
        (r"kh|q|ck|c(?=[^eiy]|$)|k", "K"),
        (r"gh|g", "G"),
        (r"dh|d", "D"),
        (r"th|t", "T"),
        (r"zh|dzh|dj|j", "J"),
        (r"ph|f", "F"),
        (r"tz|ts|z|s|c", "Z"),
        (r"v|w|b(?=b)", "V"),
        (r"x", "KZ"),
        (r"ou|oo|ow|au|o|u", "U"),
        (r"ai|ay|ei|ey|ie|ia|iy|y|i|e+", "I"),
        (r"a+", "A"),
        (r"h(?=$|[A-Z])", ""),
        (r"(.)(?=\1)", ""),
    )
)
_VOWELS = expression("[AIU]+")


@lru_cache(maxsize=1 << 18)
def skeleton(name: str) -> str:
    """The consonants of a name by sound, with its vowels as one mark each: equal for spellings of one name.

    ``Kata'ib`` and ``Kait'ib`` differ (a slip), ``Hizbollah`` and ``Hezbollah`` do not (a convention).
    """
    text = letters(name)
    for pattern, to in _RULES:
        text = pattern.sub(to, text)
    first, rest = text[:1], text[1:]
    return first + _VOWELS.sub("", rest) if first else ""
