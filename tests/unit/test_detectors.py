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
    return [(finding.matched.strip(), finding.replacements[:1]) for finding in findings if finding.confidence >= 0.5]


class TestNames:
    """Slips of names and look-alikes."""

    def test_the_evidence_counts_occurrences_and_files(self, check: Check):
        text = "Kirby spoke. “They are armed,” Kirbry said."
        (finding,) = check(text, "As Kirby said, and Kirby wrote, it is over; then Kirby left.")
        assert finding.replacements == ("Kirby",)
        assert "Kirby: 4 times in 2 files" in finding.evidence

    @pytest.mark.parametrize(
        ("slip", "right"),
        [("Kirbry's", "Kirby's"), ("Kirbry’s", "Kirby’s"), ("KIRBRY", "KIRBY")],
    )
    def test_possessive_and_capitals_survive(self, check: Check, slip: str, right: str):
        text = f"Then Kirby spoke and Kirby left. It was {slip} word. Asked again, Kirby smiled at Kirby."
        (finding,) = check(text)
        assert text[: finding.span.start] + finding.replacements[0] + text[finding.span.end :] == text.replace(slip, right)

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

    @pytest.mark.parametrize(
        "text",
        [
            "Q: Will you go?\n\nA: No.\n\nQ: Why not?\n\nA: I was told to stay.",
            "4:14 p.m.\n\nPolice say the road is closed.\n\n5:02 p.m.\n\nThe road is open again, police say.",
            "BEIRUT (Reuters) - Rebels left.\n\nBEIRUT —\n\nThey came back.",
            "Share of the vote:\n\nLabour 40%\n\nConservatives 35%\n\nOthers 25%",
            "“Follow me,” he said.\n\nThey did.\n\n“Subscribe to nothing,” she wrote to your inbox.\n\nNobody answered.",
            "Do not go gentle into that good night\nOld age should burn and rave at close of day\nRage, rage against the dying of the light",
            "What comes next\n\nThe deputies will vote.\n\nHow it began\n\nThe minister resigned.",
            "A cat sleeps. Image: Jane Doe.\n\nImage: Jane Doe.\n\nA dog. Image: Jane Doe.\n\nImage: John Roe.",
            "___\n\nHe left.\n\n* * *\n\nShe stayed.",
        ],
    )
    def test_text_that_looks_like_litter_stays(self, check: Check, text: str):
        body = (
            "The minister said on Monday that the government would stand by its word, whatever the opposition did in parliament."
        )
        end = "Opposition leaders answered that they had heard as much before every election since the war, and had been disappointed."
        found_ = check(f"Minister Speaks\n\n{body}\n\n{text}\n\n{end}")
        assert [each.matched for each in found_ if each.kind is Kind.LAYOUT and each.confidence >= 0.5] == []

    def test_a_caption_is_litter_beside_litter_only(self, check: Check):
        body = "The minister said on Monday that the government would stand by its word, whatever the opposition did."
        caption = "FILE PHOTO: The minister leaves his office in the capital. REUTERS/Jane Doe"
        alone = check(f"{body}\n\n{caption}\n\nThe talks go on.")
        beside = check(f"{body}\n\n{caption}\n\nThe talks go on.\n\nShare on Facebook")
        confidence = [next(each.confidence for each in found_ if "FILE" in each.matched) for found_ in (alone, beside)]
        assert confidence[0] < 0.5 < confidence[1]

    def test_the_own_headline_below_a_mark_stays(self, check: Check):
        body = "The minister resigned on Monday after a vote of no confidence in the parliament, officials said."
        found_ = check(
            f"Advertisement\n\nMinister resigns after vote of no confidence\n\n{body}\n\nMore Stories\n\nSubscribe now"
        )
        assert "Minister resigns" not in "".join(each.matched for each in found_)

    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    def test_a_run_of_litter_is_one_finding(self, check: Check, gap: str):
        lines = [
            "The minister resigned.",
            "Share on Facebook",
            "ADVERTISEMENT",
            "Follow us on Twitter @news",
            "His deputy took over.",
        ]
        text = gap.join(lines)
        (run,) = check(text)
        assert run.rule_id == "layout.litter-run"
        assert [part.matched.strip() for part in run.parts] == lines[1:4]
        assert run.confidence == min(part.confidence for part in run.parts)
        assert apply_fixes(text, run.fixes) == gap.join((lines[0], lines[-1]))
        assert apply_fixes(text, [part.fixes[0] for part in run.parts]) == gap.join((lines[0], lines[-1]))

    def test_a_run_at_the_end_leaves_no_blank_line(self, check: Check):
        text = "The minister resigned.\n\nShare on Facebook\n\nAll rights reserved.\n"
        (run,) = check(text)
        assert apply_fixes(text, run.fixes).rstrip("\n") == "The minister resigned."
        assert apply_fixes(text, run.fixes).count("\n") <= 1

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
        assert text[: finding.span.start] + finding.replacements[0] + text[finding.span.end :] == right

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
