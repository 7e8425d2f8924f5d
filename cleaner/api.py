"""The public Python API, loaded by the first use of what `cleaner` exports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from cleaner import findings
from cleaner.cli import build_parser
from cleaner.cli.session import BookSource, PipelineSource, Session
from cleaner.config import Config, load, load_file
from cleaner.errors import CleanerError, UsageError, nearest
from cleaner.findings import Kind
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.rulebook.load import shipped_rules

Source = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
OnError = Callable[[CleanerError], object]


class Finding(findings.Finding, frozen=True):
    """A finding with its place, readable without its document."""

    path: str = ""
    """The file as it was given; ``-`` for a text."""
    line: int = 0
    """Of the start of `span`, from 1."""
    column: int = 0
    """Of the start of `span`, from 1, in code points."""
    replaced_by: tuple[str, ...] = ()
    """What `span` reads after each fix, best first; nothing for advice."""


def check(
    source: Source,
    *,
    kinds: Iterable[str] = (),
    min_confidence: float | None = None,
    rules: Iterable[str | os.PathLike[str]] = (),
    config: str | os.PathLike[str] | None = None,
    jobs: int = 1,
    on_error: OnError | None = None,
) -> list[Finding]:
    """The findings in a text (a `str`), a file or folder (a path), or several of them, in the order of files and texts.

    `kinds`, `min_confidence` (0 to 1), `rules` and `config` are those of the command line. `jobs` processes are used. `on_error` is
    told of what need not end the run: files that cannot be read, rules that are broken; without it the first is raised. CleanerError
    for these, and for arguments that cannot be used.
    """
    wanted = frozenset(map(_kind, kinds))
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence: {min_confidence} is not a number from 0 to 1")
    folders = tuple(Path(folder).absolute() for folder in rules)
    named = os.path.abspath(config) if config is not None else None
    if isinstance(source, str):
        pipeline = _pipeline(folders, named, wanted, min_confidence)
        result = pipeline.check_text(source)
        _tell([*pipeline.book.errors, *result.errors], on_error)
        return list(_placed(result))
    paths = [os.fspath(path) for path in ([source] if isinstance(source, os.PathLike) else source)]
    run = _Run.over(paths, named, on_error)
    run.options.rules, run.options.kind, run.options.min_confidence, run.options.jobs = folders, wanted, min_confidence, jobs
    return list(run.findings())


def _kind(name: str) -> Kind:
    if name not in list(Kind):
        raise UsageError(f"kinds: unknown kind '{name}'{nearest(name, list(Kind))}")
    return Kind(name)


@lru_cache(maxsize=4)
def _pipeline(folders: tuple[Path, ...], config: str | None, kinds: frozenset[Kind], min_confidence: float | None) -> Pipeline:
    """What checks a text: by nothing but the shipped rules and what is named."""
    settings = load_file(config) if config else Config()
    for folder in folders:
        if not folder.exists():
            raise UsageError(f"{folder}: no such file or folder of rules")
    confidence = settings.min_confidence if min_confidence is None else min_confidence
    configured = (settings.folder / folder for folder in settings.rules)
    source = BookSource((shipped_rules(), *configured, *folders), settings, cached=True)
    pipeline: Pipeline = PipelineSource(source, Selection(confidence, kinds or frozenset(settings.kinds)), settings.field)()
    return pipeline


class _Run(Session):
    """A run of `cleaner report` that gives its findings and errors to the caller."""

    on_error: OnError | None = None

    @classmethod
    def over(cls, paths: list[str], config: str | None, on_error: OnError | None) -> _Run:
        """The run over `paths`, at least one."""
        if not paths:
            raise UsageError("there are no paths to check")
        options = build_parser().parse_args(["report", "--", *paths])
        return cls(options, load_file(config) if config else load(paths[0]), on_error=on_error)

    def complain(self, error: Exception) -> None:
        """Give an error to the caller."""
        assert isinstance(error, CleanerError)
        _tell([error], self.on_error)

    def findings(self) -> Iterator[Finding]:
        """The findings, file by file."""
        paths = self.paths()
        engine = self.engine(self.job(self.book_source(), silence=self.verdicts(paths).silence()))
        for result in engine.run(paths):
            if isinstance(result, CleanerError):
                self.complain(result)
            else:
                self.complain_of(result)
                yield from _placed(result)


def _tell(errors: Iterable[CleanerError], on_error: OnError | None) -> None:
    for error in errors:
        if on_error is None:
            raise error
        on_error(error)


def _placed(result: Checked) -> Iterator[Finding]:
    document = result.document
    for finding in result.findings:
        place = document.position(finding.span.start)
        yield Finding(
            **{field.name: getattr(finding, field.name) for field in msgspec.structs.fields(finding)},
            path=document.path,
            line=place.line,
            column=place.column,
            replaced_by=finding.replacements,
        )
