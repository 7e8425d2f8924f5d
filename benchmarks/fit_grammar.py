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
"""Clean news is not proof-read: where the findings of a rule on it were not read, half pass for right."""
READ = {
    "ABOUT_ITS_NN": 1, "ADMIT_ENJOY_VB": 1, "ADVERB_OR_HYPHENATED_ADJECTIVE": 0, "AIRCRAFTS": 1, "ALLOW_TO": 0, "AT_TIME": 0, "A_NNS": 0.6, "A_RB_NN": 0,
    "BEEN_PART_AGREEMENT": 0.5, "BREATHE_BREATH": 1, "BUNCH_OF": 1, "CONFUSION_IT_IS": 0, "COULDVE_IRREGULAR_VERB": 1, "EN_SPLIT_WORDS_HYPHEN": 1,
    "EVERYDAY_EVERY_DAY": 0, "FORMALLY_KNOWN_AS": 1, "HAVE_PART_AGREEMENT": 1, "IN_1990s": 1, "IN_TO_VBD": 0, "IT_IS": 1, "IT_IS_2": 0,
    "LETS_LET": 1, "MD_BASEFORM": 1, "MD_BE_NON_VBP": 1, "NOUN_VERB_CONFUSION": 1, "PAYED": 1, "PHRASE_REPETITION": 1, "PRICE_PRIZE": 0, "PRP_MD_NN": 0.5,
    "PRP_VBG": 1, "STATE_OF_ART": 1, "SUBJECT_VERB_AGREEMENT_PLURAL": 1, "THAT_S_YOU_RE": 0, "THERE_S_MANY": 1, "THEYRE_THEIR": 1, "THE_SOME": 1,
    "THE_THEY": 1, "THIS_NNS": 1, "UKRAINE_NO_THE": 1, "WRITE_IN_MY_OWN_PAGE": 0, "YESTERDAY_NIGHT": 1,
}  # fmt: skip
"""The share of right ones where they were read."""
NEAR_IS_RIGHT = 0.5
SHRINKAGE = 3.0  # findings
PRIOR = 0.5
ENOUGH = 0.5
OWN_ENTRY = 2.0  # right findings
SEEN, BAD = 2.0, 0.35
"""A rule that was wrong so often, and right in so small a share, is off and says nothing of its category."""
FILE = "languagetool.yaml"


def main(options: argparse.Namespace) -> int:
    """Ask, count, print."""
    marked = [row for row in rows(options.data / "typos/typos.jsonl") if row["complete"]]
    clean = [
        line for row in rows(options.data / "clean_news/clean_news.jsonl") for line in row["text"].split("\n") if line.strip()
    ]
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
            share = READ.get(remark.rule, CLEAN_IS_RIGHT)
            right[remark.rule] += share
            wrong[remark.rule] += 1 - share
    return right, wrong, category


def print_policy(right, wrong, category):
    """The file: what is off, what has a confidence of its own, and the rest by category."""
    bad = {rule for rule in category if wrong[rule] >= SEEN and right[rule] < BAD * (right[rule] + wrong[rule])}
    pooled = defaultdict(list)
    for rule, its in category.items():
        if rule not in bad:
            pooled[its].append(rule)
    prior = {its: shrunk(sum(right[r] for r in rules), sum(wrong[r] for r in rules), PRIOR) for its, rules in pooled.items()}
    sure = {r: shrunk(right[r], wrong[r], prior[its]) for its, rules in pooled.items() for r in rules}
    text = (shipped_rules() / "grammar" / FILE).read_text("utf-8")
    print(text[: text.index("  # fitted")], end="")
    print("  # fitted: run.py bench fit-grammar")
    print_rule("off-by-fit", sorted(bad | {r for r in sure if sure[r] < ENOUGH <= prior[category[r]]}), 0)
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
