"""What the findings of an article say about each other, and about the article."""

import pytest
from support import article

from cleaner import languages
from cleaner.corroboration import Corroboration
from cleaner.detectors.base import make_finding
from cleaner.findings import Finding, Span
from cleaner.pipeline import Pipeline, Selection
from cleaner.prose.features import measure
from cleaner.prose.model import Prose, load_weights
from cleaner.rulebook.examples import parse_example
from cleaner.rulebook.load import load, shipped_rules

BOOK = load([shipped_rules()])
ENGLISH = languages.get("en")
SHORT = "Concurring to the overview, the taken a toll rose within the Joined together States, and the envoy of the group fired rockets."


def spun_text() -> str:
    return parse_example(BOOK.check("machine-prose").bad[0]).text


def written_text() -> str:
    return parse_example(BOOK.check("machine-prose").good[0]).text


def finding(text: str, part: str, rule: str, confidence: float) -> Finding:
    start = text.index(part)
    return make_finding(article(text), BOOK.rules[rule], Span(start, start + len(part)), ["x"], confidence=confidence)


def weighed(text: str, *findings: Finding) -> list[Finding]:
    return Corroboration(BOOK, ENGLISH).weighed(article(text), findings)


def test_pairs_of_words_that_nobody_writes_show_a_spinner():
    spun, written = (measure(article(text), ENGLISH) for text in (spun_text(), written_text()))
    assert spun["unusual pairs"] > 1
    assert written["unusual pairs"] < 0.3
    assert Prose(spun).probability("spun", 0) > 10 * Prose(written).probability("spun", 0)


def test_a_short_text_says_nothing_about_its_prose():
    assert measure(article(SHORT), ENGLISH) == {}
    assert not any(each.rule_id == "style.machine-prose" for each in weighed(SHORT))


def test_a_text_without_english_words_is_measured():
    assert measure(article("blafasel " * 200), ENGLISH)["rare words"] == 0


def test_every_feature_has_a_weight():
    features = measure(article(written_text()), ENGLISH).keys()
    weights = load_weights()
    assert features <= weights["translated"].keys()
    assert features <= weights["writers"].keys()
    assert weights["spun"].keys() - features == {"bias", "signs"}


def test_other_signs_raise_a_weak_finding_but_not_beyond_a_sure_one():
    weak = finding(SHORT, "envoy", "wording.envoy-for-proxy", 0.6)
    certain = [
        finding(SHORT, part, "wording.spun-according-to-concurring", 0.95)
        for part in ("Concurring to", "taken a toll", "Joined together States")
    ]
    (alone,), (raised, *_) = weighed(SHORT, weak), weighed(SHORT, weak, *certain)
    assert alone == weak
    assert 0.65 < raised.confidence < 0.95
    assert raised.evidence[-2].startswith("the article has other signs of machine translation: “Concurring to”")
    assert raised.evidence[-1] == weak.evidence[-1]


def test_a_finding_is_no_sign_for_itself():
    sure = finding(SHORT, "Concurring to", "wording.spun-according-to-concurring", 0.86)
    again = finding(SHORT, "Concurring to", "wording.envoy-for-proxy", 0.86)
    assert [each.confidence for each in weighed(SHORT, sure, again)] == [0.86, 0.86]


def test_signs_of_translation_say_nothing_about_typos():
    typo = finding(SHORT, "rockets", "typo.unknown-word", 0.6)
    others = [finding(SHORT, part, "wording.envoy-for-proxy", 0.95) for part in ("Concurring", "taken", "Joined")]
    assert weighed(SHORT, typo, *others)[0] == typo


def test_the_article_itself_is_a_finding_at_its_end_that_conflicts_with_nothing():
    text = spun_text()
    *_, last = Pipeline(BOOK, Selection()).check_text(text).findings
    assert (last.rule_id, last.fixes, last.span) == ("style.machine-prose", (), Span(len(text.rstrip()), len(text.rstrip())))
    assert last.evidence[0].startswith("signs of translation tools: ")
    assert not last.conflicts(finding(text, text, "typo.unknown-word", 0.9))


@pytest.mark.parametrize("confidence", [None, 0.0])
def test_a_writers_article_is_reported_only_to_who_asks(confidence: float | None):
    found = [each.rule_id for each in Pipeline(BOOK, Selection(confidence)).check_text(written_text()).findings]
    assert ("style.machine-prose" in found) == (confidence == 0)


def test_two_articles_have_two_keys():
    texts = spun_text(), spun_text().replace("administrator", "manager")
    keys = {Pipeline(BOOK, Selection()).check_text(text).findings[-1].key for text in texts}
    assert len(keys) == 2
