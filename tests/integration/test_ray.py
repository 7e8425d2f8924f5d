"""A run over a cluster of Ray, of two processes on this machine, says what one process says, also when workers are killed."""

import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from support import ROOT, deadly_pipeline, shipped_pipeline, write_articles

from cleaner.engines import ray as engine
from cleaner.engines.local import Job, LocalEngine
from cleaner.errors import CleanerError
from cleaner.pipeline import Checked

pytestmark = [
    pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed"),
    pytest.mark.filterwarnings("ignore"),  # Ray's own, of sockets and files
]


def told(results: object) -> list[object]:
    return [(each.document.path, each.findings) if isinstance(each, Checked) else str(each) for each in results]


def kill_worker(task: str) -> bool:
    """Kill a process of Ray that carries out `task`."""
    for process in psutil.Process().children(recursive=True):
        try:
            if task in " ".join(process.cmdline()):
                process.kill()
                return True
        except psutil.Error:  # it has ended meanwhile
            continue
    return False


def test_the_same_findings_with_workers_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    paths = write_articles(tmp_path / "articles", 100)
    Path(paths[33]).write_bytes(b"\0\1\2\3")
    expected = told(LocalEngine(Job(shipped_pipeline, 1_000_000, 1)).run(paths))
    assert len(expected) == 100
    deadly = paths[50] + ".txt"
    Path(deadly).write_text("Memory is short.")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{ROOT / 'tests'}")
    monkeypatch.setattr(engine, "_CHUNK", 8)
    monkeypatch.setattr(engine, "_FANNED", 2)
    killed = []

    def progress(done: int) -> None:
        for task in ("ray::_observe", "ray::_carry_out"):
            if task not in killed and kill_worker(task):
                killed.append(task)

    run = engine.RayEngine(Job(deadly_pipeline, 1_000_000, 2), progress).run([*paths[:50], deadly, *paths[50:]])
    spread = told(run)
    # An article that kills every worker is named, and no other suffers.
    ended = "checking it ended the worker process 3 times, for want of memory or by a crash"
    assert spread.pop(50) == f"{deadly}: {ended}: split it, or exclude it"
    assert spread == expected
    assert killed == ["ray::_observe", "ray::_carry_out"]
    assert capfd.readouterr() == ("", "")


def test_a_report_says_nothing_of_killed_workers(cli, tmp_path: Path):
    write_articles(tmp_path / "articles", 150)
    process = started(tmp_path)
    next(each for each in children(process) if "ray::_observe" in " ".join(each.cmdline())).kill()
    output, errors = process.communicate()
    assert (process.returncode, errors.decode()) == (1, "")
    assert output.decode() == cli("report", "articles", "--format", "jsonl").stdout


def test_a_cluster_that_is_not_there_is_named(tmp_path: Path):
    write_articles(tmp_path / "articles", 1)
    with pytest.raises(CleanerError, match=r"localhost:1: no cluster of Ray answers there: Connection refused"):
        list(engine.RayEngine(Job(shipped_pipeline, 1_000_000), lambda _: None, "localhost:1").run(["a.txt"]))


def test_a_terminated_run_ends_quietly_with_its_cluster(tmp_path: Path):
    write_articles(tmp_path / "articles", 400)
    process = started(tmp_path)
    cluster = children(process)
    process.send_signal(signal.SIGTERM)
    assert (process.communicate(timeout=20)[1], process.returncode) == (b"cleaner: terminated\n", 143)
    _, alive = psutil.wait_procs(cluster, timeout=10)
    assert alive == []


def started(folder: Path) -> subprocess.Popen:
    """A run over `folder`, whose workers have begun."""
    command = [sys.executable, "-m", "cleaner", "report", "articles", "--format", "jsonl", "--engine", "ray", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not any("ray::_observe" in " ".join(each.cmdline()) for each in children(process)):
        assert process.poll() is None
        time.sleep(0.05)
    return process


def children(process: subprocess.Popen) -> list[psutil.Process]:
    try:
        return [each for each in psutil.Process(process.pid).children(recursive=True) if each.status() != psutil.STATUS_ZOMBIE]
    except psutil.Error:
        return []


def test_without_ray_it_says_how_to_get_it(cli, tmp_path: Path):
    (tmp_path / "ray.py").write_text("raise ImportError('no Ray')")
    (tmp_path / "a.txt").write_text("a")
    done = cli("report", "a.txt", "--engine", "ray", PYTHONPATH=f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")
    assert (done.returncode, done.stderr) == (2, "cleaner: this engine needs Ray: pip install 'cleaner[ray]'\n")
