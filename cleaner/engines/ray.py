"""Ray: the pipeline over the machines of a cluster, or over the processes of a cluster that is started on this one for the run.

Facts are merged by the workers, part by part, in trees, so that no process holds more than the parts and their sum. Files are read where
the tasks run: the machines share the folder.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from cleaner.engines.local import STEPS, Job, LocalEngine, Progress, Result
from cleaner.engines.worker import Worker
from cleaner.engines.workers import Context, Lost
from cleaner.errors import CleanerError, DocumentError, UsageError, because
from cleaner.facts import Facts
from cleaner.files import STDIN

if TYPE_CHECKING:
    from types import FrameType, ModuleType

_CHUNK = 64  # files
_AHEAD = 4
"""So many tasks a processor are begun before the first of them is done, at most."""
_PATIENCE = 5.0  # seconds
_RETRIES = 2
_FANNED = 8
"""So many parts are merged by one task."""

Paths = Sequence[str]
S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def ray_workers(address: str | None, processes: int) -> Iterator[RayWorkers]:
    """The cluster at `address` or, without one, RAY_ADDRESS, or else one of so many processes for the time of the block."""
    address = address or os.environ.get("RAY_ADDRESS") or None
    ray = _loaded()
    if address:
        _check_reachable(address)
    local: dict[str, Any] = {"num_cpus": processes or os.cpu_count(), "include_dashboard": False}
    termination = _Termination()
    try:
        ray.init(address, log_to_driver=False, logging_level="critical", **({} if address else local))
    except (ConnectionError, ValueError, RuntimeError) as error:
        what = f"{address}: this cluster of Ray cannot be used" if address else "Ray cannot be started"
        raise CleanerError(f"{what}: {' '.join(str(error).split())}") from error
    try:
        with termination.heeded():
            yield RayWorkers(ray)
    finally:
        with _unheard():
            ray.shutdown()


@contextmanager
def _unheard() -> Iterator[None]:
    """What is written to the standard error in the block, by whatever code, is lost: Ray's core complains there of tasks that are cut short."""
    sys.stderr.flush()
    before, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nowhere)


class _Termination:
    """What the program does when it is terminated: Ray puts its own handler there, and makes another exception of what ours raises."""

    def __init__(self) -> None:
        self._handler: Any = signal.getsignal(signal.SIGTERM)
        self._raised: BaseException | None = None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Terminated, the block ends as it would without Ray."""
        if callable(self._handler) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self._handle)
        try:
            yield
        except SystemExit:
            if self._raised:
                raise self._raised from None
            raise

    def _handle(self, number: int, frame: FrameType | None) -> None:
        try:
            self._handler(number, frame)
        except BaseException as error:
            self._raised = error
            raise


def _check_reachable(address: str) -> None:
    """CleanerError where nobody listens at `address`: Ray would ask for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdecimal():
        return  # a word of Ray's, as auto
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        what = because(error) if isinstance(error, OSError) else "no port"
        raise CleanerError(f"{address}: no cluster of Ray answers there: {what}") from error


def _loaded() -> ModuleType:
    """Ray, told to tell nobody, neither its makers nor the standard output; UsageError where it is not installed."""
    os.environ.update(
        RAY_USAGE_STATS_ENABLED="0",
        RAY_enable_metrics_collection="0",
        RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO="0",
        RAY_IGNORE_UNHANDLED_ERRORS="1",  # of the facts of a file whose worker was killed nobody asks
        RAY_DEDUP_LOGS="1",
        RAY_DEDUP_LOGS_SKIP_REGEX=".",  # what it says of killed workers would stand in the report
    )
    try:
        import ray
    except ImportError as error:
        raise UsageError("this engine needs Ray: pip install 'cleaner[ray]'") from error
    return ray


class RayWorkers:
    """The workers of a Ray cluster."""

    def __init__(self, ray: ModuleType) -> None:
        self._ray = ray
        self.processes = max(1, int(ray.cluster_resources().get("CPU", 1)))

    def mapped(self, task: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """See `Workers`."""
        carried_out = self.remote(_carry_out)
        common, rest = [self._ray.put(shared)], iter(items)
        pending: deque[tuple[T, Any]] = deque()
        while True:
            for item in islice(rest, self.processes * _AHEAD - len(pending)):
                pending.append((item, carried_out.remote(task, common, item)))
            if not pending:
                return
            item, reference = pending.popleft()
            yield item, self.got(reference)

    def observed(self, context: Context, chunks: Iterable[Paths]) -> Iterator[tuple[Paths, list[Any] | Lost]]:
        """For each chunk of files, as they are done, references to the parts of its facts."""
        observe = self.remote(_observe, num_returns=self.processes + 1)
        common, rest = [self._ray.put(context)], iter(chunks)
        pending: dict[Any, tuple[Paths, list[Any]]] = {}
        while True:
            for chunk in islice(rest, self.processes * _AHEAD - len(pending)):
                done, *parts = observe.remote(common, chunk, self.processes)
                pending[done] = chunk, parts
            if not pending:
                return
            (done, *_), _ = self._ray.wait(list(pending))
            chunk, parts = pending.pop(done)
            failure = self.got(done)
            yield chunk, failure if isinstance(failure, Lost) else parts

    def remote(self, function: Callable[..., Any], **options: Any) -> Any:
        """`function` as a task that is tried again where its worker ends."""
        return self._ray.remote(max_retries=_RETRIES, **options)(function)

    def got(self, reference: Any) -> Any:
        """The result of a task, or that it is lost; CleanerError where it raised one."""
        lost = self._ray.exceptions
        try:
            return self._ray.get(reference)
        except (lost.WorkerCrashedError, lost.OutOfMemoryError, lost.NodeDiedError):
            return Lost(_RETRIES + 1)
        except lost.RayTaskError as error:
            if isinstance(error.cause, CleanerError):
                raise error.cause from None
            raise


class Merging:
    """Merges parts as they come, in one tree a part: what waits is fewer than `_FANNED` references on each level."""

    def __init__(self, workers: RayWorkers) -> None:
        self._workers = workers
        self._merge = workers.remote(_merge)
        self._trees: list[list[list[Any]]] = [[] for _ in range(workers.processes)]

    def add(self, parts: Iterable[Any]) -> None:
        """Take references to all parts of some facts."""
        for tree, part in zip(self._trees, parts, strict=True):
            self._add(tree, 0, part)

    def _add(self, tree: list[list[Any]], level: int, part: Any) -> None:
        if level == len(tree):
            tree.append([])
        tree[level].append(part)
        if len(tree[level]) == _FANNED:
            merged, tree[level] = self._merge.remote(False, *tree[level]), []  # noqa: FBT003 - Ray's arguments have no names
            self._add(tree, level + 1, merged)

    def merged(self) -> Facts:
        """What all that was added comes to, settled."""
        merged = Facts()
        roots = [self._merge.remote(True, *(part for level in tree for part in level)) for tree in self._trees]  # noqa: FBT003
        for root in roots:
            part = self._workers.got(root)
            if isinstance(part, Lost):
                raise CleanerError(f"the facts of the articles could not be merged: {part}")
            merged.merge(part)
        return merged


class RayEngine:
    """Runs a job over files, on a cluster."""

    def __init__(self, job: Job, progress: Progress, address: str | None = None) -> None:
        self.pipeline = job.pipeline()
        self._job = msgspec.structs.replace(job, cached=False)
        self._progress = progress
        self._address = address

    def run(self, paths: Sequence[str]) -> Iterator[Result]:
        """The result of each file, in the order of `paths`; the standard input, which no other process has, is checked in this one."""
        return LocalEngine(self._job, self._progress).run(paths) if STDIN in paths else self._spread(paths)

    def _spread(self, paths: Sequence[str]) -> Iterator[Result]:
        with ray_workers(self._address, self._job.processes) as workers:
            chunks = [paths[at : at + _CHUNK] for at in range(0, len(paths), _CHUNK)]
            failed, facts = self._gather(workers, chunks)
            context = Context(self._job, self.pipeline.conclude(facts))
            sound = [[path for path in chunk if path not in failed] for chunk in chunks]
            results = workers.mapped(_find, context, sound)
            for chunk, (found_in, found) in zip(chunks, results, strict=True):
                each = iter(self._singly(workers, context, found_in) if isinstance(found, Lost) else found)
                for path in chunk:
                    yield failed[path] if path in failed else next(each)
                self._progress((STEPS - 1) * len(chunk))

    def _gather(self, workers: RayWorkers, chunks: Sequence[Paths]) -> tuple[dict[str, DocumentError], Facts]:
        """The files that end their worker, and the facts of the others."""
        merging, context = Merging(workers), Context(self._job)
        failed: dict[str, DocumentError] = {}
        lost: list[str] = []
        for chunk, parts in workers.observed(context, chunks):
            if isinstance(parts, Lost):
                lost += chunk
                continue
            merging.add(parts)
            self._progress(len(chunk))
        for (path,), parts in workers.observed(context, [[path] for path in lost]):
            if isinstance(parts, Lost):
                failed[path] = _named(path, parts)
            else:
                merging.add(parts)
            self._progress(1)
        return failed, merging.merged()

    @staticmethod
    def _singly(workers: RayWorkers, context: Context, paths: Paths) -> Iterator[Result]:
        """The results of files of which one ended its worker."""
        for (path,), found in workers.mapped(_find, context, [[path] for path in paths]):
            yield from [_named(path, found)] if isinstance(found, Lost) else found


def _named(path: str, lost: Lost) -> DocumentError:
    return DocumentError(path, f"{lost}: split it, or exclude it")


# --- in the workers

_kept: dict[str, Any] = {}


def _shared(common: list[Any]) -> Any:
    """What all tasks share, fetched once in each worker: `common` is the reference to it."""
    key = common[0].hex()
    if key not in _kept:
        _kept.clear()
        _kept[key] = _loaded().get(common[0])
    return _kept[key]


def _carry_out(task: Callable[[Any, T], R], common: list[Any], item: T) -> R:
    return task(_shared(common), item)


def _observe(common: list[Any], paths: Paths, parts: int) -> list[Any]:
    """That it is done, and the parts of the facts of the readable files among `paths`; the others are named in the second pass."""
    return [None, *_worker(_shared(common)).observe(paths).facts.parted(parts)]


def _merge(last: bool, *parts: Facts) -> Facts:  # noqa: FBT001 - Ray's arguments have no names
    merged = Facts()
    for part in parts:
        merged.merge(part)
    if last:
        merged.settle()
    return merged


def _find(context: Context, paths: Paths) -> list[Result]:
    return [found.result for found in _worker(context).search(paths, context.evidence)]


def _worker(context: Context) -> Worker:
    return Worker(context.pipeline, context.job)
