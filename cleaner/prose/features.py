"""What can be counted in a text by which a machine's prose differs from a writer's.

Spinning tools exchange words for synonyms that nobody puts beside their neighbours: few pairs of their words are known collocations.
Machine translation errs the other way, towards the usual, and keeps the source's habits with function words.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter

from cleaner.languages import Language
from cleaner.text.article import Article
from cleaner.text.tokens import WORD

FEWEST_WORDS = 100
"""A shorter text says nothing about its prose."""
_READ = 100_000
"""Code points; more of a text would say no more about it."""
_APART = re.compile(f"({WORD.pattern})")
_SENTENCE = re.compile(r"[.!?]+[\"”)]*\s+")
_DASH = re.compile("[—–]")
_USUAL = 0.26
"""The share of its pairs of content words that a writer's text has in common with the known collocations."""
_TRUSTED = 20  # pairs that this share counts for
_COMMONEST = 6.0  # Zipf; words above it stand beside anything
_CONTENT, _RARE, _MIDDLE = 5.8, 3.5, 4.7


def measure(article: Article, language: Language) -> dict[str, float]:
    """The features of the running text of an article, each about 0 to 10; none where there is too little of it."""
    text = article.plain[:_READ]
    _, *parts = _APART.split(text)
    words, gaps = parts[::2], parts[1::2]
    is_small = [word.islower() for word in words]
    small = Counter(itertools.compress(words, is_small))
    if small.total() < FEWEST_WORDS:
        return {}
    zipf = {word: language.lexicon.zipf(word) for word in small}
    beside = zip(words, words[1:], gaps, is_small, is_small[1:], strict=False)
    counted = Counter([(word, after) for word, after, gap, one, two in beside if one and two and gap == " "])
    pairs = {pair: count for pair, count in counted.items() if zipf[pair[0]] and zipf[pair[1]]}
    known = {pair for pair in pairs if pair in language.collocations}
    telling = {pair: pairs[pair] for pair in pairs if zipf[pair[0]] < _COMMONEST and zipf[pair[1]] < _COMMONEST}
    told = sum(telling[pair] for pair in known & telling.keys())
    of_content = {word: count for word, count in small.items() if 0 < zipf[word] < _CONTENT}
    content = max(1, sum(of_content.values()))
    counts = Counter(word.lower() for word in words)
    per_cent = 100 / len(words)
    return {
        "unusual pairs": 10 * max(0.0, _USUAL - (told + _USUAL * _TRUSTED) / (sum(telling.values()) + _TRUSTED)),
        "usual pairs": 10 * sum(pairs[pair] for pair in known) / max(1, sum(pairs.values())),
        "rare words": 10 * sum(count for word, count in of_content.items() if zipf[word] < _RARE) / content,
        "words neither rare nor common": 10
        * sum(count for word, count in of_content.items() if _RARE <= zipf[word] < _MIDDLE)
        / content,
        "adverbs in -ly": per_cent * sum(count for word, count in small.items() if word.endswith("ly")),
        "contractions": per_cent * sum("'" in word and not word.endswith("'s") for word in words),
        "possessives": per_cent * sum(word.endswith("'s") for word in words),
        "dashes": per_cent * len(_DASH.findall(text)),
        "word length": sum(len(word) * count for word, count in small.items()) / small.total(),
        "sentence length": len(words) / len(_SENTENCE.split(text)) / 10,
        "different words": 10 * len({word.lower() for word in words[:120]}) / len(words[:120]),
        **{f"“{word}”": per_cent * counts[word] for word in sorted(language.function_words)},
    }
