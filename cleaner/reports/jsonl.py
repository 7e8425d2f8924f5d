"""JSON Lines: one finding a line, the contract that other programs read."""

from __future__ import annotations

from typing import TextIO

from cleaner.jsonlines import as_lines
from cleaner.pipeline import Checked


class JsonLines:
    """Writes each finding as it comes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, result: Checked) -> None:
        """One line a finding."""
        self._stream.write(as_lines(result.document, result.findings))

    def fail(self, path: str, what: str) -> None:
        """Lines are findings; failures are said on the standard error."""

    def close(self) -> None:
        """Nothing comes after the last finding."""


create = JsonLines
