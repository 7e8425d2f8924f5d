"""What several tests need and is no fixture."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.cache import cache_folder
from cleaner.facts import Facts
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import load, shipped_rules
from cleaner.selftest import check_rules
from cleaner.text.article import Article
from cleaner.text.document import Document

if TYPE_CHECKING:
    from textual.pilot import Pilot  # large, and workers of a cluster import this module at each start

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


def article(text: str) -> Article:
    """An English article."""
    return Article(Document.from_text("a.txt", text), "en")


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`; what it says."""
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def run_cleaner(
    folder: Path, *arguments: object, stdin: str | bytes = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``cleaner`` in a process of its own, in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        capture_output=True,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **environment},
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


def json_lines(text: str) -> list[dict[str, Any]]:
    """The objects of JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


def reported(cli: Callable[..., subprocess.CompletedProcess[str]], *arguments: object) -> list[dict[str, Any]]:
    """The findings of a report, as JSON."""
    return json_lines(cli("report", *arguments, "--format", "jsonl").stdout)


def logged(folder: Path) -> list[dict[str, Any]]:
    """The log of the decisions over the articles of `folder`."""
    return json_lines((folder / ".cleaner/decisions.jsonl").read_text("utf-8"))


def copy_rules(folder: Path, *names: str) -> None:
    """Copy some of the files of shipped rules to a folder of rules: few compile in no time."""
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped_rules() / name, target)


def own_cache(folder: Path) -> dict[str, str]:
    """The environment of a program with a cache of its own in `folder`: it has what is compiled, and remembers nothing."""
    folder.mkdir(exist_ok=True)
    for path in cache_folder().iterdir():
        if path.is_file() and ".sqlite" not in path.name:
            (folder / path.name).symlink_to(path)
    return {"CLEANER_CACHE_DIR": str(folder)}


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until the screen stays as it is: what a key changes is laid out, drawn and scrolled to in steps that may take their time."""
    before, same = None, 0
    while same < 4:
        await pilot.pause(0.02)
        now = pilot.app.screen._compositor.render_strips()
        before, same = now, same + 1 if now == before else 0


def shipped_pipeline() -> Pipeline:
    """A pipeline over the shipped rules, at default settings; may be sent to another process."""
    return Pipeline(load([shipped_rules()]), Selection())


class DeadlyPipeline(Pipeline):
    """Kills its process, as the system does when memory is short, over an article that asks for it."""

    def observe(self, *articles: Article) -> Facts:
        for each in articles:
            if "Memory is short" in each.text:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().observe(*articles)


def deadly_pipeline() -> Pipeline:
    """The pipeline over the shipped rules, which some articles kill; may be sent to another process."""
    return DeadlyPipeline(load([shipped_rules()]), Selection())


def write_articles(folder: Path, number: int) -> list[str]:
    """Paths of so many articles of one folder, with a name in two spellings and a line that all have."""
    folder.mkdir(parents=True)
    sources = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))[:2]]
    for i in range(number):
        name = "Kirbyy" if i % 5 == 0 else "Kirby"
        text = f"{sources[i % 2]}\n\nArticle number {i}, as Mr. {name} said.\n\nAll rights of the Daily Times belong to it.\n"
        (folder / f"{i:04}.txt").write_text(text, "utf-8", newline="")
    return sorted(map(str, folder.iterdir()))


def wrong_with(rules: Path) -> tuple[list[str], list[list[str]]]:
    """The errors of the rules in a folder or file, and of each that can be used how its examples fail."""
    book = load([rules], cached=False)
    return [str(error) for error in book.errors], [*check_rules(book, rules)]


RULE = """\
rules:
  - id: wording.test
    kind: wording
    match: ["[foo]"]
    replace: [bar]
    message: m
    why: w
    source: s
    confidence: 0.9
    bad: ["a [foo -> bar]"]
    good: ["a bar"]
"""
"""A file with one rule."""
