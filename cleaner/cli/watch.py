"""`cleaner watch`: the report, anew whenever an article, a setting, a rule or a decision changes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cleaner.cli import report
from cleaner.cli.parser import Parser, examples
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.config import NAMES
from cleaner.errors import CleanerError, Exit, UsageError
from cleaner.files import STDIN, Choice, real_path
from cleaner.rulebook.load import ENDINGS
from cleaner.suppression import SIDECAR
from cleaner.workspace import Workspace

_CLEAR = "\x1b[2J\x1b[H"
_SHOWN = 3  # names of changed files
_DECISIONS = (".jsonl", ".yaml")

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
    for changes in watch(*_watched(session), watch_filter=_concerns(session), ignore_permission_denied=True):
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


def _watched(session: Session) -> set[str]:
    """The folders of the articles, and those of settings, rules and decisions, which may be elsewhere."""
    config, root = session.config, session.workspace().root
    decisions = [Workspace(folder).folder for folder in (root, *root.parents)]
    others = [*([config.folder] if config.file else []), *_rule_folders(session), *decisions]
    return {*map(_folder, session.options.paths), *(str(folder) for folder in others if folder.is_dir())}


def _rule_folders(session: Session) -> list[Path]:
    """The folders of the rules that the settings and the command line name; they may not exist yet."""
    named = [*(session.config.folder / path for path in session.config.rules), *session.options.rules]
    return [Path(_folder(str(path))) for path in named]


def _folder(path: str) -> str:
    return path if os.path.isdir(path) else os.path.dirname(path) or os.curdir


def _settings(session: Session) -> set[str]:
    """The real paths of the files that settings may be in."""
    if session.options.config:
        return {real_path(session.options.config)}
    near = Path(session.options.paths[0]).absolute()
    return {real_path(str(folder / name)) for folder in (near, *near.parents) for name in NAMES}


def _concerns(session: Session) -> Callable[[Any, str], bool]:
    """Whether a changed file may change the report: articles, sidecars, settings, rules, decisions, but not the report itself."""
    config, settings = session.config, _settings(session)
    choice = Choice((*config.extensions, SIDECAR), config.exclude, str(config.folder))
    named = {os.path.realpath(path) for path in session.options.paths}
    rules = {os.path.realpath(folder) for folder in _rule_folders(session)}
    output = os.path.realpath(session.options.output) if session.options.output else None

    def concerns(_: Any, path: str) -> bool:
        real = real_path(path)
        return real != output and (
            os.path.realpath(path) in named
            or real in settings
            or any(_below(real, folder) and choice.takes(real, folder) for folder in named)
            or (real.endswith(ENDINGS) and any(_below(real, folder) for folder in rules))
            or (real.endswith(_DECISIONS) and f"{os.sep}.cleaner{os.sep}" in real)
        )

    return concerns


def _below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
