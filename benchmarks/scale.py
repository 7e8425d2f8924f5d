"""How a run grows: over processes, over a cluster of Ray on this machine, and what is carried from the articles to the evidence.

CPU seconds and memory are of all processes that descend from a command; memory is that which a process does not share. To look at them takes
a share of a core, so that it is left out where one process and two are compared. The machine may be busy with other things: trust the ratios, which are taken side by side.
"""

import argparse
import filecmp
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil

from benchmarks.data import FOLDERS, load
from benchmarks.speed import ROOT, Spent, exponent, growing, measured, user_environment, write_articles

EVERY = 0.2
"""Seconds between two looks at the processes."""
RUNS = 3
"""Runs of one process and of two, in turn; the fastest count."""


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    texts = [row["text"] for row in load(options.data, "clean")]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        articles = folder / "articles"
        write_articles(texts, articles, options.size)
        print_cores(articles, folder)
        print_engines(articles, folder)
        print_growth(texts, folder, options.size)
    print_facts(options)
    return 0


def spent(arguments: list, output: Path, **environment: str) -> Spent:
    """What a command takes, with its standard output in a file."""
    start = time.perf_counter()
    seconds: dict[tuple[int, float], float] = {}
    most = 0
    before = ended()
    with output.open("wb") as file:
        command = [sys.executable, "-m", "cleaner", *map(str, arguments)]
        process = psutil.Popen(command, stdout=file, cwd=ROOT, env={**user_environment(), **environment})
        while True:
            for each in tree(process):
                try:
                    times, memory = each.cpu_times(), each.memory_info()
                    seconds[each.pid, each.create_time()] = times.user + times.system
                    most = max(most, memory.rss - memory.shared)
                except psutil.Error:
                    continue
            try:
                process.wait(EVERY)
                break
            except (psutil.TimeoutExpired, subprocess.TimeoutExpired):
                continue
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)}: failed with {process.returncode}")
    # Processes of a cluster are not waited for; those of a pool may end between two looks.
    return Spent(time.perf_counter() - start, max(sum(seconds.values()), ended() - before), most / 1e6)


def ended() -> float:
    """The CPU seconds of all that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that descend from it."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def print_engines(articles: Path, folder: Path) -> None:
    """The same articles by one process, two, and a cluster of two."""
    number = sum(1 for _ in articles.iterdir())
    print(
        f"\n| {number:,} articles | seconds | CPU seconds | CPU, of the pool's | largest process | findings |\n|---|---|---|---|---|---|"
    )
    command = ["report", articles, "--format", "jsonl"]
    ways = {"pool of 2": ["--jobs", 2], "one process": ["--jobs", 1], "Ray, cluster of 2": ["--jobs", 2, "--engine", "ray"]}
    pool: Spent | None = None
    for name, more in ways.items():
        output, cache = folder / f"{name}.jsonl", str(folder / f"cache of {name}")
        spent(["report", next(articles.iterdir())], folder / "said", CLEANER_CACHE_DIR=cache)  # compiles the rules
        took = spent([*command, *more], output, CLEANER_CACHE_DIR=cache)
        pool = pool or took
        same = "the same" if filecmp.cmp(output, folder / "pool of 2.jsonl", shallow=False) else "OTHERS"
        print(
            f"| {name} | {took.wall:.1f} | {took.cpu:.1f} | {took.cpu / pool.cpu:.2f} | {took.megabytes:.0f} MB | {same} |",
            flush=True,
        )


def print_cores(articles: Path, folder: Path) -> None:
    """The same articles by one process, by two that share them, and by two that do not: these show what two cores of the machine can give."""
    ready = folder / "ready"
    spent(["report", next(articles.iterdir())], folder / "said", CLEANER_CACHE_DIR=str(ready))  # compiles the rules
    ways = {"one process": [1], "two processes": [2], "one process, twice at once": [1, 1]}
    runs: dict[str, list[list[Spent]]] = {way: [] for way in ways}
    for _ in range(RUNS):
        for way, jobs in ways.items():
            caches = [folder / f"cache{number}" for number in range(len(jobs))]
            for cache in caches:
                shutil.rmtree(cache, ignore_errors=True)
                shutil.copytree(ready, cache)
            with ThreadPoolExecutor() as threads:
                runs[way].append([*threads.map(partial(reported, articles), jobs, caches)])
    number = sum(1 for _ in articles.iterdir())
    print(f"\n| {number:,} articles, cold, by | seconds | CPU seconds | articles a second, of one process' |\n|---|---|---|---|")
    one = min(took.wall for (took,) in runs["one process"])
    for way, jobs in ways.items():
        wall = min(max(took.wall for took in run) for run in runs[way])
        cpu = min(sum(took.cpu for took in run) for run in runs[way])
        print(f"| {way} | {wall:.1f} | {cpu:.1f} | {len(jobs) * one / wall:.2f} |", flush=True)


def reported(articles: Path, jobs: int, cache: Path) -> Spent:
    """What a report by so many processes takes."""
    command = [sys.executable, "-m", "cleaner", "report", articles, "--format", "jsonl", "--jobs", jobs]
    return measured((command, ROOT), CLEANER_CACHE_DIR=str(cache))


def print_growth(texts: list[str], folder: Path, number: int) -> None:
    """How the cost of a data set grows with its articles, in shards of 500."""
    import pyarrow as pa
    from pyarrow import parquet

    print("\n| articles as a data set | CPU seconds | exponent | largest process |\n|---|---|---|---|")
    before: tuple[int, float] | None = None
    for count in growing(number):
        articles, data = folder / f"growth-{count}", folder / f"data-{count}"
        write_articles(texts, articles, count)
        data.mkdir()
        paths = sorted(articles.iterdir())
        for at in range(0, count, 500):
            column = [path.read_text("utf-8") for path in paths[at : at + 500]]
            parquet.write_table(pa.table({"text": column}), data / f"{at:07}.parquet")
        took = spent(["corpus", data, folder / f"out-{count}", "--jobs", 2], folder / "said")
        print(f"| {count:,} | {took.cpu:.1f} | {exponent(before, count, took.cpu)} | {took.megabytes:.0f} MB |", flush=True)
        before = count, took.cpu


def print_facts(options: argparse.Namespace) -> None:
    """How the merged facts grow with articles that nobody has varied: all of the data."""
    from cleaner.facts import Facts, wire
    from cleaner.facts.company import CompanyFacts
    from cleaner.facts.lines import LineFacts
    from cleaner.facts.names import NameFacts
    from cleaner.facts.sample import hashed
    from cleaner.facts.words import WordFacts
    from cleaner.pipeline import Pipeline, Selection
    from cleaner.rulebook.load import load as load_rules
    from cleaner.rulebook.load import shipped_rules
    from cleaner.text.document import Document

    pipeline = Pipeline(load_rules([shipped_rules()]), Selection())
    texts = dict.fromkeys(row["text"] for name in FOLDERS for row in load(options.data, name) if len(row.get("text") or "") > 500)
    order = sorted(texts, key=hashed)
    marks = [len(order) * part // 16 for part in (1, 2, 4, 8, 16)]
    facts, single = Facts(), 0
    print("\n| real articles | bytes an article, alone | merged | names | phrases | pairs | words | lines | of them once |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number, text in enumerate(order, 1):
        observed = pipeline.observe(pipeline.article(Document.from_text("a/a.txt", text)))
        single += len(wire.encode(observed))
        facts.merge(observed)
        if number in marks:
            names, lines = facts.section(NameFacts), facts.section(LineFacts).lines
            counts = (names.tokens, names.phrases, facts.section(CompanyFacts).articles, facts.section(WordFacts).articles, lines)
            once = sum(isinstance(places, int) for places in lines.values()) / len(lines)
            print(
                f"| {number:,} | {single / number:,.0f} | {len(wire.encode(facts)) / 1e6:.2f} MB | "
                f"{' | '.join(f'{len(each):,}' for each in counts)} | {once:.0%} |",
                flush=True,
            )
