"""What can go wrong, each as one line that a user can act on.

Every error that reaches a user names the place (``file:line:column``), says what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Self

_MOST_SHOWN = 25  # names


class Exit(IntEnum):
    """The exit codes of every command."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    FAILURE = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


class CleanerError(Exception):
    """The base of all errors meant for a user; ``str`` gives the line to print."""

    exit_code = Exit.FAILURE


class UsageError(CleanerError):
    """A command line, configuration or rule that cannot be carried out."""

    exit_code = Exit.USAGE


class LocatedError(UsageError):
    """A mistake at a place in a file that a user wrote (a rule file, a configuration).

    `line` and `column` start at 1; 0 means that the place is the file as a whole.
    """

    def __init__(self, path: str, line: int, column: int, what: str) -> None:
        place = f"{path}:{line}:{column}" if line else path
        super().__init__(f"{place}: {what}")
        self.path = path
        self.line = line
        self.column = column
        self.what = what

    @classmethod
    def after(cls, path: str, before: str, what: str) -> Self:
        """The error at the place that the text `before` leads up to."""
        return cls(path, before.count("\n") + 1, len(before) - before.rfind("\n"), what)

    def __reduce__(self) -> tuple[type[LocatedError], tuple[str, int, int, str]]:
        """Errors of worker processes travel to the main one."""
        return type(self), (self.path, self.line, self.column, self.what)


class ConfigError(LocatedError):
    """A configuration file that cannot be used."""


class RuleError(LocatedError):
    """A rule that cannot be used."""


class DocumentError(CleanerError):
    """A document that could not be read or written; the run goes on with the next one."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")
        self.path = path
        self.what = what

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        """Errors of worker processes travel to the main one."""
        return type(self), (self.path, self.what)


class EmptyFolderError(DocumentError):
    """A folder in which there is nothing to check."""

    exit_code = Exit.USAGE


def nearest(name: str, known: Sequence[str]) -> str:
    """A hint at the known name nearest to `name`, or at all of them; nothing where they are too many to be read."""
    import difflib  # only for a mistake

    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f": did you mean '{close[0]}'?"
    return f": choose one of {', '.join(sorted(known))}" if 0 < len(known) <= _MOST_SHOWN else ""


def because(error: OSError) -> str:
    """Why the system refused, in its words, without its number."""
    return error.strerror or str(error) or type(error).__name__
