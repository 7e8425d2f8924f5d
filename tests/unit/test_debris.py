"""What failing decoders and converters leave, and what looks like it."""

import pytest
from support import shipped_pipeline

PIPELINE = shipped_pipeline()
CHECKS = {
    "typography.repeated-words",
    "typography.mixed-script",
    "typography.stray-script",
    "grammar.doubled-word",
    "typography.space-within-country",
    "typography.space-within-time-of-day",
    "typography.spaces-within-quotes",
    "typography.plural-apostrophe",
    "typography.parted-word",
    "typography.space-missing-after-time",
    "typography.space-within-decimal",
    "typography.space-within-thousands",
    "typography.space-within-compound",
    "typography.space-within-measure",
    "typography.lost-apostrophe",
    "typography.reversed-apostrophe",
    "typography.subword-joiner",
    "typography.joiner-of-marks",
    "typography.unknown-token",
}


def mended(text: str) -> str:
    for finding in reversed(PIPELINE.check_text(text).findings):
        if finding.rule_id in CHECKS and finding.fixes:
            text = text[: finding.span.start] + finding.replacements[0] + text[finding.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("The head of the head of the head of the agency left.", "The head of the agency left."),
        ("They agreed on the on the terms.", "They agreed on the terms."),
        ("He asked is is is it true.", "He asked is it true."),
        ("She hoped that that the court would act.", "She hoped that the court would act."),
        ("The vote in Lima the vote in Lima was close.", "The vote in Lima was close."),
        ("The \u0441ourt in \u041coscow ruled.", "The court in Moscow ruled."),
        ("Talks of the U. N. began at 9 p. m. on Monday.", "Talks of the U.N. began at 9 p.m. on Monday."),
        ('It is " the best " of all.', 'It is "the best" of all.'),
        ("It cost 2 . 5 million and 20 , 000 lives.", "It cost 2.5 million and 20,000 lives."),
        ("The anti - war march and the two - day summit.", "The anti-war march and the two-day summit."),
        ("They didn\ufffdt say; Trump‘s aides did.", "They didn’t say; Trump’s aides did."),
        ("Khar@@ kiv met for a two @-@ day <unk> summit.", "Kharkiv met for a two-day summit."),
        ("The gover- nment fell.", "The government fell."),
        ("The game ended after 60 min-\n\nutes of fog.", "The game ended after 60 minutes of fog."),
        ("It would leave the bloc and would leave the bloc and would leave the bloc soon.", "It would leave the bloc soon."),
        ("It began at 9 p.m.Police came.", "It began at 9 p.m. Police came."),
    ],
)
def test_debris_is_mended(text: str, right: str):
    assert mended(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "It grew more and more and more, day after day after day, step by step by step.",
        "What it is is a scandal, and whatever he does does not help; those who do do well.",
        "He said he said so, and she knew that that man had had enough.",
        "New York New York and Duran Duran played Boutros Boutros-Ghali's song very very well.",
        "The letter с is Cyrillic, Ω is Greek, and 5 μm is small.",
        "The paper “Правда” and the group Daesh (داعش) were named.",
        "The word перестройка, or restructuring, was on a poster, and a sign read 民主, “democracy”.",
        "They call it гласность (openness), and the slogan on the wall was свобода.",
        "They ran up the hill and down the hill and up the hill and down again.",
        "U. S. Grant and the poet U. N. Owen met D. C. Jones.",
        "The words 'hello ' and 'bye ' were heard.",
        "He was born in 1946. 20 years later he bought 1,400 .223-caliber rounds at 3 p.m. on Oct. 5.",
        "It is a narrow win - two votes - and pre- and post-war houses stand. Hawai‘i’s governor agreed.",
    ],
)
def test_what_english_writes_is_left_alone(text: str):
    assert mended(text) == text
    assert not [finding for finding in PIPELINE.check_text(text).findings if finding.rule_id in CHECKS]


def test_a_word_of_another_script_is_advice():
    (finding,) = PIPELINE.check_text("The head of the администрация resigned on Monday.").findings
    assert (finding.rule_id, finding.matched, finding.fixes) == ("typography.stray-script", "администрация", ())


def test_a_passage_in_another_script_is_a_quotation():
    assert not PIPELINE.check_text("He wrote это очень важное решение для страны и мира in his letter to the king.").findings


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("The army denied it.\n\nThe ceasefire had been agreed on Friday and was to last for thr", ["thr"]),
        ("The delegations are to discuss the release of prisoners and the reopening of the", ["the"]),
        ("The delegations are to discuss the release of prisoners and the end of war", []),
        ("The delegations are to discuss the release of prisoners and the thr.", []),
        ("Read more of the", []),
    ],
)
def test_a_text_that_stops_in_a_sentence_is_told(text: str, last: list[str]):
    findings = PIPELINE.check_text(text).findings
    assert [finding.matched for finding in findings if finding.rule_id == "typography.cut-off-end"] == last


def test_a_verb_of_another_script_after_a_comma_is_advice():
    (finding,) = PIPELINE.check_text("Troops entered Izium on Friday, сообщает the General Staff.").findings
    assert (finding.rule_id, finding.matched) == ("typography.stray-script", "сообщает")
