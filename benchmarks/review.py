"""How quick the review feels on a large folder, in ratios: key presses beside an empty Textual app, and the first finding beside the scan."""

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Static

from cleaner.cli.session import BookSource, PipelineSource
from cleaner.config import Config
from cleaner.engines.background import BackgroundScan
from cleaner.engines.local import Job
from cleaner.pipeline import Selection
from cleaner.reviewing import Review
from cleaner.rulebook.load import load, shipped_rules
from cleaner.tui.app import ReviewApp
from cleaner.tui.list import FindingList
from cleaner.workspace import Workspace

ROOT = Path(__file__).parent.parent
ARTICLES = 5_000
PRESSES = 1_000
SLIPS = ("an medical case", "the goverment", "isn ’t over", "in regards to it", "there has been no statements", "it it was")


class EmptyApp(App[None]):
    """What Textual itself costs: a key that changes one line."""

    BINDINGS = [("j", "count", "count")]  # noqa: RUF012
    count = 0

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("0")

    def action_count(self) -> None:
        """Show the next number."""
        self.count += 1
        self.query_one(Static).update(str(self.count))


def make_folder(folder: Path) -> None:
    """Articles of the seeds' sentences in another order, with three slips each."""
    chance = random.Random(5)
    text = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "seeds").iterdir()))
    sentences = [part.strip() + "." for part in text.replace("\n", " ").split(". ") if 40 < len(part) < 300 and "“" not in part]
    for number in range(ARTICLES):
        chosen = chance.sample(sentences, 5)
        slips = [f"Report {number} says {slip}, and {number} more." for slip in chance.sample(SLIPS, 3)]
        parts = chosen + slips
        chance.shuffle(parts)
        (folder / f"{number:05}.txt").write_text("\n\n".join(parts) + "\n", "utf-8")


async def presses(app: App, key: str, count: int) -> list[float]:
    """Seconds from each press until the screen is idle again."""
    taken = []
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for _ in range(count):
            begin = time.perf_counter()
            await pilot.press(key)
            taken.append(time.perf_counter() - begin)
    return taken


async def fill(app: ReviewApp) -> tuple[float, float]:
    """Seconds until the first finding is on the screen, and until the scan is done."""
    begin = time.perf_counter()
    first = 0.0
    async with app.run_test(size=(120, 40)) as pilot:
        while app._progress is not None:  # noqa: SLF001
            await pilot.pause(0.05)
            if not first and app.query_one(FindingList).items:
                first = time.perf_counter() - begin
        await app.workers.wait_for_complete()
    return first, time.perf_counter() - begin


STATUS = "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmRSS')) / 1024"


def resident() -> float:
    """Megabytes that this process holds."""
    return float(eval(STATUS))  # noqa: S307


def resident_of(code: str) -> float:
    """Megabytes that a process holds after `code`."""
    done = subprocess.run([sys.executable, "-c", f"{code}; print({STATUS})"], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main(_: argparse.Namespace) -> int:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_folder(folder)
        paths = sorted(str(path) for path in folder.glob("*.txt"))
        source = BookSource((shipped_rules(),), Config(), cached=True)
        review = Review(Workspace.of(paths, None), load([shipped_rules()]), paths)
        scan = BackgroundScan(Job(PipelineSource(source, Selection(), ""), 10**7), paths)
        app = ReviewApp(review, scan, len(paths))
        first, whole = asyncio.run(fill(app))
        scan.stop()
        total = len(review.state.items)
        print(f"{len(paths):,} articles, {total:,} findings")
        print(f"first finding on the screen after {first / whole:.0%} of the scan")
        empty = statistics.median(asyncio.run(presses(EmptyApp(), "j", PRESSES)))
        for key, what in (("j", "next finding"), ("y", "accept, synced to the disk")):
            mine = statistics.median(asyncio.run(presses(ReviewApp(review, None, len(paths)), key, PRESSES)))
            print(f"{what}: {mine / empty:.1f} times an empty Textual app (median of {PRESSES:,} presses)")
        mine, plain = resident(), resident_of("import textual.app")
        print(f"memory: {mine:.0f} MB, {(mine - plain) * 1024 / total:.1f} KB a finding over the {plain:.0f} MB of Textual alone")
    return 0
