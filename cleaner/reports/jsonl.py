"""JSON Lines: one finding a line, the contract that other programs read."""

from __future__ import annotations

from typing import Any, TextIO

from cleaner.findings import Finding
from cleaner.pipeline import Checked
from cleaner.reports.array import dump
from cleaner.text.document import Document


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


class JsonLines:
    """Writes each finding as it comes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, result: Checked) -> None:
        """One line a finding."""
        self._stream.writelines(dump(as_dict(result.document, finding)) + "\n" for finding in result.findings)

    def fail(self, path: str, what: str) -> None:
        """Lines are findings; failures are said on the standard error."""

    def close(self) -> None:
        """Nothing comes after the last finding."""


create = JsonLines
