import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import article

from cleaner.findings import Span
from cleaner.text import blocks
from cleaner.text.case import carry_case
from cleaner.text.repeats import near_repeats
from cleaner.text.sieve import Sieve
from cleaner.text.tokens import fold, plain, tokenize
from cleaner.text.words import Words


@given(st.text())
def test_folding_keeps_the_length(text: str):
    assert len(fold(text)) == len(text)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_lines_paragraphs_and_sentences_lie_in_order_and_lose_no_letter(text: str):
    parsed = article(text)
    for spans in (parsed.lines, parsed.paragraphs):
        assert all(left.end <= right.start for left, right in zip(spans, spans[1:], strict=False))
    inside = "".join(span.of(text) for span in parsed.paragraphs)
    assert "".join(inside.split()) == "".join(text.split())
    for number, paragraph in enumerate(parsed.paragraphs):
        sentences = "".join(sentence.span.of(text) for sentence in parsed.sentences(number))
        assert "".join(sentences.split()) == "".join(paragraph.of(text).split())
        for sentence in parsed.sentences(number):
            assert all(text[token.start : token.end] for token in sentence.tokens)


@given(st.text(alphabet="ab'’ \n.-“”"))
def test_every_distinct_word_is_found_where_it_stands(text: str):
    parsed = article(text)
    for word in parsed.vocabulary:
        places = list(parsed.occurrences(word))
        assert all(parsed.folded.startswith(word, place) for place in places)


def test_paragraphs_are_lines_unless_the_text_is_wrapped():
    assert len(article("One line.\nAnother line.\n\nA third.").paragraphs) == 3
    wrapped = (
        "The minister said on Monday that the talks would go on until\nall sides had agreed to the plan that was drawn up by\n"
    )
    wrapped += "the mediators last week in the capital, where the parties\nmet for the first time since the war began in the spring of\nthis year.\n\nNext."
    assert len(article(wrapped).paragraphs) == 2


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He said "no" and went.', ['"no"']),
        ("“It goes on\n“and on”", ["“It goes on", "“and on”"]),
        ("«Non», he said", ["«Non»"]),
        ("He called it ‘done’ and left.", ["‘done’"]),
        ("The groups’ ability and Iran’s", []),
        ("Don't stop the 1990s' sound", []),
    ],
)
def test_quotations(text: str, quotations: list[str]):
    assert [span.of(text) for span in article(text).quotations] == quotations


def test_quoted_touches_any_part_of_a_quotation():
    parsed = article("He said “we will go” now.")
    start = parsed.text.index("we")
    assert parsed.quoted(Span(start, start + 2))
    assert not parsed.quoted(Span(0, 2))


def test_tokens_part_possessives_and_keep_abbreviations():
    text = "the u.s. army's kata'ib-backed men don't"
    forms = [(token.form, token.clitic) for token in tokenize(text)]
    expected = [("the", ""), ("u.s.", ""), ("army", "'s"), ("kata'ib", ""), ("-", ""), ("backed", ""), ("men", ""), ("don't", "")]
    assert forms == expected


@given(st.text("aB ..'’s_-,\n\xa0é5U", max_size=40), st.data())
def test_tokens_are_made_of_the_words_of_the_row(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert Words(plain(text)).tokens(Span(start, end)) == tokenize(fold(text)[start:end], start)


def test_a_row_knows_what_stands_beside_its_words_and_what_comes_again():
    row = Words(plain("“The dog’s dog,” he said, he said - twice."))
    assert row.bare == ["the", "dog", "dog", "he", "said", "he", "said", "twice"]
    assert row.marks == (["“", "", "", "”", "", ",", "", "-"], ["", "", ",", "", ",", "", "-", "."])
    assert row.capitalized == {"the"}
    assert (list(row.again(1)), list(row.again(2))) == ([], [3])


def test_a_sieve_asks_of_each_word_once():
    asked: list[str] = []
    sieve = Sieve(lambda word: not asked.append(word) and word.isupper())
    assert sieve.among({"A", "b"}) == {"A"}
    assert sieve.among({"A", "b", "C"}) == {"A", "C"}
    assert sorted(asked) == ["A", "C", "b"]


@pytest.mark.parametrize(
    ("original", "replacement", "expected"),
    [
        ("entrepreneur", "contractor", "contractor"),
        ("Entrepreneur", "contractor", "Contractor"),
        ("ENTREPRENEUR", "contractor", "CONTRACTOR"),
        ("Foreign Ministry", "State Department", "State Department"),
        ("Fall Into Place", "come into line", "Come into Line"),
        ("foreign ministry", "State Department", "State Department"),
        ("Army", "military", "Military"),
    ],
)
def test_capitals_are_carried_over(original: str, replacement: str, expected: str):
    assert carry_case(original, replacement) == expected


def test_a_line_without_text_is_no_paragraph():
    assert blocks.paragraph_spans(" \n\t\n", blocks.line_spans(" \n\t\n")) == []


SETS = st.lists(st.frozensets(st.sampled_from("abcdefghij"), max_size=8), max_size=12)


@given(SETS, st.sampled_from([0.5, 0.7, 0.9]))
def test_near_repeats_are_those_of_the_full_comparison(sets: list[frozenset[str]], threshold: float):
    expected = {}
    for later, members in enumerate(sets):
        for earlier in range(later):
            union = members | sets[earlier]
            if union and members and len(members & sets[earlier]) / len(union) >= threshold:
                expected[later] = earlier
                break
    found = near_repeats(sets, threshold)
    # an exact repeat is told with its first copy, even if an earlier set is similar enough
    assert found.keys() == expected.keys()
    assert all(similarity >= threshold for _, similarity in found.values())
