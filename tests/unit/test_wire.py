"""Facts as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.facts import Facts
from cleaner.facts.company import CompanyFacts
from cleaner.facts.counts import Tally
from cleaner.facts.lines import LineFacts, Lines, Places
from cleaner.facts.names import NameFacts
from cleaner.facts.wire import decode, encode, pack, unpack
from cleaner.facts.words import WordFacts
from cleaner.pipeline import Pipeline
from cleaner.text.document import Document

TEXTS = (
    "Volodymyr Zelensky met Guaidó and Fed-Ex in Kyiv on Monday.\n\nThe envoy of Jaish al-Islam said nothing.\n\nValley Tribune\n",
    "In Kyiv, Zelenskyy spoke to the envoy.\n\nA proxy of Jaish al-Islam, he said, was there.\n\nValley Tribune\n",
    "nothing here\n",
)


@pytest.fixture
def seen(pipeline: Pipeline) -> list[Facts]:
    """What some articles show."""
    documents = [Document.from_bytes(f"{number}.txt", text.encode()) for number, text in enumerate(TEXTS)]
    return [pipeline.observe(*pipeline.articles(document)) for document in documents]


def known(facts: Facts) -> list[dict]:
    names, lines = facts.section(NameFacts), facts.section(LineFacts)
    counts = [facts.section(kind).articles for kind in (WordFacts, CompanyFacts)]
    return [{key: part[key] for key in part} for part in (names.tokens, names.phrases, *counts, lines.lines, lines.articles)]


def test_packed_facts_joined_are_those_that_are_merged(seen: list[Facts]):
    joined = Facts.joined([unpack(memoryview(pack(facts))) for facts in seen])
    merged = Facts()
    for facts in seen:
        merged.merge(facts)
    assert joined.documents == merged.documents == len(TEXTS)
    assert known(joined) == known(merged)
    assert "Jaish al-Islam" in joined.section(NameFacts).phrases


@given(
    st.dictionaries(
        st.text(st.characters(min_codepoint=2, codec="utf-8")) | st.from_regex(r"\A[0-9 ]{1,3}\Z"), st.integers(0, 1 << 40)
    )
)
def test_a_tally_has_what_was_packed(counts: dict[str, int]):
    tally = Tally(memoryview(b"x" + Tally.pack(counts))[1:])
    assert dict(tally) == counts
    assert len(tally) == len(counts)
    for other in ("", "1", "1 1", *(f"{text[1:]}" for text in counts)):
        assert (other in tally) == (other in counts)


@given(st.dictionaries(st.integers(0, (1 << 64) - 1) | st.integers(0, 600), st.integers(0, 9) | st.just({7: 2, 1 << 63: 1})))
def test_packed_lines_are_those_that_were_packed(lines: dict[int, Places]):
    packed = Lines(*Lines.pack(lines))
    assert dict(packed) == lines
    assert len(packed) == len(lines)
    for key in (*lines, *(key ^ 1 for key in lines), 0, (1 << 64) - 1):
        assert (key in packed) == (key in lines)
        assert packed.get(key) == lines.get(key)


def test_written_facts_are_read_as_they_were(seen: list[Facts]):
    for facts in seen:
        assert known(decode(encode(facts))) == known(facts)
