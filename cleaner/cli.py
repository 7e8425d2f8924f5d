"""The command line: options, progress, messages and exit codes."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

import cleaner
from cleaner import config as configuration
from cleaner.errors import DocumentError, Exit, UsageError, nearest
from cleaner.findings import Kind
from cleaner.reports import FORMATS

_EPILOG = """exit codes: 0 nothing found, 1 findings, 2 a mistake in the command line, configuration or a rule,
3 a file could not be read or written, or an internal error, 130 interrupted. The highest that applies is returned."""


class _Parser(argparse.ArgumentParser):
    """Answers a wrong option with the nearest right one."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}: see '{self.prog} --help'")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"there is no '{value}'{nearest(str(value), list(action.choices))}")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            known = [option for action in parsed.parser._actions for option in action.option_strings]  # noqa: SLF001
            parsed.parser.error(f"unknown option '{unknown[0]}'{nearest(unknown[0], known)}")
        return parsed


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(
        prog="cleaner", description=cleaner.__doc__, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"cleaner {cleaner.__version__}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)

    report = _command(commands, "report", "show the findings of articles", run_report)
    _add_selection(report)
    report.add_argument(
        "--format", choices=FORMATS, default="text", help="text for people, jsonl or json for programs (default: text)"
    )
    report.add_argument("--output", metavar="FILE", help="write the report to FILE instead of the standard output")

    fix = _command(commands, "fix", "apply fixes to articles", run_fix)
    _add_selection(fix)
    which = fix.add_mutually_exclusive_group(required=True)
    which.add_argument("--safe", action="store_true", help="apply the fixes that are certain: one candidate, outside quotations")
    fix.add_argument("--diff", action="store_true", help="show what would change and change nothing")

    rules = commands.add_parser(
        "rules", help="list, explain, test and try rules", description="List, explain, test and try rules."
    )
    rules.set_defaults(parser=rules)
    actions = rules.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    listing = _command(actions, "list", "list the rules, a line each", run_rules_list)
    _add_rules(listing)
    listing.add_argument("--kind", type=_kinds, metavar="K,…", default=None, help="only rules of these kinds")
    show = _command(actions, "show", "explain a rule", run_rules_show)
    show.add_argument("id", help="the id of the rule")
    _add_rules(show)
    test = _command(actions, "test", "run the examples of the rules", run_rules_test)
    test.add_argument(
        "dir", nargs="?", metavar="DIR", help="test the rules of this folder; without it, the shipped ones and --rules"
    )
    _add_rules(test)
    trial = _command(actions, "try", "show what the rules of a file would find", run_rules_try)
    trial.add_argument("file", metavar="FILE", help="a file of draft rules")
    _add_selection(trial)
    _command(actions, "schema", "print the JSON Schema of rule files, for editors", run_rules_schema)
    docs = _command(actions, "docs", "write a page for each family of rules", run_rules_docs)
    docs.add_argument("dir", metavar="DIR", help="the folder to write to")
    _add_rules(docs)
    return parser


def _command(commands: Any, name: str, summary: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=f"{summary.capitalize()}.", epilog=_EPILOG
    )
    parser.set_defaults(run=run, parser=parser)
    return parser


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rules", metavar="DIR", action="append", default=[], help="a folder of further rules, which override the shipped"
    )
    parser.add_argument(
        "--config", metavar="FILE", help="the configuration file (default: the nearest cleaner.toml or pyproject.toml)"
    )
    parser.add_argument("--no-cache", action="store_true", help="read everything anew")


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, or - for the standard input")
    parser.add_argument("--min-confidence", type=_probability, metavar="X", help="leave out findings below X (default: 0.5)")
    parser.add_argument("--kind", type=_kinds, metavar="K,…", help=f"only these kinds: {', '.join(Kind)}")
    parser.add_argument("--jobs", type=_count, metavar="N", help="processes (default: one a core)")
    parser.add_argument("--engine", choices=("local",), default="local", help="where to run (default: local)")
    _add_rules(parser)


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


def _kinds(text: str) -> list[Kind]:
    kinds = []
    for name in text.split(","):
        if name not in list(Kind):
            raise argparse.ArgumentTypeError(f"unknown kind '{name}'{nearest(name, list(Kind))}")
        kinds.append(Kind(name))
    return kinds


# --- what the commands share


@dataclass
class Session:
    """A run's settings: the command line over the configuration over the defaults; and its exit code so far."""

    options: argparse.Namespace
    config: configuration.Config
    exit: Exit = Exit.CLEAN

    @classmethod
    def of(cls, options: argparse.Namespace) -> Session:
        """The session of parsed `options`; UsageError for a configuration that cannot be used."""
        near = next(iter(getattr(options, "paths", [])), ".")
        config = configuration.load_file(options.config) if getattr(options, "config", None) else configuration.load(near)
        return cls(options, config)

    def worst(self, code: Exit) -> None:
        """Raise the exit code to `code` if it is higher."""
        self.exit = max(self.exit, code)

    def complain(self, error: Exception) -> None:
        """Print an error that does not end the run."""
        say(str(error))
        self.worst(getattr(error, "exit_code", Exit.FAILURE))

    def rule_folders(self) -> tuple[Path, ...]:
        """The folders of rules, the shipped ones first; UsageError for one that does not exist."""
        from cleaner.rulebook.load import shipped_rules

        further = [*(self.config.folder / folder for folder in self.config.rules), *map(Path, self.options.rules)]
        for folder in further:
            if not folder.is_dir():
                raise UsageError(f"{folder}: no such folder of rules")
        return (shipped_rules(), *further)

    def book_source(self, *more: Path) -> BookSource:
        """Where the rules of this run come from; `more` are further folders or files of rules."""
        return BookSource(
            (*self.rule_folders(), *more), self.config.language, tuple(self.config.disable), not self.options.no_cache
        )

    def engine(self, source: BookSource, only: frozenset[str] = frozenset()) -> Any:
        """The engine of this run; broken rules are complained of."""
        from cleaner.engines.local import Job, LocalEngine
        from cleaner.pipeline import Selection

        options, config = self.options, self.config
        confidence = config.min_confidence if options.min_confidence is None else options.min_confidence
        selection = Selection(confidence, frozenset(options.kind or config.kinds), only)
        job = Job(PipelineSource(source, selection), config.max_file_size, options.jobs or config.jobs)
        engine = LocalEngine(job)
        for error in engine.pipeline.book.errors:
            self.complain(error)
        return engine

    def paths(self) -> list[str]:
        """The articles of this run; paths without any are complained of."""
        from cleaner.files import discover

        found = []
        for path in discover(self.options.paths, self.config.extensions, self.config.exclude):
            if isinstance(path, DocumentError):
                self.complain(path)
            else:
                found.append(path)
        return found


@dataclass(frozen=True)
class BookSource:
    """Loads a rule book; may be sent to another process."""

    folders: tuple[Path, ...]
    language: str
    disabled: tuple[str, ...]
    cached: bool

    def __call__(self) -> Any:
        """The rule book, without the rules that are switched off."""
        from cleaner.rulebook.load import load

        return load(self.folders, self.language, cached=self.cached).without(self.disabled)


@dataclass(frozen=True)
class PipelineSource:
    """Builds a pipeline; may be sent to another process."""

    book: BookSource
    selection: Any

    def __call__(self) -> Any:
        """The pipeline over the rule book."""
        from cleaner.pipeline import Pipeline

        return Pipeline(self.book(), self.selection)


def say(text: str) -> None:
    """A line on the standard error."""
    print(f"cleaner: {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def _output(path: str | None) -> Iterator[TextIO]:
    """The stream of a report: the standard output, or a file that appears when it is complete."""
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(path)
    aside = target.with_name(f".{target.name}.part")
    try:
        with open(aside, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            yield file
        aside.replace(target)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)


# --- report and fix


def run_report(session: Session) -> None:
    """`cleaner report`."""
    from cleaner import reports

    engine = session.engine(session.book_source())
    paths = session.paths()
    with _output(session.options.output) as stream:
        report = reports.create(session.options.format, stream)
        for result in engine.run(paths):
            if isinstance(result, DocumentError):
                session.complain(result)
                continue
            _warn_of_damage(result.document)
            report.add(result)
            if result.findings:
                session.worst(Exit.FINDINGS)
        report.close()


def _warn_of_damage(document: Any) -> None:
    place = document.damage
    if place:
        say(f"{document.path}:{place.line}:{place.column}: a byte that is not valid UTF-8: read around it, and left as it is")


def run_fix(session: Session) -> None:
    """`cleaner fix`."""
    from cleaner.fixing import fix_safe

    engine = session.engine(session.book_source())
    changed = 0
    for result in engine.run(session.paths()):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        try:
            changed += fix_safe(engine, result, sys.stdout, diff=session.options.diff)
        except DocumentError as error:
            session.complain(error)
    if changed:
        session.worst(Exit.FINDINGS)
    what = "would change" if session.options.diff else "changed"
    say(f"{changed} file{'' if changed == 1 else 's'} {what}")


# --- rules


def run_rules_list(session: Session) -> None:
    """`cleaner rules list`."""
    from cleaner.rulebook.explain import listing

    book = session.book_source()()
    for error in book.errors:
        session.complain(error)
    wanted = frozenset(session.options.kind or Kind)
    sys.stdout.writelines(line + "\n" for line in listing(book, wanted))


def run_rules_show(session: Session) -> None:
    """`cleaner rules show`."""
    from cleaner.rulebook.explain import explanation

    book = session.book_source()()
    rule_id = session.options.id
    if rule_id not in book.rules:
        raise UsageError(f"there is no rule '{rule_id}'{nearest(rule_id, list(book.rules)) or ': see cleaner rules list'}")
    print(explanation(book, book.rules[rule_id]))


def run_rules_test(session: Session) -> None:
    """`cleaner rules test`."""
    from cleaner.selftest import check_rules

    more = (Path(session.options.dir),) if session.options.dir else ()
    if more and not more[0].is_dir():
        raise UsageError(f"{more[0]}: no such folder of rules")
    book = session.book_source(*more)()
    for error in book.errors:
        session.complain(error)
    tested = failed = 0
    for failures in check_rules(book, more[0] if more else None):
        tested += 1
        failed += bool(failures)
        for failure in failures:
            print(failure)
    print(f"{tested} rules tested, {failed} failed")
    if failed:
        session.worst(Exit.USAGE)


def run_rules_try(session: Session) -> None:
    """`cleaner rules try`."""
    from cleaner import reports

    file = Path(session.options.file)
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    source = session.book_source(file)
    drafts = frozenset(rule_id for rule_id, place in source().places.items() if place[0] == str(file))
    engine = session.engine(source, drafts)
    report = reports.create("text", sys.stdout)
    for result in engine.run(session.paths()):
        if isinstance(result, DocumentError):
            session.complain(result)
            continue
        report.add(result)
        if result.findings:
            session.worst(Exit.FINDINGS)
    report.close()


def run_rules_schema(_: Session) -> None:
    """`cleaner rules schema`."""
    from cleaner.rulebook.schema import schema

    print(schema())


def run_rules_docs(session: Session) -> None:
    """`cleaner rules docs`."""
    from cleaner.rulebook.explain import write_pages

    for page in write_pages(session.book_source()(), Path(session.options.dir)):
        print(page)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit code."""
    try:
        options = build_parser().parse_args(arguments)
        session = Session.of(options)
        options.run(session)
    except UsageError as error:
        say(str(error))
        return Exit.USAGE
    return session.exit
