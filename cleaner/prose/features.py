"""What can be counted in a text by which a machine's prose differs from a writer's.

Spinning tools exchange words for synonyms that nobody puts beside their neighbours: few pairs of their words are known collocations.
Machine translation errs the other way, towards the usual, and keeps the source's habits with function words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import fsum

from cleaner.languages import Language
from cleaner.text.article import Article
from cleaner.text.tokens import WORD

FEWEST_WORDS = 100
"""A shorter text says nothing about its prose."""
_READ = 100_000
"""Code points; more of a text would say no more about it."""
_SENTENCE = re.compile(r"[.!?]+[\"”)]*\s+")
_DASH = re.compile("[—–]")
_USUAL = 0.26
"""The share of its pairs of content words that a writer's text has in common with the known collocations."""
_TRUSTED = 20  # pairs that this share counts for
_COMMONEST = 6.0  # Zipf; words above it stand beside anything
_CONTENT, _RARE, _MIDDLE = 5.8, 3.5, 4.7


def measure(article: Article, language: Language) -> dict[str, float]:
    """The features of the running text of an article, each about 0 to 10; none where there is too little of it."""
    zipf, collocations, text = language.lexicon.zipf, language.collocations, article.plain[:_READ]
    words: list[str] = []
    pairs: list[tuple[str, str]] = []
    last = 0
    for match in WORD.finditer(text):
        word = match.group()
        words.append(word)
        if last and word.islower() and words[-2].islower() and text[last : match.start()] == " ":
            pairs.append((words[-2], word))
        last = match.end()
    small = [word for word in words if word.islower()]
    if len(small) < FEWEST_WORDS:
        return {}
    known = {pair for pair in set(pairs) if pair in collocations}
    pairs = [pair for pair in pairs if zipf(pair[0]) and zipf(pair[1])]
    telling = [pair for pair in pairs if zipf(pair[0]) < _COMMONEST and zipf(pair[1]) < _COMMONEST]
    told = sum(pair in known for pair in telling)
    frequencies = [frequency for word in small if 0 < (frequency := zipf(word)) < _CONTENT] or [_CONTENT]
    counts = Counter(word.lower() for word in words)
    per_cent = 100 / len(words)
    return {
        "unusual pairs": 10 * max(0.0, _USUAL - (told + _USUAL * _TRUSTED) / (len(telling) + _TRUSTED)),
        "usual pairs": 10 * sum(pair in known for pair in pairs) / max(1, len(pairs)),
        "rare words": 10 * _mean(frequency < _RARE for frequency in frequencies),
        "words neither rare nor common": 10 * _mean(_RARE <= frequency < _MIDDLE for frequency in frequencies),
        "adverbs in -ly": per_cent * sum(word.endswith("ly") for word in small),
        "contractions": per_cent * sum("'" in word and not word.endswith("'s") for word in words),
        "possessives": per_cent * sum(word.endswith("'s") for word in words),
        "dashes": per_cent * len(_DASH.findall(text)),
        "word length": _mean(map(len, small)),
        "sentence length": len(words) / len(_SENTENCE.split(text)) / 10,
        "different words": 10 * len({word.lower() for word in words[:120]}) / len(words[:120]),
        **{f"“{word}”": per_cent * counts[word] for word in sorted(language.function_words)},
    }


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return fsum(found) / len(found)
