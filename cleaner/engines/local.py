"""The local engine: one process for a few files, a pool for many; the result is the same."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from cleaner.detectors import Evidence
from cleaner.errors import CleanerError, DocumentError
from cleaner.facts import Facts
from cleaner.files import STDIN, read_bytes
from cleaner.pipeline import Checked, Pipeline
from cleaner.text.article import Article
from cleaner.text.document import Document

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

_CHUNK = 64  # files
_KEPT = 64_000_000  # bytes of articles that one process keeps between the two passes

Result = Checked | DocumentError
Progress = Callable[[int], None]
Paths = Sequence[str]
T = TypeVar("T")


class Job(msgspec.Struct, frozen=True):
    """What an engine needs besides the paths; `pipeline` is called once in every process."""

    pipeline: Callable[[], Pipeline]
    max_file_size: int
    processes: int = 0
    """0 for one a core."""
    grammar: bool = True
    """Whether a pipeline that has LanguageTool asks it; otherwise `add_grammar` does, afterwards."""


class LocalEngine:
    """Runs a job over files; the evidence of the last run is in `evidence`, for checking a file again."""

    def __init__(self, job: Job, progress: Progress = lambda _: None) -> None:
        self._job = job
        self._progress = progress
        self.pipeline = job.pipeline()
        self.evidence = Evidence(Facts())

    def run(self, paths: Sequence[str]) -> Iterator[Result]:
        """The result of each file, in the order of `paths`; `progress` is told of files done, twice each."""
        processes = self._job.processes or os.cpu_count() or 1
        if processes == 1 or len(paths) < 2 * _CHUNK or STDIN in paths:
            return self._serial(paths)
        return self._pooled(paths, processes)

    def recheck(self, document: Document) -> Checked:
        """The findings of a changed document by the evidence of the last run, without LanguageTool's."""
        return self.pipeline.check(self.pipeline.articles(document), self.evidence, grammar=False)

    def add_grammar(self, path: str, digest: str) -> Result:
        """What LanguageTool adds to the findings that the last run had for the file, if it still has the `digest` of then."""
        try:
            with _named(path):
                articles = _read(self.pipeline, path, self._job.max_file_size)
                if articles[0].document.digest != digest:
                    return DocumentError(path, "changed since it was scanned: not checked by LanguageTool; review it again")
                return self.pipeline.check_grammar(articles, self.evidence)
        except DocumentError as error:
            return error

    # --- in this process

    def _serial(self, paths: Sequence[str]) -> Iterator[Result]:
        facts = Facts()
        kept: dict[str, Sequence[Article]] = {}
        failed: dict[str, DocumentError] = {}
        size = 0
        for path in paths:
            try:
                with _named(path):
                    articles = _read(self.pipeline, path, self._job.max_file_size)
                    facts.merge(self.pipeline.observe(*articles))
            except DocumentError as error:
                failed[path] = error
                continue
            size += len(articles[0].document.text)
            if size < _KEPT or path == STDIN:
                kept[path] = articles
            self._progress(1)
        self.evidence = self.pipeline.conclude(facts)
        for path in paths:
            if path in failed:
                yield failed[path]
                continue
            try:
                with _named(path):
                    articles = kept.pop(path) if path in kept else _read(self.pipeline, path, self._job.max_file_size)
                    result: Result = self.pipeline.check(articles, self.evidence, grammar=self._job.grammar)
            except DocumentError as error:
                result = error
            yield result
            self._progress(1)

    # --- in a pool

    def _pooled(self, paths: Sequence[str], processes: int) -> Iterator[Result]:
        chunks = [paths[at : at + _CHUNK] for at in range(0, len(paths), _CHUNK)]
        facts = Facts()
        for part, chunk in self._mapped(_observe_chunk, chunks, processes, None):
            facts.merge(part)
            self._progress(len(chunk))
        self.evidence = self.pipeline.conclude(facts)
        for results, chunk in self._mapped(_find_chunk, chunks, processes, self.evidence):
            yield from results
            self._progress(len(chunk))

    def _mapped(
        self, function: Callable[[Paths], T], chunks: Sequence[Paths], processes: int, evidence: Evidence | None
    ) -> Iterator[tuple[T, Paths]]:
        """`function` of each chunk, in order, with the chunk."""
        import multiprocessing  # a few files need no pool
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool

        context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
        unwanted = context.Event()
        with ProcessPoolExecutor(processes, context, _start, (self._job, evidence, unwanted)) as pool:
            try:
                yield from zip(pool.map(function, chunks), chunks, strict=True)
            except BrokenProcessPool as error:
                raise CleanerError("a worker process was killed: run again, with --jobs 1 if memory is short") from error
            finally:
                unwanted.set()  # if there is a rest: the run was cut short


_worker: tuple[Pipeline, Job, Evidence | None, Event]


def _start(job: Job, evidence: Evidence | None, unwanted: Event) -> None:
    global _worker  # noqa: PLW0603 - the state of a worker process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted and ends the pool
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = (job.pipeline(), job, evidence, unwanted)


def _end_with_parent() -> None:
    """End this worker when its parent does, even if that was killed."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@contextmanager
def _named(path: str) -> Iterator[None]:
    """Turns a lack of memory into an error of the file that it was for."""
    try:
        yield
    except MemoryError as error:
        raise DocumentError(path, "not enough memory to check it: split it, or exclude it") from error


def _read(pipeline: Pipeline, path: str, max_size: int) -> Sequence[Article]:
    return pipeline.articles(Document.from_bytes(path, read_bytes(path, max_size)))


def _observe_chunk(paths: Sequence[str]) -> Facts:
    """The facts of the readable files among `paths`; the others are named in the second pass."""
    pipeline, job, _, unwanted = _worker
    facts = Facts()
    for path in paths:
        if unwanted.is_set():
            break
        try:
            with _named(path):
                facts.merge(pipeline.observe(*_read(pipeline, path, job.max_file_size)))
        except DocumentError:
            continue
    return facts


def _find_chunk(paths: Sequence[str]) -> list[Result]:
    pipeline, job, evidence, unwanted = _worker
    assert evidence is not None
    results: list[Result] = []
    for path in paths:
        if unwanted.is_set():
            break
        try:
            with _named(path):
                articles = _read(pipeline, path, job.max_file_size)
                results.append(pipeline.check(articles, evidence, grammar=job.grammar))
        except DocumentError as error:
            results.append(error)
    return results
