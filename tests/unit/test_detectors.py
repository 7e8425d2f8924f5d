"""What detectors find and leave alone, beyond the examples of their rules."""

from collections.abc import Callable

import pytest

from cleaner import languages
from cleaner.apply import apply_fixes
from cleaner.detectors.typos import TyposDetector
from cleaner.findings import Applicability, Finding, Kind
from cleaner.rulebook.book import RuleBook

Check = Callable[..., list[Finding]]


def found(findings: list[Finding], text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.matched.strip(), finding.replacements(text)[:1]) for finding in findings if finding.confidence >= 0.5]


class TestNames:
    """Slips of names and look-alikes."""

    def test_the_evidence_counts_occurrences_and_files(self, check: Check):
        text = "Kirby spoke. “They are armed,” Kirbry said."
        (finding,) = check(text, "As Kirby said, and Kirby wrote, it is over; then Kirby left.")
        assert finding.replacements(text) == ("Kirby",)
        assert "Kirby: 4 times in 2 files" in finding.evidence

    @pytest.mark.parametrize(
        ("slip", "right"),
        [("Kirbry's", "Kirby's"), ("Kirbry’s", "Kirby’s"), ("KIRBRY", "KIRBY")],
    )
    def test_possessive_and_capitals_survive(self, check: Check, slip: str, right: str):
        text = f"Then Kirby spoke and Kirby left. It was {slip} word. Asked again, Kirby smiled at Kirby."
        (finding,) = check(text)
        assert text[: finding.span.start] + finding.replacements(text)[0] + text[finding.span.end :] == text.replace(slip, right)

    def test_the_apostrophe_of_the_article_is_kept(self, check: Check):
        for mark in "'’":
            text = f"Fighters of Kait{mark}ib Hezbollah didn{mark}t leave."
            assert found(check(text), text) == [(f"Kait{mark}ib Hezbollah", (f"Kata{mark}ib Hezbollah",))]

    @pytest.mark.parametrize(
        "text",
        [
            "Iran and Iraq, Iran and Iraq. The talks of Iraq with Iran went on, Iran said.",
            "Hama and Hamas: fighters from Hamas went to Hama; Hamas denied it, and Hama fell.",
            "Asked about Khamenei, the cleric quoted Khomeini. Like Khamenei, he left. Only Khamenei stayed with Khamenei.",
            "The Tsarnaevs fled. Then Tsarnaev was caught; Tsarnaev spoke. Of Tsarnaev nothing was heard.",
            "Texas and the Texans, Texas and Texan law. In Texas, they say, Texas is Texas.",
            "The Austrians met the Australians. In Austria nothing is Australian; Australia is not Austria.",
        ],
    )
    def test_different_names_are_not_merged(self, check: Check, text: str):
        assert found(check(text), text) == []


class TestShield:
    """Nothing but the name detector touches a name."""

    def test_names_are_no_typos(self, check: Check):
        text = "“Psaki and Saki met Qasem Soleimani near al-Asad,” uMkhonto weSizwe’s Zuma said to Khatibzadeh of Mehr, IRGC."
        assert found(check(text), text) == []

    def test_a_small_letter_word_that_no_lexicon_knows_is_left_without_a_near_word(self, check: Check):
        text = "The remdesivir trial of the deconfliction line was livestreamed by jihadists during denuclearisation."
        assert found(check(text), text) == []


class TestTypos:
    """Unknown words."""

    def test_a_term_of_the_folder_is_no_typo(self, check: Check):
        text = "The hackaton was a success."
        assert found(check(text), text) == [("hackaton", ("hackathon",))] or found(check(text), text) == []
        others = [f"A hackaton in city {number} was held." for number in range(5)]
        assert found(check(text, *others), text) == []

    def test_a_foreign_quotation_is_left_alone(self, check: Check):
        text = "Il a dit: « Les familles des victimes et leurs proches attendent des nouvelles du gouvernement. »"
        assert [each for each in check(text) if each.kind is Kind.TYPO and each.confidence >= 0.5] == []

    def test_capitals_are_kept(self, check: Check):
        text = "Goverments fell. BECAUSE he recieved aid."
        assert ("Goverments", ("Governments",)) in found(check(text), text)


class TestLayout:
    """Removals leave no trace and swallow no text."""

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_a_removal_takes_the_blank_lines_before_it(self, check: Check, newline: str):
        text = f"First line.{newline}{newline}ADVERTISEMENT{newline}{newline}Last line.{newline}"
        (finding,) = check(text)
        rest = text[: finding.span.start] + text[finding.span.end :]
        assert rest == f"First line.{newline}{newline}Last line.{newline}"

    def test_the_first_line_goes_with_the_blank_lines_after_it(self, check: Check):
        text = "ADVERTISEMENT\n\nThe only line."
        (finding,) = check(text)
        assert text[: finding.span.start] + text[finding.span.end :] == "The only line."

    def test_the_same_words_in_running_text_stay(self, check: Check):
        text = (
            "“Share this,” he said.\n\nThe advertisement showed related stories.\n\nMore.\n\nRoses are red\nViolets are blue\n\n"
            "Read more books, the minister told pupils in the capital on Monday when she opened the new library."
        )
        assert [each.matched for each in check(text) if each.kind is Kind.LAYOUT] == []

    def test_lines_of_a_list_stay(self, check: Check):
        text = "The party named its candidates on Monday at a meeting in the capital that lasted until late at night:\n\n- Anna Schmidt\n- Benny Gantz\n- Yair Lapid\n\nThey will run in the election, which is planned for the third week of March, the party leader said."
        assert found(check(text), text) == []

    def test_a_headline_in_quotes_may_be_removed_unattended(self, check: Check):
        text = "Kirby: “We Will Not Go”\n\nKirby: “We Will Not Go”\n\nThe spokesman said so on Monday, a day after the commanders of the army had met in the capital."
        (finding,) = check(text)
        assert finding.applicability is Applicability.SAFE


class TestQuotations:
    """Inside quotation marks nothing is safe."""

    @pytest.mark.parametrize(
        ("text", "applicability"), [("He took an medical test.", "safe"), ("He said “an medical test”.", "review")]
    )
    def test_applicability(self, check: Check, text: str, applicability: str):
        (finding,) = check(text)
        assert finding.applicability == applicability


class TestWording:
    """Inflection and agreement."""

    @pytest.mark.parametrize(
        ("text", "right"),
        [
            ("A rocket killed the ARMY ENTREPRENEUR near the base.", "A rocket killed the ARMY CONTRACTOR near the base."),
            (
                "Rockets hit the base. Military entrepreneurs’ homes burned.",
                "Rockets hit the base. Military contractors’ homes burned.",
            ),
            ("They have reduced the current situation.", "They have de-escalated the current situation."),
            ("Reducing the tense situation took weeks.", "De-escalating the tense situation took weeks."),
            ("A mortar killed an entrepreneur working at the base.", "A mortar killed a contractor working at the base."),
        ],
    )
    def test_number_tense_possessive_capitals_and_article_survive(self, check: Check, text: str, right: str):
        (finding,) = [each for each in check(text) if each.kind is Kind.WORDING]
        assert text[: finding.span.start] + finding.replacements(text)[0] + text[finding.span.end :] == right

    def test_a_part_of_a_compound_is_left_alone(self, check: Check):
        text = "The rocket hit a military entrepreneur-turned-soldier at the base."
        assert found(check(text), text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It was a hour\u00adly flight.",
        "It took a hour\u0301 of work.",
        "It took a hour\ufffd of work.",
        "He met an me\u0301dical team.",
        "A goverment\u200bal plan.",
        "The non\u00adgoverment plan.",
        "The e\u0301tat ’s plan.",
    ],
)
def test_words_that_are_cut_unseen_are_not_mended_unattended(check: Check, text: str):
    assert not [each for each in check(text) if each.applicability is Applicability.SAFE]


@pytest.mark.parametrize(
    "text", ["It took a hour\u200b of work.", "\ufeffThe \u200bgoverment fell.", "The goverment\u200b, he said."]
)
def test_words_beside_what_is_not_seen_are_mended(check: Check, text: str):
    assert [each for each in check(text) if each.applicability is Applicability.SAFE]


class TestMojibake:
    """Damaged characters are mended where they stand, however long the line."""

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
    def test_each_place_is_found_and_nothing_between(self, check: Check, encoding: str):
        right = "Le café de l’été, “says” Müller. Nothing else is wrong here. " * 40
        text = right.encode().decode(encoding, "replace")
        assume_readable = "\ufffd" not in text
        spans = [finding for finding in check(text) if finding.rule_id == "typography.mojibake"]
        assert spans
        assert all(not finding.matched.isascii() and len(finding.matched) < 12 for finding in spans)
        if assume_readable:
            assert apply_fixes(text, [finding.fixes[0] for finding in spans]) == right


def test_a_token_that_is_too_long_to_be_a_word_has_no_candidates(book: RuleBook):
    detector = TyposDetector(book, languages.get("en"))
    assert detector.judged("goverment")[0]
    assert detector.judged("goverment" * 5)[0] == []
