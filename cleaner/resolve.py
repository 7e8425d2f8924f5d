"""Which findings stand where several want the same text.

Overlaps are settled as a whole, by weighted interval scheduling, so that of a chain A-B-C the outer two may stand. Every loser
is kept with the finding that it lost to: rejecting the winner brings it back. Two removals may share the blank lines between them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.findings import Finding, Kind

# A removal of lines makes what stands in them pointless to mend.
_REMOVAL = 1000.0


@dataclass(frozen=True, slots=True)
class Overlapped:
    """A finding that gives way to another one."""

    finding: Finding
    winner: Finding

    @property
    def reason(self) -> str:
        """Why it is not shown."""
        return f"overlaps {self.winner.rule_id} at {self.winner.core.start}, which is surer or removes it"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Findings of which no two overlap, in the order of the text, and the others."""

    kept: tuple[Finding, ...]
    overlapped: tuple[Overlapped, ...]


def resolve(findings: Sequence[Finding]) -> Resolution:
    """The heaviest set of findings that do not overlap; ties go to the earlier finding and the smaller rule id."""
    ordered = sorted(findings, key=lambda finding: (finding.core.end, finding.core.start, finding.rule_id))
    ends = [finding.core.end for finding in ordered]
    best = [0.0]
    taken: list[bool] = []
    for number, finding in enumerate(ordered):
        before = bisect_right(ends, finding.core.start, 0, number)
        with_it = best[before] + _weight(finding)
        taken.append(with_it > best[number])
        best.append(max(with_it, best[number]))
    kept: list[Finding] = []
    number = len(ordered)
    while number:
        if taken[number - 1]:
            kept.append(ordered[number - 1])
            number = bisect_right(ends, ordered[number - 1].core.start, 0, number - 1)
        else:
            number -= 1
    kept.reverse()
    chosen = {id(finding) for finding in kept}
    losers = [Overlapped(finding, _winner(finding, kept)) for finding in ordered if id(finding) not in chosen]
    return Resolution(tuple(kept), tuple(losers))


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that say the same, the surest, of equally sure ones the longest: nobody need be asked twice."""
    best: dict[object, Finding] = {}
    for finding in findings:
        effect = finding.effect or finding
        other = best.get(effect)
        if other is None or _strength(finding) > _strength(other):
            best[effect] = finding
    return list(best.values())


def _strength(finding: Finding) -> tuple[float, int, str]:
    return _weight(finding), len(finding.span), finding.rule_id


def _weight(finding: Finding) -> float:
    return max(finding.confidence, 0.001) + (_REMOVAL * len(finding.span) if finding.kind is Kind.LAYOUT else 0.0)


def _winner(loser: Finding, kept: Sequence[Finding]) -> Finding:
    """The heaviest of the kept findings, which are in the order of the text, that overlaps `loser`."""
    first = bisect_left(kept, loser.core.start, key=lambda finding: finding.core.end)
    last = bisect_right(kept, loser.core.end, key=lambda finding: finding.core.start)
    return max((finding for finding in kept[first:last] if finding.core.overlaps(loser.core)), key=_weight)
