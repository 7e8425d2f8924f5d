"""Numbers as other languages put them together, and what looks like them."""

import pytest
from support import shipped_pipeline

from cleaner.detectors.numbers import in_english

PIPELINE = shipped_pipeline()
CHECKS = {"wording.number-in-parts", "wording.myriads", "wording.thousands-million-figure"}


def mended(text: str) -> str:
    for finding in reversed(PIPELINE.check_text(text).findings):
        if finding.rule_id in CHECKS:
            text = text[: finding.span.start] + finding.replacements[0] + text[finding.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("They sold 12 thousand 400 tonnes.", "They sold 12,400 tonnes."),
        ("It hurt seven thousand and 800 people.", "It hurt 7,800 people."),
        ("It has 3 million 450 thousand users.", "It has 3.45 million users."),
        ("It cost 1 million 250,125 euros.", "It cost 1,250,125 euros."),
        ("It cost 3 thousand 200 million dollars.", "It cost 3.2 billion dollars."),
        ("It sold 50 ten thousand cars.", "It sold 500,000 cars."),
        ("It passed 14.2 hundred million people.", "It passed 1.42 billion people."),
        ("It costs 2,500 millions of euros.", "It costs 2.5 billion euros."),
        ("It costs 2 500 million euros.", "It costs 2.5 billion euros."),
        ("It costs €12,500 million.", "It costs €12.5 billion."),
        ("It costs 1,250,000 million pesos.", "It costs 1.25 trillion pesos."),
    ],
)
def test_mends(text: str, right: str) -> None:
    assert mended(text) == right
    assert mended(right) == right


@pytest.mark.parametrize(
    "text",
    [
        "He left two thousand and 800 were sold.",
        "Between five thousand and 800 people came.",
        "They ran 12 thousand 400 metre races.",
        "It sold 12 thousand 40 years ago.",
        "It rose by 3 million 450 times.",
        "It was 2 million 300 thousand million years ago.",
        "In 2019 ten thousand people fled.",
        "On May 12 ten thousand people marched.",
        "The top 10 hundred million dollar films flopped.",
        "1,500 million operations a second are possible.",
        "It computes 1,500 million operations a second.",
        "On page 5,000 million-dollar homes are shown.",
        "It costs 1,234,567 million pesos.",
        "It costs 500 million euros.",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(900, "900"), (12_400, "12,400"), (10**6, "1 million"), (1_400_000_000, "1.4 billion"), (1_234_567, "1,234,567")],
)
def test_in_english(value: int, text: str) -> None:
    assert in_english(value) == text
