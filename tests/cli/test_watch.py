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

from support import RULE


def watching(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], Callable[[str], None]]:
    """The program, and what waits for a line of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "watch", *(arguments or ["."])],
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


def test_what_is_above_the_articles_is_watched_and_what_is_beside_them_is_not(tmp_path: Path):
    settings, rule, article = tmp_path / "cleaner.toml", tmp_path / "house" / "rules.yaml", tmp_path / "articles" / "a.txt"
    for path, content in ((settings, 'rules = ["house"]'), (rule, RULE), (article, "The goverment fell, said foo.")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    (tmp_path / ".cleaner").mkdir()
    process, wait = watching(tmp_path, "articles")
    try:
        wait("2 findings in 1 of 1 article")
        time.sleep(0.5)  # until it watches
        settings.write_text('rules = ["house"]\ndisable = ["typo"]')
        wait("cleaner: cleaner.toml changed")
        wait("1 finding in 1 of 1 article")
        (tmp_path / "beside.txt").write_text("They recieve it.")
        rule.write_text(RULE.replace("[foo", "[fooled"))
        wait("cleaner: house/rules.yaml changed")
        wait("1 article checked: nothing found")
        (tmp_path / ".cleaner" / "rules.yaml").write_text(RULE.replace("wording.test", "wording.own"))
        wait("cleaner: .cleaner/rules.yaml changed")
        wait("1 finding in 1 of 1 article")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
