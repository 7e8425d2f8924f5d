"""Worker processes that may be killed: what a killed one had at hand is given out once more, in parts, and then named."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
R = TypeVar("R")

_ENDING = (signal.SIGINT, signal.SIGTERM)

_AHEAD = 8
"""So many tasks a worker may be done before the first that is not: results are kept in memory until those before them are there."""


class _Unit(msgspec.Struct, eq=False):
    """A task, or a part of one that was lost with its worker; `value` holds the result once it is `done`."""

    task: Any
    again: bool = False
    done: bool = False
    value: Any = None


class _Failure(msgspec.Struct):
    """What a worker raised."""

    error: BaseException


class _Worker:
    """A process and the parent's end of its pipe; `unit` is what it has at hand."""

    def __init__(self, start: Callable[[], Callable[[Any], Any]]) -> None:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        self.pipe, far = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(far, start), daemon=True)
        self.unit: _Unit | None = None
        with _undisturbed():
            self.process.start()
        far.close()

    def give(self, unit: _Unit) -> None:
        """Let it do `unit`."""
        self.unit = unit
        self.pipe.send(unit.task)

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool(Generic[T, R]):
    """`processes` workers; each begins with `start`, which gives the function that does a task. A context manager: its end is theirs.

    A task that was lost with its worker is tried once more, in the parts that `split` makes of it. One without parts is done as it is.
    """

    def __init__(
        self, processes: int, start: Callable[[], Callable[[T], R]], split: Callable[[T], Sequence[T]] = lambda task: (task,)
    ) -> None:
        self._start = start
        self._split = split
        self._workers: list[_Worker] = []
        self._processes = processes
        self._line: deque[_Unit] = deque()
        """What was taken from the tasks and not yet given back, in their order."""

    def __enter__(self) -> Pool[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def map(self, tasks: Iterable[T]) -> Iterator[tuple[T, R | None]]:
        """The result of each task, in order; of a task that was lost that of each part, None where it was lost again."""
        todo = iter(tasks)
        while True:
            self._give(todo)
            while self._line and self._line[0].done:
                unit = self._line.popleft()
                if isinstance(unit.value, _Failure):
                    raise unit.value.error
                yield unit.task, unit.value
                self._give(todo)
            if not self._line:
                return
            self._listen()

    def _give(self, todo: Iterator[T]) -> None:
        """Give every worker that has nothing to do something, as long as there is anything."""
        at_hand = {id(worker.unit) for worker in self._workers}
        waiting = deque(unit for unit in self._line if not unit.done and id(unit) not in at_hand)
        while len(at_hand - {id(None)}) < self._processes:
            unit = waiting.popleft() if waiting else self._next(todo)
            if unit is None:
                return
            if unit.done:
                continue
            worker = next((worker for worker in self._workers if worker.unit is None), None)
            if worker is None:
                worker = _Worker(self._start)
                self._workers.append(worker)
            try:
                worker.give(unit)
            except OSError:
                self._lose(worker)
            at_hand = {id(worker.unit) for worker in self._workers}

    def _next(self, todo: Iterator[T]) -> _Unit | None:
        task = next(todo, None) if len(self._line) < _AHEAD * self._processes else None
        if task is None:
            return None
        self._line.append(_Unit(task, done=not self._split(task)))
        return self._line[-1]

    def _listen(self) -> None:
        """Wait until a worker is done, or gone."""
        by_pipe: dict[Any, _Worker] = {worker.pipe: worker for worker in self._workers if worker.unit}
        for pipe in wait(list(by_pipe)):
            worker = by_pipe[pipe]
            assert worker.unit is not None
            try:
                worker.unit.value = worker.pipe.recv()
            except (EOFError, OSError):
                self._lose(worker)
            else:
                worker.unit.done, worker.unit = True, None

    def _lose(self, worker: _Worker) -> None:
        """Take leave of a worker that was killed: what it had at hand goes back into line, or is given up."""
        self._workers.remove(worker)
        worker.end()
        unit = worker.unit
        assert unit is not None
        if unit.again:
            unit.done = True
        else:
            at = self._line.index(unit)
            self._line.remove(unit)
            for part in reversed(self._split(unit.task)):
                self._line.insert(at, _Unit(part, again=True))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Puts off signals: what a handler raises while a process forks is dropped by Python, and a new one is not ready for them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _work(pipe: Connection, start: Callable[[], Callable[[Any], Any]]) -> None:
    """The life of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted and ends the workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    gc.freeze()  # what is the parent's stays as it is, in memory that is shared
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        function = start()
        while True:
            pipe.send(function(pipe.recv()))
    except EOFError:
        return
    except Exception as error:  # noqa: BLE001 - the parent raises it
        pipe.send(_Failure(error))


def _end_with_parent() -> None:
    """End this worker when its parent does, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
