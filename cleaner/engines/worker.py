"""The two passes over files, in one process: what they show, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from cleaner.detectors import Evidence
from cleaner.errors import DocumentError
from cleaner.facts import Facts
from cleaner.files import STDIN, read_bytes
from cleaner.pipeline import Checked, Pipeline
from cleaner.text.article import Article
from cleaner.text.document import Document, digest

if TYPE_CHECKING:
    from cleaner.engines.trace import Trace

Result = Checked | DocumentError

KEPT = 2_000_000
"""Code points of articles that are kept between the two passes, with all that was worked out of them: a hundred times as much."""


class Job(msgspec.Struct, frozen=True):
    """What an engine needs besides the paths; `pipeline` is called once in every process."""

    pipeline: Callable[[], Pipeline]
    max_file_size: int
    processes: int = 0
    """0 for one a core."""
    grammar: bool = True
    """Whether a pipeline that has LanguageTool asks it; otherwise `add_grammar` does, afterwards."""
    cached: bool = False
    """Whether what is found is kept for the next run."""


class Observed(msgspec.Struct):
    """What files show, and the digest of each; None for one that could not be read."""

    facts: Facts
    digests: list[str | None]


class Found(msgspec.Struct):
    """The result of a file; the digest of the file, None if it could not be read; and what to keep of it, if anything."""

    result: Result
    digest: str | None
    trace: Trace | None = None


class _Read(msgspec.Struct):
    """The articles of a file, or why there are none, and its digest."""

    articles: Sequence[Article] | DocumentError
    digest: str | None = None


class Worker:
    """Does both passes; where it `keeps` articles between them, files are read once as long as there are not too many."""

    def __init__(self, pipeline: Pipeline, job: Job, *, keeps: bool = False) -> None:
        self._pipeline = pipeline
        self._job = job
        self._keeps = keeps
        self._kept: dict[str, _Read] = {}
        self._size = 0
        self._sound = True
        """Whether all rules are searched: one that takes too long is left out from there on."""

    def observe(self, paths: Sequence[str]) -> Observed:
        """What the readable files among `paths` show; the others are named in the second pass."""
        seen = Observed(Facts(), [])
        for path in paths:
            read = self._read(path)
            if not isinstance(read.articles, DocumentError):
                try:
                    seen.facts.merge(self._pipeline.observe(*read.articles))
                except MemoryError:
                    read = _Read(too_little_memory(path))
            seen.digests.append(read.digest)
            self._keep(path, read)
        return seen

    def search(self, paths: Sequence[str], evidence: Evidence) -> list[Found]:
        """What is found in each of `paths` by the evidence of all."""
        return [self._search(path, evidence) for path in paths]

    def _search(self, path: str, evidence: Evidence) -> Found:
        read = self._kept.pop(path, None) or self._read(path)
        articles = read.articles
        if isinstance(articles, DocumentError):
            return Found(articles, read.digest)
        asked = evidence.recording() if self._job.cached else evidence
        try:
            searched = self._pipeline.search(articles, asked, grammar=self._job.grammar)
            checked = self._pipeline.settle(searched, lambda: articles)
        except MemoryError:
            return Found(too_little_memory(path), None)
        self._sound = self._sound and not searched.errors
        if not (self._job.cached and self._sound):
            return Found(checked, read.digest)
        from cleaner.engines.trace import traced  # only where something is kept

        return Found(checked, read.digest, traced(searched, checked, articles, asked, self._pipeline))

    def _read(self, path: str) -> _Read:
        mark = None
        try:
            data = read_bytes(path, self._job.max_file_size)
            mark = digest(data)
            return _Read(self._pipeline.articles(Document.from_bytes(path, data)), mark)
        except DocumentError as error:
            return _Read(error, mark)
        except MemoryError:
            return _Read(too_little_memory(path))

    def _keep(self, path: str, read: _Read) -> None:
        size = 0 if isinstance(read.articles, DocumentError) else len(read.articles[0].document.text)
        if path == STDIN or (self._keeps and self._size + size < KEPT):
            self._size += size
            self._kept[path] = read


def read_document(path: str, max_size: int) -> Document | DocumentError:
    """The document in a file, or why there is none."""
    try:
        return Document.from_bytes(path, read_bytes(path, max_size))
    except DocumentError as error:
        return error
    except MemoryError:
        return too_little_memory(path)


def too_little_memory(path: str) -> DocumentError:
    """The error of a file that needs more memory than there is."""
    return DocumentError(path, "not enough memory to check it: split it, or exclude it")
