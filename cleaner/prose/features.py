"""What can be counted in a text by which a machine's prose differs from a writer's.

Spinning tools exchange words for synonyms that nobody puts beside their neighbours: few pairs of their words are known collocations.
Machine translation errs the other way, towards the usual, and keeps the source's habits with function words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from cleaner.expressions import expression
from cleaner.languages import Language
from cleaner.text.article import Article
from cleaner.text.words import Words

FEWEST_WORDS = 100
"""A shorter text says nothing about its prose."""
_READ = 100_000
"""Code points; more of a text would say no more about it."""
_SENTENCE = expression(r"[.!?]+[\"”)]*\s+")
_DASH = expression("[—–]")
_USUAL = 0.26
"""The share of its pairs of content words that a writer's text has in common with the known collocations."""
_TRUSTED = 20  # pairs that this share counts for
_COMMONEST = 6.0  # Zipf; words above it stand beside anything
_FIRST = 120
_CONTENT, _RARE, _MIDDLE = 5.8, 3.5, 4.7


def measure(article: Article, language: Language) -> dict[str, float]:
    """The features of the running text of an article, each about 0 to 10; none where there is too little of it."""
    text = article.plain[:_READ]
    row = article.row if len(text) == len(article.plain) else Words(text)
    words, counts = Counter(row.written), Counter(row.forms)
    small = {word: count for word, count in words.items() if word.islower()}
    total = sum(small.values())
    if total < FEWEST_WORDS:
        return {}
    zipf = {word: zipf for word in small if (zipf := language.lexicon.zipf(word))}
    pairs, telling = (_pairs(row, words) for words in (zipf, {word for word in zipf if zipf[word] < _COMMONEST}))
    known = language.collocations.among(pairs)
    told = sum(map(telling.__getitem__, known))
    of_content = {word: small[word] for word in zipf if zipf[word] < _CONTENT}
    content = max(1, sum(of_content.values()))
    per_cent = 100 / len(row.written)
    return {
        "unusual pairs": 10 * max(0.0, _USUAL - (told + _USUAL * _TRUSTED) / (telling.total() + _TRUSTED)),
        "usual pairs": 10 * sum(map(pairs.__getitem__, known)) / max(1, pairs.total()),
        "rare words": 10 * sum(count for word, count in of_content.items() if zipf[word] < _RARE) / content,
        "words neither rare nor common": 10
        * sum(count for word, count in of_content.items() if _RARE <= zipf[word] < _MIDDLE)
        / content,
        "adverbs in -ly": per_cent * sum(count for word, count in small.items() if word.endswith("ly")),
        "contractions": per_cent * sum(count for word, count in words.items() if "'" in word and not word.endswith("'s")),
        "possessives": per_cent * sum(count for word, count in words.items() if word.endswith("'s")),
        "dashes": per_cent * len(_DASH.findall(text)),
        "word length": sum(len(word) * count for word, count in small.items()) / total,
        "sentence length": len(row.written) / len(_SENTENCE.split(text)) / 10,
        "different words": 10 * len(set(row.forms[:_FIRST])) / len(row.forms[:_FIRST]),
        **{f"“{word}”": per_cent * counts[word] for word in sorted(language.function_words)},
    }


def _pairs(row: Words, words: Container[str]) -> Counter[str]:
    """How often which of the `words` stand side by side with a space between."""
    beside = zip(row.written, row.written[1:], row.gaps[1:], strict=False)
    return Counter([f"{word} {after}" for word, after, gap in beside if gap == " " and word in words and after in words])
