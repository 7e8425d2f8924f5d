"""What the tests share: the shipped rules, a pipeline over them, and the command line as a user runs it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from languagetoolserver import Misbehaving

from cleaner.findings import Finding
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.load import load, shipped_rules

# The same examples at every run, so that no change is refused by chance; `--hypothesis-profile=random` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile("steady")
# What tests start is this checkout's program, wherever it is started.
os.environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
# And as users run it, with compiled modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A repository of a test is its own, also where the tests run in a hook of git's, which tells of another one.
for _name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[_name]
# A test may interrupt what it starts, also where the tests run in the background of a shell, which has them ignore that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Java is started where LanguageTool is what is tested.
os.environ["CLEANER_GRAMMAR"] = "off"


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


@pytest.fixture
def cli_bytes(tmp_path: Path) -> Callable[..., bytes]:
    """What ``cleaner`` writes to its standard output, byte for byte."""

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        command = [sys.executable, "-m", "cleaner", *map(os.fsencode, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, cwd=tmp_path, check=False, timeout=120).stdout

    return run


@pytest.fixture
def on_terminal(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs ``cleaner`` at a terminal of a number of columns; its exit code and all that it showed, without colors."""

    def run(*arguments: object, columns: int = 80, **environment: str) -> tuple[int, str]:
        import fcntl
        import pty
        import struct
        import termios

        # COLUMNS, which a test runner may set, would count for more than the terminal.
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        main, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "cleaner", *map(str, arguments)],
            cwd=tmp_path,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**inherited, "TERM": "xterm", "NO_COLOR": "1", **environment},
        )
        os.close(terminal)
        shown = b""
        try:
            while data := os.read(main, 1 << 16):
                shown += data
        except OSError:
            pass  # the other end was closed
        finally:
            os.close(main)
        text = re.sub(r"\x1b\[[\d;]*m", "", shown.decode("utf-8", "replace"))
        return process.wait(timeout=120), text.replace("\r\n", "\n")

    return run


@pytest.fixture
def misbehaving() -> Iterator[Callable[..., Misbehaving]]:
    """Starts servers that answer as LanguageTool's does, or as a test wants it to."""
    servers = []

    def start(respond: Callable[[str], tuple[int, str]]) -> Misbehaving:
        servers.append(Misbehaving(respond))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
