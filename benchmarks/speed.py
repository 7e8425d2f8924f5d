"""How fast the program is, beside the peers in the same run: whole processes, start included.

CPU seconds are of all processes of a command. The machine may be busy with other things: trust the ratios, which are taken side by side.
"""

import argparse
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from operator import truediv
from pathlib import Path
from statistics import median
from typing import NamedTuple

import wordfreq

from benchmarks.data import load
from benchmarks.quality import load_peers
from benchmarks.suggestions import print_suggestions

ROOT = Path(__file__).parent.parent
RUNS = 25
"""Starts that one article is checked in, in turn with the peers' starts: the median counts, and of times beside each other that of the turns."""
AGAIN = 3
"""Runs over articles that did not change; the fastest counts."""
RULES = (1_000, 50_000)
_RARE = 3_000
"""Words from this rank of frequency on begin the made-up rules: rules are about such words."""


class Spent(NamedTuple):
    """What a command took: seconds of the clock and of all processors, and the memory of its largest process."""

    wall: float
    cpu: float
    megabytes: float


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    if options.only == "suggestions":
        print_suggestions(options.data)
        return 0
    peers, names = load_peers(options.data, options.peers)
    texts = [row["text"] for row in load(options.data, "clean")]
    with tempfile.TemporaryDirectory() as temporary:
        if options.only == "growth":
            print_growth(texts, Path(temporary), options.size)
            return 0
        articles = Path(temporary, "articles")
        size = write_articles(texts, articles, options.size)
        commands = {"cleaner": cleaner()} | {name: peer(peers, name) for name in names}
        if not options.only:
            print_start(commands, next(articles.iterdir()))
            print_hooks(commands, texts, Path(temporary), options.size)
        spent = print_rate(commands, articles, size)
        print_again(articles, spent)
        if options.only:
            return 0
        print_growth(texts, Path(temporary), options.size)
        print_rules(texts, Path(temporary), options.size // 5)
    print_suggestions(options.data)
    return 0


def cleaner(*more: object):
    """The command of the program for a path."""
    return lambda path: ([sys.executable, "-m", "cleaner", "report", path, "--format", "jsonl", *more], ROOT)


def peer(peers: object, name: str):
    """The command of a peer for a path."""
    return lambda path: peers.native(name, [path])


def write_articles(texts: list[str], folder: Path, number: int, seed: int = 20) -> float:
    """So many articles, no two alike, others by another seed: one in eight small words is another of them. Their size in MB."""
    folder.mkdir()
    words = sorted({word for text in texts for word in re.findall(r"\b[a-z]{3,}\b", text)})
    chance = random.Random(seed)
    size = 0
    for i in range(number):
        text = re.sub(
            r"\b[a-z]{3,}\b",
            lambda match: chance.choice(words) if chance.random() < 0.125 else match.group(),
            texts[i % len(texts)],
        )
        size += (folder / f"{i:06}.txt").write_bytes(text.encode())
    return size / 1e6


def user_environment() -> dict[str, str]:
    """The environment of a command, without LanguageTool: the tests of a checkout may forbid what every user has, compiled modules."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "CLEANER_GRAMMAR": "off"}


def measured(command: tuple[list, Path | None], **environment: str) -> Spent:
    """What a command takes."""
    arguments, folder = command
    start = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, arguments)),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**user_environment(), **environment},
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0 or ("cleaner" in arguments and process.returncode > 1):
        sys.exit(f"{' '.join(map(str, arguments))}: failed with {process.returncode}")
    return Spent(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def print_start(commands: dict, article: Path) -> None:
    """One article, without its folder."""
    print("\n| one article, start included | seconds | CPU seconds | time, of codespell's |\n|---|---|---|---|")
    spent = in_turn({name: command(article) for name, command in commands.items()})
    for name in spent:
        print_turns(name, name, spent)


def print_hooks(commands: dict, texts: list[str], folder: Path, size: int) -> None:
    """One article that is staged and was changed, by the evidence of its folder, which was gathered before."""
    print("\n| one article staged, in a folder of | seconds | CPU seconds | time, of codespell's |\n|---|---|---|---|")
    for count in (1, size // 8, size):
        articles = folder / f"hook-{count}"
        write_articles(texts, articles, count)
        article = min(articles.iterdir())
        subprocess.run(["git", "-C", articles, "init", "-q"], check=True)
        change = partial(stage_changed, article, article.read_text("utf-8"))
        change()
        hook = [sys.executable, "-m", "cleaner", "hook", article], ROOT
        measured(hook)
        beside = {name: commands[name](article) for name in commands if name == "codespell"}
        print_turns(f"{count:,}", "cleaner", in_turn({"cleaner": hook} | beside, change))


def stage_changed(article: Path, text: str) -> None:
    """Stage `text` with another sentence as an article, and all that stands beside it."""
    article.write_text(f"{text}\nThe ministry said that it would answer on day {time.time_ns()}.\n", "utf-8")
    subprocess.run(["git", "-C", article.parent, "add", "."], check=True)


def in_turn(commands: dict, change: Callable[[], None] = lambda: None) -> dict[str, list[Spent]]:
    """What each command took, turn by turn, since the machine may do something else; each turn after a `change`."""
    spent: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(RUNS):
        change()
        for name, command in commands.items():
            spent[name].append(measured(command))
    return spent


def print_turns(what: str, name: str, spent: dict[str, list[Spent]]) -> None:
    """A row: what the command `name` took."""
    walls = {each: [turn.wall for turn in turns] for each, turns in spent.items()}
    beside = f"{median(map(truediv, walls[name], walls['codespell'])):.2f}" if "codespell" in walls else ""
    cpu = median(turn.cpu for turn in spent[name])
    print(f"| {what} | {median(walls[name]):.3f} | {cpu:.3f} | {beside} |", flush=True)


def print_rate(commands: dict, articles: Path, size: float) -> dict[str, Spent]:
    """Many differing articles, for the first time."""
    print(
        f"\n| {sum(1 for _ in articles.iterdir()):,} articles, {size:.1f} MB | seconds | CPU seconds | MB a CPU second | CPU, of codespell's | memory |"
    )
    print("|---|---|---|---|---|---|")
    spent = {name: measured(command(articles)) for name, command in commands.items()}
    for name, each in spent.items():
        rate = size / each.cpu
        print(
            f"| {name} | {each.wall:.1f} | {each.cpu:.1f} | {rate:.2f} | {ratio(each.cpu, spent)} | {each.megabytes:.0f} MB |",
            flush=True,
        )
    return spent


def print_again(articles: Path, spent: dict[str, Spent]) -> None:
    """The same articles once more: as they are, and with one of them changed."""
    print("\n| once more | seconds | CPU seconds | time, of codespell's |\n|---|---|---|---|")
    time.sleep(3)  # files that were written just now are read again
    measured(cleaner()(articles))
    for what in ("unchanged", "one article changed", "a sentence more in it"):
        article = min(articles.iterdir())
        if what == "one article changed":
            article.write_text(article.read_text("utf-8").replace("the", "teh", 1), "utf-8")
        elif what == "a sentence more in it":
            article.write_text(article.read_text("utf-8") + "\nVladimir Putin spoke to Vlodymyr Zelensky in Kyiv.\n", "utf-8")
        runs = [measured(cleaner()(articles)) for _ in range(AGAIN if what == "unchanged" else 1)]
        best = Spent(*map(min, zip(*runs, strict=True)))
        beside = f"{best.wall / spent['codespell'].wall:.2f}" if "codespell" in spent else ""
        print(f"| {what} | {best.wall:.2f} | {best.cpu:.2f} | {beside} |", flush=True)


def ratio(cpu: float, spent: dict[str, Spent]) -> str:
    """How many times codespell's CPU seconds `cpu` is."""
    return f"{cpu / spent['codespell'].cpu:.2f}" if "codespell" in spent else ""


def growing(number: int) -> tuple[int, int, int]:
    """The numbers of articles by which growth is measured, up to `number`."""
    return max(number // 16, 1), max(number // 4, 1), number


def exponent(before: tuple[int, float] | None, count: int, cpu: float) -> str:
    """The power of the number of articles that the CPU seconds grew with since `before`; empty where they did not become more."""
    return f"{math.log(cpu / before[1]) / math.log(count / before[0]):.2f}" if before and count > before[0] else ""


def print_growth(texts: list[str], folder: Path, number: int) -> None:
    """How the cost grows with the articles."""
    print("\n| articles | CPU seconds | exponent | memory |\n|---|---|---|---|")
    before: tuple[int, float] | None = None
    for count in growing(number):
        articles = folder / f"growth-{count}"
        write_articles(texts, articles, count)
        spent = measured(cleaner()(articles))
        print(f"| {count:,} | {spent.cpu:.1f} | {exponent(before, count, spent.cpu)} | {spent.megabytes:.0f} MB |", flush=True)
        before = count, spent.cpu
        shutil.rmtree(articles)


def print_rules(texts: list[str], folder: Path, number: int) -> None:
    """How the cost grows with the rules: so many articles that were not seen before, with so many more rules than the shipped ones."""
    print("\n| further rules | compiled in CPU seconds | one article | all articles | of the first |\n|---|---|---|---|---|")
    first = 0.0
    for count in RULES:
        rules, articles = folder / f"rules-{count}", folder / f"articles-for-{count}"
        write_rules(rules, count)
        write_articles(texts, articles, number, seed=count)
        command, one = cleaner("--rules", rules), next(articles.iterdir())
        compiled, start, spent = measured(command(one)), measured(command(one)), measured(command(articles))
        first = first or spent.cpu
        print(f"| {count:,} | {compiled.cpu:.1f} | {start.cpu:.2f} | {spent.cpu:.1f} | {spent.cpu / first:.2f} |", flush=True)


def write_rules(folder: Path, count: int) -> None:
    """So many valid rules for phrases of two words."""
    (folder / "made-up").mkdir(parents=True)
    words = [word for word in wordfreq.top_n_list("en", _RARE + 3 * max(RULES)) if re.fullmatch("[a-z]{4,}", word)][_RARE:]
    chance = random.Random(7)
    chosen = chance.sample(words, count) if count <= len(words) else chance.choices(words, k=count)
    with open(folder / "made-up" / "rules.yaml", "w", encoding="utf-8") as file:
        file.write(
            'defaults: {kind: wording, message: "{matched}: {fix}", why: made up, source: made up, confidence: 0.6}\nrules:\n'
        )
        for number, word in enumerate(chosen):
            other, right = chance.choices(words, k=2)
            file.write(f'  - {{id: wording.made-up-{number}, match: ["[{word} {other}]"], replace: ["{right} {other}"],\n')
            file.write(f'     bad: ["the [{word} {other} -> {right} {other}] was"], good: ["the {right} was"]}}\n')
