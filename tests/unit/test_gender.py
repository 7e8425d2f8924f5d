"""Pronouns of the other gender: found where nobody else is named, and nowhere else."""

import pytest
from support import shipped_pipeline

PIPELINE = shipped_pipeline()
RULE = "roles.pronoun-gender"


def found(text: str) -> list[tuple[str, str]]:
    findings = [finding for finding in PIPELINE.check_text(text).findings if finding.rule_id == RULE]
    return [(finding.matched, finding.replacements[0]) for finding in findings]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Kamala Harris said on Tuesday that he had no plans to run.", "he", "she"),
        ("Ursula von der Leyen presented his plan in Strasbourg.", "his", "her"),
        ("Barack Obama published her memoirs in 2020.", "her", "his"),
        ("Christine Lagarde, the president of the bank, said he was ready to act.", "he", "she"),
        ("Erdogan introduced herself as a mediator.", "herself", "himself"),
        ("Malala Yousafzai and his father met students.", "his", "her"),
        ("Pope Francis said she would travel to Lisbon.", "she", "he"),
        ("Angela Merkel met his ministers on Monday.", "his", "her"),
        ("Volodymyr Zelensky thanked Congress and said she would visit Washington.", "she", "he"),
        ("Jill Biden introduced himself as a teacher.", "himself", "herself"),
        ("Turkish lawyer Fatma Yilmaz promised that he would appeal.", "he", "she"),
    ],
)
def test_a_pronoun_that_does_not_fit_is_found(text: str, wrong: str, right: str):
    assert found(text) == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "Angela Merkel met Vladimir Putin in Sochi, where he let his dog into the room.",
        "Theresa May's spokesman said he expected the vote on Tuesday.",
        "A spokesman for Jen Psaki said that he could not confirm it.",
        "Vladimir Putin was late. Angela Merkel said that he was tired.",
        "The boy was ten. Angela Merkel said that he was brave.",
        "A certain Kowalski wrote it. Angela Merkel said that he was brave.",
        "Angela Merkel told the minister that he was wrong.",
        "Donald Trump said her claims were false.",
        "Jacinda Ardern defended his record.",
        "Emmanuel Macron gave her flowers.",
        "Angela Merkel said: “He is late.”",
        "The singer King Princess cancelled her show, and King University said she had won.",
        "Angela Merkel thanked her husband, and Joe Biden his wife.",
        "Jill Biden said he was ready.",
        "Brigitte Macron announced that he would not resign.",
        "Olena Zelenska said he was tired, and Zelenska added that he would rest.",
        "Angela Merkel met his wife.",
        "Robert De Niro and Michelle Pfeiffer said he had been robbed.",
    ],
)
def test_a_pronoun_that_may_be_about_somebody_else_is_left_alone(text: str):
    assert found(text) == []
