"""A run's settings and what commands do alike: rules, engines, paths, messages and output."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import msgspec

from cleaner import config as configuration
from cleaner.cli.streams import progress, say
from cleaner.errors import DocumentError, Exit, UsageError
from cleaner.files import STDIN
from cleaner.findings import Kind
from cleaner.workspace import Workspace


class Session(msgspec.Struct):
    """A run's settings: the command line over the configuration over the defaults; and its exit code so far."""

    options: argparse.Namespace
    config: configuration.Config
    exit: Exit = Exit.CLEAN
    failures: list[DocumentError] = []
    """The documents that could not be checked."""
    home: Workspace | None = None
    """The folder that decisions are about, where the paths do not say it, or once they have."""

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
        if isinstance(error, DocumentError):
            self.failures.append(error)
        self.worst(getattr(error, "exit_code", Exit.FAILURE))

    def complain_of(self, part: Any) -> None:
        """Print the errors of a rule book or of a checked document, which do not end the run."""
        for error in part.errors:
            self.complain(error)

    def rule_folders(self) -> tuple[Path, ...]:
        """The folders and files of rules, the shipped ones first; UsageError for one that does not exist."""
        from cleaner.rulebook.load import shipped_rules

        configured = [self.config.folder / folder for folder in self.config.rules]
        for folder in configured:
            if not folder.exists():
                raise self.config.error("rules", f"'rules': {folder}: no such file or folder of rules")
        named = [Path(folder) for folder in self.options.rules]
        for folder in named:
            if not folder.exists():
                raise UsageError(f"{folder}: no such file or folder of rules")
        own = self.workspace().rules
        return (shipped_rules(), *configured, *named, *([own] if own.is_file() else []))

    def workspace(self) -> Workspace:
        """The folder that decisions are about."""
        if self.home is None:
            config = self.config.folder if self.config.file else None
            self.home = Workspace.of(getattr(self.options, "paths", ["."]), config)
        return self.home

    def book_source(self, *more: Path) -> BookSource:
        """Where the rules of this run come from; `more` are further folders or files of rules."""
        return BookSource((*self.rule_folders(), *more), self.config, not self.options.no_cache)

    @contextmanager
    def grammar(self, paths: Sequence[str], *, on_screen: bool = False, waited_for: bool = False) -> Iterator[Any]:
        """The LanguageTool that checks `paths`, for the time of the block; None where there is none, or where no finding of it is wanted.

        Where every run is `waited_for`, as a hook's, it must be asked for.
        """
        wanted = not self._kinds or self._kinds & {Kind.GRAMMAR, Kind.TYPO}
        configured = self.config.hook_grammar if waited_for else self.config.grammar
        setting = (self.options.grammar or configured) if wanted and paths else "off"
        if setting == "off":
            yield None
            return
        from cleaner.languagetool.choice import chosen

        with chosen(setting, articles=len(paths), cached=not self.options.no_cache, silent=on_screen, tell=say) as source:
            yield source

    @property
    def _kinds(self) -> frozenset[Kind]:
        """The kinds that were asked for; none for all."""
        return frozenset(self.options.kind or self.config.kinds)

    def job(
        self,
        source: BookSource,
        only: frozenset[str] = frozenset(),
        silence: Any = None,
        suppressions: Any = None,
        grammar: Any = None,
    ) -> Any:
        """What an engine needs besides the paths: of all findings, those that were asked for and are not in `silence` or `suppressions`."""
        from cleaner.engines.worker import Job
        from cleaner.pipeline import Selection
        from cleaner.silence import Silence
        from cleaner.suppression import Suppressions

        options, config = self.options, self.config
        confidence = config.min_confidence if options.min_confidence is None else options.min_confidence
        selection = Selection(confidence, self._kinds, only, silence or Silence(), suppressions or Suppressions())
        return Job(
            PipelineSource(source, selection, self.field, grammar),
            config.max_file_size,
            options.jobs or config.jobs,
            cached=not options.no_cache,
        )

    def engine(self, job: Any) -> Any:
        """The engine of this run; broken rules are complained of."""
        engine: Any
        if getattr(self.options, "engine", "local") == "ray":
            from cleaner.engines.ray import RayEngine

            engine = RayEngine(job, progress.step, self.options.address)
        else:
            from cleaner.engines.local import LocalEngine

            engine = LocalEngine(job, progress.step)
        self.complain_of(engine.pipeline.book)
        return engine

    def results(self, engine: Any, paths: Sequence[str], shown: TextIO) -> Iterator[Any]:
        """The result of each of `paths`, with the progress on a terminal until something is `shown` there."""
        from cleaner.engines.local import STEPS

        progress.start(len(paths), STEPS)
        on_screen = shown.isatty()
        try:
            for result in engine.run(paths):
                if on_screen:
                    progress.stop()
                yield result
        finally:
            progress.stop()

    def verdicts(self, paths: Sequence[str]) -> Any:
        """What reviewers decided of the articles in `paths`."""
        from cleaner.decisions import Verdicts, earlier_rows

        return Verdicts.of(earlier_rows(self.workspace(), paths))

    def silence(self, paths: Sequence[str]) -> Any:
        """What reviewers rejected in the articles in `paths`."""
        from cleaner.silence import Silence

        return self.verdicts(paths).silence() if self.workspace().logs(paths) else Silence()

    def reader(self) -> Callable[[str], Any]:
        """What reads the articles of a path, and gives none where it cannot, of which it complains once."""
        from cleaner.files import read_bytes
        from cleaner.text.article import Article
        from cleaner.text.document import Document
        from cleaner.text.formats import articles

        failed: set[str] = set()

        def read(path: str) -> Sequence[Article]:
            try:
                document = Document.from_bytes(path, read_bytes(path, self.config.max_file_size))
                return articles(document, self.config.language, self.field)
            except DocumentError as error:
                if path not in failed:
                    failed.add(path)
                    self.complain(error)
                return ()

        return read

    def suppressions(self, paths: Sequence[str]) -> Any:
        """What comments, sidecars, the configuration and the baseline keep out of the findings of `paths`."""
        from cleaner.suppression import gather

        suppressions, errors = gather(self.config, self.workspace(), paths)
        for error in errors:
            self.complain(error)
        return suppressions

    @property
    def field(self) -> str:
        """The field that the articles of files of records are in."""
        return getattr(self.options, "field", None) or self.config.field

    @property
    def narrowed(self) -> bool:
        """Whether the command line asks for some findings only, so that what hides none of them may hide others."""
        return bool(self.options.kind) or self.options.min_confidence is not None

    @property
    def whole(self) -> bool:
        """Whether all articles of the workspace are checked: what a part of them shows is less than the findings that were hidden."""
        root = self.workspace().root
        return any(path != STDIN and root.is_relative_to(Path(path).resolve()) for path in self.options.paths)

    def warn_of_unused(self, result: Any) -> None:
        """Name the suppressions in or beside a checked document that hide nothing."""
        for place in () if self.narrowed else result.unused:
            say(f"{place}: hides nothing any more: take it out")

    def paths(self) -> list[str]:
        """The articles of this run; paths without any are complained of."""
        from cleaner.files import discover

        found = []
        for path in discover(self.options.paths, self.config.extensions, self.config.exclude, str(self.config.folder)):
            if isinstance(path, DocumentError):
                self.complain(path)
            else:
                found.append(path)
        return found


class BookSource(msgspec.Struct, frozen=True):
    """Loads a rule book; may be sent to another process."""

    folders: tuple[Path, ...]
    config: configuration.Config
    cached: bool

    def __call__(self) -> Any:
        """The rule book, without the rules that are switched off; names in `disable` that say nothing are among its errors."""
        from cleaner.rulebook.load import load
        from cleaner.suppression import unknown

        book = load(self.folders, self.config.language, cached=self.cached)
        names = book.names if self.config.disable or self.config.ignore else frozenset()
        for name in self.config.disable:
            if name not in names:
                book.errors.append(self.config.error("disable", f"'disable': {unknown(name, names)}"))
        for number, ignored in enumerate(self.config.ignore):
            for rule in ignored.rules:
                if rule not in names:
                    book.errors.append(self.config.error(("ignore", number, "rules"), f"'rules': {unknown(rule, names)}"))
        book.preferred = frozenset(self.config.names.prefer)
        book.apostrophe = configuration.APOSTROPHES[self.config.names.apostrophe]
        return self._styled(book).without(self.config.disable)

    def _styled(self, book: Any) -> Any:
        """The book in the house style that is set; a style that no rule knows is among its errors."""
        wanted = self.config.names.style
        if wanted is None:
            return book
        from cleaner.names.housestyle import in_style, styles

        known = {style.lower(): style for style in styles(book)}
        if wanted.lower() not in known:
            what = f"'names.style': no rule knows the style '{wanted}'; there are {', '.join(sorted(known.values()))}"
            book.errors.append(self.config.error("names", what))
            return book
        return in_style(book, known[wanted.lower()])


class PipelineSource(msgspec.Struct, frozen=True):
    """Builds a pipeline; may be sent to another process."""

    book: BookSource
    selection: Any
    field: str
    grammar: Any = None

    def __call__(self) -> Any:
        """The pipeline over the rule book."""
        from cleaner.pipeline import Pipeline

        return Pipeline(self.book(), self.selection, self.grammar, self.field)
