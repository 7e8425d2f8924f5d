"""Fits the weights of the model of a site's lines on marked articles and clean news, and tells how well they hold on other sites.

The positives are marked lines that no rule knows; the negatives the other lines of articles whose body was marked by hand, and of
clean news. Headlines are neither: they are marked, and nobody wants them gone. The figures are of a cross-validation by site.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import load
from benchmarks.fit_names import fit, fold_of, named, observe, validated
from cleaner import languages
from cleaner.detectors.base import Evidence
from cleaner.detectors.litter import LitterDetector
from cleaner.litter import model
from cleaner.rulebook.load import load as load_rules
from cleaner.rulebook.load import shipped_rules

WEIGHTS = Path(model.__file__).with_name("weights.json")
FOLDS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A line that the model may be asked about."""

    text: str
    site: str
    features: dict[str, float]
    label: int
    known: bool
    """Whether a rule or check finds it: it teaches the model, which has no say of it."""


def main(options: argparse.Namespace) -> int:
    """Validate, fit, write the weights."""
    cases = [*marked_cases(options.data), *clean_cases(options.data)]
    names = sorted({name for case in cases for name in case.features})
    x = np.array([[1.0, *(case.features.get(name, 0.0) for name in names)] for case in cases])
    y = np.array([case.label for case in cases], float)
    print_validation(x, y, cases, show=options.list)
    weights = fit(x, y, np.ones(len(y)))
    WEIGHTS.write_text(json.dumps(named(names, weights), indent=1) + "\n")
    print(f"{len(y):,} lines, {int(y.sum())} of sites; weights written to {WEIGHTS.name}")
    return 0


def marked_cases(data: Path) -> Iterator[Case]:
    """The lines of the marked articles."""
    rows = load(data, "articles")
    for row, known, span, features in all_lines(rows):
        marked = sum(max(0, min(span.end, mark["end"]) - max(span.start, mark["start"])) for mark in row["boilerplate_spans"])
        label = int(2 * marked >= len(span))
        if row["labels"] == "gold-article-body" or label:
            yield Case(span.of(row["text"]), row["site"], features, label, known)


def clean_cases(data: Path) -> Iterator[Case]:
    """The lines of clean news."""
    for row, known, span, features in all_lines(load(data, "clean")):
        if not known:
            yield Case(span.of(row["text"]), f"clean {row['id']}", features, 0, known)


def all_lines(rows: list[dict]) -> Iterator[tuple]:
    """The lines that the model may be asked about: row, whether the line is found without it, span and features."""
    detector = LitterDetector(load_rules([shipped_rules()]), languages.get("en"))
    articles, facts = observe(rows)
    evidence = Evidence(facts)
    for row, article in zip(rows, articles, strict=True):
        lines = detector.lines(article)
        found = detector.known(article, lines, evidence)
        for number, features in detector.features(article, lines, evidence, found):
            yield row, number in found, article.paragraphs[number], features


def print_validation(x: np.ndarray, y: np.ndarray, cases: list[Case], *, show: bool) -> None:
    """How the probabilities hold on sites that were not fitted on."""
    p = validated(x, y, np.ones(len(y)), np.array([fold_of(case.site, FOLDS) for case in cases]))
    clean = np.array([case.site.startswith("clean ") for case in cases])
    unknown = np.array([not case.known for case in cases])
    for label, asked in (("all marked lines", np.ones(len(y), bool)), ("lines that no rule knows", unknown)):
        print(f"| probability at least | {label} | precision on marked articles | in clean news |\n|---|---|---|---|")
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
            over = (p >= threshold) & asked
            found, wrong = int(y[over].sum()), int((1 - y[over & ~clean]).sum())
            print(
                f"| {threshold} | {found} of {int(y[asked].sum())} | {found / max(1, found + wrong):.3f} | {int((over & clean).sum())} |"
            )
    if show:
        for i in np.argsort(-p):
            if unknown[i] and (p[i] >= 0.3 or y[i]):
                print(f"  {p[i]:.2f} {int(y[i])} {cases[i].site[:24]} {cases[i].text[:150]!r}")
