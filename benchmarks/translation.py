"""What machines leave in translated and spun text: what is found of it, and what is found where nothing of the kind is.

AUC: the score of a document (as the program gives it, and cross-validated) of machines' texts against people's. Marked errors: how often a finding lies on an error that professional
annotators marked in machine translations, beside how often a place of the same length chosen at random does; and the share of marked errors that are met, by category. Tortured phrases: the
share of known phrases of spun science papers in which something is found, in a plain sentence.
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks import fit_prose
from benchmarks.data import Row, lay_out, rows, stem
from benchmarks.quality import Found, run_cleaner
from benchmarks.scoring import auc, overlaps

SCORE = "style.machine-prose"
ABOUT = ("wording", "role", "typography")
PLACES = 200  # chosen for each finding


def main(options: argparse.Namespace) -> int:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as temporary:
        print_documents(options.data, Path(temporary))
        print("\nCross-validated:\n")
        fit_prose.print_validation(fit_prose.collect(options.data))
        print_marked(options.data, Path(temporary), list_all=options.list)
        print_tortured(options.data, Path(temporary), list_all=options.list)
        print_clean(options.data, Path(temporary))
    return 0


def print_documents(data: Path, temporary: Path) -> None:
    """The AUC of the score as the program gives it, with the shipped weights."""
    for name, positive, what in (
        ("spun", lambda row: row["label"] == "spun", "spun against not spun"),
        ("mtdocs", lambda row: row["is_mt"], "machine against human translation"),
    ):
        loaded = lay_out(data, name, temporary / name)
        found = run_cleaner(temporary / name, "--min-confidence", "0", "--kind", "style")
        scores: dict[bool, list[float]] = {True: [], False: []}
        for row in loaded:
            score = [finding["confidence"] for finding in found[stem(row)] if finding["rule"] == SCORE]
            scores[positive(row)].append(max(score, default=0.0))
        print(f"{name}: AUC of the score of a document, {what}: {auc(scores[True], scores[False]):.3f}")


def print_marked(data: Path, temporary: Path, *, list_all: bool) -> None:
    """The findings on errors that annotators marked."""
    loaded = [row for row in rows(data / "mt/mt.jsonl") if not row["human"]]
    found = write_and_run(temporary / "marked", {f"{number:05}": row["text"] for number, row in enumerate(loaded)})
    met, hits, chance, number = Counter(), Counter(), Counter(), Counter()
    marked = Counter(label for row in loaded for mark in row["spans"] for label in labels(mark))
    for at, row in enumerate(loaded):
        for finding in found[f"{at:05}"]:
            for kind in (finding["kind"], *(["wording, role and typography"] if finding["kind"] in ABOUT else [])):
                number[kind] += 1
                hits[kind] += any(overlaps(finding, mark) for mark in row["spans"])
                chance[kind] += by_chance(row, finding["end"] - finding["start"])
            if list_all and not any(overlaps(finding, mark) for mark in row["spans"]):
                print(f"  unmarked {finding['rule']} {finding['text']!r} -> {finding['replacements'][:1]}")
        for mark in row["spans"]:
            if any(overlaps(finding, mark) for finding in found[f"{at:05}"]):
                met.update(labels(mark))
    print(f"\nMarked errors, {len(loaded):,} machine-translated segments:")
    print("\n| findings | number | on a marked error | by chance | times chance |\n|---|---|---|---|---|")
    for kind, count in number.most_common():
        rate, random = hits[kind] / count, chance[kind] / count
        print(f"| {kind} | {count} | {rate:.1%} | {random:.1%} | {rate / max(random, 1e-9):.1f} |")
    print("\n| marked errors | number | met |\n|---|---|---|")
    for label, count in sorted(marked.items(), key=lambda item: -item[1])[:24]:
        print(f"| {label} | {count} | {met[label]} ({met[label] / count:.1%}) |")


def labels(mark: Row) -> Iterator[str]:
    """How a marked error is counted."""
    yield "all"
    yield str(mark["category"] or "no category")
    if mark["severity"].lower() == "major" and (mark.get("votes") or 1) >= 2:
        yield "major, by two annotators and more"


def by_chance(row: Row, length: int) -> float:
    """How likely a place of so many letters in the text touches a marked error."""
    last = max(1, len(row["text"]) - length)
    places = range(0, last, max(1, last // PLACES))
    touching = sum(any(overlaps({"start": at, "end": at + length}, mark) for mark in row["spans"]) for at in places)
    return touching / len(places)


def print_tortured(data: Path, temporary: Path, *, list_all: bool) -> None:
    """The tortured phrases in which something is found, and the right ones in which something is."""
    phrases = rows(data / "mt/tortured_phrases.jsonl")
    counts = {}
    for side in ("wrong", "right"):
        texts = {
            f"{number:05}": f"The authors describe {phrase[side]} in their study.\n" for number, phrase in enumerate(phrases)
        }
        found = write_and_run(temporary / side, texts)
        hit = [number for number in range(len(phrases)) if any(each["kind"] == "wording" for each in found[f"{number:05}"])]
        counts[side] = len(hit)
        if list_all:
            missed = set(range(len(phrases))) - set(hit) if side == "wrong" else set(hit)
            print(
                *(f"  tortured {side}: {phrases[number]['wrong']} | {phrases[number]['right']}" for number in sorted(missed)),
                sep="\n",
            )
    total = len(phrases)
    print(
        f"\nTortured phrases: found {counts['wrong']} of {total} ({counts['wrong'] / total:.1%}); found in the right phrases {counts['right']}"
    )


def print_clean(data: Path, temporary: Path) -> None:
    """The findings of these kinds in clean news, each in a line."""
    loaded = lay_out(data, "clean", temporary / "clean")
    found = run_cleaner(temporary / "clean", "--kind", ",".join((*ABOUT, "style")))
    words = sum(len(row["text"].split()) for row in loaded)
    rules: dict[str, list[str]] = defaultdict(list)
    for finding in (each for findings in found.values() for each in findings):
        rules[finding["rule"]].append(finding["text"])
    total = sum(map(len, rules.values()))
    print(
        f"\nClean news, {words:,} words: {total} findings of wording, role, typography and style, {1000 * total / words:.3f} a thousand"
    )
    for rule, texts in sorted(rules.items(), key=lambda item: -len(item[1])):
        print(f"  {len(texts)} {rule}: {', '.join(dict.fromkeys(map(repr, texts)))}")


def write_and_run(folder: Path, texts: dict[str, str]) -> Found:
    """The findings in `texts`, each a file."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return run_cleaner(folder)
