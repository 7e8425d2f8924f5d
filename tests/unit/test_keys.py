from collections.abc import Callable

import pytest

from cleaner.findings import Finding

TEXT = "The minister left.\n\nShe died of an medical emergency on Monday."


def keys(findings: list[Finding]) -> set[str]:
    return {finding.key for finding in findings}


@pytest.mark.parametrize(
    "moved",
    [
        "A new line.\n\nAnother one.\n\n" + TEXT,
        TEXT + "\n\nA new end.",
        TEXT.replace("The minister left.", "The minister did not leave."),
        TEXT.replace("died of  an", "died of an"),
    ],
)
def test_a_key_holds_when_the_text_around_its_sentence_changes(check: Callable[..., list[Finding]], moved: str):
    assert keys(check(TEXT)) == keys(check(moved))


def test_a_key_changes_with_its_sentence(check: Callable[..., list[Finding]]):
    assert keys(check(TEXT)).isdisjoint(keys(check(TEXT.replace("on Monday", "on Friday"))))


def test_repetitions_have_keys_of_their_own(check: Callable[..., list[Finding]]):
    findings = check("It was an medical case. " * 3)
    assert len(keys(findings)) == len(findings) >= 3
