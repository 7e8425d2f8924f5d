"""JSON: all findings as one document, ``{"findings": [...]}``."""

from __future__ import annotations

from typing import TextIO

from cleaner.pipeline import Checked
from cleaner.reports.jsonl import as_dict, dump


class Json:
    """Writes one array, element by element."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stream.write('{"findings": [')
        self._separator = "\n"

    def add(self, result: Checked) -> None:
        """The elements of one document."""
        for finding in result.findings:
            self._stream.write(f"{self._separator}{dump(as_dict(result.document, finding))}")
            self._separator = ",\n"

    def close(self) -> None:
        """The end of the array."""
        self._stream.write("\n]}\n")


create = Json
