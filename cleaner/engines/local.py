"""The local engine: one process for a few files, a pool for many, and a memory of earlier runs; the result is the same."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.detectors import Evidence
from cleaner.engines.chunks import Chunk, Digests, Entry, chunked, spanned
from cleaner.engines.worker import Found, Job, Observed, Result, Worker, read_document, too_little_memory
from cleaner.errors import DocumentError
from cleaner.facts import Facts
from cleaner.files import STDIN, read_bytes
from cleaner.pipeline import Checked, Pipeline, Searched
from cleaner.text.document import Document

if TYPE_CHECKING:
    from cleaner.engines.memory import Memory

__all__ = ["Job", "LocalEngine", "Result"]

_POOLED = 128
"""Of fewer files a pool would do no more than start."""
_TASK = 16
"""So many files are searched at once: the last tasks of a run are short, so that no process waits long for another."""
_SPAN = "span"
"""What is remembered of a span of chunks: a change costs the sum of one span, and of what the others show together."""
_REMEMBERED = 16
"""Fewer files are read sooner than what is remembered of them."""

STEPS = 5
"""The steps of a file on its way through a run: one until it is observed, the others until it is searched, which takes longer."""

Progress = Callable[[int], None]


class LocalEngine:
    """Runs a job over files; the evidence of the last run is in `evidence`, for checking a file again."""

    def __init__(self, job: Job, progress: Progress = lambda _: None) -> None:
        self._job = job
        self._progress = progress
        self.pipeline = job.pipeline()
        self._last = _Run(self.pipeline, job, [], progress)

    @property
    def evidence(self) -> Evidence:
        """What the files of the last run show."""
        return self._last.evidence

    def run(self, paths: Sequence[str]) -> Iterator[Result]:
        """The result of each file, in the order of `paths`; `progress` is told of steps done (`STEPS` a file)."""
        self._last = _Run(self.pipeline, self._job, paths, self._progress)
        return self._last.results()

    def recheck(self, document: Document) -> Checked:
        """The findings of a changed document by the evidence of the last run, without LanguageTool's."""
        return self.pipeline.check(self.pipeline.articles(document), self.evidence, grammar=False)

    def add_grammar(self, path: str, mark: str) -> Result:
        """What LanguageTool adds to the findings that the last run had for the file, if its digest still is `mark`."""
        try:
            articles = self.pipeline.articles(Document.from_bytes(path, read_bytes(path, self._job.max_file_size)))
            if articles[0].document.digest != mark:
                return DocumentError(path, "changed since it was scanned: not checked by LanguageTool; review it again")
            return self.pipeline.check_grammar(articles, self.evidence)
        except DocumentError as error:
            return error
        except MemoryError:
            return too_little_memory(path)


class _Holding(msgspec.Struct, frozen=True):
    """What holds of what is known of a chunk: the `entries` of files, and what was `asked` for each."""

    entries: dict[str, Entry]
    asked: dict[str, bytes]


class _Run:
    """One run over `paths`."""

    def __init__(self, pipeline: Pipeline, job: Job, paths: Sequence[str], progress: Progress) -> None:
        self._pipeline = pipeline
        self._progress = progress
        self._memory = self._recollection(job, paths)
        self._job = msgspec.structs.replace(job, cached=self._memory is not None)
        self._chunks = list(chunked(paths))
        processes = job.processes or os.cpu_count() or 1
        self._processes = 1 if len(paths) < _POOLED or STDIN in paths else processes
        self._worker = Worker(pipeline, self._job, keeps=self._processes == 1)
        self._digests: list[Digests] = []
        self._lost: dict[str, DocumentError] = {}
        self._done = 0
        """So many chunks need no evidence."""
        self._sound = True
        """Whether the evidence is that of the files as they were identified."""

    def _recollection(self, job: Job, paths: Sequence[str]) -> Memory | None:
        if not job.cached or len(paths) < _REMEMBERED or STDIN in paths:
            return None
        searching = self._pipeline.sign_of_search(grammar=job.grammar)
        if searching is None:
            return None
        from cleaner.engines.memory import Memory  # SQLite: only where something is kept
        from cleaner.engines.store import FactStore

        return Memory(FactStore(), self._pipeline, searching, job.max_file_size)

    def results(self) -> Iterator[Result]:
        """The result of each file, in order."""
        state = b""
        if self._memory:
            self._digests = self._memory.identify(self._chunks)
            state = self._memory.state(self._chunks, self._digests)
        for chunk, known in zip(self._chunks, self._unchanged(state), strict=False):
            self._done += 1
            before = dict(known)
            for path in chunk:
                yield self._recalled(path, known)
            if self._memory and known != before:
                self._memory.keep_found(chunk, state, known)
            self._progress(STEPS * len(chunk))
        if self._done < len(self._chunks):
            yield from self._search(state)

    # --- what is remembered

    def _unchanged(self, state: bytes) -> Iterator[dict[str, Entry]]:
        """What is known of each chunk as long as that is all, and neither files nor rules changed anywhere."""
        for number, (then, entries) in enumerate(self._memory.found(self._chunks) if self._memory else ()):
            if then != state or self._fitting(number, entries).keys() != self._readable(number):
                return
            yield entries

    def _fitting(self, number: int, entries: dict[str, Entry]) -> dict[str, Entry]:
        """Those of `entries` that are about the files of a chunk as they are."""
        files = zip(self._chunks[number], self._digests[number], strict=True)
        return {path: entries[path] for path, mark in files if mark and path in entries and entries[path].digest == mark}

    def _readable(self, number: int) -> set[str]:
        return {path for path, mark in zip(self._chunks[number], self._digests[number], strict=True) if mark}

    def _holding(self, number: int, entries: dict[str, Entry]) -> _Holding:
        """What of the `entries` that are known of a chunk holds by the evidence."""
        if not (self._memory and self._sound):
            return _Holding({}, {})
        from cleaner.engines.trace import answered

        fitting = self._fitting(number, entries)
        known = self._memory.asked(self._chunks[number]) if fitting else {}
        holding = _Holding({}, {})
        for path, entry in fitting.items():
            answers = answered(entry.answers, known[path], self.evidence, self._pipeline.book) if path in known else None
            if answers is not None:
                holding.entries[path], holding.asked[path] = msgspec.structs.replace(entry, answers=answers), known[path]
        return holding

    def _recalled(self, path: str, known: dict[str, Entry]) -> Result:
        """The result of a file as it is remembered; of one that cannot be read, or changed just now, as it is.

        `known` is brought up to date where other decisions hold than when the file was last shown.
        """
        from cleaner.engines.shown import recalled
        from cleaner.engines.trace import Kept, kept, showing

        entry = known.get(path)
        if entry:
            sign = self._pipeline.sign_of_settling(path)
            checked = recalled(path, entry.digest, entry.shown, sign, self._job.max_file_size)
            if checked:
                return checked
        what = kept(entry.found) if entry else Kept()
        if what.failure:
            return DocumentError(*what.failure)
        read = read_document(path, self._job.max_file_size)
        if isinstance(read, DocumentError):
            return read
        if entry is None or read.digest != entry.digest:
            return self._worker.search([path], self.evidence)[0].result
        checked = self._pipeline.settle(Searched(read, what.findings), lambda: self._pipeline.articles(read))
        known[path] = msgspec.structs.replace(entry, shown=showing(what, checked, self._pipeline))
        return checked

    # --- the evidence

    @cached_property
    def evidence(self) -> Evidence:
        """What the files show, with what follows from it."""
        facts = Facts()
        open_: deque[tuple[range, Facts, list[int]]] = deque()
        for span in spanned(self._chunks):
            seen, unknown = self._seen(span)
            if unknown:
                open_.append((span, seen, unknown))
            else:
                facts.merge(seen)
        tasks = [self._chunks[number] for _, _, unknown in open_ for number in unknown]
        with self._mapped(self._worker.observe, partial(_observer, self._job), tasks) as pieces:
            while open_:  # what is merged is let go of
                span, seen, unknown = open_.popleft()
                for number in unknown:
                    seen.merge(self._observed(number, pieces))
                self._keep_sum(span, seen)
                facts.merge(seen)
        return self._pipeline.conclude(facts)

    def _seen(self, span: range) -> tuple[Facts, list[int]]:
        """What the files of a span of chunks show, as far as it is known, and the numbers of the chunks of which it is not."""
        if self._memory is None:
            return Facts(), [*span]
        known = self._memory.facts(*self._files(span), _SPAN) if len(span) > 1 else None
        facts, unknown = known or Facts(), list[int]()
        for number in span:
            chunk = self._chunks[number]
            if known is None:
                seen = self._memory.facts(chunk, self._digests[number])
                if seen is None:
                    unknown.append(number)
                    continue
                facts.merge(seen)
            self._step(number, len(chunk))
        if known is None and not unknown:
            self._keep_sum(span, facts)
        return facts, unknown

    def _keep_sum(self, span: range, facts: Facts) -> None:
        """Keep what all files of a span of chunks show."""
        if self._memory and self._sound and len(span) > 1:
            self._memory.keep_facts(*self._files(span), facts, _SPAN)

    def _files(self, span: range) -> tuple[list[str], list[str | None]]:
        """The files of a span of chunks, and their digests."""
        first, end = span.start, span.stop
        return [*chain.from_iterable(self._chunks[first:end])], [*chain.from_iterable(self._digests[first:end])]

    def _observed(self, number: int, pieces: Iterator[tuple[Chunk, Observed | None]]) -> Facts:
        """What the files of a chunk show, which the next pieces are about; it is kept if they are as they were identified."""
        facts, digests = Facts(), list[str | None]()
        chunk = self._chunks[number]
        while len(digests) < len(chunk):
            paths, seen = next(pieces)
            if seen is None:
                self._lost |= {path: _killed(path) for path in paths}
                seen = Observed(Facts(), [None] * len(paths))
                self._sound = False
            digests += seen.digests
            facts.merge(seen.facts)
            self._step(number, len(paths))
        if self._memory:
            self._sound = self._sound and digests == self._digests[number]
            if self._sound:
                self._memory.keep_facts(chunk, digests, facts)
        return facts

    def _step(self, number: int, files: int) -> None:
        if number >= self._done:  # the others are done altogether
            self._progress(files)

    # --- the search

    def _search(self, state: bytes) -> Iterator[Result]:
        """The results of the rest of the files by the evidence, where none are remembered that hold."""
        evidence = self.evidence
        plans: deque[_Holding] = deque()
        rest = range(self._done, len(self._chunks))

        def tasks() -> Iterator[Chunk]:
            known = self._memory.found(self._chunks[self._done :]) if self._memory else repeat((b"", dict[str, Entry]()))
            for number, (_, entries) in zip(rest, known, strict=False):
                holding = self._holding(number, entries)
                plans.append(holding)
                todo = [path for path in self._chunks[number] if path not in holding.entries and path not in self._lost]
                yield from (todo[at : at + _TASK] for at in range(0, len(todo) or 1, _TASK))

        search = partial(self._worker.search, evidence=evidence)
        with self._mapped(search, partial(_searcher, self._job, evidence), tasks()) as pieces:
            ready: deque[Found] = deque()
            for number in rest:
                while not plans:
                    ready += _founds(*next(pieces, ((), [])))
                holding, new = plans.popleft(), dict[str, Found]()
                for path in self._chunks[number]:
                    if path in holding.entries:
                        yield self._recalled(path, holding.entries)
                    elif path in self._lost:
                        yield self._lost[path]
                    else:
                        while not ready:
                            ready += _founds(*next(pieces))
                        new[path] = ready.popleft()
                        yield new[path].result
                    self._progress(STEPS - 1)
                self._keep(number, state, holding, new)

    def _keep(self, number: int, state: bytes, holding: _Holding, new: dict[str, Found]) -> None:
        """Remember what was found in a chunk."""
        if not (self._memory and self._sound):
            return
        from cleaner.engines.trace import failed

        chunk = self._chunks[number]
        entries, asked = dict(holding.entries), dict(holding.asked)
        for path, mark in zip(chunk, self._digests[number], strict=True):
            if path in new and mark and new[path].digest == mark:
                found = new[path]
                trace = failed(found.result) if isinstance(found.result, DocumentError) else found.trace
                if trace:
                    entries[path] = Entry(mark, trace.found, trace.answers, trace.shown)
                    asked[path] = trace.asked
        if asked != holding.asked:
            self._memory.keep_asked(chunk, asked)
        self._memory.keep_found(chunk, state, entries)

    @contextmanager
    def _mapped(
        self, here: Callable[[Chunk], Any], start: Callable[[], Callable[[Chunk], Any]], tasks: Iterable[Chunk]
    ) -> Iterator[Iterator[tuple[Chunk, Any]]]:
        """What is made of the files of each task, in order: file by file `here`, or in a pool whose workers begin with `start`."""
        if self._processes == 1:
            yield (((path,), here((path,))) if path else ((), None) for task in tasks for path in task or [""])
            return
        from cleaner.engines.pool import Pool  # a few files need none

        with ExitStack() as stack:
            yield stack.enter_context(Pool(self._processes, start, _file_by_file)).map(tasks)


def _file_by_file(paths: Chunk) -> Sequence[Chunk]:
    return [(path,) for path in paths]


def _observer(job: Job) -> Callable[[Chunk], Observed]:
    return Worker(job.pipeline(), job).observe


def _searcher(job: Job, evidence: Evidence) -> Callable[[Chunk], list[Found]]:
    return partial(Worker(job.pipeline(), job).search, evidence=evidence)


def _founds(paths: Chunk, found: list[Found] | None) -> list[Found]:
    return [Found(_killed(path), None) for path in paths] if found is None else found


def _killed(path: str) -> DocumentError:
    return DocumentError(
        path, "not checked: the process that checked it was killed, twice: if memory is short, exclude it or use --jobs 1"
    )
