"""What reviewers said of names, and what of it stands: of two statements on the same spellings the later one."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cleaner.decisions import Clustering, Decision, Difference, Naming, Row, not_retracted


class Statement(msgspec.Struct, frozen=True):
    """`name` is right, `variants` are corrected to it, and what stands in `apart` is another name; said in `row`."""

    row: Row
    name: str
    variants: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """All spellings of the name."""
        return frozenset((self.name, *self.variants))

    def before(self, later: Statement) -> Statement | None:
        """What is left of this when `later` was said."""
        same = later.spellings
        if isinstance(later.row, Clustering) and isinstance(self.row, Clustering) and same & self.spellings:
            return None  # a later one says all that is known of the name
        name = later.name if self.name in later.variants else self.name
        parted = later.apart if later.name in self.spellings else ()
        variants = tuple(each for each in self.variants if each not in same and each not in parted)
        apart = tuple(each for each in self.apart if not {each, self.name} <= same)
        lost = (self.variants or self.apart or self.name in later.variants) and not (variants or apart)
        return None if lost else msgspec.structs.replace(self, name=name, variants=variants, apart=apart)


def standing(rows: Iterable[Row]) -> dict[str, Statement]:
    """The statements on names that stand after `rows`, by the ids of their rows."""
    found: dict[str, Statement] = {}
    for _, row in not_retracted(rows):
        said = _statement(row)
        if said:
            left = {number: each.before(said) for number, each in found.items()}
            found = {number: each for number, each in left.items() if each} | {row.id: said}
    return found


def _statement(row: Row) -> Statement | None:
    if isinstance(row, Naming):
        return Statement(row, row.text)
    if isinstance(row, Difference):
        return Statement(row, row.text, apart=(row.other,))
    if isinstance(row, Clustering):
        return Statement(row, row.canonical, tuple(row.variants), tuple(row.apart))
    if isinstance(row, Decision) and row.mends_everywhere and row.subjects[0].replacement:
        return Statement(row, row.subjects[0].replacement, (row.subjects[0].text,))
    return None
