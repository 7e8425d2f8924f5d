"""Workers: processes that carry out tasks which share something large, on this machine or, with `cleaner.engines.ray`, on many."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, TypeVar

from cleaner.detectors import Evidence
from cleaner.engines.local import Job
from cleaner.errors import CleanerError
from cleaner.pipeline import Pipeline

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4
"""So many tasks a process are begun before the first of them is done, at most."""


class Context:
    """What tasks share: the job and, once it is known, the evidence. The pipeline is built once in every process."""

    def __init__(self, job: Job, evidence: Evidence | None = None) -> None:
        self.job = job
        self._evidence = evidence

    @property
    def evidence(self) -> Evidence:
        """What follows from all articles."""
        assert self._evidence is not None
        return self._evidence

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline of the job."""
        return self.job.pipeline()

    def __reduce__(self) -> tuple[type[Context], tuple[Job, Evidence | None]]:
        """Another machine builds its own pipeline."""
        return Context, (self.job, self._evidence)


@dataclass(frozen=True, slots=True)
class Lost:
    """What a task came to that ended its process each time that it was tried."""

    tries: int

    def __str__(self) -> str:
        return f"checking it ended the worker process {self.tries} times, for want of memory or by a crash"


class Workers(Protocol):
    """Carry out tasks."""

    processes: int

    def mapped(self, task: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """`task(shared, item)` of each item, with the item, in order; CleanerError of the first that raises one.

        `shared` goes to each process once, and no more than a few results wait to be taken. A task that ends its process is tried again.
        """


@contextmanager
def local_workers(processes: int) -> Iterator[Workers]:
    """So many processes of this machine."""
    yield LocalWorkers(processes)


class LocalWorkers:
    """Processes of this machine, started for each `mapped`; one alone is this process."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def mapped(self, task: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        """See `Workers`."""
        if self.processes == 1:
            return ((item, task(shared, item)) for item in items)
        return self._pooled(task, shared, items)

    def _pooled(self, task: Callable[[S, T], R], shared: S, items: Iterable[T]) -> Iterator[tuple[T, R | Lost]]:
        from multiprocessing.connection import wait

        rest = enumerate(items)
        again: deque[tuple[int, T]] = deque()
        done: dict[int, tuple[T, R | Lost]] = {}
        failed: set[int] = set()
        given = taken = 0
        idle: list[_Worker] = []
        busy: dict[Any, _Worker] = {}
        try:
            while True:
                while len(busy) < self.processes:
                    ahead = given - taken < _AHEAD * self.processes
                    order = again.popleft() if again else next(rest, None) if ahead else None
                    if order is None:
                        break
                    given = max(given, order[0] + 1)
                    worker = idle.pop() if idle else _Worker(task, shared)
                    busy[worker.connection] = worker
                    worker.give(order)
                if not busy:
                    return
                for connection in wait(list(busy)):
                    worker = busy.pop(connection)
                    number, item = order = worker.order
                    try:
                        done[number] = item, worker.take()
                        idle.append(worker)
                    except EOFError:
                        worker.end()
                        if number in failed:
                            done[number] = item, Lost(2)
                        else:
                            failed.add(number)
                            again.append(order)
                    except CleanerError:
                        worker.end()
                        raise
                while taken in done:
                    yield done.pop(taken)
                    taken += 1
        finally:
            for worker in (*idle, *busy.values()):
                worker.end()


class _Worker:
    """A process that carries out one task after the other."""

    def __init__(self, task: Callable[[Any, Any], Any], shared: Any) -> None:
        import multiprocessing

        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        self.connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, task, shared), daemon=True)
        self._process.start()
        theirs.close()
        self.order: Any = None

    def give(self, order: tuple[int, Any]) -> None:
        """Begin a task; that the process was killed is noticed by `take`."""
        self.order = order
        with suppress(OSError):
            self.connection.send(order[1])

    def take(self) -> Any:
        """The result; EOFError where the process has ended, CleanerError where the task raised one."""
        try:
            result, error = self.connection.recv()
        except OSError as gone:
            raise EOFError from gone
        if error:
            raise error
        self.order = None
        return result

    def end(self) -> None:
        """End the process, whatever it is doing; a signal that it could handle might come while it is starting, and be lost."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def _work(connection: Connection, task: Callable[[Any, Any], Any], shared: Any) -> None:
    """The process of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted and ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            item = connection.recv()
        except EOFError:
            return
        result, failure = None, None
        try:
            result = task(shared, item)
        except CleanerError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - the parent says it
            failure = CleanerError(f"internal error: {type(error).__name__}: {error}")
        connection.send((result, failure))


def _end_with_parent() -> None:
    """End this worker when its parent does, even if that was killed."""
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
