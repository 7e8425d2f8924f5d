"""The rule contract, for every shipped rule."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from support import ROOT

from cleaner.findings import Finding
from cleaner.pipeline import Pipeline
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.explain import write_pages
from cleaner.rulebook.load import load, shipped_rules
from cleaner.rulebook.model import Check, CheckRule, PhraseRule, RoleRule, Rule
from cleaner.rulebook.schema import schema
from cleaner.selftest import rule_failures

BOOK = load([shipped_rules()])


def test_all_rules_load():
    assert BOOK.errors == []
    assert len(BOOK.rules) > 100


def test_the_schema_and_the_pages_of_the_documentation_are_those_of_the_rules(tmp_path: Path):
    assert (ROOT / "rules/schema.json").read_text("utf-8") == schema() + "\n", (
        "run: python3 run.py rules schema > rules/schema.json"
    )
    pages = {path.name: path.read_text("utf-8") for path in write_pages(BOOK, tmp_path)}
    kept = {path.name: path.read_text("utf-8") for path in (ROOT / "docs/rules").iterdir()}
    assert kept == pages, "run: python3 run.py rules docs docs/rules"


def test_each_check_has_a_rule():
    assert sorted(rule.check for rule in BOOK.of_form(CheckRule)) == sorted(get_args(Check))


@pytest.mark.parametrize("family", sorted({rule.family for rule in BOOK.rules.values()}))
def test_rules_of_a_family(pipeline: Pipeline, family: str):
    rules = [rule for rule in BOOK.rules.values() if rule.family == family]
    assert [failure for rule in rules for failure in rule_failures(pipeline, rule)] == []


@pytest.mark.parametrize("form", [PhraseRule, RoleRule])
def test_a_family_of_errors_shows_in_three_sentences_of_either_sort(form: type[Rule]):
    assert [rule.id for rule in BOOK.of_form(form) if min(len(rule.bad), len(rule.good)) < 3] == []


def test_the_contract_finds_what_is_broken(pipeline: Pipeline, book: RuleBook):
    import msgspec

    rule = book.rules["style.in-regards-to"]
    cases = {
        "did not find": {"bad": ["He sent his [regards -> wishes]."] * 3},
        "offers": {"bad": ["silent [in regards to -> on] it"] * 3},
        "which is not marked": {"bad": ["[He -> She] was silent in regards to it."] * 3},
        "in a good example": {"good": ["silent in regards to it"] * 3},
    }
    for what, change in cases.items():
        assert any(what in failure for failure in rule_failures(pipeline, msgspec.structs.replace(rule, **change))), what


# Rules are families: the words around the defect exchanged for others of their class, of sentences that no example has.
FAMILIES = [
    ("A roadside bomb wounded two American entrepreneurs on a convoy near Mosul.", "contractors"),
    ("Shrapnel from the mortar struck a British entrepreneur at the airfield.", "contractor"),
    ("The insurgents kidnapped a private entrepreneur outside the garrison.", "contractor"),
    ("A drone killed an entrepreneur employed by the coalition at the embassy compound.", "a contractor"),
    ("US warplanes hit depots. It was the Army’s second airstrike this month.", "military"),
    ("US jets bombed the village. Officials called it the Army's latest operation.", "military"),
    ("Tehran-backed Shiite militias did it. The shelling was blamed on Iran's envoys, officials said.", "proxies"),
    ("Houthi rebels fired a missile. Analysts see Iran's regional envoys behind the ambush.", "proxies"),
    ("Hezbollah fired rockets. Israel holds Tehran and its agents accountable for the barrage.", "proxies"),
    ("Militias struck the outpost. Washington warned Iran and its agents against further attacks.", "proxies"),
    ("The mediators tried to lower the tense situation along the border.", "de-escalate"),
    ("Both armies agreed on reducing the current military crisis.", "de-escalating"),
    ("A hasty decision would fall into Russia’s hands, she warned.", "play"),
    ("US Foreign Ministry spokesperson Vedant Patel denied it.", "State Department"),
    ("The American Foreign Minister Mike Pompeo arrived.", "Secretary of State"),
    ("Defence Minister Lloyd Austin spoke in Brussels.", "Defense Secretary"),
    ("The spokesman Karine Jean-Pierre declined to comment.", "spokeswoman"),
    ("Foreign Ministry spokesman Hua Chunying said so in Beijing.", "spokeswoman"),
    ("They weakened the rebels ‘ability and will to fight.", "rebels’ ability"),
    ("There was several reports of looting in the city.", "There were several reports"),
    ("She bought an unique painting of an European king.", "a unique"),
    ("Fighters of Kait’ib Hezbollah crossed over.", "Kata’ib Hezbollah"),
]


@pytest.mark.parametrize(("text", "right"), FAMILIES, ids=[text[:40] for text, _ in FAMILIES])
def test_a_rule_holds_for_its_family(check: Callable[..., list[Finding]], text: str, right: str):
    assert right in [replacement for finding in check(text) for replacement in finding.replacements]


SILENT = [
    "A tech entrepreneur who founded a firm was killed when a rocket hit her start-up's office near the base.",
    "The American entrepreneur and investor toured the military base that his company built.",
    "The Vatican's peace envoy arrived as rockets fell and Iranian-backed militias withdrew.",
    "Iran's envoy to the United Nations rejected the charge that it armed the militia.",
    "Estate agents said the shelling had halved prices; the militia had bought houses.",
    "The Army Corps of Engineers inspected the dam after the airstrikes.",
    "The Syrian Army's first operation followed the Russian airstrikes.",
    "The Russian Foreign Ministry summoned the US ambassador.",
    "Foreign Ministry spokesman Saeed Khatibzadeh spoke.",
    "An American contractor was wounded by the rocket.",
    "They agreed to reduce tension and to reduce the number of troops in the conflict zone.",
    "The city fell into Russia's hands, and with it a risk.",
    "Pentagon spokesman John Kirby and White House press secretary Jen Psaki spoke.",
    "He quoted “a FBI agent” and Vitamin A is not a MI5 word.".replace("a MI5", "an MI5"),
    "Psaki, Soleimani, Khatibzadeh, Houthi, al-Asad, Erbil, Mehr, IRGC, BRICS, Nizhny Novgorod, El Fasher and uMkhonto weSizwe.",
]


@pytest.mark.parametrize("text", SILENT, ids=[text[:40] for text in SILENT])
def test_look_alikes_stay_silent(check: Callable[..., list[Finding]], text: str):
    found = [(finding.rule_id, finding.matched) for finding in check(text) if finding.confidence >= 0.5]
    assert [each for each in found if each != ("grammar.indefinite-article", "a FBI")] == []
