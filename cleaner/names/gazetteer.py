"""The gazetteer: the names of the rule book, found among the tokens of a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaner.rulebook.load import RuleBook
from cleaner.rulebook.model import NameRule
from cleaner.text.tokens import Token, fold, tokenize


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, hyphens left out: ``al-Asad`` is ``al``, ``asad``."""
    folded = fold(name)
    return tuple(token.form + token.clitic for token in tokenize(folded, 0, len(folded)) if token.is_word)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands among tokens: the half-open range of their numbers, and its entry."""

    start: int
    end: int
    entry: NameRule
    spelling: str


class Spellings:
    """Spellings of names, to be looked up by their first word."""

    def __init__(self, spellings: Iterable[tuple[str, NameRule]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, NameRule]]] = {}
        for spelling, entry in spellings:
            words = name_words(spelling)
            self._by_first.setdefault(words[0], []).append((words, spelling, entry))
        for entries in self._by_first.values():
            entries.sort(key=lambda found: -len(found[0]))

    @property
    def first_words(self) -> Iterable[str]:
        """The folded first words of all spellings."""
        return self._by_first.keys()

    def at(self, tokens: Sequence[Token], start: int) -> Iterator[Place]:
        """The spellings that begin at token number `start`, longest first."""
        for words, spelling, entry in self._by_first.get(tokens[start].form, ()):
            end = _end_of(tokens, start, words)
            if end:
                yield Place(start, end, entry, spelling)


def _end_of(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    for number, word in enumerate(words):
        if number and at < len(tokens) and tokens[at].form in "-‐‑":
            at += 1
        if at >= len(tokens) or tokens[at].form != word:
            return 0
        at += 1
    return at


class Gazetteer:
    """All entries of a rule book, their right spellings and their known variants."""

    def __init__(self, book: RuleBook) -> None:
        self.entries: list[NameRule] = book.of_form(NameRule)
        self.right = Spellings((spelling, entry) for entry in self.entries for spelling in (entry.name, *entry.accepted))
        self.variants = Spellings((spelling, entry) for entry in self.entries for spelling in entry.variants)
