"""`cleaner review`: a person accepts or rejects each fix, on a screen or line by line."""

from __future__ import annotations

import sys
from typing import Any

from cleaner.cli.parser import Parser, add_grammar, add_selection, examples
from cleaner.cli.session import Session
from cleaner.errors import CleanerError, DocumentError, Exit, UsageError


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    add_selection(parser)
    add_grammar(parser)
    examples(
        parser,
        "  decide on a screen; ? shows the keys\n    cleaner review articles/\n"
        "  decide line by line, names only\n    cleaner review articles/ --kind name --plain",
    )
    parser.add_argument("--plain", action="store_true", help="ask line by line, without a screen")
    parser.add_argument("--theme", metavar="NAME", help="a theme of Textual, as textual-light")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(session: Session) -> None:
    """Review the articles."""
    from cleaner.reviewing import Review

    paths = session.paths()
    if not paths:
        return
    if not session.options.plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("a review needs a terminal: use --plain to be asked line by line")
    source = session.book_source()
    book = source()
    for error in book.errors:
        session.complain(error)
    review = Review(session.workspace(), book, paths, session.field)
    suppressions = session.suppressions(paths)
    with session.grammar(paths, on_screen=not session.options.plain) as grammar:
        job = session.job(source, grammar=grammar, suppressions=suppressions)
        left = (_plain if session.options.plain else _screen)(session, review, job, paths)
    if left:
        session.worst(Exit.FINDINGS)


def _plain(session: Session, review: Any, job: Any, paths: list[str]) -> int:
    from cleaner.engines.local import LocalEngine
    from cleaner.plain import PlainReview

    for result in LocalEngine(job).run(paths):
        if isinstance(result, DocumentError):
            session.complain(result)
        else:
            session.complain_of(result)
            review.state.add(result)
    return PlainReview(review, sys.stdin, sys.stdout).run()


def _screen(session: Session, review: Any, job: Any, paths: list[str]) -> int:
    from cleaner.engines.background import BackgroundScan

    scan = BackgroundScan(job, paths)  # before Textual is loaded: the other process need not know it
    try:
        from cleaner.tui.app import ReviewApp

        settings = session.config.review
        app = ReviewApp(review, scan, len(paths), keys=settings.keys, theme=session.options.theme or settings.theme)
        left = app.run(mouse=settings.mouse and not session.options.no_mouse)
    finally:
        scan.stop()
    if app.return_code:
        raise CleanerError("the screen broke down: the decisions so far are kept; run it again, or with --plain")
    return left or 0
