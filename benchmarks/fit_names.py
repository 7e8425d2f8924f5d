"""Fits the weights of the name models on real names and articles, and tells how well they hold.

slip: the slips marked in articles are the positives; the marked look-alikes and all other candidate pairs of clean news are the
negatives, but for those that were read and judged otherwise (``judged_names.tsv``). pair: names in two spellings, and look-alikes.
variant: spellings within a folder, marked or judged (``judged_variants.tsv``). The figures are of a five-fold cross-validation: every article
(or name) is judged by weights that were fitted without it.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import Row, load
from cleaner import languages
from cleaner.detectors.names import NamesDetector
from cleaner.facts import Facts
from cleaner.facts.names import NameFacts, mentions
from cleaner.names import model
from cleaner.names.blocking import candidate_pairs
from cleaner.names.gazetteer import Gazetteer
from cleaner.names.pairs import pair_features
from cleaner.names.slips import slip_features
from cleaner.names.usage import Usages
from cleaner.names.variants import Spelling, by_votes, variant_features
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import load as load_rules
from cleaner.rulebook.load import shipped_rules
from cleaner.text.article import Article
from cleaner.text.document import Document
from cleaner.text.letters import letters
from cleaner.text.tokens import fold

WEIGHTS = Path(model.__file__).with_name("weights.json")
PENALTY = 1.0
FOLDS = 5
HARD = ("cooccurring-hard-negative", "cooccurring-derived", "place-hard-negative", "country-hard-negative")
"""Pairs that cost most when they are merged."""
HARD_WEIGHT = 4

Judged = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A pair with its features and label; `group` keeps what belongs together in one fold."""

    a: str
    b: str
    features: dict[str, float]
    label: int
    group: str
    weight: int = 1


def main(options: argparse.Namespace) -> int:
    """Fit, validate and write the weights, the models in the order in which they build on each other."""
    weights = json.loads(WEIGHTS.read_text("utf-8"))
    for name, cases in (("pair", pair_cases), ("variant", variant_cases), ("slip", slip_cases)):
        print(f"\n{name}:")
        weights[name] = fit_model(list(cases(options.data)), show=options.list)
        WEIGHTS.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", "utf-8")
        model.load_weights.cache_clear()
    return 0


# --- the cases


def pair_cases(data: Path) -> Iterator[Case]:
    """The pairs of names.jsonl."""
    lexicon = languages.get("en").lexicon
    for row in load(data, "pairs"):
        group = min(letters(row["a"]), letters(row["b"]))
        weight = HARD_WEIGHT if row["kind"] in HARD else 1
        yield Case(row["a"], row["b"], pair_features(row["a"], row["b"], lexicon), int(row["same"]), group, weight)


def variant_cases(data: Path) -> Iterator[Case]:
    """The candidate pairs of two folders that are marked or were judged."""
    lexicon = languages.get("en").lexicon
    judged = read_judged("judged_variants.tsv") | marked_variants(data)
    for folder in ("fakes", "clean"):
        _, facts = observe(load(data, folder))
        counts = facts.section(NameFacts).tokens
        for pair in candidate_pairs(counts):
            rare, common = by_votes((Spelling(form, counts[form]) for form in pair), lexicon)
            known = judged.get((rare.form, common.form), judged.get((common.form, rare.form)))
            features = variant_features(rare, common, lexicon) if known in ("0", "1") else {}
            if features:
                yield Case(rare.form, common.form, features, int(known or 0), letters(common.form))


def slip_cases(data: Path) -> Iterator[Case]:
    """Every candidate pair of every article, in the folder of all articles."""
    judged = read_judged("judged_names.tsv")
    english = languages.get("en")
    for name in ("names", "clean"):
        rows = load(data, name)
        articles, facts = observe(rows)
        detector = NamesDetector(load_rules([shipped_rules()]), english)
        gazetteer = Gazetteer.of(detector.book)
        counts = facts.section(NameFacts)
        pairs = detector.candidates(counts, candidate_pairs(counts.tokens))
        for row, article in zip(rows, articles, strict=True):
            found = article.once(mentions)
            usages = Usages(article, found, english, {mention.form for mention in found})
            for form in sorted({mention.form for mention in found} & pairs.keys()):
                for canonical, count in pairs[form]:
                    label = judge_slip(form, canonical, row, judged, marked=name == "names")
                    if label is not None:
                        rare, common = usages.of(form, counts.count(form)), usages.of(canonical, count)
                        features = slip_features(
                            form, canonical, rare, common, english.lexicon, known=fold(canonical) in gazetteer
                        )
                        yield Case(form, canonical, features, label, str(row["id"]))


def observe(rows: list[Row]) -> tuple[list[Article], Facts]:
    """The articles of a folder and its facts."""
    pipeline = Pipeline(load_rules([shipped_rules()]), Selection())
    articles = [pipeline.article(Document.from_text(row["id"], row["text"])) for row in rows]
    return articles, pipeline.merge(pipeline.observe(article) for article in articles)


def marked_variants(data: Path) -> Judged:
    """The pairs of corpus_variants.jsonl."""
    marked: Judged = {}
    for row in load(data, "variants"):
        forms = [variant["text"].split("-")[-1].split(" ")[-1] for variant in row["variants"]]
        marked |= {(a, b): str(int(row["same"])) for a in forms for b in forms if a != b}
    return marked


def read_judged(name: str) -> Judged:
    """The pairs that were read: 1, 0 or ?."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return {(a, b): verdict for a, b, verdict in (line.split("\t") for line in lines if not line.startswith("#"))}


def judge_slip(form: str, canonical: str, row: Row, judged: Judged, *, marked: bool) -> int | None:
    """1 for a slip, 0 for two names, None where it cannot be told."""
    if (form, canonical) in judged:
        return None if judged[form, canonical] == "?" else int(judged[form, canonical])
    if marked and row["same"] and letters(form) == letters(row["variant"]):
        return 1 if letters(canonical) == letters(row["canonical"]) else None
    return 0


# --- the fit


def fit_model(cases: Sequence[Case], *, show: bool) -> dict[str, float]:
    """The weights by feature, `bias` included; prints how they hold."""
    features = sorted({feature for case in cases for feature in case.features})
    x = np.array([[1.0, *(case.features.get(feature, 0.0) for feature in features)] for case in cases])
    y = np.array([case.label for case in cases], float)
    weight = np.array([case.weight for case in cases], float)
    print_validation(x, y, weight, cases, show=show)
    print(f"{len(y)} pairs, {int(y.sum())} of one name; weights written to {WEIGHTS.name}")
    return named(features, fit(x, y, weight))


def named(features: Sequence[str], weights: np.ndarray) -> dict[str, float]:
    """Fitted weights by their features, as they are stored: the bias first."""
    return dict(zip(["bias", *features], (round(float(each), 3) for each in weights), strict=True))


def fold_of(group: str, folds: int) -> int:
    """The number of the fold that a group is left out in, the same in every run."""
    return int(hashlib.blake2b(group.encode(), digest_size=4).hexdigest(), 16) % folds


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Logistic regression with a quadratic penalty on all weights but the bias, by Newton's method."""
    weights = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * PENALTY
    penalty[0, 0] = 1e-6
    for _ in range(50):
        p = predict(x, weights)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(hessian, x.T @ (weight * (p - y)) + penalty @ weights)
    return weights


def predict(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The probabilities of the rows of `x`."""
    predicted: np.ndarray = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
    return predicted


def validated(x: np.ndarray, y: np.ndarray, weight: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """The probabilities of the rows of `x`, each by weights that were fitted without its fold."""
    p = np.zeros(len(y))
    for number in np.unique(fold):
        inside = fold == number
        p[inside] = predict(x[inside], fit(x[~inside], y[~inside], weight[~inside]))
    return p


def print_validation(x: np.ndarray, y: np.ndarray, weight: np.ndarray, cases: Sequence[Case], *, show: bool) -> None:
    """Recall, false alarms and calibration of the cross-validated probabilities."""
    p = validated(x, y, weight, np.array([fold_of(case.group, FOLDS) for case in cases]))
    print("| probability at least | spellings of one name found | two names merged | F1 |\n|---|---|---|---|")
    for threshold in (0.3, 0.5, 0.7, 0.8, 0.9):
        over = p >= threshold
        f1 = 2 * y[over].sum() / (over.sum() + y.sum())
        print(
            f"| {threshold} | {int(y[over].sum())} of {int(y.sum())} | {int((1 - y[over]).sum())} of {int((1 - y).sum())} | {f1:.3f} |"
        )
    bins = np.minimum((p * 10).astype(int), 9)
    relevant = p >= 0.1
    error = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).sum() for b in range(1, 10) if (bins == b).any())
    print(f"expected calibration error of probabilities of 0.1 and more: {error / relevant.sum():.3f}")
    if show:
        for i in np.argsort(-np.abs(p - y))[:60]:
            print(f"  {p[i]:.2f} {int(y[i])} {cases[i].a} | {cases[i].b}  ({cases[i].group})")
