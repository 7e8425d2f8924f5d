"""The types that the whole program speaks: spans, edits, fixes and findings.

Offsets are code points of the decoded, otherwise untouched text, half-open.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

import msgspec

REVIEWED = ".folder."
"""Stands in the ids of the rules that follow from reviewers' decisions."""


class Kind(StrEnum):
    """What sort of defect a finding is about."""

    TYPO = "typo"
    NAME = "name"
    WORDING = "wording"
    ROLE = "role"
    LAYOUT = "layout"
    TYPOGRAPHY = "typography"
    GRAMMAR = "grammar"
    STYLE = "style"


class Applicability(StrEnum):
    """Who may apply a finding's first fix."""

    SAFE = "safe"
    """May be applied unattended: certain, one candidate, outside quotations."""
    REVIEW = "review"
    """A person decides."""
    DISPLAY = "display"
    """Advice without an edit."""


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the spans share a code point, or one is empty and lies inside the other."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, by: int) -> Self:
        """The span moved by `by` code points."""
        return type(self)(self.start + by, self.end + by)


class Edit(msgspec.Struct, frozen=True, order=True):
    """Replace what `span` covers by `replacement`."""

    span: Span
    replacement: str


class Fix(msgspec.Struct, frozen=True):
    """One way to mend a finding: edits that belong together and do not overlap."""

    edits: tuple[Edit, ...]

    @classmethod
    def replacing(cls, span: Span, replacement: str) -> Self:
        """The fix of one edit."""
        return cls((Edit(span, replacement),))

    def shifted(self, by: int) -> Self:
        """The fix moved by `by` code points."""
        return type(self)(tuple(Edit(edit.span.shifted(by), edit.replacement) for edit in self.edits))

    def within(self, text: str, span: Span) -> str:
        """What `span` of `text` reads once the fix is applied; `span` holds every edit."""
        parts, at = [], span.start
        for edit in sorted(self.edits):
            parts += [text[at : edit.span.start], edit.replacement]
            at = edit.span.end
        return "".join([*parts, text[at : span.end]])


class Related(msgspec.Struct, frozen=True):
    """Another place that a finding is based on."""

    path: str
    span: Span


class Finding(msgspec.Struct, frozen=True):
    """A defect at a place of one document, with its evidence and the ways to mend it.

    Shape: `fixes` best first, empty for advice; every edit of every fix lies within `span`.
    `confidence` is the probability, in [0, 1], that a careful editor would agree; the last line of `evidence` is the rule's why.
    `key` identifies the finding by its rule and company, never by offset or message (see `cleaner.keys`).
    """

    rule_id: str
    kind: Kind
    span: Span
    matched: str
    message: str
    fixes: tuple[Fix, ...]
    confidence: float
    evidence: tuple[str, ...]
    applicability: Applicability
    related: tuple[Related, ...] = ()
    key: str = ""
    parts: tuple[Finding, ...] = ()
    """The findings of the lines of a run, in order; none of what is one finding for itself."""

    @property
    def singly(self) -> tuple[Finding, ...]:
        """The findings that a run is made of, which are decided; otherwise the finding itself."""
        return self.parts or (self,)

    @property
    def is_removal(self) -> bool:
        """Whether it takes lines away, and not only blank ones."""
        changes = any(edit.replacement for fix in self.fixes for edit in fix.edits)
        return self.kind is Kind.LAYOUT and bool(self.matched.strip()) and not changes

    @property
    def core(self) -> Span:
        """`span`; of a removal without the blank lines around what is matched, which two removals may share."""
        if not self.is_removal:
            return self.span
        start = self.span.start + len(self.matched) - len(self.matched.lstrip())
        return Span(start, start + len(self.matched.strip()))

    def conflicts(self, other: Finding) -> bool:
        """Whether the two want the same text, so that only one of them can be applied; an advice about no text conflicts with nothing."""
        if not self.matched or not other.matched:
            return bool(self.fixes and other.fixes) and self.span.overlaps(other.span)
        if self.is_removal and other.is_removal:
            return self.core.overlaps(other.core)
        return self.span.overlaps(other.span)

    @property
    def effect(self) -> Edit | None:
        """The least edit that does what the first fix does; None for advice. Two findings of one effect say the same."""
        if not self.fixes:
            return None
        old, new = self.matched, self.replacements[0]
        start = common_prefix(old, new)
        end = common_prefix(old[start:][::-1], new[start:][::-1])
        span = Span(self.span.start + start, self.span.start + len(old) - end)
        return Edit(span, new[start : len(new) - end])

    @property
    def replacements(self) -> tuple[str, ...]:
        """What `span` reads after each fix, best first."""
        return tuple(map(self._replacement, self.fixes))

    def _replacement(self, fix: Fix) -> str:
        if len(fix.edits) == 1 and fix.edits[0].span == self.span:
            return fix.edits[0].replacement
        return fix.shifted(-self.span.start).within(self.matched, Span(0, len(self.matched)))


def common_prefix(a: str, b: str) -> int:
    """How many letters two texts begin with alike."""
    shorter = min(len(a), len(b))
    return next((i for i in range(shorter) if a[i] != b[i]), shorter)
