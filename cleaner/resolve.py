"""Which findings stand where several want the same text.

Removals of lines come first: they make what stands in the lines pointless to mend. Overlaps are settled as a whole, by weighted
interval scheduling, so that of a chain A-B-C the outer two may stand. Every loser is kept with the finding that it lost to:
rejecting the winner brings it back. Two removals may share the blank lines between them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from cleaner.findings import REVIEWED, Finding

# Of removals the longest stands.
_REMOVAL = 1000.0


class Overlapped(msgspec.Struct, frozen=True):
    """A finding that gives way to another one."""

    finding: Finding
    winner: Finding

    @property
    def reason(self) -> str:
        """Why it is not shown."""
        return f"overlaps {self.winner.rule_id} at {self.winner.core.start}, which is surer or removes it"


class Resolution(msgspec.Struct, frozen=True):
    """Findings of which no two overlap, in the order of the text, and the others."""

    kept: tuple[Finding, ...]
    overlapped: tuple[Overlapped, ...]


def resolve(findings: Sequence[Finding]) -> Resolution:
    """The heaviest set of findings that do not conflict; ties go to the earlier finding and the smaller rule id."""
    removals = _heaviest([finding for finding in findings if finding.is_removal])
    others = [finding for finding in findings if not finding.is_removal and not _conflicting(finding, removals)]
    kept = sorted([*removals, *_heaviest(others)], key=lambda finding: (finding.core.start, finding.core.end))
    chosen = {id(finding) for finding in kept}
    lost = sorted((finding for finding in findings if id(finding) not in chosen), key=_order)
    losers = [Overlapped(finding, max(_conflicting(finding, kept), key=_weight)) for finding in lost]
    return Resolution(tuple(kept), tuple(losers))


def _order(finding: Finding) -> tuple[int, int, str]:
    return finding.core.end, finding.core.start, finding.rule_id


def _heaviest(findings: Sequence[Finding]) -> list[Finding]:
    """The heaviest set of findings whose cores do not overlap, in the order of the text."""
    ordered = sorted(findings, key=_order)
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
    return kept[::-1]


def _conflicting(finding: Finding, kept: Sequence[Finding]) -> list[Finding]:
    """Those of the kept findings, which are in the order of the text and do not conflict, that conflict with `finding`."""
    first = bisect_left(kept, finding.span.start, key=lambda other: other.span.end)
    last = bisect_right(kept, finding.span.end, key=lambda other: other.span.start)
    return [other for other in kept[first:last] if finding.conflicts(other)]


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that say the same, the surest, of equally sure ones the longest: nobody need be asked twice.

    What a reviewer's rule finds has the key of what it follows from: it was decided under that.
    """
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(finding.effect or finding, []).append(finding)
    return [_surest(each) for each in alike.values()]


def _surest(findings: Sequence[Finding]) -> Finding:
    best = max(findings, key=_strength)
    others = [finding for finding in findings if REVIEWED not in finding.rule_id] if REVIEWED in best.rule_id else []
    return msgspec.structs.replace(best, key=max(others, key=_strength).key) if others else best


def _strength(finding: Finding) -> tuple[float, int, str]:
    return _weight(finding), len(finding.span), finding.rule_id


def _weight(finding: Finding) -> float:
    return max(finding.confidence, 0.001) + (_REMOVAL * len(finding.span) if finding.is_removal else 0.0)
