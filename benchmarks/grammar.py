"""Typos and grammar: with LanguageTool, without it, and the peers, on sentences in which people marked what is wrong."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks import scoring
from benchmarks.data import Row, lay_out, rows, stem
from benchmarks.quality import Found, load_peers, run_cleaner, run_peer
from cleaner.languagetool.installation import installed
from cleaner.rulebook.load import load, shipped_rules
from cleaner.rulebook.model import NameRule

SETS = {
    "news-natural": "news-natural",
    "cweb": "CWEB",
    "demetr-misspelled": "DEMETR words",
    "demetr-char": "DEMETR letters",
    "jfleg": "JFLEG",
    "gmeg-wiki": "GMEG",
}
KINDS = frozenset({"spelling", "grammar", "orthography"})


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    if installed() is None:
        sys.exit("run.py bench grammar: LanguageTool is not installed: run.py languagetool install")
    peers, names = load_peers(options.data, options.peers)
    marked = rows(options.data / "typos/typos.jsonl")
    with tempfile.TemporaryDirectory() as temporary:
        sets = {origin: [row for row in marked if row["origin"] == origin] for origin in SETS}
        for origin, its in sets.items():
            folder = Path(temporary, origin)
            folder.mkdir()
            for row in its:
                (folder / f"{stem(row)}.txt").write_bytes(row["text"].encode())
        clean = lay_out(options.data, "clean", Path(temporary, "clean"))
        tools = {
            "cleaner with LanguageTool": lambda folder: run_cleaner(folder, "--grammar", "auto"),
            "cleaner without": lambda folder: run_cleaner(folder, "--grammar", "off"),
            **{name: (lambda folder, name=name: run_peer(peers, name, folder)) for name in names},
        }
        found = {tool: {name: run(Path(temporary, name)) for name in (*SETS, "clean")} for tool, run in tools.items()}
        print_recall(sets, found)
        print_clean(sets["cweb"], clean, found)
        print_names(Path(temporary))
    if options.list:
        print_list(sets, clean, found["cleaner with LanguageTool"])
    return 0


def edits_of(row: Row) -> list[Row]:
    """The edits that count: errors, not matters of taste; of two annotators both must have made it."""
    return [edit for edit in row["edits"] if edit.get("kind", "spelling") in KINDS and len(edit.get("annotators", (0, 1))) > 1]


def print_recall(sets: dict[str, list[Row]], found: dict[str, dict[str, Found]]) -> None:
    """Of the marked errors how many were found, and how many are mended by the first proposal."""
    counts = {origin: sum(len(edits_of(row)) for row in its) for origin, its in sets.items()}
    print("\nErrors found, and mended by the first proposal (%):\n")
    print("| | " + " | ".join(f"{label} ({counts[origin]})" for origin, label in SETS.items()) + " |")
    print("|---|" + "---|" * len(SETS))
    for tool, by_set in found.items():
        cells = []
        for origin, its in sets.items():
            hit = mended = 0
            for row in its:
                for edit in edits_of(row):
                    near = [each for each in by_set[origin][stem(row)] if scoring.overlaps(each, edit)]
                    hit += bool(near)
                    mended += any(scoring.same_edit(row["text"], each, edit, [edit["replacement"]], 1) for each in near)
            cells.append(f"{100 * hit / counts[origin]:.0f}, {100 * mended / counts[origin]:.0f}")
        print(f"| {tool} | " + " | ".join(cells) + " |")


def print_clean(cweb: list[Row], clean: list[Row], found: dict[str, dict[str, Found]]) -> None:
    """Precision where every error is marked, and findings on clean news."""
    print("\n| | findings on CWEB that meet an edit of any annotator | findings per 1,000 words of clean news |")
    print("|---|---|---|")
    for tool, by_set in found.items():
        findings = [(row, each) for row in cweb for each in by_set["cweb"][stem(row)]]
        right = sum(any(scoring.overlaps(each, edit) for edit in row["edits"]) for row, each in findings)
        alarms, _ = scoring.per_thousand(clean, by_set["clean"])
        print(f"| {tool} | {right} of {len(findings)} ({100 * right / max(1, len(findings)):.0f} %) | {alarms:.2f} |")


def print_names(folder: Path) -> None:
    """What becomes of a text of all names of the gazetteer."""
    names = [name for rule in load([shipped_rules()]).of_form(NameRule) for name in (rule.name, *rule.accepted)]
    path = folder / "names"
    path.mkdir()
    (path / "names.txt").write_text("".join(f"They spoke of {name} on Monday.\n\n" for name in names))
    changed = [each for each in run_cleaner(path, "--grammar", "auto").get("names", []) if each["rule"].startswith("grammar.lt")]
    print(f"\nNames of the gazetteer that LanguageTool would change: {len(changed)} of {len(names)}")


def print_list(sets: dict[str, list[Row]], clean: list[Row], by_set: dict[str, Found]) -> None:
    """What LanguageTool added on clean news and CWEB."""
    for name, its in (("clean", clean), ("cweb", sets["cweb"])):
        counts = Counter()
        for row in its:
            for each in by_set[name][stem(row)]:
                if each["rule"].startswith("grammar.lt"):
                    counts[each["rule"]] += 1
                    around = f"{row['text'][max(0, each['start'] - 30) : each['start']]}[{each['text']} -> {each['replacements'][:2]}]{row['text'][each['end'] : each['end'] + 30]}"
                    met = any(scoring.overlaps(each, edit) for edit in row.get("edits", ()))
                    print(f"  {name} {'+' if met else '-'} {each['evidence'][0].split()[-1]} {' '.join(around.split())}")
        print(name, dict(counts))
