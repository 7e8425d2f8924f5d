"""Code Quality: the JSON that GitLab shows in merge requests (a part of Code Climate's)."""

from __future__ import annotations

import hashlib
from typing import Any, TextIO

from cleaner.pipeline import Checked
from cleaner.reports.array import Array
from cleaner.reports.places import Region, in_repository, matters, with_evidence


class CodeQuality:
    """Writes one array; a file that could not be checked is an element of its own."""

    def __init__(self, stream: TextIO) -> None:
        self._array = Array(stream)

    def add(self, result: Checked) -> None:
        """The elements of one document."""
        for finding in result.findings:
            place = Region.of(result.document, finding.core)
            positions = {
                "begin": {"line": place.start.line, "column": place.start.column},
                "end": {"line": place.end.line, "column": place.end.column},
            }
            self._write(
                result.document.path,
                {"positions": positions},
                finding.rule_id,
                finding.key,
                with_evidence(finding),
                "minor" if matters(finding) else "info",
            )

    def fail(self, path: str, what: str) -> None:
        """An element about the file as a whole."""
        self._write(path, {"lines": {"begin": 1}}, "not-checked", what, what, "major")

    def _write(self, path: str, place: dict[str, Any], check: str, key: str, text: str, severity: str) -> None:
        name = in_repository(path)
        fingerprint = hashlib.blake2b(f"{name}\0{key}".encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
        self._array.add(
            {
                "type": "issue",
                "check_name": check,
                "description": text,
                "categories": ["Style"],
                "severity": severity,
                "fingerprint": fingerprint,
                "location": {"path": name, **place},
            }
        )

    def close(self) -> None:
        """The end of the array."""
        self._array.close()


create = CodeQuality
