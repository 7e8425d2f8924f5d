"""`cleaner fix`: applies what is certain, what was decided, or what a log says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cleaner.cli.parser import add_selection, command
from cleaner.cli.session import Session, say
from cleaner.errors import DocumentError, Exit, UsageError


def add(commands: Any) -> None:
    """Add the command."""
    fix = command(commands, "fix", "apply fixes to articles", run)
    add_selection(fix)
    which = fix.add_mutually_exclusive_group(required=True)
    which.add_argument("--safe", action="store_true", help="apply the fixes that are certain: one candidate, outside quotations")
    which.add_argument("--decided", action="store_true", help="apply the fixes that reviewers accepted")
    which.add_argument(
        "--replay", metavar="LOG", help="write again what the log of decisions LOG says was written, from the originals"
    )
    fix.add_argument("--diff", action="store_true", help="show what would change and change nothing")


def run(session: Session) -> None:
    """Apply, by the way that was asked for."""
    if session.options.replay:
        _replay(session)
    elif session.options.decided:
        _fix_decided(session, session.paths())
    else:
        _fix_safe(session, session.paths())


def _fix_safe(session: Session, paths: Sequence[str]) -> None:
    from cleaner.fixing import fix_safe

    engine = session.engine(session.job(session.book_source(), silence=session.verdicts(paths).silence()))
    changed = 0
    for result in engine.run(paths):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        session.complain_of(result)
        try:
            changed += fix_safe(engine, result, sys.stdout, diff=session.options.diff)
        except DocumentError as error:
            session.complain(error)
    _count(session, changed)


def _fix_decided(session: Session, paths: Sequence[str]) -> None:
    from cleaner.fixing import unified_diff
    from cleaner.reviewing import Review

    engine = session.engine(session.job(session.book_source()))
    review = Review(session.workspace(), engine.pipeline.book, paths)
    for result in engine.run(paths):
        if isinstance(result, DocumentError):
            session.complain(result)
        else:
            review.state.add(result)
    if not session.options.diff:
        _report_written(session, review.write())
        return
    unwritten = review.unwritten()
    for path in unwritten:
        sys.stdout.writelines(unified_diff(*review.new_text(path)))
    _count(session, len(unwritten))


def _replay(session: Session) -> None:
    from cleaner.decisions import read_rows
    from cleaner.reviewing import replay

    if session.options.diff:
        raise UsageError("--replay writes what a log says: it has no --diff")
    _report_written(session, replay(session.workspace(), read_rows(Path(session.options.replay))))


def _report_written(session: Session, results: Sequence[Any]) -> None:
    for result in results:
        if result.error:
            session.complain(result.error)
    _count(session, sum(result.fixes > 0 for result in results))


def _count(session: Session, changed: int) -> None:
    if changed:
        session.worst(Exit.FINDINGS)
    what = "would change" if session.options.diff else "changed"
    say(f"{changed} file{'' if changed == 1 else 's'} {what}")
