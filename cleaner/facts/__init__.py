"""Facts: what one article shows about the others.

`observe` gathers facts from one article, `merge` adds two sets of facts (associative and commutative, so that any
engine may do it in any order), and detectors read the sum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeVar

from cleaner.text.article import Article


class Section(Protocol):
    """Facts of one sort, gathered by the function that a detector names in `Detector.observes`."""

    def merge(self, other: Self) -> None:
        """Add `other` to these facts."""


S = TypeVar("S", bound=Section)
Observer = Callable[[Article], Section]


class Facts:
    """Facts of all sorts about a number of documents."""

    def __init__(self) -> None:
        self.documents = 0
        self._sections: dict[type, Any] = {}

    @classmethod
    def observe(cls, article: Article, observers: tuple[Observer, ...]) -> Facts:
        """The facts that `observers` gather from one article."""
        facts = cls()
        facts.documents = 1
        for observer in observers:
            section = observer(article)
            facts._sections[type(section)] = section
        return facts

    def merge(self, other: Facts) -> None:
        """Add the facts of `other`, which must not be used afterwards."""
        self.documents += other.documents
        for kind, section in other._sections.items():
            if kind in self._sections:
                self._sections[kind].merge(section)
            else:
                self._sections[kind] = section

    def section(self, kind: type[S]) -> S:
        """The facts of one sort, empty if nothing was observed."""
        if kind not in self._sections:
            self._sections[kind] = kind()
        found: S = self._sections[kind]
        return found
