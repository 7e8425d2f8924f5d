"""Which articles report the same event, and which of their sentences say the same: by shared names, numbers and rare words.

Only articles that share a rare key are compared, so that the cost grows with the articles and not with their pairs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from cleaner.expressions import expression
from cleaner.languages import Language
from cleaner.text.article import Article, Sentence

_KEY = expression(r"\d[\d.,]*\d|[^\W\d_]{3,}")
_RARE = 3.6  # Zipf
_BUCKET = 12
"""A key of more articles is no key: it says what the folder is about, not the event."""
_LEAST_SHARED = 5
_PARTNERS = 3
_KEYS_OF_SENTENCES = 2
_LEAST_SIMILAR = 0.3
_LONGEST = 80  # tokens

Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two sentences of different articles that say the same, as `similar` (0 to 1) as their words."""

    first: tuple[Article, Sentence]
    second: tuple[Article, Sentence]
    similar: float


def keys_of(article: Article, language: Language) -> Keys:
    """What an article tells apart from others: its names, numbers and rare words, folded."""
    return _keys(article.plain, language)


def _keys(text: str, language: Language) -> Keys:
    words = {match.group() for match in _KEY.finditer(text)}
    return frozenset(
        word.lower() for word in words if not word.isalpha() or word[0].isupper() or language.lexicon.zipf(word) < _RARE
    )


def partners(keys: Sequence[AbstractSet[str]]) -> list[tuple[int, int]]:
    """The pairs of articles that share enough rare keys, by number, each with its few closest."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(keys):
        for key in each:
            holders[key].append(number)
    shared: dict[int, Counter[int]] = defaultdict(Counter)
    for numbers in holders.values():
        if len(numbers) <= _BUCKET:
            for at, number in enumerate(numbers):
                shared[number].update(numbers[:at])
                for other in numbers[:at]:
                    shared[other][number] += 1
    found: set[tuple[int, int]] = set()
    for number, counts in shared.items():
        closest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_PARTNERS]
        found.update((min(number, other), max(number, other)) for other, count in closest if count >= _LEAST_SHARED)
    return sorted(found)


def parallel_sentences(first: Article, second: Article, language: Language) -> Iterator[SentencePair]:
    """The sentences of two articles that say the same in other words, each of `first` with its likest of `second`."""
    theirs = list(_sentences(second, language))
    by_key: dict[str, list[int]] = defaultdict(list)
    for number, (_, keys, _) in enumerate(theirs):
        for key in keys:
            by_key[key].append(number)
    for sentence, keys, words in _sentences(first, language):
        shared = Counter(number for key in keys for number in by_key.get(key, ()))
        likest = None
        for number, count in shared.items():
            other, _, other_words = theirs[number]
            similar = 2 * len(words & other_words) / (len(words) + len(other_words))
            if count >= _KEYS_OF_SENTENCES and similar >= _LEAST_SIMILAR and (likest is None or similar > likest.similar):
                likest = SentencePair((first, sentence), (second, other), similar)
        if likest and likest.similar < 1:
            yield likest


def _sentences(article: Article, language: Language) -> Iterator[tuple[Sentence, Keys, frozenset[str]]]:
    for number in range(len(article.paragraphs)):
        for sentence in article.sentences(number):
            words = frozenset(token.form for token in sentence.tokens if token.is_word)
            if len(words) > _KEYS_OF_SENTENCES and len(sentence.tokens) <= _LONGEST:
                yield sentence, _keys(sentence.span.of(article.plain), language), words
