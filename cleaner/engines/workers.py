"""Workers: processes that carry out tasks which share something large, on this machine or, with `cleaner.engines.ray`, on many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol, TypeVar

from cleaner.detectors import Evidence
from cleaner.engines.worker import Job
from cleaner.pipeline import Pipeline

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")


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
            yield from ((item, task(shared, item)) for item in items)
            return
        from cleaner.engines.pool import Pool

        with Pool[T, R](self.processes, lambda: partial(task, shared)) as pool:
            for item, result in pool.map(items):
                yield item, Lost(2) if result is None else result
