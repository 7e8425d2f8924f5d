"""Fits the weights of the prose models on real documents, and tells how well they hold.

spun: spun news is positive, all other documents negative. translated: machine translations of news documents are positive; human translations of
the same documents and clean news negative. The figures are of a five-fold cross-validation by document: all versions of a document are judged by weights
that were fitted without any of them. They are given with and without what the rules found, since rules were written in sight of some documents.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import Row, load
from benchmarks.fit_names import FOLDS, fit, fold_of, named, observe, predict
from benchmarks.scoring import auc
from cleaner import languages
from cleaner.corroboration import Corroboration
from cleaner.pipeline import Pipeline, Selection
from cleaner.prose import model
from cleaner.prose.features import measure
from cleaner.prose.model import SIGNS
from cleaner.rulebook.load import load as load_rules
from cleaner.rulebook.load import shipped_rules

WEIGHTS = Path(model.__file__).with_name("weights.json")
SPINNING = ("unusual pairs", "rare words", "words neither rare nor common")
RARE = 10
"""There are few spun documents: each counts so many times."""
PIECE = 150  # words


@dataclass(frozen=True, slots=True)
class Text:
    """A document with its features; `group` names what it is a version of."""

    source: str
    group: str
    features: dict[str, float]
    spun: bool = False
    translated: bool = False


def main(options: argparse.Namespace) -> int:
    """Fit, validate and write the weights."""
    texts = collect(options.data)
    print_validation(texts)
    writers = [text.features for text in texts if text.source == "clean"]
    weights = {"writers": {name: round(float(np.mean([each[name] for each in writers])), 3) for name in writers[0]}}
    for name in ("spun", "translated"):
        texts_, features = for_model(texts, name), names_of(texts, name)
        fitted = fit(matrix(texts_, features), labels(texts_, name), importance(texts_, name))
        weights[name] = named(features, fitted)
    WEIGHTS.write_text(json.dumps(weights, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(texts)} documents; weights written to {WEIGHTS.name}")
    return 0


def collect(data: Path) -> list[Text]:
    """The documents that are long enough; of spun news and its like also the pieces."""
    texts = []
    language, book = languages.get("en"), load_rules([shipped_rules()])
    corroboration = Corroboration(book, language)
    for source in ("spun", "pieces", "mtdocs", "clean"):
        rows = load(data, source) if source != "pieces" else list(pieces(load(data, "spun")))
        pipeline = Pipeline(book, Selection(min_confidence=0))
        articles, facts = observe(rows)
        evidence = pipeline.conclude(facts)
        for row, article in zip(rows, articles, strict=True):
            features = measure(article, language)
            if features:
                signs = corroboration.certain(pipeline.detect(article, evidence))
                features[SIGNS] = math.log1p(len(signs))
                texts.append(
                    Text(source, row.get("doc", row["id"]), features, row.get("label") == "spun", bool(row.get("is_mt")))
                )
    return texts


def pieces(rows: Sequence[Row]) -> Iterator[Row]:
    """The parts of documents that are spun or not as a whole, each of whole lines and hardly more words than are needed."""
    for row in rows:
        piece: list[str] = []
        for line in row["text"].splitlines() if row["label"] != "partly-spun" else []:
            piece.append(line)
            if len(" ".join(piece).split()) >= PIECE:
                yield {**row, "text": "\n".join(piece)}
                piece = []


def for_model(texts: Sequence[Text], name: str) -> list[Text]:
    """The documents that a model is fitted on: spun ones and their like say nothing about translation."""
    return [text for text in texts if name == "spun" or text.source not in {"spun", "pieces"}]


def names_of(texts: Sequence[Text], name: str, *, rules: bool = True) -> list[str]:
    """The features of a model."""
    names = SPINNING if name == "spun" else sorted(texts[0].features.keys() - {SIGNS})
    return [*names, SIGNS] if rules else [*names]


def matrix(texts: Sequence[Text], names: Sequence[str]) -> np.ndarray:
    return np.array([[1.0, *(text.features[name] for name in names)] for text in texts])


def labels(texts: Sequence[Text], name: str) -> np.ndarray:
    return np.array([getattr(text, name) for text in texts], float)


def importance(texts: Sequence[Text], name: str) -> np.ndarray:
    return np.array([RARE if name == "spun" and text.spun else 1 for text in texts], float)


def validated(texts: Sequence[Text], name: str, *, rules: bool, without: Sequence[str] = ()) -> np.ndarray:
    """The cross-validated probabilities of all texts."""
    features = [feature for feature in names_of(texts, name, rules=rules) if feature not in without]
    p = np.zeros(len(texts))
    for number in range(FOLDS):
        inside = [i for i, text in enumerate(texts) if fold_of(text.group, FOLDS) == number]
        outside = for_model([text for text in texts if fold_of(text.group, FOLDS) != number], name)
        weights = fit(matrix(outside, features), labels(outside, name), importance(outside, name))
        p[inside] = predict(matrix([texts[i] for i in inside], features), weights)
    return p


def print_validation(texts: Sequence[Text]) -> None:
    """The AUC of the score, of which the models take part, with and without the rules."""
    source = np.array([text.source for text in texts])
    spun, translated = labels(texts, "spun") > 0, labels(texts, "translated") > 0
    print(
        "| cross-validated | spun against not spun | MT against human | the same document | clean news over 0.8 / 0.9 |\n|---|---|---|---|---|"
    )
    for title, rules, without in (
        ("all features", True, ()),
        ("without the rules", False, ()),
        ("without the rules and dashes", False, ("dashes",)),
        ("the rules alone", True, tuple(set(names_of(texts, "translated")) - {SIGNS})),
    ):
        p = np.maximum(*(validated(texts, name, rules=rules, without=without) for name in ("spun", "translated")))
        news, docs, clean = source == "spun", source == "mtdocs", p[source == "clean"]
        figures = auc(p[news & spun], p[news & ~spun]), auc(p[docs & translated], p[docs & ~translated]), paired(texts, p)
        over = [int((clean >= least).sum()) for least in (0.8, 0.9)]
        print(f"| {title} | " + " | ".join(f"{each:.3f}" for each in figures) + f" | {over[0]} / {over[1]} of {len(clean)} |")


def paired(texts: Sequence[Text], p: np.ndarray) -> float:
    """How often a machine's version of a document scores above the human one."""
    groups: dict[str, tuple[list[float], list[float]]] = {}
    for text, score in zip(texts, p, strict=True):
        if text.source == "mtdocs":
            groups.setdefault(text.group, ([], []))[text.translated].append(float(score))
    pairs = [(machine > human) for humans, machines in groups.values() for machine in machines for human in humans]
    return sum(pairs) / len(pairs)
