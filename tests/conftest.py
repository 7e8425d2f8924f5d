"""What the tests share: the shipped rules, a pipeline over them, and the command line as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.findings import Finding
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import RuleBook, load, shipped_rules


@pytest.fixture(scope="session")
def book() -> RuleBook:
    """The shipped rules."""
    return load([shipped_rules()])


@pytest.fixture(scope="session")
def pipeline(book: RuleBook) -> Pipeline:
    """All detectors, with findings of every confidence."""
    return Pipeline(book, Selection(min_confidence=0))


@pytest.fixture(scope="session")
def check(pipeline: Pipeline) -> Callable[..., list[Finding]]:
    """The findings of a text, with the rest of its folder after it."""
    return lambda text, *others: list(pipeline.check_text(text, others).findings)


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``cleaner`` in a process of its own, in an empty folder."""

    def run(*arguments: object, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", *map(str, arguments)],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", **environment},
            check=False,
            timeout=120,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        )

    return run
