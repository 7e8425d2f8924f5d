"""The sum of facts of which little is asked: it is worked out for what is asked, and the facts stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Joined(dict[K, V]):
    """What `add` makes of the values that `parts` have of a key, when that key is asked for; `missing`, if given, of what none has."""

    def __init__(self, parts: Sequence[Mapping[K, V]], add: Callable[[Sequence[V]], V], missing: V | None = None) -> None:
        super().__init__()
        self._parts = parts
        self._add = add
        self._absent = missing

    def __missing__(self, key: K) -> V:
        found = [value for part in self._parts if (value := part.get(key)) is not None]
        if found:
            value = self[key] = self._add(found)
            return value
        if self._absent is None:
            raise KeyError(key)
        return self._absent

    def get(self, key: K, default: V | None = None) -> V | None:  # type: ignore[override]
        """The sum, or `default` where no part has the key."""
        return self[key] if key in self else default  # noqa: SIM401 - this is get

    def __contains__(self, key: object) -> bool:
        return any(key in part for part in self._parts)

    def __iter__(self) -> Iterator[K]:
        return iter(dict.fromkeys(chain.from_iterable(self._parts)))

    def __len__(self) -> int:
        return len(set().union(*self._parts))
