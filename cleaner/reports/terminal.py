"""Coloured lines on a terminal, wrapped at its width."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text

from cleaner.reports.text import Pieces

_UNWRAPPED = 100_000
_USUAL, _NARROWEST = 80, 24  # columns of a terminal that does not say, and that is too small


class _Console(Console):
    """A console that leaves it to the program what happens when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Go on with the error that is being handled."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error


class Terminal:
    """Colours are left out where NO_COLOR is set. What is no terminal but is to have colours is not wrapped."""

    def __init__(self, stream: TextIO) -> None:
        self._console = _Console(file=stream, highlight=False)
        self._console.width = max(self._console.width or _USUAL, _NARROWEST) if stream.isatty() else _UNWRAPPED

    def line(self, pieces: Pieces, first: int = 0, others: int = 0, *, whole: bool = False) -> None:
        """Print a line, wrapped unless it is to stay `whole`."""
        text = Text.assemble(*pieces)
        if whole or not pieces:
            self._console.print(text, soft_wrap=True)
            return
        indent = first
        for line in text.wrap(self._console, self._console.width - others):
            self._console.print(Text(" " * indent).append_text(line), no_wrap=True, overflow="ignore", crop=False)
            indent = others
