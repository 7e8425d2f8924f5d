"""Names: slips and variants found, different names kept apart, beside measures of string similarity and the peers."""

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from benchmarks import scoring
from benchmarks.data import Row, lay_out, load, stem
from benchmarks.quality import Found, load_peers, run_cleaner, run_peer
from cleaner import languages
from cleaner.facts.names import mentions
from cleaner.names.gazetteer import Gazetteer
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import load as load_rules
from cleaner.rulebook.load import shipped_rules
from cleaner.text.document import Document

SETS = ("names", "clean", "fakes")
AT = 0.7
"""The probability from which two strings count as one name in the table of pairs."""

Similarity = Callable[[str, str], float]
STRINGS: dict[str, tuple[Similarity, float]] = {
    "token-sort ratio, 85": (lambda a, b: token_sort_ratio(a.lower(), b.lower()), 85),
    "Jaro-Winkler, 0.92": (lambda a, b: JaroWinkler.similarity(a.lower(), b.lower()), 0.92),
}


def main(options: argparse.Namespace) -> int:
    """Print the tables."""
    peers, names = load_peers(options.data, options.peers)
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary, name) for name in SETS}
        data = {name: lay_out(options.data, name, folder) for name, folder in folders.items()}
        found = {"cleaner": {name: run_cleaner(folder, "--kind", "name") for name, folder in folders.items()}}
        for name in STRINGS:
            found[name] = {each: by_similarity(name, data[each]) for each in ("names", "clean")}
        for peer in names:
            found[peer] = {name: run_peer(peers, peer, folders[name]) for name in ("names", "clean")}
    print_articles(data, found)
    print_pairs(load(options.data, "pairs"))
    print_variants(load(options.data, "variants"), found["cleaner"]["fakes"])
    print_calibration(data["names"], found["cleaner"]["names"])
    if options.list:
        print_list(data, found["cleaner"])
    return 0


def by_similarity(name: str, rows: list[Row]) -> Found:
    """What a similarity alone finds: each capitalized word that is like a more frequent one of its article."""
    similarity, least = STRINGS[name]
    pipeline = Pipeline(load_rules([shipped_rules()]), Selection())
    found: Found = defaultdict(list)
    for row in rows:
        named = mentions(pipeline.article(Document.from_text(row["id"], row["text"])))
        counts = Counter(mention.form for mention in named if len(mention.form) > 3)
        better = {
            form: max(
                (other for other in counts if counts[other] > counts[form] and similarity(form, other) >= least),
                key=counts.get,
                default=None,
            )
            for form in counts
        }
        found[stem(row)] = [
            {"start": each.span.start, "end": each.span.end, "replacements": [better[each.form]], "kind": "name"}
            for each in named
            if better.get(each.form)
        ]
    return found


def print_articles(data: dict[str, list[Row]], found: dict[str, dict[str, Found]]) -> None:
    """Slips in published articles, and false alarms on clean news."""
    print("\n| | slips of names corrected | different names merged | findings per 1,000 words of clean news |\n|---|---|---|---|")
    for name, sets in found.items():
        right, merged, _ = scoring.slips(data["names"], sets["names"], stem)
        alarms, _ = scoring.per_thousand(data["clean"], sets["clean"])
        print(f"| {name} | {share(*right)} | {share(*merged)} | {alarms:.2f} |")


def print_pairs(rows: list[Row]) -> None:
    """Pairs of names as strings, and the pairs that cost most when they are merged."""
    lexicon = languages.get("en").lexicon
    gazetteer = Gazetteer(load_rules([shipped_rules()]))
    measures: dict[str, tuple[Similarity, float]] = {"cleaner": (lambda a, b: gazetteer.same_name(a, b, lexicon), AT), **STRINGS}
    hard = ("cooccurring-hard-negative", "cooccurring-derived", "place-hard-negative", "country-hard-negative")
    print(
        "\n| pairs of names | precision | recall | F1 | co-occurring, place, country and derived pairs merged |\n|---|---|---|---|---|"
    )
    for name, (similarity, least) in measures.items():
        merged = [(row["same"], row["kind"]) for row in rows if similarity(row["a"], row["b"]) >= least]
        right = sum(same for same, _ in merged)
        precision, recall = right / len(merged), right / sum(row["same"] for row in rows)
        wrong = sum(not same and kind in hard for same, kind in merged)
        f1 = 2 * precision * recall / (precision + recall)
        print(
            f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {share(wrong, sum(row['kind'] in hard for row in rows))} |"
        )


def print_variants(rows: list[Row], found: Found) -> None:
    """Groups of spellings that stand side by side in the folder of Syrian news."""
    edits = {(scoring.plain(f["text"]), scoring.plain(f["replacements"][0])) for all_ in found.values() for f in all_}
    whole = joined = wanted = wrong = 0
    for row in rows:
        forms = [scoring.plain(each["text"]) for each in row["variants"]]
        linked = sum(any(leads(a, b, edits) for b in forms if a != b) for a in forms)
        if row["same"]:
            whole += linked >= len(forms) - 1
            joined += min(linked, len(forms) - 1)
            wanted += len(forms) - 1
        else:
            wrong += linked > 0
    same = sum(row["same"] for row in rows)
    print(
        f"\nSpellings side by side in one folder: {share(whole, same)} groups found whole, {share(joined, wanted)} spellings brought to another of their group; ",
        end="",
    )
    print(f"{wrong} of {len(rows) - same} groups of different names merged")


def leads(a: str, b: str, edits: set[tuple[str, str]]) -> bool:
    """Whether an edit brings `a` to `b`."""
    return any(a in before and b in after and (b not in before or a not in after) for before, after in edits)


def print_calibration(rows: list[Row], found: Found) -> None:
    """How often findings of a confidence are right, on the marked names (of which about two in seven are different names)."""
    judged = list(judge(rows, found))
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        bins[min(int(confidence * 10), 9)].append((confidence, right))
    error = sum(abs(sum(c for c, _ in each) - sum(r for _, r in each)) for each in bins.values()) / len(judged)
    sure = [right for confidence, right in judged if confidence >= 0.9]
    print(
        f"\nConfidence on marked names: expected calibration error {error:.3f}; of findings at 0.9 and more {share(sum(sure), len(sure))} right"
    )


def judge(rows: list[Row], found: Found) -> Iterator[tuple[float, bool]]:
    """The confidence of each finding on a marked name, and whether it is right."""
    for row in rows:
        for finding in found.get(stem(row), []):
            if any(span["role"] != "canonical" and scoring.overlaps(finding, span) for span in row["spans"]):
                to = scoring.plain(finding["replacements"][0]).lower()
                yield finding["confidence"], row["same"] and scoring.plain(row["canonical"]).lower() in to


def print_list(data: dict[str, list[Row]], found: dict[str, Found]) -> None:
    """What went wrong, and all that was found in clean news and in the folder of Syrian news."""
    print(*(f"  wrong {each}" for each in scoring.slips(data["names"], found["names"], stem)[2]), sep="\n")
    for name in ("clean", "fakes"):
        edits = Counter(
            (f["text"], f["replacements"][0], f["rule"], f["confidence"]) for all_ in found[name].values() for f in all_
        )
        print(*(f"  {name} {count} {edit}" for edit, count in edits.most_common()), sep="\n")


def share(part: int, whole: int) -> str:
    """Both numbers and their ratio."""
    return f"{part} of {whole} ({part / max(1, whole):.1%})"
