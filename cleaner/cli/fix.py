"""`cleaner fix`: applies what is certain, what was decided, or what a log says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cleaner.cli.parser import Parser, add_grammar, add_selection, examples, name
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.errors import DocumentError, Exit, UsageError
from cleaner.files import STDIN
from cleaner.text.document import Document

_EXAMPLES = """\
  what would be mended unattended, as a patch
    cleaner fix --safe --diff articles/
  mend it
    cleaner fix --safe articles/
  write what a review accepted
    cleaner fix --decided articles/"""


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    add_selection(parser)
    add_grammar(parser)
    examples(parser, _EXAMPLES)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--safe", action="store_true", help="apply the fixes that are certain: one candidate, outside quotations")
    which.add_argument("--decided", action="store_true", help="apply the fixes that reviewers accepted")
    which.add_argument(
        "--replay",
        type=name,
        metavar="LOG",
        help="write again what the log of decisions LOG says was written, from the originals",
    )
    parser.add_argument("--diff", action="store_true", help="show what would change and change nothing")


def run(session: Session) -> None:
    """Apply, by the way that was asked for."""
    if session.options.replay:
        _replay(session)
    elif session.options.decided:
        _fix_decided(session, session.paths())
    else:
        _fix_safe(session, session.paths())


def _fix_safe(session: Session, paths: Sequence[str]) -> None:
    from cleaner.fixing import fixed_safely

    engine = session.engine(
        session.job(session.book_source(), silence=session.silence(paths), suppressions=session.suppressions(paths))
    )
    changed = 0
    for result in session.results(engine, paths, sys.stdout):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        session.complain_of(result)
        try:
            text, left_out = fixed_safely(engine, result)
            _put(result.document, text, diff=session.options.diff)
        except DocumentError as error:
            session.complain(error)
            continue
        changed += text != result.document.text
        if left_out:
            session.complain(left_out)
    _count(session, changed)


def _put(document: Document, text: str, *, diff: bool) -> None:
    """Show the change, or write it: to the file, or to the standard output where the text came from the standard input."""
    from cleaner.apply import write_document

    if diff:
        _show(document, text)
    elif document.path == STDIN:
        sys.stdout.buffer.write(document.encode(text))
    elif text != document.text:
        write_document(document, text)


def _show(document: Document, text: str) -> None:
    from cleaner.fixing import patch, shown_diff

    if sys.stdout.isatty():
        sys.stdout.write(shown_diff(document, text))
    else:
        sys.stdout.buffer.write(patch(document, text))


def _fix_decided(session: Session, paths: Sequence[str]) -> None:
    from cleaner.reviewing import Review

    with session.grammar(paths) as grammar:
        job = session.job(session.book_source(), grammar=grammar, suppressions=session.suppressions(paths))
        engine = session.engine(job)
        review = Review(session.workspace(), engine.pipeline.book, paths, session.field)
        for result in session.results(engine, paths, sys.stdout):
            if isinstance(result, DocumentError):
                session.complain(result)
            else:
                session.complain_of(result)
                review.state.add(result)
    if not session.options.diff:
        _report_written(session, review.write())
        return
    changed = 0
    for path in review.unwritten():
        try:
            document, text = review.new_text(path)
        except DocumentError as error:
            session.complain(error)
            continue
        _show(document, text)
        changed += text != document.text
        if left_out := review.left_out(path):
            session.complain(left_out)
    _count(session, changed)


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
