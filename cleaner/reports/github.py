"""GitHub annotations: workflow commands that GitHub Actions shows at the lines of a pull request."""

from __future__ import annotations

from typing import TextIO

from cleaner.pipeline import Checked
from cleaner.reports.places import Region, in_repository, matters, with_evidence

_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


class Annotations:
    """Writes a command a finding; a file that could not be checked is an error."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, result: Checked) -> None:
        """The commands of one document."""
        for finding in result.findings:
            place = Region.of(result.document, finding.core)
            properties = {"line": place.start.line, "endLine": place.end.line}
            if place.start.line == place.end.line:  # GitHub takes columns within a line only
                properties |= {"col": place.start.column, "endColumn": place.end.column}
            level = "warning" if matters(finding) else "notice"
            self._write(level, result.document.path, properties, finding.rule_id, with_evidence(finding))

    def fail(self, path: str, what: str) -> None:
        """An error of the file as a whole."""
        self._write("error", path, {}, "not checked", what)

    def _write(self, level: str, path: str, place: dict[str, int], title: str, message: str) -> None:
        properties = {"file": in_repository(path), **place, "title": title}
        shown = ",".join(f"{name}={str(value).translate(_IN_PROPERTY)}" for name, value in properties.items())
        self._stream.write(f"::{level} {shown}::{message.translate(_IN_TEXT)}\n")

    def close(self) -> None:
        """Nothing comes after the last annotation."""


create = Annotations
