"""JSON: all findings as one document, ``{"findings": [...], "failures": [...]}``."""

from __future__ import annotations

from typing import TextIO

from cleaner.jsonlines import as_lines, dump
from cleaner.pipeline import Checked
from cleaner.reports.array import Array


class Json:
    """Writes one array, element by element, and then what could not be checked."""

    def __init__(self, stream: TextIO) -> None:
        self._findings = Array(stream, '{"findings": [')
        self._failures: list[dict[str, str]] = []

    def add(self, result: Checked) -> None:
        """The elements of one document."""
        for line in as_lines(result.document, result.findings).split("\n")[:-1]:
            self._findings.add_line(line)

    def fail(self, path: str, what: str) -> None:
        """Keep the failure for the end."""
        self._failures.append({"path": path, "message": what})

    def close(self) -> None:
        """The end of the array, and the failures."""
        self._findings.close(f'], "failures": {dump(self._failures)}}}')


create = Json
