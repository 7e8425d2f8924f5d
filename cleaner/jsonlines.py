"""A finding as other programs read it: an object of JSON in a line. This is the contract of all formats of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from cleaner.findings import Finding
from cleaner.text.document import Document

dump: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode
"""A value as JSON in one line."""


def as_dict(document: Document, finding: Finding) -> dict[str, Any]:
    """A finding as the JSON contract has it; offsets are code points, lines and columns start at 1."""
    position = document.position(finding.span.start)
    return {
        "path": document.path,
        "line": position.line,
        "column": position.column,
        "start": finding.span.start,
        "end": finding.span.end,
        "text": finding.matched,
        "replacements": list(finding.replacements),
        "kind": finding.kind.value,
        "rule": finding.rule_id,
        "message": finding.message,
        "confidence": finding.confidence,
        "applicability": finding.applicability.value,
        "evidence": list(finding.evidence),
        "key": finding.key,
        "related": [{"path": other.path, "start": other.span.start, "end": other.span.end} for other in finding.related],
    }


def as_lines(document: Document, findings: Sequence[Finding]) -> str:
    """The findings of a document, a line each; of those that were written before what was written then."""
    if isinstance(findings, Written):
        return findings.lines
    return "".join(f"{dump(as_dict(document, finding))}\n" for finding in findings)


class Written(Sequence[Finding]):
    """The findings of a document whose lines are known; `read` gets them when somebody asks for more than their lines and number."""

    def __init__(self, lines: str, read: Callable[[], tuple[Finding, ...]]) -> None:
        self.lines = lines
        self._read = read

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        return self._read()

    def __len__(self) -> int:
        return self.lines.count("\n")

    @overload
    def __getitem__(self, which: int) -> Finding: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, which: int | slice) -> Finding | tuple[Finding, ...]:
        return self._findings[which]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __repr__(self) -> str:
        return repr(self._findings)

    def __eq__(self, other: object) -> bool:
        return self._findings == (other._findings if isinstance(other, Written) else other)

    def __hash__(self) -> int:
        return hash(self._findings)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process gets the findings."""
        return tuple, (self._findings,)
