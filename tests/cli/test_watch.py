"""`cleaner watch`: the report follows the files."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


def watching(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], Callable[[str], None]]:
    """The program, and what waits for a line of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "watch", ".", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True).start()

    def wait(wanted: str) -> None:
        until = time.monotonic() + 60
        while wanted not in lines.get(timeout=until - time.monotonic()):
            pass

    return process, wait


def test_the_report_follows_articles_decisions_and_settings(tmp_path: Path):
    article = tmp_path / "a.txt"
    article.write_text("The goverment fell.")
    process, wait = watching(tmp_path)
    try:
        wait("1 finding in 1 of 1 article")
        time.sleep(0.5)  # until it watches
        article.write_text("The government fell.")
        wait("cleaner: a.txt changed")
        wait("1 article checked: nothing found")
        (tmp_path / "cleaner.toml").write_text("min-confidnce = 1")
        wait("unknown key 'min-confidnce': did you mean 'min-confidence'?")
        (tmp_path / "cleaner.toml").unlink()
        (tmp_path / "b.txt").write_text("They recieve it.")
        wait("1 finding in 1 of 2 articles")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
