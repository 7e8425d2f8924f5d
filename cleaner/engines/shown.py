"""What was shown of a document, as it is kept from run to run: its findings, and all that reports say of them, so that it need not be read."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import msgspec

from cleaner.errors import DocumentError
from cleaner.files import read_bytes
from cleaner.findings import Finding, Span
from cleaner.jsonlines import Written, as_lines
from cleaner.pipeline import Checked
from cleaner.resolve import Overlapped
from cleaner.shelf import decoder
from cleaner.suppression import Hidden
from cleaner.text.document import Context, Document, Encoding, Position, digest


class _Details(msgspec.Struct, frozen=True, array_like=True):
    findings: tuple[Finding, ...]
    places: dict[int, tuple[int, int]]
    """Line and column of where findings begin and end."""
    contexts: dict[tuple[int, int], Context]
    """What stands around them."""


class _Shown(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was shown of a document and what was not; by a `sign` of decisions and suppressions (see `Pipeline.sign_of_settling`)."""

    sign: bytes
    encoding: Encoding
    lines: str
    overlapped: tuple[Overlapped, ...]
    hidden: tuple[Hidden, ...]
    details: msgspec.Raw
    """`_Details`, which are decoded when somebody asks for them."""


_encode = msgspec.msgpack.encode


def packed(checked: Checked, sign: bytes) -> bytes:
    """What is shown of a document, to be kept; nothing where names of files keep it from being encoded."""
    document, findings = checked.document, tuple(checked.findings)
    spans = [span for finding in findings for span in (finding.span, finding.core)]
    positions = {offset: document.position(offset) for span in spans for offset in (span.start, span.end)}
    places = {offset: (position.line, position.column) for offset, position in positions.items()}
    contexts = {(span.start, span.end): document.context(span) for span in (finding.core for finding in findings)}
    try:
        details = msgspec.Raw(_encode(_Details(findings, places, contexts)))
        lines = as_lines(document, findings)
        return _encode(_Shown(sign, document.encoding, lines, checked.overlapped, checked.hidden, details))
    except UnicodeEncodeError:
        return b""


def recalled(path: str, mark: str, shown: bytes, sign: bytes | None, max_size: int) -> Checked | None:
    """What was `shown` of a document of the digest `mark`; None where that, or its `sign`, is another one."""
    seen = decoder(_Shown)(shown) if shown else None
    if seen is None or seen.sign != sign:
        return None
    document = _Unread(path, seen.encoding, mark, seen.details, max_size)
    return Checked(document, Written(seen.lines, document.findings), seen.overlapped, hidden=seen.hidden)


class _Unread(Document):
    """A document that is read when somebody asks for more of its text than was shown. DocumentError where it has changed by then."""

    def __init__(self, path: str, encoding: Encoding, mark: str, details: msgspec.Raw, max_size: int) -> None:
        self.path = path
        self.encoding = encoding
        self.digest = mark
        self._packed = details
        self._max_size = max_size

    @cached_property
    def _details(self) -> _Details:
        return decoder(_Details)(self._packed)

    def findings(self) -> tuple[Finding, ...]:
        """What is found in it."""
        return self._details.findings

    def position(self, offset: int) -> Position:
        """The line and column of the code point at `offset`."""
        place = self._details.places.get(offset)
        return Position(*place) if place else super().position(offset)

    def context(self, span: Span) -> Context:
        """The readable text before, in and after `span`."""
        return self._details.contexts.get((span.start, span.end)) or super().context(span)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets it with its text."""
        return Document, (self.path, self.text, self.encoding, self.digest)

    def __getattr__(self, name: str) -> Any:
        if name != "text":
            raise AttributeError(name)
        data = read_bytes(self.path, self._max_size)
        if digest(data) != self.digest:
            raise DocumentError(self.path, "changed since it was checked: check it again")
        self.text = self.encoding.decode(data)
        return self.text
