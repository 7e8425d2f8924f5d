"""`cleaner hook`: what a commit hook calls. It judges what is staged, each file by the evidence of its whole folder."""

from __future__ import annotations

from typing import Any

import msgspec

from cleaner.cli.home import Home, Homes
from cleaner.cli.parser import Parser, add_grammar, add_rules, examples
from cleaner.cli.session import Session
from cleaner.cli.streams import progress, say
from cleaner.errors import DocumentError, Exit
from cleaner.text.visible import visible

_AROUND = 40  # code points of company on either side
_LONGEST = 80  # code points of a finding that are shown

_EXAMPLES = """\
  judge what is staged of two articles
    cleaner hook articles/a.txt articles/b.txt
  apply what is certain
    cleaner hook --fix articles/a.txt"""


def add(parser: Parser) -> None:
    """Add the options."""
    examples(parser, _EXAMPLES)
    parser.add_argument(
        "paths", nargs="*", metavar="FILE", help="the files of a commit; those that are no articles are passed over"
    )
    parser.add_argument(
        "--fix", action="store_true", help="apply the fixes that are certain, print them and look for nothing else"
    )
    add_grammar(parser, waited_for=True)
    add_rules(parser)
    parser.set_defaults(run=run, min_confidence=None, kind=None, jobs=1)


class _Tally(msgspec.Struct):
    """What came of all files, for the summary."""

    files: int = 0
    passed_over: int = 0
    with_findings: int = 0
    findings: int = 0
    safe: int = 0


def run(session: Session) -> None:
    """Check, or fix."""
    tally = _Tally()
    homes = Homes(session, staged=True)
    for path in session.options.paths:
        homes.add(path)
    for home in homes.all():
        part = home.session(session)
        _judge(part, home, tally)
        session.worst(part.exit)
    _sum_up(session, tally)


def _judge(session: Session, home: Home, tally: _Tally) -> None:
    """Judge the files of one folder."""
    files = home.articles()
    tally.files += len(files)
    tally.passed_over += len(home.files) - len(files)
    if not files:
        return
    # None of LanguageTool's proposals is certain.
    with session.grammar([] if session.options.fix else list(files.values()), waited_for=True) as grammar:
        _judge_by(session, home, files, grammar, tally)


def _judge_by(session: Session, home: Home, files: dict[str, str], grammar: Any, tally: _Tally) -> None:
    """Judge `files` of one folder, by `grammar`, too, if there is one."""
    from cleaner.engines.folder import FolderEngine

    given = list(files.values())
    silence, suppressions = session.silence(given), session.suppressions(given)
    job = session.job(session.book_source(), silence=silence, suppressions=suppressions, grammar=grammar)
    engine = FolderEngine(job, home.staged(), progress.step, keeps=not session.options.no_cache)
    session.complain_of(engine.pipeline.book)
    for real, result in zip(files, engine.run(files), strict=True):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        session.complain_of(result)
        session.warn_of_unused(result)
        if session.options.fix:
            _fix(session, engine, home.repository, real, result, tally)
        else:
            _show(session, result, tally)


# --- checking


def _show(session: Session, result: Any, tally: _Tally) -> None:
    """Print the findings of a file."""
    from cleaner.findings import Applicability

    if not result.findings:
        return
    session.worst(Exit.FINDINGS)
    tally.with_findings += 1
    for finding in result.findings:
        tally.findings += 1
        tally.safe += sum(each.applicability is Applicability.SAFE for each in finding.singly)
        _print(result.document, finding)


def _print(document: Any, finding: Any) -> None:
    """A finding in two lines: where and what, then the change in its company."""
    text, core = document.readable, finding.core
    place = document.position(core.start)
    before = _line_end(text[max(core.start - _AROUND, 0) : core.start])
    after = _line_start(text[core.end : core.end + _AROUND])
    fix = finding.fixes[0].within(text, finding.span) if finding.fixes else None
    change = f"[-{_short(core.of(text))}-]" + (f"{{+{_short(fix)}+}}" if fix else "")
    kind, rule = finding.kind.value, finding.rule_id
    print(f"{visible(document.path)}:{place.line}:{place.column}: {kind}: {visible(finding.message)} [{rule}]")
    print(f"    {visible(before)}{change}{visible(after)}")


def _line_end(text: str) -> str:
    line = text.replace("\r", "\n").rsplit("\n", 1)[-1]
    return "…" + line.partition(" ")[2] if len(line) == _AROUND else line


def _line_start(text: str) -> str:
    line = text.replace("\r", "\n").split("\n", 1)[0]
    return line.rpartition(" ")[0] + "…" if len(line) == _AROUND else line


def _short(text: str) -> str:
    line = " ".join(text.split()) or text.strip("\r\n")
    return visible(line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}")


# --- fixing


def _fix(session: Session, engine: Any, repository: Any, real: str, result: Any, tally: _Tally) -> None:
    """Apply what is certain to the file on the disk, if it is what is staged."""
    from cleaner.apply import write_document
    from cleaner.files import read_bytes
    from cleaner.fixing import fixed_safely
    from cleaner.text.document import Document

    told: list[tuple[Document, Any]] = []
    try:
        text, left_out = fixed_safely(engine, result, told)
        if left_out:
            session.complain(left_out)
        if text == result.document.text:
            return
        path = result.document.path
        if repository and repository.unstaged(real):
            raise DocumentError(path, "has changes that are not staged: not fixed; stage or stash them")
        document = Document.from_bytes(path, read_bytes(path, session.config.max_file_size))
        if document.digest != result.document.digest:  # git stores it with other line ends, or through a filter
            told.clear()
            text, _ = fixed_safely(engine, engine.recheck(document), told)
        write_document(document, text)
    except DocumentError as error:
        session.complain(error)
        return
    session.worst(Exit.FINDINGS)
    tally.with_findings += 1
    tally.findings += len(told)
    for before, finding in told:
        _print(before, finding)


# --- the summary


def _sum_up(session: Session, tally: _Tally) -> None:
    files = _counted(tally.files, "staged article")
    if session.options.fix:
        if tally.findings:
            print(
                f"{_counted(tally.findings, 'fix', 'es')} applied in {tally.with_findings} of {files}: look at them, and git add"
            )
    elif tally.findings:
        print(f"{_counted(tally.findings, 'finding')} in {tally.with_findings} of {files}")
        if tally.safe:
            print(f"{tally.safe} can be fixed by cleaner hook --fix, or the hook cleaner-fix")
        print("to decide on them: cleaner review FOLDER; to accept all that is there today: cleaner baseline FOLDER")
    if tally.passed_over:
        say(f"{_counted(tally.passed_over, 'file')} passed over: no article by 'extensions' and 'exclude' of the configuration")


def _counted(number: int, noun: str, plural: str = "s") -> str:
    return f"{number:,} {noun}{'' if number == 1 else plural}"
