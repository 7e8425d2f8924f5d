"""The gazetteer: the names of the rule book, found among the tokens of a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

import msgspec
from rapidfuzz.distance import OSA

from cleaner.cache import fetch, store
from cleaner.expressions import expression
from cleaner.findings import REVIEWED
from cleaner.languages.lexicon import Lexicon
from cleaner.names import places
from cleaner.names.pairs import same_name
from cleaner.names.spelling import derived
from cleaner.names.variants import Authority
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import NameRule
from cleaner.shelf import Shelf, decoder
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton
from cleaner.text.sieve import Sieve
from cleaner.text.tokens import Token, fold, plain, tokenize

_SIMPLE = expression(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
"""Names without marks, as most are: they need no tokenizer."""
WRITTEN = expression(r"[^\W_]+(?:['-][^\W_]+)*")
"""A word as it is written, with its apostrophes and hyphens."""
_JOINTS = "-‐‑&"
_PARTICLE = 3
"""Words of so many letters at most say too little of the names that they are in."""


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name, hyphens left out: ``al-Asad`` is ``al``, ``asad``."""
    if _SIMPLE.fullmatch(name):
        return tuple(name.lower().replace("-", " ").split())
    folded = fold(name)
    return tuple(token.form + token.clitic for token in tokenize(folded) if token.is_word)


Spelling = tuple[str, tuple[str, ...], str]
"""A spelling of a name: the id of its entry, its folded words, and as it is written."""


class _Word(msgspec.Struct, array_like=True, omit_defaults=True):
    """What the entries say of a folded word; entries are named by their ids."""

    right: list[Spelling] = []
    """The right spellings that begin with it, longest first."""
    variants: list[Spelling] = []
    """The wrong ones."""
    inside: list[tuple[int, Spelling]] = []
    """The right spellings of several words that have it, with its number among these."""
    entries: frozenset[str] = frozenset()
    """The entries that have it in a right spelling."""
    canonical: frozenset[str] = frozenset()
    """Those that have it in the canonical one."""
    alone: frozenset[str] = frozenset()
    """Those of which it is a whole right spelling."""
    never: frozenset[str] = frozenset()
    """Those that are never to be taken for a name with it."""
    written: frozenset[str] = frozenset()
    """How it, its hyphens included, is written with capitals in right spellings and in names that only look alike."""

    def without(self, off: frozenset[str]) -> _Word:
        """The same without the entries `off`; what is written stays."""
        return _Word(
            [each for each in self.right if each[0] not in off],
            [each for each in self.variants if each[0] not in off],
            [each for each in self.inside if each[1][0] not in off],
            self.entries - off,
            self.canonical - off,
            self.alone - off,
            self.never - off,
            self.written,
        )


_UNKNOWN = _Word()


class Place(msgspec.Struct, frozen=True):
    """Where a name stands among tokens: the half-open range of their numbers, and its entry."""

    start: int
    end: int
    entry: NameRule
    spelling: str


class Spellings:
    """Spellings of names, to be looked up by their first word."""

    def __init__(self, book: RuleBook, begun: Callable[[_Word], Sequence[Spelling]], words: Callable[[str], _Word]) -> None:
        self._book = book
        self._begun = begun
        self._words = words
        self._beginning = Sieve(lambda word: bool(begun(words(word))))

    def beginning(self, words: AbstractSet[str]) -> AbstractSet[str]:
        """Those of the folded `words` that a spelling begins with."""
        return self._beginning.among(words)

    def begins_before(self, word: str, after: str) -> bool:
        """Whether a spelling that begins with the folded `word` may stand where `after` comes next, a folded word without ``'s``."""
        return any(len(words) == 1 or words[1].removesuffix("'s") == after for _, words, _ in self._begun(self._words(word)))

    def at(self, tokens: Sequence[Token], start: int) -> Iterator[Place]:
        """The spellings that begin at token number `start`, longest first."""
        for entry, words, spelling in self._begun(self._words(tokens[start].form)):
            end = _end_of(tokens, start, words)
            if end:
                rule = self._book.rules[entry]
                assert isinstance(rule, NameRule)
                yield Place(start, end, rule, spelling)


def _end_of(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    for number, word in enumerate(words):
        if number and at < len(tokens) and tokens[at].form in _JOINTS:
            at += 1
        if at >= len(tokens) or word not in (tokens[at].form, tokens[at].form + tokens[at].clitic):
            return 0
        at += 1
    return at


class Gazetteer:
    """All entries of a rule book, their right spellings and their known variants, by word. `of` gives the one of a book.

    The words are worked out once a book and kept in the cache beside it.
    """

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, book: RuleBook) -> Gazetteer:
        """The gazetteer of `book`, made once."""
        return cls(book)

    def __init__(self, book: RuleBook) -> None:
        name = f"names-{book.key}.book"
        kept = fetch(name) if book.key else None
        if kept is None:
            packed = _pack(book)
            kept = memoryview(packed)
            if book.key:
                store(name, packed)
        self._shelf = Shelf(kept, decoder(_Word))
        self._off = book.off
        self.right = Spellings(book, lambda word: word.right, self._word)
        self.variants = Spellings(book, lambda word: word.variants, self._word)

    def _word(self, word: str) -> _Word:
        found = self._shelf.find(word)
        if found is None:
            return _UNKNOWN
        return found.without(self._off) if self._off else found

    def inside(self, word: str) -> Sequence[tuple[int, Spelling]]:
        """The right spellings of several words that have the folded `word`, with its number among these."""
        return self._word(word).inside

    def writes(self, word: str) -> bool:
        """Whether a right spelling has `word` as it is written, with a capital and plain apostrophes."""
        return word in self._word(fold(word)).written

    def __contains__(self, word: str) -> bool:
        return bool(self._word(word).entries)

    def is_right(self, word: str) -> bool:
        """Whether the folded `word` stands in a right spelling, or in a name that only looks like one."""
        found = self._word(word)
        return bool(found.entries or found.never)

    def authority(self, word: str) -> Authority:
        """Who vouches for the folded `word` as it is spelt; between spellings that an entry accepts the folder may choose."""
        found = self._word(word)
        if any(REVIEWED in entry for entry in found.canonical):
            return Authority.REVIEWER
        return Authority.GAZETTEER if found.entries else Authority.FOLDER

    def relation(self, a: str, b: str) -> bool | None:
        """What is known of two folded words: True for spellings of one name, False for two names or towns, None for neither."""
        mine, others = self._word(a), self._word(b)
        if mine.entries & others.never or others.entries & mine.never:
            return False
        alone, beside = mine.alone, others.alone
        if alone & beside:
            x, y = letters(a), letters(b)  # of one entry are also Iraq and Iraqi, France and French
            return not derived(x, y) and (skeleton(x) == skeleton(y) or OSA.distance(x, y) < 2)
        two = bool(alone and beside) or places.relation(a, b) is False
        return False if two else None  # given names are in many entries, in many spellings

    def same_name(self, a: str, b: str, lexicon: Lexicon) -> float:
        """The probability that two names, as strings, are spellings of one: what the entries say of them, otherwise their letters."""
        known = self.relation(fold(a), fold(b))
        return same_name(a, b, lexicon) if known is None else float(known)


def _pack(book: RuleBook) -> bytes:
    """The words of all entries of `book`, those that are switched off included."""
    words: dict[str, _Word] = defaultdict(lambda: _Word([], [], [], *(frozenset() for _ in range(5))))
    entries: list[NameRule] = book.of_form(NameRule, whole=True)
    for entry in entries:
        accepted = (entry.name, *entry.accepted)
        for spelling in accepted:
            parts = name_words(spelling)
            words[_first(parts)].right.append((entry.id, parts, spelling))
            for number, word in enumerate(parts):
                if len(parts) > 1 and len(word) > _PARTICLE:
                    words[word].inside.append((number, (entry.id, parts, spelling)))
        for spelling in entry.variants:
            words[_first(name_words(spelling))].variants.append((entry.id, name_words(spelling), spelling))
        single = [spelling for spelling in accepted if len(name_words(spelling)) == 1]
        for field, spellings in (("entries", accepted), ("canonical", (entry.name,)), ("alone", single), ("never", entry.never)):
            for word in {word for spelling in spellings for word in name_words(spelling)}:
                setattr(words[word], field, getattr(words[word], field) | {entry.id})
        for spelling in (*accepted, *entry.never):
            for written in WRITTEN.findall(plain(spelling)):
                if not written.islower():
                    words[fold(written)].written |= {written}
    for found in words.values():
        found.right.sort(key=_length)
        found.variants.sort(key=_length)
    return Shelf.pack({word: msgspec.msgpack.encode(found) for word, found in words.items()})


def _length(spelling: Spelling) -> int:
    return -len(spelling[1])


def _first(words: tuple[str, ...]) -> str:
    return words[0].removesuffix("'s")
