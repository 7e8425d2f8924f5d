"""Recall, precision and false alarms on real articles, beside the peers."""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks import scoring
from benchmarks.data import Row, lay_out, rows, stem

ROOT = Path(__file__).parent.parent
SETS = ("natural", "names", "clean", "repeats", "spun", "mtdocs", "fakes")

Found = dict[str, list[dict]]


def run_cleaner(folder: Path, *options: str) -> Found:
    """The findings of ``cleaner report``, by file stem."""
    command = [sys.executable, "-m", "cleaner", "report", folder, "--format", "jsonl", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"cleaner failed: {done.stderr}")
    return by_file(json.loads(line) for line in done.stdout.splitlines())


def run_peer(peers: object, name: str, folder: Path) -> Found:
    """The findings of a peer, by file stem."""
    return by_file({**finding, "path": finding["file"]} for finding in peers.PEERS[name]([folder]))


def by_file(findings) -> Found:
    """Findings by the name of their file without its ending."""
    found: Found = defaultdict(list)
    for finding in findings:
        found[Path(finding["path"]).stem].append(finding)
    return found


def load_peers(data: Path, wanted: str) -> tuple[object, list[str]]:
    """The module that runs the peers, and those of `wanted` that are installed (see PEERS_HOME)."""
    script = data.parent / "tools" / "peers" / "run_peer.py"
    if not script.is_file():
        return None, []
    spec = importlib.util.spec_from_file_location("run_peer", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    installed = []
    for name in filter(None, wanted.split(",")):
        program = module.native(name, [data])[0][0]
        if Path(program).exists():
            installed.append(name)
        else:
            print(f"(peer {name} is not installed: left out)")
    return module, installed


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    peers, names = load_peers(options.data, options.peers)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary, name) for name in SETS}
        data = {name: lay_out(options.data, name, folder) for name, folder in folders.items()}
        found = {"cleaner": {name: run_cleaner(folder) for name, folder in folders.items()}}
        for peer in names:
            found[peer] = {name: run_peer(peers, peer, folders[name]) for name in ("natural", "names", "clean")}
    print_seeds()
    print_comparison(data, found)
    print_own(data, found["cleaner"], list_all=options.list)
    return 0


def print_seeds() -> None:
    """The marks of the seed articles."""
    folder = ROOT / "seeds"
    texts = {path.name: path.read_bytes().decode() for path in sorted(folder.iterdir())}
    found = {f"{name}.txt": findings for name, findings in run_cleaner(folder).items()}
    result = scoring.seeds(texts, rows(ROOT / "tests/gold/seeds.jsonl"), found)
    print("\nSeed articles: " + ", ".join(f"{level} {value}" for level, value in result.items()))


def print_comparison(data: dict[str, list[Row]], found: dict[str, dict[str, Found]]) -> None:
    """The table with the peers."""
    print(
        "\n| | typos in published news corrected | slips of names corrected | different names merged | findings per 1,000 words of clean news |"
    )
    print("|---|---|---|---|---|")
    for name, sets in found.items():
        corrected, edits, _ = scoring.typos(data["natural"], sets["natural"], stem)
        right, merged, _ = scoring.slips(data["names"], sets["names"], stem)
        alarms, _ = scoring.per_thousand(data["clean"], sets["clean"])
        print(f"| {name} | {corrected} of {edits} | {right[0]} of {right[1]} | {merged[0]} of {merged[1]} | {alarms:.2f} |")


def print_own(data: dict[str, list[Row]], found: dict[str, Found], *, list_all: bool) -> None:
    """What has no peer."""
    _, kinds = scoring.per_thousand(data["clean"], found["clean"])
    words = sum(len(row["text"].split()) for row in data["clean"])
    print(f"\nClean news, {words:,} words, by kind: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    repeats = sum(any(f["kind"] == "layout" for f in found["repeats"][stem(row)]) for row in data["repeats"])
    print(f"Repeated paragraphs: a layout finding in {repeats} of {len(data['repeats'])} articles")
    for name, label in (("spun", lambda row: row["label"] == "spun"), ("mtdocs", lambda row: row["is_mt"])):
        rates = defaultdict(list)
        for row in data[name]:
            rates[label(row)].append(len(found[name][stem(row)]) / max(1, len(row["text"].split())))
        print(
            f"{name}: AUC of findings a word {scoring.auc(rates[True], rates[False]):.2f} ({len(rates[True])} against {len(rates[False])})"
        )
    alarms, kinds = scoring.per_thousand(data["fakes"], found["fakes"])
    print(
        f"Syria folder: {alarms:.2f} findings per 1,000 words: "
        + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
    )
    if list_all:
        print(*(f"  missed {each}" for each in scoring.typos(data["natural"], found["natural"], stem)[2]), sep="\n")
        print(*(f"  name   {each}" for each in scoring.slips(data["names"], found["names"], stem)[2]), sep="\n")
        for stem_, findings in sorted(found["clean"].items()):
            print(
                *(f"  clean  {stem_} {f['rule']} {f['text']!r} -> {f['replacements'][:2]} {f['confidence']}" for f in findings),
                sep="\n",
            )
