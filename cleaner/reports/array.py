"""JSON documents whose body is one long array, written element by element."""

from __future__ import annotations

from typing import Any, TextIO

from cleaner.jsonlines import dump


class Array:
    """An array of one element a line, opened by `start` and closed by `end`."""

    def __init__(self, stream: TextIO, start: str = "[") -> None:
        self._stream = stream
        self._stream.write(start)
        self._separator = "\n"

    def add(self, element: Any) -> None:
        """Write one element."""
        self.add_line(dump(element))

    def add_line(self, element: str) -> None:
        """Write one element, which is JSON already."""
        self._stream.write(self._separator + element)
        self._separator = ",\n"

    def close(self, end: str = "]") -> None:
        """Write the end of the document."""
        self._stream.write(f"\n{end}\n")
