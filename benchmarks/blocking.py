"""How the search for candidate pairs of names grows: from 10,000 to 500,000 distinct names, and whether it misses any."""

import argparse
import itertools
import json
import math
import random
import resource
import time

from rapidfuzz import process
from rapidfuzz.distance import OSA

from benchmarks.data import load
from cleaner.names.blocking import SHORTEST, candidate_pairs
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton

SIZES = (10_000, 30_000, 100_000, 300_000, 500_000)
COMPARED = 100_000
"""So many names rapidfuzz compares, too: `FEW` of them with all."""
FEW = 300
SAMPLE = 2_000  # names that are compared with each other


def main(options: argparse.Namespace) -> int:
    """Print time, exponent of growth, pairs and memory by the number of names."""
    seeds = sorted(
        {word for row in load(options.data, "pairs") for name in (row["a"], row["b"]) for word in name.split() if len(word) > 3}
    )
    print("| names | CPU s | exponent | pairs | memory |\n|---|---|---|---|---|")
    before: tuple[int, float] | None = None
    for size in SIZES:
        names = made_up(seeds, size)
        start = time.process_time()
        pairs = sum(1 for _ in candidate_pairs(names))
        spent = time.process_time() - start
        exponent = f"{math.log(spent / before[1]) / math.log(size / before[0]):.2f}" if before else ""
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {size:,} | {spent:.1f} | {exponent} | {pairs:,} | {memory:,} MB |", flush=True)
        before = size, spent
        if size == COMPARED:
            print_full(names, spent)
    print_recall(made_up(seeds, SIZES[1]))
    return 0


def made_up(seeds: list[str], size: int) -> list[str]:
    """Names of the shape of real ones: two halves of real names joined, one in six with a slip."""
    shuffler = random.Random(1)
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    names: dict[str, None] = dict.fromkeys(seeds[:size])
    while len(names) < size:
        a, b = shuffler.choice(seeds), shuffler.choice(seeds)
        name = a[: shuffler.randint(2, len(a))] + b[shuffler.randint(0, len(b) - 2) :].lower()
        names.setdefault(name)
        if shuffler.random() < 1 / 6:
            at = shuffler.randrange(1, len(name))
            names.setdefault(name[:at] + shuffler.choice(alphabet) + name[at + shuffler.randint(0, 1) :])
    return list(names)[:size]


def print_full(names: list[str], spent: float) -> None:
    """How long rapidfuzz takes to compare each name with each, reckoned from a part of the names."""
    folded = [letters(name) for name in names]
    part = folded[:: len(folded) // FEW]
    start = time.process_time()
    for name in part:
        for _ in process.extract_iter(name, folded, scorer=OSA.distance, score_cutoff=2):
            pass
    full = (time.process_time() - start) * len(folded) / len(part) / 2  # each pair once
    print(f"| each with each, by rapidfuzz | {full:,.0f}: {full / spent:.0f} times as long | | | |", flush=True)


def print_recall(names: list[str]) -> None:
    """The pairs that comparing each with each finds, and those of them that blocking finds."""
    names = sorted(names, key=letters)[: 4 * SAMPLE : 4] + names[:SAMPLE]
    names = sorted({letters(name): name for name in names}.values())
    found = set(candidate_pairs(names))
    close = alike = missed = 0
    for a, b in itertools.combinations(names, 2):
        x, y = letters(a), letters(b)
        if min(len(x), len(y)) < SHORTEST + 1:
            continue
        near, same = OSA.distance(x, y, score_cutoff=2) <= 2, skeleton(x) == skeleton(y) and abs(len(x) - len(y)) <= 3
        close += near
        alike += same
        missed += (near or same) and (min(a, b), max(a, b)) not in found
    print(json.dumps({"names": len(names), "pairs at distance 2 or less": close, "of one skeleton": alike, "missed": missed}))
