"""Mining: confusable wordings proposed from articles of a folder that report the same event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleaner.languages import Language
from cleaner.mining.parallel import Keys, keys_of, parallel_sentences, partners
from cleaner.mining.substitutions import Substitution, substitutions
from cleaner.text.article import Article

_KEPT = 256
"""Articles kept between two of their pairs; others are read again."""


def mine(paths: Sequence[str], read: Callable[[str], Article | None], language: Language) -> Iterator[Substitution]:
    """What stands for what between the articles of `paths` that report the same event; `read` gives None for one that cannot be read."""
    keys: list[Keys] = []
    for path in paths:
        article = read(path)
        keys.append(keys_of(article, language) if article else frozenset())
    kept: dict[str, Article | None] = {}
    for pair in partners(keys):
        first, second = (_article(paths[number], read, kept) for number in pair)
        if first and second:
            for each in parallel_sentences(first, second, language):
                yield from substitutions(each, language)


def _article(path: str, read: Callable[[str], Article | None], kept: dict[str, Article | None]) -> Article | None:
    if path not in kept:
        if len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[path] = read(path)
    return kept[path]
