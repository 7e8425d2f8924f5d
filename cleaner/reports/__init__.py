"""Reports: one module a format. All are given the same results and tell the same findings."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, TextIO

from cleaner.pipeline import Checked

FORMATS = ("text", "jsonl", "json")


class Report(Protocol):
    """Writes results as they come, and what belongs at the end."""

    def add(self, result: Checked) -> None:
        """Write the findings of one document."""

    def close(self) -> None:
        """Write what comes after the last document."""


def create(name: str, stream: TextIO) -> Report:
    """The report in the format `name`, written to `stream`."""
    report: Report = import_module(f"cleaner.reports.{name}").create(stream)
    return report
