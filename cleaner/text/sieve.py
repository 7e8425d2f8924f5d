"""A sieve: which of many words pass a test. Each word is put to it once, and an article's words are sifted as sets."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

_MOST = 1 << 18


class Sieve:
    """What is asked of a word alone, and asked again in each article."""

    def __init__(self, passes: Callable[[str], bool]) -> None:
        self._passes = passes
        self._tested: set[str] = set()
        self._passed: set[str] = set()

    def among(self, words: AbstractSet[str]) -> set[str]:
        """Those of `words` that pass."""
        if len(self._tested) > _MOST:
            self._tested.clear()
            self._passed.clear()
        new = words - self._tested
        self._passed.update(filter(self._passes, new))
        self._tested |= new  # last: another thread may ask meanwhile
        return self._passed & words
