"""Fits the weights of the name model on articles in which slips of names are marked, and tells how well they hold.

The marked slips are the positives; the marked look-alikes and all other candidate pairs of clean news are the negatives, but
for those that were read and judged otherwise (``judged_names.tsv``). The figures are of a five-fold cross-validation
by article: every article is judged by weights that were fitted without it.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.data import Row, load
from cleaner import languages
from cleaner.detectors.names import NamesDetector
from cleaner.facts.names import NameFacts, mentions
from cleaner.names import model
from cleaner.names.romanization import letters
from cleaner.names.usage import Usages
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import load as load_rules
from cleaner.rulebook.load import shipped_rules
from cleaner.text.document import Document

WEIGHTS = Path(model.__file__).with_name("weights.json")
PENALTY = 1.0
FOLDS = 5

Case = tuple[str, str, dict[str, float], Row]


def main(options: argparse.Namespace) -> int:
    """Fit, validate and write the weights."""
    judged = read_judged()
    cases, labels = [], []
    for name in ("names", "clean"):
        for case in candidates(load(options.data, name)):
            label = judge(case, judged, marked=name == "names")
            if label is not None:
                cases.append(case)
                labels.append(label)
    features = sorted(cases[0][2])
    x = np.array([[1.0, *(case[2][feature] for feature in features)] for case in cases])
    y = np.array(labels, float)
    print_validation(x, y, cases, show=options.list)
    weights = dict(zip(["bias", *features], (round(float(each), 3) for each in fit(x, y)), strict=True))
    WEIGHTS.write_text(json.dumps({"slip": weights}, indent=1) + "\n", "utf-8")
    print(f"{len(y)} pairs, {int(y.sum())} of them slips; weights written to {WEIGHTS.name}")
    return 0


def read_judged() -> dict[tuple[str, str], str]:
    """The pairs that were read: 1, 0 or ?."""
    lines = Path(__file__).with_name("judged_names.tsv").read_text("utf-8").splitlines()
    return {
        (form, canonical): verdict
        for form, canonical, verdict in (line.split("\t") for line in lines if not line.startswith("#"))
    }


def candidates(rows: list[Row]) -> Iterator[Case]:
    """Every candidate pair of every article, with its features, in the folder of all articles."""
    book = load_rules([shipped_rules()])
    english = languages.get("en")
    pipeline, detector = Pipeline(book, Selection()), NamesDetector(book, english)
    articles = [pipeline.article(Document.from_text(row["id"], row["text"])) for row in rows]
    facts = pipeline.merge(pipeline.observe(article) for article in articles)
    pairs, counts = detector.conclude(facts), facts.section(NameFacts)
    for row, article in zip(rows, articles, strict=True):
        found = article.once(mentions)
        usages = Usages(article, found, english.titles)
        for form in sorted({mention.form for mention in found} & pairs.keys()):
            for canonical, count in pairs[form]:
                rare, common = usages.of(form, counts.count(form)), usages.of(canonical, count)
                yield form, canonical, model.slip_features(form, canonical, rare, common, english.lexicon), row


def judge(case: Case, judged: dict[tuple[str, str], str], *, marked: bool) -> int | None:
    """1 for a slip, 0 for two names, None where it cannot be told."""
    form, canonical, _, row = case
    if (form, canonical) in judged:
        return None if judged[form, canonical] == "?" else int(judged[form, canonical])
    if marked and row["same"] and letters(form) == letters(row["variant"]):
        return 1 if letters(canonical) == letters(row["canonical"]) else None
    return 0


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression with a quadratic penalty on all weights but the bias, by Newton's method."""
    weights = np.zeros(x.shape[1])
    penalty = np.eye(x.shape[1]) * PENALTY
    penalty[0, 0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(hessian, x.T @ (p - y) + penalty @ weights)
    return weights


def print_validation(x: np.ndarray, y: np.ndarray, cases: list[Case], *, show: bool) -> None:
    """Recall, false alarms and calibration of the cross-validated probabilities."""
    fold = np.array([int(hashlib.blake2b(str(case[3]["id"]).encode(), digest_size=4).hexdigest(), 16) % FOLDS for case in cases])
    p = np.zeros(len(y))
    for number in range(FOLDS):
        inside = fold == number
        p[inside] = 1 / (1 + np.exp(-x[inside] @ fit(x[~inside], y[~inside])))
    print("| probability at least | slips found | two names merged |\n|---|---|---|")
    for threshold in (0.3, 0.5, 0.7, 0.9):
        over = p >= threshold
        print(f"| {threshold} | {int(y[over].sum())} of {int(y.sum())} | {int((1 - y[over]).sum())} of {int((1 - y).sum())} |")
    bins = np.minimum((p * 10).astype(int), 9)
    relevant = p >= 0.1
    error = sum(abs(p[bins == b].mean() - y[bins == b].mean()) * (bins == b).sum() for b in range(1, 10) if (bins == b).any())
    print(f"expected calibration error of probabilities of 0.1 and more: {error / relevant.sum():.3f}")
    if show:
        for i in np.argsort(-np.abs(p - y))[:60]:
            print(f"  {p[i]:.2f} {int(y[i])} {cases[i][0]} | {cases[i][1]}  ({cases[i][3]['id']})")
