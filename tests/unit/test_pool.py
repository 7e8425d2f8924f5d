"""Workers that are really killed, and runs that are really interrupted."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support import shipped_pipeline

from cleaner.engines import local
from cleaner.engines.local import Job, LocalEngine
from cleaner.engines.pool import Pool
from cleaner.errors import DocumentError
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.rulebook.load import load, shipped_rules


def kills(traces: Path, times: int) -> Callable[[], Callable[[list[str]], list[str]]]:
    """What kills its own process `times` times over the file called bad, without a chance to say so."""

    def start() -> Callable[[list[str]], list[str]]:
        def work(paths: list[str]) -> list[str]:
            if "bad" in paths and len(list(traces.iterdir())) < times:
                (traces / str(os.getpid())).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return [path.upper() for path in paths]

        return work

    return start


def one_by_one(paths: list[str]) -> list[list[str]]:
    return [[path] for path in paths]


def test_results_come_in_order(tmp_path: Path):
    tasks = [[f"{number}", "x"] if number % 3 else [] for number in range(50)]
    with Pool(2, kills(tmp_path, 0), one_by_one) as pool:
        assert [(paths, value or []) for paths, value in pool.map(tasks)] == [
            (task, [each.upper() for each in task]) for task in tasks
        ]


@pytest.mark.parametrize(("times", "said"), [(1, "BAD"), (2, None)])
def test_what_a_killed_worker_had_at_hand_is_done_once_more_file_by_file(tmp_path: Path, times: int, said: str | None):
    tasks = [["a", "b"], ["c", "bad", "d"], ["e"], ["f"]]
    with Pool(2, kills(tmp_path, times), one_by_one) as pool:
        results = list(pool.map(tasks))
    assert [list(paths) for paths, _ in results] == [["a", "b"], ["c"], ["bad"], ["d"], ["e"], ["f"]]
    assert [value for _, value in results] == [["A", "B"], ["C"], said and [said], ["D"], ["E"], ["F"]]


def test_what_a_worker_raises_is_raised():
    def start() -> Callable[[list[str]], list[str]]:
        raise ValueError("no rules")

    with Pool(2, start) as pool, pytest.raises(ValueError, match="no rules"):
        list(pool.map([["a"], ["b"]]))


def deadly(step: str) -> Pipeline:
    """A pipeline that no process survives that comes upon a certain file."""

    class Deadly(Pipeline):
        def observe(self, *articles):
            self._meet(articles, "observe")
            return super().observe(*articles)

        def search(self, articles, *rest, **more):
            self._meet(articles, "search")
            return super().search(articles, *rest, **more)

        def _meet(self, articles, here):
            if here == step and articles[0].document.path.endswith("077.txt"):
                os.kill(os.getpid(), signal.SIGKILL)

    return Deadly(load([shipped_rules()]), Selection())


@pytest.mark.parametrize("step", ["observe", "search"])
def test_a_file_that_kills_its_worker_is_named_and_the_run_goes_on(tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch):
    for number in range(150):
        (tmp_path / f"{number:03}.txt").write_text(f"The goverment fell for the {number}th time.")
    paths = sorted(map(str, tmp_path.iterdir()))
    results = list(LocalEngine(Job(partial(deadly, step), 10_000, 2)).run(paths))
    assert [each.path for each in results if isinstance(each, DocumentError)] == [paths[77]]
    assert "was killed, twice" in str(results[77])
    assert sum(isinstance(each, Checked) and len(each.findings) == 1 for each in results) == 149
    monkeypatch.setattr(local, "_POOLED", 1000)
    rest = LocalEngine(Job(shipped_pipeline, 10_000)).run(paths)
    assert [each.findings for each in rest if isinstance(each, Checked)][:77] == [each.findings for each in results[:77]]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc: who is there cannot be seen")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_cut_short_leaves_nothing_behind(tmp_path: Path, few_rules: Path, sent: signal.Signals, code: int):
    for number in range(400):
        (tmp_path / f"{number:03}.txt").write_text(f"The goverment fell for the {number}th time. " * 100)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "report", ".", "--jobs", "2", "--no-cache"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(few_rules)},
    )
    workers: list[str] = []
    deadline = time.monotonic() + 60
    while not workers and time.monotonic() < deadline:
        time.sleep(0.05)
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert workers
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
