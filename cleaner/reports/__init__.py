"""Reports: one module a format. All are given the same results and tell the same findings."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:  # the command line asks for the names of the formats each time it starts
    from cleaner.pipeline import Checked
    from cleaner.rulebook.book import RuleBook

FORMATS = ("text", "html", "jsonl", "json", "sarif", "github", "codequality", "rdjson", "junit")
_EXPLAINING = frozenset({"html", "sarif"})
"""Formats that tell of the rules, too."""


class Report(Protocol):
    """Writes results as they come, and what belongs at the end."""

    def add(self, result: Checked) -> None:
        """Write the findings of one document."""

    def fail(self, path: str, what: str) -> None:
        """Write that the document `path` could not be checked, or not in full, and why."""

    def close(self) -> None:
        """Write what comes after the last document."""


def create(name: str, stream: TextIO, book: RuleBook) -> Report:
    """The report in the format `name`, written to `stream`; `book` has the rules that were looked for."""
    module = import_module(f"cleaner.reports.{name}")
    report: Report = module.create(stream, book) if name in _EXPLAINING else module.create(stream)
    return report
