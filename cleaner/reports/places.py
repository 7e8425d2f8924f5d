"""What the formats for other programs say alike: where a finding is, and how much it matters."""

from __future__ import annotations

import os
from urllib.parse import quote

import msgspec

from cleaner.files import STDIN
from cleaner.findings import Finding, Kind, Span
from cleaner.text.document import Document, Position

_LIKELY = 0.8


class Region(msgspec.Struct, frozen=True):
    """The places of a span's start and end, half-open."""

    start: Position
    end: Position

    @classmethod
    def of(cls, document: Document, span: Span) -> Region:
        """In lines and columns of code points."""
        return cls(document.position(span.start), document.position(span.end))

    @classmethod
    def in_bytes(cls, document: Document, span: Span) -> Region:
        """In lines and columns of UTF-8 bytes, whatever the encoding of the file."""
        return cls(_in_bytes(document, span.start), _in_bytes(document, span.end))


def _in_bytes(document: Document, offset: int) -> Position:
    place = document.position(offset)
    before = document.text[offset - place.column + 1 : offset]
    return Position(place.line, len(before.encode("utf-8", "surrogateescape")) + 1)


def matters(finding: Finding) -> bool:
    """Whether a finding is a warning, and not only a note: likely right, and no matter of style."""
    return finding.kind is not Kind.STYLE and finding.confidence >= _LIKELY


def in_repository(path: str) -> str:
    """`path` as services name the files of a repository: with ``/`` and without ``./``."""
    return path if path == STDIN else os.path.normpath(path).replace(os.sep, "/")


def uri(path: str) -> str:
    """`path` as a relative reference, or as a ``file:`` URI where it is absolute."""
    name = quote(os.fsencode(in_repository(path)))
    return f"file://{name}" if name.startswith("/") else name


def with_evidence(finding: Finding) -> str:
    """The message, and what speaks for it, a line each."""
    return "\n".join([finding.message, *(f"· {line}" for line in finding.evidence)])
