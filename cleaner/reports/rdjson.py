"""rdjson: the diagnostics of reviewdog, with fixes that reviewers of a pull request can take over."""

from __future__ import annotations

from typing import Any, TextIO

from cleaner.findings import Span
from cleaner.jsonlines import dump
from cleaner.pipeline import Checked
from cleaner.reports.array import Array
from cleaner.reports.places import Region, in_repository, matters, with_evidence
from cleaner.text.document import Document


class Diagnostics:
    """Writes one document; columns are UTF-8 bytes, as the format wants them."""

    def __init__(self, stream: TextIO) -> None:
        self._array = Array(stream, f'{{"source": {dump({"name": "cleaner"})}, "diagnostics": [')

    def add(self, result: Checked) -> None:
        """The diagnostics of one document."""
        document = result.document
        for finding in result.findings:
            whole = _range(document, finding.span)
            self._array.add(
                {
                    "message": with_evidence(finding),
                    "location": {"path": in_repository(document.path), "range": _range(document, finding.core)},
                    "severity": "WARNING" if matters(finding) else "INFO",
                    "code": {"value": finding.rule_id},
                    "suggestions": [{"range": whole, "text": text} for text in finding.replacements],
                }
            )

    def fail(self, path: str, what: str) -> None:
        """A diagnostic of the file as a whole."""
        self._array.add({"message": what, "location": {"path": in_repository(path)}, "severity": "ERROR"})

    def close(self) -> None:
        """The end of the document."""
        self._array.close("]}")


def _range(document: Document, span: Span) -> dict[str, Any]:
    region = Region.in_bytes(document, span)
    return {
        "start": {"line": region.start.line, "column": region.start.column},
        "end": {"line": region.end.line, "column": region.end.column},
    }


create = Diagnostics
