"""`cleaner report`: the findings of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cleaner.cli.parser import Parser, add_engine, add_grammar, add_selection, examples, name
from cleaner.cli.session import Session
from cleaner.cli.streams import output, say
from cleaner.errors import DocumentError, Exit
from cleaner.reports import FORMATS
from cleaner.text.document import Document

_EXAMPLES = """\
  what was found in a folder, with the evidence
    cleaner report articles/
  one page to read and to send on
    cleaner report articles/ --format html --output report.html
  only what is nearly certain
    cleaner report articles/ --min-confidence 0.9
  names and typos, for another program
    cleaner report articles/ --kind name,typo --format jsonl
  of a folder that many machines share, on a cluster of Ray
    cleaner report articles/ --engine ray --address head.example.org:6379
  a text that is in no file
    cleaner report - < article.txt"""


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    add_options(parser)
    examples(parser, _EXAMPLES)


def add_options(parser: Parser) -> None:
    """The options of a report."""
    add_selection(parser)
    add_engine(parser)
    add_grammar(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)}: text and html are for people, the others for programs and services (default: text)",
    )
    parser.add_argument("--output", type=name, metavar="FILE", help="write the report to FILE instead of the standard output")


def run(session: Session) -> None:
    """Check and report."""
    paths = session.paths()
    suppressions, silence = session.suppressions(paths), session.silence(paths)
    hidden: list[Any] = []
    with session.grammar(paths) as grammar, output(session.options.output, paths) as stream:
        job = session.job(session.book_source(), silence=silence, grammar=grammar, suppressions=suppressions)
        engine = session.engine(job)
        print_report(session, engine, paths, session.options.format, stream, hidden=hidden)
    if session.whole and not session.narrowed:
        _warn_of_unused(session, engine.pipeline, suppressions, paths, hidden)


def _warn_of_unused(session: Session, pipeline: Any, suppressions: Any, paths: Sequence[str], hidden: Sequence[Any]) -> None:
    """Name what the configuration and the baseline hide in vain."""
    from cleaner.suppression import stale_entries

    for place in sorted(suppressions.places - {each.by for each in hidden}):
        say(f"{place}: hides nothing any more: take it out")
    if suppressions.baseline:
        stale = len(stale_entries(session.workspace(), paths, (each.finding for each in hidden), pipeline.asks))
        if stale:
            say(f"{stale} finding{'s' * (stale != 1)} of the baseline found no more: cleaner baseline --prune takes them out")


def print_report(
    session: Session,
    engine: Any,
    paths: list[str],
    form: str,
    stream: Any,
    *,
    hidden: list[Any] | None = None,
    through: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> None:
    """Write the findings of `paths` to `stream`, as `through` lets them pass, and complain of what could not be read.

    `hidden` gets what is not shown.
    """
    from cleaner import reports

    report, whole = reports.create(form, stream, engine.pipeline.book), session.whole
    for result in through(session.results(engine, paths, stream)):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        try:
            _warn_of_damage(result.document)
            report.add(result)
        except DocumentError as changed:  # since it was checked
            session.complain(changed)
            continue
        session.complain_of(result)
        if hidden is not None:
            hidden += result.hidden
            if whole:
                session.warn_of_unused(result)
        for error in result.errors:
            report.fail(result.document.path, str(error))
        if result.findings:
            session.worst(Exit.FINDINGS)
    for failure in session.failures:
        report.fail(failure.path, failure.what)
    report.close()


def _warn_of_damage(document: Document) -> None:
    place = document.damage
    if place:
        say(f"{document.path}:{place.line}:{place.column}: a byte that is not valid UTF-8: read around it, and left as it is")
