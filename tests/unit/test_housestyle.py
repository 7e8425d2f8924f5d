"""House styles: a style's spellings become the right ones, and the rest of the gazetteer stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import json_lines

from cleaner.names.housestyle import in_style, styles
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import NameRule
from cleaner.text.tokens import plain

TEXT = (
    "Fighters of al-Qaeda and Hezbollah met. Muammar Gaddafi was told; Gaddafi said no. Bashar al-Assad left Kata'ib Hezbollah.\n\n"
    "“We know them,” said Volodymyr Zelensky in Kyiv. Al-Assad did not answer.\n"
)


@pytest.fixture
def findings(tmp_path: Path, cli):
    """What is found in the text with these settings of names."""

    def find(settings: str) -> dict[str, str]:
        (tmp_path / "cleaner.toml").write_text(f"[names]\n{settings}\n")
        (tmp_path / "a.txt").write_text(TEXT)
        done = cli("report", "a.txt", "--kind", "name", "--format", "jsonl")
        assert done.returncode in {0, 1}, done.stderr
        rows = json_lines(done.stdout)
        assert all("safe" not in row["applicability"] for row in rows)
        return {row["text"]: row["replacements"][0] for row in rows}

    return find


def test_without_a_style_all_right_spellings_stand(findings):
    assert findings("") == {}


def test_the_spellings_of_the_associated_press(findings):
    assert findings('style = "ap"') == {
        "Qaeda": "Qaida",
        "Muammar Gaddafi": "Moammar Gadhafi",
        "Gaddafi": "Gadhafi",
        "Bashar al-Assad": "Bashar Assad",
        "Kata'ib Hezbollah": "Kataib Hezbollah",
        "Volodymyr Zelensky": "Volodymyr Zelenskyy",
    }


def test_the_spellings_of_the_boards_on_geographic_names(findings):
    found = findings('style = "BGN/PCGN"')
    assert found["Hezbollah"] == "Hizballah"
    assert found["Muammar Gaddafi"] == "Mu'ammar al-Qadhafi"
    assert found["Bashar al-Assad"] == "Bashar al-Asad"
    assert found["Assad"] == "Asad"


def test_a_style_that_no_rule_knows(tmp_path, cli):
    (tmp_path / "cleaner.toml").write_text('[names]\nstyle = "APP"\n')
    (tmp_path / "a.txt").write_text(TEXT)
    done = cli("report", "a.txt")
    assert done.returncode == 2
    assert "cleaner.toml:1:1: 'names.style': no rule knows the style 'APP'; there are AP, BGN/PCGN" in done.stderr


def test_the_apostrophe_of_the_house(findings):
    assert findings('apostrophe = "curly"') == {"Kata'ib": "Kata’ib"}
    assert findings('apostrophe = "straight"') == {}


@pytest.mark.parametrize("style", ["AP", "BGN/PCGN"])
def test_a_style_does_not_contradict_itself(style: str, book: RuleBook):
    assert style in styles(book)
    rules = [rule for rule in in_style(book, style).rules.values() if isinstance(rule, NameRule)]
    right = {plain(each) for rule in rules if ".style-" in rule.id for each in (rule.name,)}
    wrong = [plain(each) for rule in rules for each in rule.variants]
    assert not right & set(wrong)
    assert len(in_style(book, style).of_form(NameRule)) > len(book.of_form(NameRule))
