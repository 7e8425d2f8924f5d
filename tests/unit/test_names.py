"""Which spellings are one name: samples, pairs, variants and their votes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rapidfuzz.distance import OSA
from support import SEEDS, article, json_lines, reported, shipped_pipeline

from cleaner import languages
from cleaner.detectors.names import slip_of
from cleaner.facts import sample
from cleaner.facts.names import NameCount, mentions, observe_names
from cleaner.facts.spelled import Spelled
from cleaner.names import places
from cleaner.names.blocking import Neighborhood, candidate_pairs
from cleaner.names.gazetteer import Gazetteer
from cleaner.names.neighbors import close_pairs
from cleaner.names.pairs import same_name
from cleaner.names.variants import Authority, Relation, Spelling, Variant, clusters, comparable, explain, find_variants
from cleaner.rulebook.load import load, shipped_rules

GAZETTEER = Gazetteer(load([shipped_rules()]))
LEXICON = languages.get("en").lexicon
SETS = st.sets(st.integers(0, 300).map(str), max_size=120)


class TestSamples:
    """A sample of a union is the union of samples, and counts are exact while they are small."""

    @given(SETS, SETS, SETS)
    def test_merging_is_associative_and_commutative(self, a: set[str], b: set[str], c: set[str]):
        x, y, z = map(sample.of, (a, b, c))
        assert sample.union(x, y) == sample.union(y, x) == sample.of(a | b)
        assert sample.union(sample.union(x, y), z) == sample.union(x, sample.union(y, z))

    @given(st.sets(st.integers().map(str), max_size=sample.SIZE - 1))
    def test_small_sets_are_counted(self, members: set[str]):
        assert sample.distinct(sample.of(members)) == len(members)

    def test_large_sets_are_estimated(self):
        assert 7000 < sample.distinct(sample.of(map(str, range(10_000)))) < 13_000

    @given(SETS.filter(lambda members: 0 < len(members) < sample.SIZE), SETS)
    def test_shares_of_small_sets_are_exact(self, a: set[str], b: set[str]):
        if len(b) < sample.SIZE:
            assert sample.contained(sample.of(a), sample.of(b)) == pytest.approx(len(a & b) / len(a))


class TestPairs:
    """Strings alone tell conventions from other names."""

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            ("Kata'ib Hezbollah", "Kataib Hizballah"),
            ("Qasem Soleimani", "Ghasem Soleymani"),
            ("Sergei Lavrov", "Sergey Lavrov"),
            ("Mohammed bin Salman", "Muhammad Bin Salman"),
            ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
            ("Deir al-Zour", "Deir az-Zor"),
        ],
    )
    def test_one_name(self, a: str, b: str):
        assert same_name(a, b, LEXICON) > 0.7

    @pytest.mark.parametrize(
        ("a", "b"),
        [
            ("Iran", "Iraq"),
            ("Kerry", "Perry"),
            ("Sudan", "Susan"),
            ("Bashar al-Assad", "Hafez al-Assad"),
            ("Austria", "Australia"),
        ],
    )
    def test_two_names(self, a: str, b: str):
        assert same_name(a, b, LEXICON) < 0.5

    @given(st.text("abcdehiklmnostu' -", min_size=1, max_size=20), st.text("abcdehiklmnostu' -", min_size=1, max_size=20))
    def test_the_order_makes_no_difference(self, a: str, b: str):
        assert same_name(a, b, LEXICON) == pytest.approx(same_name(b, a, LEXICON), abs=1e-6)


class TestNeighbors:
    """Blocking finds every pair that comparing each with each finds."""

    @given(st.sets(st.text("abcd", min_size=1, max_size=9), max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_all_close_pairs(self, words: set[str]):
        strings = sorted(words)
        wanted = {
            (i, j) for j in range(len(strings)) for i in range(j) if OSA.distance(strings[i], strings[j], score_cutoff=2) <= 2
        }
        assert set(close_pairs(strings, [2] * len(strings))) == wanted

    def test_a_shared_key_is_enough(self):
        assert list(close_pairs(["kataib", "xyz"], [2, 2], [7, 7])) == [(0, 1)]

    def test_many_names_give_the_pairs_that_few_give(self):
        shuffler = random.Random(5)
        syllables = "ka ra mo ni sha ul zey ha med bek ov ski tan dar li wen".split()
        names = sorted({"".join(shuffler.choices(syllables, k=shuffler.randint(2, 5))).capitalize() for _ in range(3000)})
        pairs = set(candidate_pairs(names, many=10**9))
        assert set(candidate_pairs(names, many=1)) == pairs
        few = [*shuffler.sample(names, 200), "Unheard"]
        assert Neighborhood([Spelled.of(names[::2]), Spelled.of(names[1::2])], names).pairs(few) == {
            pair for pair in pairs if {*pair} & {*few}
        }


def nothing_known(_a: str, _b: str) -> None:
    """What is known of any two spellings."""


def two_names(_a: str, _b: str) -> bool:
    return False


def spelling(form: str, documents: int, authority: Authority = Authority.FOLDER) -> Spelling:
    articles = sample.of(f"{form}{number}" for number in range(documents))
    return Spelling(form, NameCount(firm=documents, placed=documents, articles=articles), authority)


def variants_among(*spellings: Spelling, relation: Relation = nothing_known) -> dict[str, Variant]:
    by_form = {each.form: each for each in spellings}
    return find_variants(candidate_pairs(by_form), by_form, LEXICON, relation)


def judged(*spellings: Spelling) -> dict[str, tuple[str, bool]]:
    found = variants_among(*spellings)
    return {form: (variant.canonical.form, variant.tied) for form, variant in found.items()}


class TestVotes:
    """Reviewer before gazetteer before house style before the most articles; ties go to a person."""

    def test_the_most_articles(self):
        assert judged(spelling("Talbisseh", 2), spelling("Talbiseh", 9)) == {"Talbisseh": ("Talbiseh", False)}

    def test_authority_overrules_numbers(self):
        for authority in (Authority.GAZETTEER, Authority.REVIEWER):
            found = judged(spelling("Talbisseh", 2, authority), spelling("Talbiseh", 9, Authority(authority - 1)))
            assert found == {"Talbiseh": ("Talbisseh", False)}

    def test_the_house_style_chooses_where_no_authority_does(self):
        mine, theirs = spelling("Talbisseh", 2), spelling("Talbiseh", 9)
        assert judged(replace(mine, preferred=True), theirs) == {"Talbiseh": ("Talbisseh", False)}
        assert judged(replace(mine, preferred=True), replace(theirs, authority=Authority.GAZETTEER)) == judged(mine, theirs)

    def test_a_tie_is_for_a_person(self):
        found = variants_among(spelling("Talbisseh", 3), spelling("Talbiseh", 3))
        (variant,) = found.values()
        assert variant.tied
        assert "for you to decide" in explain(variant)[-1]

    def test_what_is_known_to_be_two_is_never_merged(self):
        assert variants_among(spelling("Talbisseh", 2), spelling("Talbiseh", 9), relation=two_names) == {}

    def test_chains_lead_to_one_name(self):
        names = [spelling("Salamiyeh", 2), spelling("Salamiyah", 9), spelling("Salamiyeeh", 1)]
        (cluster,) = clusters(variants_among(*names).values())
        assert cluster.canonical.form == "Salamiyah"


class TestPlaces:
    """Towns by their spellings."""

    @pytest.mark.parametrize(
        ("a", "b"), [("Raqqa", "Raqqah"), ("Idlib", "Idleb"), ("Lattakia", "Latakia"), ("Saraqib", "Saraqeb")]
    )
    def test_spellings_of_one_town(self, a: str, b: str):
        assert places.relation(a, b) is places.relation(b, a) is True

    @pytest.mark.parametrize(("a", "b"), [("Mohammadia", "Mohammedia"), ("Tahla", "Thala"), ("Duba", "Dubai")])
    def test_two_towns_are_two_names(self, a: str, b: str):
        assert places.relation(a, b) is places.relation(b, a) is False
        assert GAZETTEER.relation(a.lower(), b.lower()) is False

    @pytest.mark.parametrize("other", ["Kirbry", "", "Zzz", "Aaa", "zywiecx"])
    def test_what_is_no_town(self, other: str):
        assert places.relation("Raqqa", other) is None

    def test_every_line_is_found(self):
        spellings = [line.split("\t")[0] for line in places.FILE.read_text("utf-8").splitlines()[1:]]
        assert spellings == sorted(spellings)
        sample_ = [*random.Random(3).sample(spellings, 300), spellings[0], spellings[-1]]
        assert all(places.relation(each, each) for each in sample_)


class TestMentions:
    """What counts as a name in a text."""

    def test_tags_and_handles_are_none(self):
        assert [mention.form for mention in mentions(article("See #MenToo and @Kirby there, said Kirby."))] == ["See", "Kirby"]

    def test_initials_do_not_part_a_name(self):
        facts = observe_names(article("Then Blake M. Roney spoke."))
        assert facts.tokens["Roney"].before == sample.of(["blake"])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("US-Russian", "Russian"),
        ("Centre", "Center"),
        ("Houthis", "Houthi"),
        ("NEW", "New"),
        ("MERS-CoV", "SARS-CoV"),
        ("Illinoians", "Illinois"),
        ("Politics1", "Politics"),
    ],
)
def test_what_cannot_be_compared(a: str, b: str):
    assert not comparable(a, b, LEXICON)


def test_copies_of_an_article_have_one_vote(tmp_path, cli):
    copy = "Shells fell on Qarama village at night, and the people of Qarama fled to the north, witnesses said."
    for number in range(5):
        (tmp_path / f"copy{number}.txt").write_text(f"Headline {number}\n\n{copy}\n")
    for number in range(3):
        (tmp_path / f"own{number}.txt").write_text(
            f"Report {number} came from Qaramah village.\n\nIn Qaramah, resident {number} stayed.\n"
        )
    (row,) = json_lines(cli("names", ".", "--format", "jsonl").stdout)
    assert row["canonical"] == "Qaramah"
    assert [(each["text"], each["documents"], len(each["files"])) for each in row["variants"]] == [("Qarama", 1, 5)]


def test_overlapping_phrases_are_one_finding(tmp_path, cli):
    right = "Fighters of Jabhat Fateh al-Sham left. They met Jabhat Fateh al-Sham in the town."
    for number in range(4):
        (tmp_path / f"right{number}.txt").write_text(f"Report {number} of day {number}.\n\n{right} It was day {number}.\n")
    (tmp_path / "wrong.txt").write_text("Militants of the Jabhat Fatah al Sham group were killed.\n")
    (row,) = reported(cli, ".", "--kind", "name")
    assert (row["text"], row["replacements"]) == ("Jabhat Fatah al Sham", ["Jabhat Fateh al-Sham"])


def test_names_as_text(cli):
    done = cli("names", SEEDS)
    assert "Kirby  9 times in 2 files\n    Kirbry  1 time in 1 file" in done.stdout
    assert done.stdout.endswith("names stand in more than one spelling\n")


def test_a_folder_shows_the_same_in_whatever_order_it_was_observed():
    pipeline = shipped_pipeline()
    texts = [
        f"We met Mr. {name} there, and {name} spoke. Later {name} left."
        for name in ("Zamana", "Zamano", "Zamania", "Zemana", "Zamanna")
    ]
    texts += [f"{text} It rained." for text in texts[1:]]
    first, second = (
        pipeline.conclude(pipeline.merge(pipeline.observe(article(text)) for text in order)) for order in (texts, texts[::-1])
    )
    for form in ("Zamana", "Zamano", "Zamania", "Zemana", "Zamanna"):
        assert slip_of(first, form) == slip_of(second, form)
    assert len(slip_of(first, "Zamana")) > 1
