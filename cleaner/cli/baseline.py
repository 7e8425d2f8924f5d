"""`cleaner baseline`: accepts the findings of today as they are, so that later runs show only new ones."""

from __future__ import annotations

import sys

import msgspec

from cleaner.cli.parser import Parser, add_grammar, add_rules, examples
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.errors import DocumentError, UsageError
from cleaner.files import STDIN
from cleaner.findings import Finding

_EXAMPLES = """\
  accept what is found today
    cleaner baseline articles/
  take out what is found no more
    cleaner baseline --prune articles/"""


def add(parser: Parser) -> None:
    """Add the options."""
    examples(parser, _EXAMPLES)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders")
    parser.add_argument("--prune", action="store_true", help="accept nothing, but take out what is found no more")
    add_grammar(parser)
    add_rules(parser)
    parser.set_defaults(run=run, min_confidence=None, kind=None, jobs=None)


def run(session: Session) -> None:
    """Write the baseline of the workspace: in a `.cleaner` folder, for version control."""
    from cleaner.baseline import Baseline, Entry, read, write
    from cleaner.suppression import stale_entries

    if STDIN in session.options.paths:
        raise UsageError("the standard input has no baseline: name files or folders")
    paths, workspace = session.paths(), session.workspace()
    suppressions = msgspec.structs.replace(session.suppressions(paths), baseline=Baseline())
    silence, known = session.silence(paths), read(workspace.baseline)
    found: list[Finding] = []
    new: set[Entry] = set()
    accepted = Baseline.of(known)
    with session.grammar(paths) as grammar:
        job = session.job(session.book_source(), silence=silence, suppressions=suppressions, grammar=grammar)
        engine = session.engine(job)
        for result in session.results(engine, paths, sys.stdout):
            if isinstance(result, DocumentError):
                session.complain(result)
                continue
            session.complain_of(result)
            path = workspace.relative(result.document.path)
            # Also those that give way to others: they would show once these are hidden.
            here = [part for each in (*result.findings, *(lost.finding for lost in result.overlapped)) for part in each.singly]
            new |= {Entry.of(path, finding) for finding in here if not accepted.holds(finding)}
            found += here
    stale = set(stale_entries(workspace, paths, found, engine.pipeline.asks))
    if stale if session.options.prune else new:
        workspace.prepare()
        write(workspace.baseline, {*known} - stale if session.options.prune else {*known, *new})
    _say(session, len(new), len(known), len(stale))


def _say(session: Session, new: int, known: int, stale: int) -> None:
    if session.options.prune:
        say(f"{_findings(stale)} taken out of the baseline, {known - stale} left")
        return
    say(f"{_findings(new)} accepted, {known} already were")
    if stale:
        say(f"{_findings(stale)} of the baseline found no more: cleaner baseline --prune takes them out")


def _findings(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"
