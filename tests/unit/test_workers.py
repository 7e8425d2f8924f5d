"""Workers of this machine: results in order, errors by name, and processes that are killed."""

import os
import signal
from pathlib import Path

import pytest

from cleaner.engines.workers import LocalWorkers, Lost
from cleaner.errors import DocumentError


def double(shared: Path, item: int) -> int:
    return 2 * item


def die_once(shared: Path, item: int) -> int:
    if item % 5 == 3:
        try:
            (shared / str(item)).touch(exist_ok=False)
        except FileExistsError:
            return item
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def die(shared: Path, item: int) -> int:
    if item % 5 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def fail(shared: Path, item: int) -> int:
    if item == 7:
        raise DocumentError("seven", "unlucky")
    if item == 9:
        raise KeyError(item)
    return item


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_order(tmp_path: Path, processes: int):
    workers = LocalWorkers(processes)
    assert list(workers.mapped(double, tmp_path, range(50))) == [(item, 2 * item) for item in range(50)]
    assert list(workers.mapped(double, tmp_path, [])) == []


def test_a_task_whose_process_is_killed_is_done_again(tmp_path: Path):
    assert list(LocalWorkers(2).mapped(die_once, tmp_path, range(20))) == [(item, item) for item in range(20)]
    assert len(list(tmp_path.iterdir())) == 4


def test_a_task_that_always_kills_is_lost_and_the_others_are_not(tmp_path: Path):
    results = dict(LocalWorkers(2).mapped(die, tmp_path, range(20)))
    assert results == {item: Lost(2) if item % 5 == 3 else item for item in range(20)}
    assert "ended the worker process 2 times" in str(results[3])


def test_errors_of_tasks_are_raised(tmp_path: Path):
    with pytest.raises(DocumentError, match="seven: unlucky"):
        list(LocalWorkers(2).mapped(fail, tmp_path, range(8)))
    with pytest.raises(KeyError, match="9"):
        list(LocalWorkers(2).mapped(fail, tmp_path, [1, 9]))


def test_few_tasks_are_begun_before_results_are_taken(tmp_path: Path):
    begun = 0

    def items():
        nonlocal begun
        for item in range(1000):
            begun += 1
            yield item

    results = LocalWorkers(2).mapped(double, tmp_path, items())
    assert [next(results)[0] for _ in range(3)] == [0, 1, 2]
    assert begun < 20
    results.close()
