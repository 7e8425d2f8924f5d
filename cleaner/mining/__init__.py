"""Mining: confusable wordings proposed from articles of a folder that report the same event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cleaner.languages import Language
from cleaner.mining.parallel import Keys, keys_of, parallel_sentences, partners
from cleaner.mining.substitutions import Substitution, substitutions
from cleaner.text.article import Article

_KEPT = 256
"""Files kept between two pairs of their articles; others are read again."""

Read = Callable[[str], Sequence[Article]]


def mine(paths: Sequence[str], read: Read, language: Language) -> Iterator[Substitution]:
    """What stands for what between the articles of `paths` that report the same event; `read` gives none of a file that cannot be read."""
    keys: list[Keys] = []
    places: list[tuple[str, int]] = []
    for path in paths:
        for number, article in enumerate(read(path)):
            keys.append(keys_of(article, language))
            places.append((path, number))
    kept: dict[str, Sequence[Article]] = {}
    for pair in partners(keys):
        first, second = (_article(*places[number], read, kept) for number in pair)
        if first and second:
            for each in parallel_sentences(first, second, language):
                yield from substitutions(each, language)


def _article(path: str, number: int, read: Read, kept: dict[str, Sequence[Article]]) -> Article | None:
    """Article `number` of a file; None where it was changed meanwhile and has no such one."""
    if path not in kept:
        if len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[path] = read(path)
    return kept[path][number] if number < len(kept[path]) else None
