"""Facts: what one article shows about the others.

`observe` gathers facts from one article, `merge` adds two sets of facts (associative and commutative, so that any
engine may do it in any order), and detectors read the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, TypeVar

from cleaner.text.article import Article


class Section(Protocol):
    """Facts of one sort, gathered by the function that a detector names in `Detector.observes`."""

    def merge(self, other: Self) -> None:
        """Add `other` to these facts."""

    def parted(self, number: int) -> list[Self]:
        """These facts as so many parts that share no key; a key is in the same part whatever facts are parted."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """The sum of these facts, worked out as it is asked for; they are used on."""

    def settle(self) -> None:
        """Drop what tells no detector anything, once the facts of all articles are merged."""


S = TypeVar("S", bound=Section)
Observer = Callable[[Article], Section]


class Facts:
    """Facts of all sorts about a number of documents."""

    def __init__(self) -> None:
        self.documents = 0
        self._sections: dict[type, Any] = {}

    def __reduce__(self) -> tuple[Callable[[bytes], Facts], tuple[bytes]]:
        """Another process gets them as bytes, which are made in a fifth of the time that a pickle is made in."""
        from cleaner.facts.wire import decode, encode

        return decode, (encode(self),)

    @classmethod
    def observe(cls, article: Article, observers: tuple[Observer, ...]) -> Facts:
        """The facts that `observers` gather from one article."""
        return cls.of(1, *(observer(article) for observer in observers))

    @classmethod
    def of(cls, documents: int, *sections: Section) -> Facts:
        """The facts of these sections about so many documents."""
        facts = cls()
        facts.documents = documents
        facts._sections = {type(section): section for section in sections}
        return facts

    @property
    def kinds(self) -> frozenset[type]:
        """The sorts of facts that were gathered."""
        return frozenset(self._sections)

    def merge(self, other: Facts) -> None:
        """Add the facts of `other`, which must not be used afterwards."""
        self.documents += other.documents
        for kind, section in other._sections.items():
            self.section(kind).merge(section)

    @classmethod
    def joined(cls, parts: Sequence[Facts]) -> Facts:
        """The sum of these facts, worked out as it is asked for; they are used on, and must not be changed."""
        kinds: frozenset[Any] = frozenset().union(*(part.kinds for part in parts))
        sections = (kind.joined([part.section(kind) for part in parts]) for kind in kinds)
        return cls.of(sum(part.documents for part in parts), *sections)

    def parted(self, number: int) -> list[Facts]:
        """These facts as so many parts, so that each part can be merged for itself: together they are these facts again."""
        parts = [Facts() for _ in range(number)]
        parts[0].documents = self.documents
        for kind, section in self._sections.items():
            for part, piece in zip(parts, section.parted(number), strict=True):
                part._sections[kind] = piece  # noqa: SLF001 - of this class
        return parts

    def settle(self) -> None:
        """Drop what tells no detector anything, once all facts, or all of a part of them, are merged."""
        for section in self._sections.values():
            section.settle()

    def section(self, kind: type[S]) -> S:
        """The facts of one sort, empty if nothing was observed."""
        if kind not in self._sections:
            self._sections[kind] = kind()
        found: S = self._sections[kind]
        return found
