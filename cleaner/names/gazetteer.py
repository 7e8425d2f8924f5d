"""The gazetteer: the names of the rule book, found among the tokens of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from cleaner.findings import REVIEWED
from cleaner.languages.lexicon import Lexicon
from cleaner.names import places
from cleaner.names.pairs import same_name
from cleaner.names.romanization import letters, skeleton
from cleaner.names.spelling import derived
from cleaner.names.variants import Authority
from cleaner.rulebook.load import RuleBook
from cleaner.rulebook.model import NameRule
from cleaner.text.tokens import Token, fold, plain, tokenize

_SIMPLE = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
"""Names without marks, as most are: they need no tokenizer."""
WRITTEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
"""A word as it is written, with its apostrophes and hyphens."""
_JOINTS = "-‐‑&"


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, hyphens left out: ``al-Asad`` is ``al``, ``asad``."""
    if _SIMPLE.fullmatch(name):
        return tuple(name.lower().replace("-", " ").split())
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
            self._by_first.setdefault(words[0].removesuffix("'s"), []).append((words, spelling, entry))
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
        if number and at < len(tokens) and tokens[at].form in _JOINTS:
            at += 1
        if at >= len(tokens) or word not in (tokens[at].form, tokens[at].form + tokens[at].clitic):
            return 0
        at += 1
    return at


class Gazetteer:
    """All entries of a rule book, their right spellings and their known variants. `of` gives the one of a book."""

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, book: RuleBook) -> Gazetteer:
        """The gazetteer of `book`, made once."""
        return cls(book)

    def __init__(self, book: RuleBook) -> None:
        self.entries: list[NameRule] = book.of_form(NameRule)
        self.right = Spellings((spelling, entry) for entry in self.entries for spelling in (entry.name, *entry.accepted))
        self.variants = Spellings((spelling, entry) for entry in self.entries for spelling in entry.variants)
        self._by_word = self._index(lambda entry: (entry.name, *entry.accepted))
        self._canonical = self._index(lambda entry: (entry.name,))
        self._alone = self._index(lambda entry: (each for each in (entry.name, *entry.accepted) if len(name_words(each)) == 1))
        self._never = self._index(lambda entry: entry.never)

    @cached_property
    def written_words(self) -> frozenset[str]:
        """The single words of all right spellings that have capitals, as written but with plain apostrophes."""
        spellings = (spelling for entry in self.entries for spelling in (entry.name, *entry.accepted, *entry.never))
        return frozenset(word for spelling in spellings for word in WRITTEN.findall(plain(spelling)) if not word.islower())

    def _index(self, spellings: Callable[[NameRule], Iterable[str]]) -> dict[str, set[str]]:
        """The ids of the entries by the folded words of some of their spellings."""
        index: dict[str, set[str]] = {}
        for entry in self.entries:
            for word in {word for spelling in spellings(entry) for word in name_words(spelling)}:
                index.setdefault(word, set()).add(entry.id)
        return index

    def __contains__(self, word: str) -> bool:
        return word in self._by_word

    def is_right(self, word: str) -> bool:
        """Whether the folded `word` stands in a right spelling, or in a name that only looks like one."""
        return word in self._by_word or word in self._never

    def authority(self, word: str) -> Authority:
        """Who vouches for the folded `word` as it is spelt; between spellings that an entry accepts the folder may choose."""
        if any(REVIEWED in entry for entry in self._canonical.get(word, ())):
            return Authority.REVIEWER
        return Authority.GAZETTEER if word in self._by_word else Authority.FOLDER

    def relation(self, a: str, b: str) -> bool | None:
        """What is known of two folded words: True for spellings of one name, False for two names or towns, None for neither."""
        mine, others = self._by_word.get(a, set()), self._by_word.get(b, set())
        if mine & self._never.get(b, set()) or others & self._never.get(a, set()):
            return False
        alone, beside = self._alone.get(a, set()), self._alone.get(b, set())
        if alone & beside:
            x, y = letters(a), letters(b)  # of one entry are also Iraq and Iraqi, France and French
            return not derived(x, y) and (skeleton(x) == skeleton(y) or OSA.distance(x, y) < 2)
        two = bool(alone and beside) or places.relation(a, b) is False
        return False if two else None  # given names are in many entries, in many spellings

    def same_name(self, a: str, b: str, lexicon: Lexicon) -> float:
        """The probability that two names, as strings, are spellings of one: what the entries say of them, otherwise their letters."""
        known = self.relation(fold(a), fold(b))
        return same_name(a, b, lexicon) if known is None else float(known)
