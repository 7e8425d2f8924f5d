from collections.abc import Callable
from pathlib import Path

import pytest
from support import RULE, wrong_with

from cleaner import languages
from cleaner.findings import Finding
from cleaner.rulebook.phrases import PhraseError
from cleaner.rulebook.swaps import unswapped

CLASSES = {
    "swapped-white": ["=pale"],
    "swapped-house": ["=home", "=dwelling place"],
    "swapped-security": ["=safety"],
    "swapped-social": ["=general"],
}
ENGLISH = languages.get("en")


def test_every_pattern_has_a_word_exchanged():
    assert list(unswapped("the [~white ~house/n] (said|told)", CLASSES, ENGLISH)) == [
        ("the [pale (house/n|home/n|dwelling place/n)] (said|told)", "white house/n"),
        ("the [white (home/n|dwelling place/n)] (said|told)", "white house/n"),
    ]


def test_capitals_are_those_of_the_term():
    assert ("[White (Home|Dwelling Place)]", "White House") in unswapped("[~White ~House]", CLASSES, ENGLISH)


def test_what_is_usual_english_is_let_pass():
    assert ("social", "safety") in ENGLISH.collocations
    assert list(unswapped("[~social ~security]", CLASSES, ENGLISH)) == [("[general (security|safety)]", "social security")]


def test_a_pattern_without_swaps_is_itself():
    assert list(unswapped("a [b c]", CLASSES, ENGLISH)) == [("a [b c]", "")]


@pytest.mark.parametrize(
    ("source", "what"),
    [("~white house", "square brackets"), ("[~white (a|b)]", "choices"), ("[~grey house]", "no class <swapped-grey>")],
)
def test_what_cannot_be_read_is_said(source: str, what: str):
    with pytest.raises(PhraseError, match=what):
        list(unswapped(source, CLASSES, ENGLISH))


def test_the_term_is_put_back_in_its_number(tmp_path: Path):
    (tmp_path / "classes").mkdir()
    (tmp_path / "classes/x.yaml").write_text("swapped-arrest: [=capture]\nswapped-warrant: [=permit, =written order]\n")
    file = tmp_path / "wording/x.yaml"
    file.parent.mkdir()
    file.write_text(
        RULE.replace("[foo]", "[~arrest ~warrant/n]")
        .replace("replace: [bar]", "replace: []")
        .replace("a [foo -> bar]", "two [capture written orders -> arrest warrants] and [a capture permit -> an arrest warrant]")
    )
    assert wrong_with(tmp_path) == ([], [[]])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("She was handed a catch warrant by police.", "an arrest warrant"),
        ("Denmark's remote clergyman left for Kyiv.", "foreign minister"),
        ("He scored a headgear trick in the cup.", "hat trick"),
        ("Troops of the Scarlet Cross brought blankets.", "Red Cross"),
    ],
)
def test_shipped_terms_hold_for_other_synonyms(check: Callable[..., list[Finding]], text: str, right: str):
    found = [replacement for finding in check(text) for replacement in finding.replacements]
    assert right in found
