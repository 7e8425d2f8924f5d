"""Fits the policy on LanguageTool's rules: how often each is right where people marked errors, and how often it speaks on clean news.

Prints `rules/grammar/languagetool.yaml`. What that file has switched off stays off; every other rule of LanguageTool gets the
probability that a finding of it is right, shrunk towards that of its category where it was seldom seen.
"""

import argparse
from collections import Counter, defaultdict

from benchmarks.data import rows
from benchmarks.scoring import overlaps, same_edit
from cleaner.cli.streams import say
from cleaner.detectors.grammar import Policy
from cleaner.languagetool.checker import Checker
from cleaner.languagetool.choice import chosen
from cleaner.rulebook.load import load, shipped_rules

CLEAN_IS_RIGHT = 0.5
"""Clean news is not proof-read: of sixty findings that were read, of rules that are not switched off, half were right."""
NEAR_IS_RIGHT = 0.5
SHRINKAGE = 3.0  # findings
PRIOR = 0.5
ENOUGH = 0.5
OWN_ENTRY = 2.0  # right findings
FILE = "languagetool.yaml"


def main(options: argparse.Namespace) -> int:
    """Ask, count, print."""
    marked = [row for row in rows(options.data / "typos/typos.jsonl") if row["complete"]]
    clean = [line for row in rows(options.data / "clean_news/clean_news.jsonl") for line in row["text"].split("\n") if line.strip()]
    policy = Policy.of(load([shipped_rules()]))
    off = policy.disabled
    with chosen("auto", articles=1000, cached=True, silent=False, tell=say) as source:
        if source is None:
            return 1
        checker = Checker(source, "en", off)
        answers, error = checker.check([*(row["text"] for row in marked), *clean])
    if error:
        raise SystemExit(str(error))
    heard = {text: [remark for remark in remarks if policy.by_name(remark) is None] for text, remarks in answers.items()}
    print_policy(*counted(marked, clean, heard))
    return 0


def counted(marked, clean, answers):
    """For each of LanguageTool's rules how many findings were right and wrong, and its category."""
    right, wrong, category = Counter(), Counter(), {}
    for row in marked:
        for remark in answers[row["text"]]:
            category[remark.rule] = remark.category
            finding = {"start": remark.start, "end": remark.end, "replacements": remark.replacements}
            near = [edit for edit in row["edits"] if overlaps(finding, edit)]
            same = any(same_edit(row["text"], finding, edit, [edit["replacement"]], 3) for edit in near)
            share = 1.0 if same else NEAR_IS_RIGHT if near else 0.0
            right[remark.rule] += share
            wrong[remark.rule] += 1 - share
    for text in clean:
        for remark in answers[text]:
            category[remark.rule] = remark.category
            right[remark.rule] += CLEAN_IS_RIGHT
            wrong[remark.rule] += 1 - CLEAN_IS_RIGHT
    return right, wrong, category


def print_policy(right, wrong, category):
    """The file: what is off, what has a confidence of its own, and the rest by category."""
    pooled = defaultdict(list)
    for rule, its in category.items():
        pooled[its].append(rule)
    prior = {its: shrunk(sum(right[r] for r in rules), sum(wrong[r] for r in rules), PRIOR) for its, rules in pooled.items()}
    sure = {r: shrunk(right[r], wrong[r], prior[its]) for its, rules in pooled.items() for r in rules}
    text = (shipped_rules() / "grammar" / FILE).read_text("utf-8")
    print(text[: text.index("  # fitted")], end="")
    print("  # fitted: run.py bench fit-grammar")
    print_rule("off-by-fit", sorted(r for r in sure if sure[r] < ENOUGH <= prior[category[r]]), 0)
    own = [r for r in sure if right[r] >= OWN_ENTRY and sure[r] >= ENOUGH]
    for rule in sorted(own):
        print_rule(rule.lower().replace("_", "-"), [rule], sure[rule])
    for its in sorted(prior):
        if prior[its] >= ENOUGH:
            print_rule(f"category-{its.lower().replace('_', '-')}", [f"category {its}"], prior[its])


def shrunk(right: float, wrong: float, prior: float) -> float:
    """The probability of being right, as if `SHRINKAGE` further findings had been right by `prior`."""
    return (right + SHRINKAGE * prior) / (right + wrong + SHRINKAGE)


def print_rule(name: str, names: list[str], confidence: float) -> None:
    """An entry."""
    if names:
        print(f"  - id: grammar.lt.{name}\n    languagetool: [{', '.join(names)}]\n    confidence: {confidence:.2f}")
