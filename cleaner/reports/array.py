"""JSON documents whose body is one long array, written element by element."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TextIO

dump: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode
"""A value as JSON in one line."""


class Array:
    """An array of one element a line, opened by `start` and closed by `end`."""

    def __init__(self, stream: TextIO, start: str = "[") -> None:
        self._stream = stream
        self._stream.write(start)
        self._separator = "\n"

    def add(self, element: Any) -> None:
        """Write one element."""
        self._stream.write(f"{self._separator}{dump(element)}")
        self._separator = ",\n"

    def close(self, end: str = "]") -> None:
        """Write the end of the document."""
        self._stream.write(f"\n{end}\n")
