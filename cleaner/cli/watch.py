"""`cleaner watch`: the report, anew whenever an article, a setting or a decision changes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from cleaner.cli import report
from cleaner.cli.parser import Parser, examples
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.config import NAMES
from cleaner.errors import CleanerError, Exit, UsageError
from cleaner.files import STDIN

_CLEAR = "\x1b[2J\x1b[H"
_SHOWN = 3  # names of changed files

_EXAMPLES = """\
  report again whenever an article changes
    cleaner watch articles/"""


def add(parser: Parser) -> None:
    """Add the options."""
    examples(parser, _EXAMPLES)
    parser.set_defaults(run=run)
    report.add_options(parser)


def run(session: Session) -> None:
    """Report, wait for a change, and report again, until it is interrupted."""
    from watchfiles import watch

    if STDIN in session.options.paths:
        raise UsageError("the standard input cannot be watched: name files or folders")
    _report(session)
    folders = {path if os.path.isdir(path) else os.path.dirname(path) or os.curdir for path in session.options.paths}
    for changes in watch(*folders, watch_filter=_concerns(session)):
        if sys.stdout.isatty() and not session.options.output:
            sys.stdout.write(_CLEAR)
        names = sorted({os.path.relpath(path) for _, path in changes})
        say(", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "") + " changed")
        _report(session)


def _report(session: Session) -> None:
    """A report by the settings and decisions as they are now; a mistake in them is said, and may be mended while this goes on."""
    try:
        now = Session.of(session.options)
        report.run(now)
        session.exit = now.exit
    except CleanerError as error:
        session.exit = Exit.CLEAN
        session.complain(error)
    sys.stdout.flush()


def _concerns(session: Session) -> Callable[[Any, str], bool]:
    """Whether a changed file may change the report: articles, sidecars, settings, decisions, but not the report itself."""
    endings = tuple(ending.lower() for ending in (*session.config.extensions, ".toml", ".yaml", ".tsv"))
    named = {os.path.realpath(path) for path in session.options.paths}
    output = os.path.realpath(session.options.output) if session.options.output else None

    def concerns(_: Any, path: str) -> bool:
        real = os.path.realpath(path)
        inside = f"{os.sep}.cleaner{os.sep}" in path and path.endswith((".jsonl", ".yaml"))
        hidden = any(part.startswith(".") for part in os.path.relpath(path).split(os.sep) if part != os.pardir) and not inside
        wanted = path.lower().endswith(endings) or os.path.basename(path) in NAMES or inside or real in named
        return wanted and not hidden and real != output

    return concerns
