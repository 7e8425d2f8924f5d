"""What the tests share: the shipped rules, a pipeline over them, and the command line as a user runs it."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from languagetoolserver import Misbehaving
from support import ROOT, copy_rules, run_cleaner

from cleaner import languages
from cleaner.findings import Finding
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.load import load, shipped_rules

# The same examples at every run, so that no change is refused by chance; `--hypothesis-profile=random` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile("steady")
# What tests start is this checkout's program, wherever it is started.
os.environ["PYTHONPATH"] = str(ROOT)
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

Cli = Callable[..., subprocess.CompletedProcess[str]]
LONG = (
    "test_wheel.py",
    "test_languagetool_server.py",
    "test_ray.py",
    "test_memory.py",
    "test_cache.py",
    "test_corpus.py",
)
"""Modules with tests that take long, those that take longest first."""
FEW_RULES = (
    "classes/public-life.yaml",
    "classes/spinners.yaml",
    "grammar/languagetool.yaml",
    "layout/litter.yaml",
    "names/folder.yaml",
    "names/middle-east.yaml",
    "style/prose.yaml",
    "typos/known.tsv",
    "typos/known.yaml",
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """What is compiled once, the rules and the words, is compiled before there are workers: each would do it for itself, beside the others."""
    if not hasattr(session.config, "workerinput"):
        load([shipped_rules()])
        assert languages.get("en").lexicon.deletions


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Iterator[None]:
    """One worker more than there are processors: some test always waits for a cluster, a server or the screen."""
    number: int = yield
    return number + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: begun last, it would keep one worker busy when the others have nothing left to do."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


@pytest.fixture(scope="module", autouse=True)
def _frozen() -> None:
    """What outlives a module, as a million objects of the decoded rules do, is not looked through at each collection of garbage.

    That took a fifth of the time of the tests of rules, reports and reviews. What a module itself leaves behind is collected before, so that it is told of.
    """
    gc.collect()
    gc.freeze()


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
def cli(tmp_path: Path) -> Cli:
    """Runs ``cleaner`` in a process of its own, in an empty folder."""
    return partial(run_cleaner, tmp_path)


@pytest.fixture(scope="session")
def few_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands for this checkout on the PYTHONPATH of a program that ships few rules: where nothing is cached, all are compiled at each start."""
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / "cleaner").symlink_to(ROOT / "cleaner")
    copy_rules(checkout / "rules", *FEW_RULES)
    return checkout


@pytest.fixture
def cli_with_few_rules(cli: Cli, few_rules: Path) -> Cli:
    """Runs ``cleaner`` as `cli` does, where what is shipped is not what is tested."""
    return partial(cli, PYTHONPATH=str(few_rules))


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
