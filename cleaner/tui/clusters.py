"""The state of the names screen, without a screen: clusters of spellings that a reviewer merges, splits and decides.

Every change is one row in the log, so that the next run knows it; undo takes the row back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cleaner.decisions import Clustering
from cleaner.facts.names import NameCount
from cleaner.findings import Kind
from cleaner.names.variants import Cluster, Spelling
from cleaner.text.tokens import plain
from cleaner.tui.state import ReviewState


@dataclass(frozen=True, slots=True)
class Group:
    """The spellings of one name, the canonical one first; `decided` if a person has confirmed or changed it, `apart` what is not of it."""

    members: tuple[Spelling, ...]
    decided: bool = False
    apart: frozenset[str] = frozenset()

    @property
    def canonical(self) -> Spelling:
        """The spelling that the others are corrected to."""
        return self.members[0]


@dataclass
class NamesState:
    """The groups, and what a reviewer does to them; all changes go through `review`."""

    review: ReviewState
    groups: list[Group] = field(default_factory=list)
    _before: list[list[Group]] = field(default_factory=list)

    @classmethod
    def of(cls, review: ReviewState, clusters: Iterable[Cluster]) -> NamesState:
        """The groups of `clusters`, with the changes of names that findings propose beside them, and what earlier reviews decided of them."""
        members = {each.canonical.form: [each.canonical, *(variant.spelling for variant in each.variants)] for each in clusters}
        known = {spelling.form for group in members.values() for spelling in group}
        for item in review.items:
            form, right = plain(item.finding.matched), plain(item.fix or "")
            if item.finding.kind is Kind.NAME and right and form not in known:
                known.add(form)
                members.setdefault(right, [Spelling(right, NameCount())]).append(Spelling(form, NameCount()))
        earlier = {row.canonical: row for row in review.names}

        def group(spellings: list[Spelling]) -> Group:
            row = earlier.get(spellings[0].form)
            decided = row is not None and {each.form for each in spellings} <= row.spellings
            return Group(tuple(spellings), decided, frozenset(row.apart if row else ()))

        return cls(review, [group(each) for each in members.values()])

    def confirm(self, number: int) -> None:
        """The group is right as it is."""
        if not self.groups[number].decided:
            self._decide(number, self.groups[number].members)

    def choose(self, number: int, member: int) -> None:
        """Make a member the canonical spelling."""
        members = list(self.groups[number].members)
        members.insert(0, members.pop(member))
        self._decide(number, members)

    def drop(self, number: int, member: int) -> None:
        """A member is another name. ValueError for the canonical spelling, which the others hang on."""
        if not member:
            raise ValueError(
                "this is the spelling that the others are corrected to: choose another one first, or split the group"
            )
        members = list(self.groups[number].members)
        dropped = members.pop(member)
        self._decide(number, members, apart=[dropped])

    def split(self, number: int) -> None:
        """All members are different names."""
        canonical, *others = self.groups[number].members
        self._decide(number, [canonical], apart=others)

    def merge(self, number: int, other: int) -> None:
        """Both groups are one name, spelt as the first has it. ValueError for a group and itself."""
        if number == other:
            raise ValueError("mark one group, then merge another one with it")
        self._decide(number, [*self.groups[number].members, *self.groups[other].members], without=other)

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        if not self._before or not isinstance(self.review.last_action, Clustering):
            return False
        self.review.undo()
        self.groups = self._before.pop()
        return True

    def _decide(
        self, number: int, members: Iterable[Spelling], apart: Iterable[Spelling] = (), without: int | None = None
    ) -> None:
        canonical, *others = members
        groups = [self.groups[each] for each in (number, without) if each is not None]
        other_names = frozenset[str]().union(*(group.apart for group in groups), (each.form for each in apart))
        other_names -= {canonical.form, *(each.form for each in others)}
        self.review.cluster(canonical.form, [each.form for each in others], sorted(other_names))
        self._before.append(list(self.groups))
        self.groups[number] = Group((canonical, *others), decided=True, apart=other_names)
        if without is not None:
            del self.groups[without]
