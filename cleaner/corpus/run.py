"""A run over a data set: observe each shard, merge part by part, conclude, find shard by shard. What is done, from whichever run, is kept.

Workers read and write the shards themselves; what passes between them and this process are numbers, the parts of the merged facts and the evidence.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence

import msgspec

from cleaner.atomic import replacing
from cleaner.corpus import shards
from cleaner.corpus.findings import Judged, told, writing
from cleaner.corpus.records import PARTS, Outcome, Output
from cleaner.corpus.shards import Columns, Row
from cleaner.engines.signs import key_of
from cleaner.engines.worker import Job, too_little_memory
from cleaner.engines.workers import Context, Lost, Workers
from cleaner.errors import DocumentError, because
from cleaner.facts import Facts
from cleaner.pipeline import Pipeline
from cleaner.text.article import Article
from cleaner.text.document import Document

_TOLD = 20
"""So many of a shard's failures are named."""


class DataSet(msgspec.Struct, frozen=True):
    """What a run is about: the shards below `root` and their columns, and where the findings go; `settings` stands for all that is set."""

    root: str
    output: str
    columns: Columns
    settings: str
    with_text: bool = False

    def path(self, shard: str) -> str:
        """Where a shard is."""
        return self.root if os.path.isfile(self.root) else os.path.join(self.root, shard)


class Done(msgspec.Struct, frozen=True):
    """A shard that is done; `kept` says whether it was so before."""

    shard: str
    outcome: Outcome
    kept: bool


class CorpusRun:
    """A run over the shards of a data set."""

    def __init__(self, data: DataSet, job: Job, pipeline: Pipeline, progress: Callable[[int], None] = lambda _: None) -> None:
        self._data = data
        self._job = job
        self._pipeline = pipeline
        self._progress = progress

    def run(self, names: Sequence[str], workers: Workers) -> Iterator[Done | DocumentError]:
        """The outcome of each shard, in order; `progress` is told of shards done, twice each."""
        failed: dict[str, DocumentError] = {}
        digests: dict[str, str] = {}
        observing = _Observing(self._data, Context(self._job), self._observing_key())
        for shard, digest in workers.mapped(_observe, observing, names):
            if isinstance(digest, str):
                digests[shard] = digest
            else:
                failed[shard] = self._named(shard, digest)
            self._progress(1)
        facts_key = _key(observing.key, *sorted(digests.values()))
        output, keys = (
            Output(self._data.output),
            {shard: _key(digest, facts_key, self._data.settings) for shard, digest in digests.items()},
        )
        kept = {shard: known for shard, key in keys.items() if (known := output.outcome(shard)) and known.key == key}
        todo = [_Order(shard, digests[shard], key) for shard, key in keys.items() if shard not in kept]
        found = self._found(todo, list(digests), workers)
        for shard in names:
            if shard in kept:
                yield Done(shard, kept[shard], kept=True)
            elif shard in failed:
                yield failed[shard]
            else:
                outcome = next(found)
                yield Done(shard, outcome, kept=False) if isinstance(outcome, Outcome) else self._named(shard, outcome)
            self._progress(1)

    def _observing_key(self) -> str:
        """What stands for all that facts follow from but the shards."""
        return key_of("corpus", self._pipeline.sign_of_facts.hex(), self._data.columns.text, str(self._job.max_file_size)).hex()

    def _found(
        self, todo: Sequence[_Order], observed: Sequence[str], workers: Workers
    ) -> Iterator[Outcome | DocumentError | Lost]:
        if not todo:
            return
        facts = Facts()
        for number, part in workers.mapped(_merge, (self._data, observed), range(PARTS)):
            if isinstance(part, Lost):
                raise DocumentError(self._data.output, f"part {number} of the facts cannot be merged: {part}")
            facts.merge(part)
        context = Context(self._job, self._pipeline.conclude(facts))
        for _, outcome in workers.mapped(_find, (self._data, context), todo):
            yield outcome

    def _named(self, shard: str, failure: DocumentError | Lost) -> DocumentError:
        return DocumentError(self._data.path(shard), str(failure)) if isinstance(failure, Lost) else failure


def _key(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


# --- in the workers


class _Observing(msgspec.Struct, frozen=True):
    data: DataSet
    context: Context
    key: str


class _Order(msgspec.Struct, frozen=True):
    """A shard to be checked, as it was when it was observed, and what its findings will follow from."""

    shard: str
    digest: str
    key: str


def _observe(observing: _Observing, shard: str) -> str | DocumentError:
    """The digest of a shard, whose facts are stored now."""
    data, path = observing.data, observing.data.path(shard)
    output, context = Output(data.output), observing.context
    try:
        digest = shards.digest(path)
        key = _key(digest, observing.key)
        if not output.has_facts(shard, key):
            facts = Facts()
            for row in shards.rows(path, data.columns, context.job.max_file_size):
                if not row.wrong:
                    facts.merge(context.pipeline.observe(*_articles(context, path, row)))
            output.keep_facts(shard, key, facts)
    except DocumentError as error:
        return error
    except MemoryError:
        return DocumentError(path, "not enough memory to gather its facts: split it")
    return digest


def _merge(work: tuple[DataSet, Sequence[str]], number: int) -> Facts:
    """One part of the facts of all shards."""
    data, names = work
    output, merged = Output(data.output), Facts()
    for shard in names:
        merged.merge(output.facts(shard, number))
    merged.settle()
    return merged


def _find(work: tuple[DataSet, Context], order: _Order) -> Outcome | DocumentError:
    """What the findings of a shard came to, which are written now."""
    data, context = work
    path, output = data.path(order.shard), Output(data.output)
    target = output.findings(order.shard)
    rows = findings = failed = 0
    failures: list[tuple[int, str]] = []
    try:
        if shards.digest(path) != order.digest:
            return DocumentError(path, "changed while it was checked: run again")
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file, writing(path, file, with_text=data.with_text) as sink:
            for row in shards.rows(path, data.columns, context.job.max_file_size):
                judged = _judged(context, path, row)
                sink.add(judged)
                rows += 1
                findings += len(judged.findings)
                if judged.error is not None:
                    failed += 1
                    failures += [(row.number, judged.error)] if failed <= _TOLD else []
    except DocumentError as error:
        return error
    except OSError as error:
        return DocumentError(str(target), f"cannot be written: {because(error)}")
    except MemoryError:
        return too_little_memory(path)
    outcome = Outcome(order.key, target.stat().st_size, rows, findings, failed, failures)
    output.keep(order.shard, outcome)
    return outcome


def _judged(context: Context, path: str, row: Row) -> Judged:
    if row.wrong:
        return Judged(row.id, row.number, "", [], row.wrong)
    articles = _articles(context, path, row)
    digest = articles[0].document.digest
    try:
        checked = context.pipeline.check(articles, context.evidence)
    except MemoryError:
        return Judged(row.id, row.number, digest, [], "not enough memory to check it", row.text)
    error = "; ".join(map(str, checked.errors)) or None
    return Judged(row.id, row.number, digest, told(checked), error, row.text)


def _articles(context: Context, path: str, row: Row) -> Sequence[Article]:
    articles = context.pipeline.articles(Document.from_text(f"{path}:{row.number}", row.text))
    for article in articles:
        article.origin = row.origin
    return articles
