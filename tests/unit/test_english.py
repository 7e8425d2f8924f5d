import pytest

from cleaner import languages
from cleaner.errors import UsageError
from cleaner.languages.lexicon import Flag
from cleaner.spelling import Speller

ENGLISH = languages.get("en")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (w, "an")
        for w in "hour honest FBI MRI MP 8 11 18 18-year-old 80,000 X-ray F-16 EU L.A. S-400 Iranian unimportant heir NGO".split()
    ]
    + [
        (w, "a")
        for w in "university European US U.S. U.N. UAV NATO UK one 100 180 medical Eurasian Ukrainian unanimous year 7".split()
    ]
    + [(w, None) for w in "historic Mi-8 Su-25 herb 1800 1100 hotel".split()],
)
def test_article_for(word: str, expected: str | None):
    assert ENGLISH.article_for(word) == expected


@pytest.mark.parametrize(
    ("lemma", "pos", "tag", "form"),
    [
        ("contractor", "n", "pl", "contractors"),
        ("proxy", "n", "pl", "proxies"),
        ("de-escalate", "v", "past", "de-escalated"),
        ("fall into", "v", "past", "fell into"),
        ("fall into", "v", "part", "fallen into"),
        ("play", "v", "ing", "playing"),
        ("large", "a", "sup", "largest"),
        ("drone strike", "n", "pl", "drone strikes"),
    ],
)
def test_inflect(lemma: str, pos: str, tag: str, form: str):
    assert ENGLISH.inflect(lemma, pos)[tag] == form


def test_all_forms_of_a_word_that_no_dictionary_has():
    assert {"kill", "kills", "killed", "killing"} <= ENGLISH.all_forms("kill")
    assert "airstrikes" in ENGLISH.all_forms("airstrike")
    assert "insurgents" in ENGLISH.all_forms("insurgent")


def test_the_lexicon_knows_words_names_and_their_parts_of_speech():
    lexicon = ENGLISH.lexicon
    assert lexicon.zipf("the") > 7
    assert lexicon.is_word("statement")
    assert not lexicon.is_word("recieve")
    assert Flag.PLURAL in lexicon.flags("statements")
    assert Flag.FOREIGN in lexicon.flags("familles")
    assert lexicon.zipf("xqzzy") == 0


def test_other_languages_are_refused():
    with pytest.raises(UsageError, match="choose one of en"):
        languages.get("xx")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("beacuse", "because"),
        ("goverment", "government"),
        ("assasination", "assassination"),
        ("militray", "military"),
        ("sspending", "spending"),
        ("campaignin", "campaign in"),
    ],
)
def test_the_speller_offers_the_right_word_among_the_first(wrong: str, right: str):
    assert right in [candidate.text for candidate in Speller(ENGLISH).candidates(wrong)[:2]]
