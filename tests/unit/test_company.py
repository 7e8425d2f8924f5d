"""What the folder's other articles say in the company of a suspect word."""

import pytest
from support import article, shipped_pipeline

from cleaner.facts.company import CompanyFacts, neighbours, observe_company
from cleaner.findings import Finding

SUSPECT = "Two civilian entrepreneurs were killed when rockets hit the military base in Iraq."
USUAL = "A civilian contractor was killed at the base."


def found(*others: str) -> Finding:
    (finding,) = shipped_pipeline().check_text(SUSPECT, others).findings
    return finding


def test_neighbours_are_telling_words_of_the_same_clause():
    found = article(
        "The civilian contractor, a man, and the contractor were there. An anti-war contractor’s civilian-run contractor half-track."
    )
    neighbourhoods = [neighbours(found, number) for number in found.row.places("contractor")]
    assert neighbourhoods == [("civilian", ""), ("", ""), ("", ""), ("", "")]
    assert neighbours(article("Civilian-contractor killed"), 1) == ("civilian", "killed")


def test_an_article_counts_once_and_facts_merge_in_any_order():
    one = observe_company(article(f"{USUAL} {USUAL}"), {"contractor"})
    two = observe_company(article("Civilian contractors died."), {"contractors"})
    assert one.articles["civilian contractor"] == two.articles["civilian contractor"] == 1
    for first, second in ((one, two), (two, one)):
        merged = CompanyFacts()
        merged.merge(first)
        merged.merge(second)
        assert merged.articles["civilian contractor"] == 2


def test_the_usual_word_in_the_same_company_makes_surer():
    alone, beside = found(), found(*[USUAL] * 9)
    assert beside.confidence > alone.confidence
    assert "in this folder “civilian contractor” stands in 9 articles, “civilian entrepreneur” only here" in beside.evidence


def test_a_folder_that_says_so_itself_makes_less_sure():
    alone, beside = found(), found(*[SUSPECT] * 9)
    assert beside.confidence < alone.confidence - 0.1
    assert "in this folder “civilian entrepreneur” in 9 articles more" in beside.evidence


@pytest.mark.parametrize("other", ["A contractor came.", "An unrelated text.", "The civilian, contractor said."])
def test_other_company_says_nothing(other: str):
    assert found(other) == found()
