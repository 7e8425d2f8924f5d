"""How many names are spelled, in rows: those that are about as long as another, or sound like it, are found without looking at the rest."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec.structs import astuple

from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton

_FEWEST, _MOST = 4, 40
"""Names of fewer letters are spelled like too many others; of more letters there are no names: chains of letters, addresses."""


def may_have_a_partner(folded: str) -> bool:
    """Whether a name of these letters may be a spelling of another one."""
    return _FEWEST <= len(folded) <= _MOST


class Row(msgspec.Struct, frozen=True):
    """Names of so many letters: their skeletons, their letters and they themselves, side by side, in this order."""

    skeletons: list[str]
    letters: list[str]
    names: list[str]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, ...]]) -> Row:
        """The names of these entries, each with its skeleton and letters before it."""
        return cls(*map(list, zip(*sorted(entries), strict=True)))


PackedRow = tuple[memoryview, ...]
"""Three texts, an entry each line: they are read in a tenth of the time that they are made in."""
_NONE = Row([], [], [])


class Spelled:
    """Names in rows by the number of their letters, but for those that can have no partner; `partners` are those of each, if they are known."""

    def __init__(
        self,
        rows: dict[int, Row],
        packed: Mapping[int, PackedRow] | None = None,
        partners: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._rows = rows
        self._packed = packed or {}
        self._partners = partners or {}

    @classmethod
    def of(cls, names: Iterable[str]) -> Spelled:
        """How these names, each given once, are spelled."""
        found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
        for name in names:
            folded = letters(name)
            if may_have_a_partner(folded):
                found[len(folded)].append((skeleton(folded), folded, name))
        return cls({length: Row.of(entries) for length, entries in found.items()})

    def row(self, length: int) -> Row:
        """The names of so many letters."""
        if length not in self._rows and length in self._packed:
            self._rows[length] = Row(*(str(text, "utf-8").split("\n") for text in self._packed[length]))
        return self._rows.get(length, _NONE)

    def partners(self, name: str) -> Sequence[str] | None:
        """The partners of a name among these names; None where they were not looked for."""
        return self._partners.get(name)

    def plus(self, others: Spelled) -> Spelled:
        """These names and `others`, which are none of these."""
        lengths = {*self._rows, *self._packed, *others._rows, *others._packed}
        return Spelled(
            {
                each: Row.of(itertools.chain(*(zip(*astuple(names.row(each)), strict=True) for names in (self, others))))
                for each in lengths
            }
        )

    def packed(self) -> dict[int, PackedRow]:
        """The rows as texts."""
        rows = ((length, self.row(length)) for length in {*self._rows, *self._packed})
        return {length: tuple(memoryview("\n".join(column).encode()) for column in astuple(row)) for length, row in rows}
