"""What goes in and out of the program: messages, reports, progress, and streams that are closed or break."""

from __future__ import annotations

import contextlib
import math
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from cleaner.atomic import read_only, replacing
from cleaner.errors import CleanerError, because
from cleaner.text.visible import visible

_STREAMS = ("stdin", "stdout", "stderr")
_LINE = "\r\x1b[K"  # the start of the line, which is cleared


def prepare() -> None:
    """Make the standard streams UTF-8, and those that were closed such that using them is an error and not a crash.

    Nobody listens at a closed standard error; what goes there is dropped.
    """
    for number, name in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            # A file opened later must not get this number; the null device is opened the wrong way around, so that using it fails.
            wrong_way = os.O_RDONLY if name == "stdout" else os.O_WRONLY
            descriptor = os.open(os.devnull, wrong_way)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def abandon(stream: TextIO) -> None:
    """Drop what `stream` still holds, so that Python does not try to write it at its end."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def say(text: str) -> None:
    """A line on the standard error; if nobody reads it any more, the run goes on without."""
    progress.clear()
    try:
        print(f"cleaner: {visible(text)}", file=sys.stderr, flush=True)
    except OSError:
        abandon(sys.stderr)


class _Progress:
    """A line on a terminal that says how far the run is, how fast, and how long it will take; after a moment, and without a trace."""

    _PATIENCE = 1.0  # seconds
    _EVERY = 0.1

    def __init__(self) -> None:
        self._done = self._of = 0
        self._steps = 1
        self._began = self._due = 0.0
        self._shown = False

    def start(self, files: int, steps: int) -> None:
        """Expect so many files of so many steps."""
        self._done, self._of, self._steps = 0, files * steps if sys.stderr.isatty() else 0, steps
        self._began = time.monotonic()
        self._due = self._began + self._PATIENCE

    def step(self, number: int) -> None:
        """Count `number` steps."""
        self._done += number
        now = time.monotonic()
        if self._of and now >= self._due:
            self._due, self._shown = now + self._EVERY, True
            with contextlib.suppress(OSError):
                sys.stderr.write(f"{_LINE}checking: {self._far(now - self._began)}")
                sys.stderr.flush()

    def _far(self, seconds: float) -> str:
        done = min(self._done, self._of)
        left = math.ceil(seconds * (self._of - done) / max(1, done))
        rate = done / self._steps / max(seconds, 0.001)
        return f"{100 * done // self._of}%, {rate:.0f} files a second, {left // 60}:{left % 60:02} left"

    def clear(self) -> None:
        """Free the line for something else."""
        if self._shown:
            self._shown = False
            with contextlib.suppress(OSError):
                sys.stderr.write(_LINE)
                sys.stderr.flush()

    def stop(self) -> None:
        """Show nothing more."""
        self._of = 0
        self.clear()


progress = _Progress()


@contextlib.contextmanager
def output(path: str | None, articles: Iterable[str] = ()) -> Iterator[TextIO]:
    """The stream of a report: the standard output, or a file that appears when it is complete.

    Links are followed; a device or pipe is written to as the report comes. CleanerError where the file cannot be written, is
    read-only, or is one of the `articles`.
    """
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    written = True
    try:
        with _opened(path, articles) as binary:
            stream = TextIOWrapper(binary, "utf-8", "backslashreplace", newline="\n")
            written = False
            yield stream
            written = True
            stream.detach()
    except OSError as error:
        if error.filename and not written:
            raise  # about another file
        raise CleanerError(f"{path}: cannot be written: {because(error)}") from error


@contextlib.contextmanager
def _opened(path: str, articles: Iterable[str]) -> Iterator[BinaryIO]:
    """The file `path` for writing: as it is where it is a device or pipe, otherwise replaced at the end."""
    status = _status(path)
    if status and os.path.samestat(status, os.fstat(sys.stdout.fileno())):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif status and not stat.S_ISREG(status.st_mode):
        with open(path, "wb") as file:
            yield file
    else:
        target = Path(os.path.realpath(path))
        if status and read_only(target):
            raise CleanerError(f"{path}: read-only: not written; make it writable or name another file")
        if status and any(os.path.samestat(status, each) for each in map(_status, articles) if each):
            raise CleanerError(f"{path}: an article of this run: not written; name another file")
        with replacing(target) as file:
            yield file


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None
