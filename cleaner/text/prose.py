r"""Prose: what of a document is for readers, as a text of its own, and the way back.

Detectors see nothing but the prose. It is made of pieces of the document in order: stretches that stand there as they are, characters that
are written otherwise there (``&amp;``, ``\u2019``), and breaks where markup parts the text. An edit of the prose becomes one of the document only
where it touches no markup.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Sequence
from enum import Enum

import msgspec

from cleaner.findings import Applicability, Edit, Finding, Fix, Related, Span, common_prefix


class Sort(Enum):
    """How a piece stands in the document."""

    VERBATIM = "verbatim"
    WRITTEN = "written"
    """As other characters; it is changed as a whole or not at all."""
    BREAK = "break"
    """Markup, code or nothing stands there; it cannot be changed."""


class Piece(msgspec.Struct, frozen=True):
    """``[start, end)`` of the prose is ``[at, until)`` of the document."""

    start: int
    end: int
    at: int
    until: int
    sort: Sort


def as_is(text: str) -> str:
    """What is written as it is read."""
    return text


class Prose(msgspec.Struct, frozen=True):
    """The prose of a document, or of one record of it.

    `write` gives a text as it is to stand in the document, None where it cannot.
    """

    text: str
    pieces: Sequence[Piece]
    write: Callable[[str], str | None] = as_is

    def outward(self, finding: Finding, source: str) -> Finding | None:
        """A finding of the prose as one of the document, which reads `source`: without the fixes that would touch markup.

        None where nothing of it stands in the document.
        """
        span = self.out(finding.span)
        if span is None:
            return None
        fixes = tuple(fix for fix in map(self._fix_out, finding.fixes) if fix and _within(fix, span))
        applicability = finding.applicability
        if len(fixes) < len(finding.fixes):
            applicability = Applicability.REVIEW if fixes else Applicability.DISPLAY
        related = tuple(Related(each.path, out) for each in finding.related if (out := self.out(each.span)))
        return msgspec.structs.replace(
            finding, span=span, matched=span.of(source), fixes=fixes, applicability=applicability, related=related
        )

    def inward(self, span: Span) -> Span | None:
        """The part of the prose that stands within `span` of the document."""
        inside = [
            piece for piece in self.pieces if piece.at < span.end and span.start < piece.until and piece.sort is not Sort.BREAK
        ]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        start = first.start + (max(span.start - first.at, 0) if first.sort is Sort.VERBATIM else 0)
        end = last.end - (max(last.until - span.end, 0) if last.sort is Sort.VERBATIM else 0)
        return Span(start, max(start, end))

    def part(self, span: Span) -> Prose:
        """What stands in `span` of this prose, as a prose of its own. What is written otherwise, and cut by its ends, is not to be changed."""
        pieces = []
        for piece in self._touched(span) if span.start < span.end else ():
            start, end = max(piece.start, span.start), min(piece.end, span.end)
            at, until, sort = piece.at, piece.until, piece.sort
            if sort is Sort.VERBATIM:
                at, until = at + start - piece.start, until - (piece.end - end)
            elif (start, end) != (piece.start, piece.end):
                sort = Sort.BREAK
            pieces.append(Piece(start - span.start, end - span.start, at, until, sort))
        return Prose(span.of(self.text), tuple(pieces), self.write)

    def _touched(self, span: Span) -> Sequence[Piece]:
        """The pieces that `span`, which is not empty, shares a character with."""
        first = bisect_right(self.pieces, span.start, key=lambda piece: piece.end)
        last = bisect_right(self.pieces, span.end - 1, key=lambda piece: piece.start)
        return self.pieces[first:last]

    def out(self, span: Span) -> Span | None:
        """Where `span` stands in the document, without the markup at its ends."""
        if span.start == span.end:
            edit = self._edit_out(Edit(span, ""))
            return edit.span if edit else None
        touched = [piece for piece in self._touched(span) if piece.sort is not Sort.BREAK]
        if not touched:
            return None
        first, last = touched[0], touched[-1]
        start = first.at + (max(span.start - first.start, 0) if first.sort is Sort.VERBATIM else 0)
        end = last.until - (max(last.end - span.end, 0) if last.sort is Sort.VERBATIM else 0)
        return Span(start, end)

    def _fix_out(self, fix: Fix) -> Fix | None:
        edits = []
        for edit in fix.edits:
            least = self._least(edit)
            out = self._edit_out(least) if least else None
            if out:
                edits.append(out)
            elif least:
                return None
        return Fix(tuple(edits)) if edits else None

    def _least(self, edit: Edit) -> Edit | None:
        """The edit without what it leaves as it is; characters that are written otherwise are kept whole. None if it changes nothing."""
        old, new = edit.span.of(self.text), edit.replacement
        if old == new:
            return None
        before = common_prefix(old, new)
        after = common_prefix(old[before:][::-1], new[before:][::-1])
        start, end = edit.span.start + before, edit.span.end - after
        for piece in self._touched(Span(start, end)) if start < end else ():
            if piece.sort is Sort.WRITTEN:
                start, end = min(start, max(piece.start, edit.span.start)), max(end, min(piece.end, edit.span.end))
        return Edit(Span(start, end), new[start - edit.span.start : len(new) - (edit.span.end - end)])

    def _edit_out(self, edit: Edit) -> Edit | None:
        span, text = edit.span, self.write(edit.replacement)
        if text is None:
            return None
        if span.start == span.end:
            place = self._place(span.start)
            return Edit(Span(place, place), text) if place is not None else None
        touched = self._touched(span)
        if any(piece.sort is Sort.BREAK or (piece.sort is Sort.WRITTEN and not _covers(span, piece)) for piece in touched):
            return None
        if any(left.until != right.at for left, right in itertools.pairwise(touched)):
            return None
        out = self.out(span)
        return Edit(out, text) if out else None

    def _place(self, offset: int) -> int | None:
        """Where in the document something can be put in at `offset` of the prose: beside what stands there as it is."""
        number = bisect_right(self.pieces, offset, key=lambda piece: piece.end)
        for piece in self.pieces[max(number - 1, 0) : number + 1]:
            if piece.sort is Sort.VERBATIM and piece.start <= offset <= piece.end:
                return piece.at + offset - piece.start
        return None


def _within(fix: Fix, span: Span) -> bool:
    return all(span.contains(edit.span) for edit in fix.edits)


def _covers(span: Span, piece: Piece) -> bool:
    return span.start <= piece.start and piece.end <= span.end


class Builder:
    """Gathers the prose of `source` piece by piece, in order."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0
        self._at = 0

    def keep(self, start: int, end: int) -> None:
        """``[start, end)`` of the source is prose as it stands."""
        if start < end:
            self._add(self._source[start:end], start, end, Sort.VERBATIM)

    def written(self, text: str, start: int, end: int) -> None:
        """``[start, end)`` of the source stands for `text`."""
        if self._source[start:end] == text:
            self.keep(start, end)
        elif text:
            self._add(text, start, end, Sort.WRITTEN)

    def locked(self, text: str, start: int, end: int) -> None:
        """``[start, end)`` of the source is read as `text` and is not to be changed."""
        if text:
            self._add(text, start, end, Sort.BREAK)

    def part(self, text: str) -> None:
        """`text`, a line end or more, parts what was added from what will be; of several parts in a row the first counts."""
        if self._pieces and not self._parted:
            self._add(text, self._at, self._at, Sort.BREAK)

    @property
    def _parted(self) -> bool:
        last = self._pieces[-1]
        return last.sort is Sort.BREAK and last.at == last.until

    def _add(self, text: str, at: int, until: int, sort: Sort) -> None:
        last = self._pieces[-1] if self._pieces else None
        start, self._length, self._at = self._length, self._length + len(text), until
        self._parts.append(text)
        if last and last.sort is sort is Sort.VERBATIM and last.until == at:
            self._pieces[-1] = Piece(last.start, self._length, last.at, until, sort)
        else:
            self._pieces.append(Piece(start, self._length, at, until, sort))

    def prose(self, write: Callable[[str], str | None] = as_is) -> Prose:
        """What was gathered."""
        return Prose("".join(self._parts), tuple(self._pieces), write)
