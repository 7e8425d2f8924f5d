"""Facts go through parts, files and the mill of merging without loss."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import SEEDS

from cleaner.detectors import Evidence
from cleaner.facts import Facts, wire
from cleaner.facts.company import CompanyFacts
from cleaner.facts.lines import LineFacts
from cleaner.facts.names import NameFacts
from cleaner.facts.words import WordFacts
from cleaner.pipeline import Pipeline
from cleaner.text.document import Document

SECTIONS = (NameFacts, WordFacts, CompanyFacts, LineFacts)
PARAGRAPHS = [
    paragraph for path in sorted(SEEDS.glob("*.txt")) for paragraph in path.read_text("utf-8").split("\n") if paragraph.strip()
]
TEXTS = st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=8).map("\n\n".join)
STEADY = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def observed(pipeline: Pipeline, texts: list[str]) -> Facts:
    return pipeline.merge(pipeline.observe(pipeline.article(Document.from_text(f"{i}/a", text))) for i, text in enumerate(texts))


def contents(facts: Facts) -> list[object]:
    return [facts.documents, *(facts.section(kind) for kind in SECTIONS)]


@given(st.lists(TEXTS, max_size=4))
@STEADY
def test_facts_that_were_written_are_what_they_were(pipeline: Pipeline, texts: list[str]):
    assert contents(wire.decode(wire.encode(observed(pipeline, texts)))) == contents(observed(pipeline, texts))


@given(st.lists(TEXTS, min_size=1, max_size=5), st.integers(1, 9), st.randoms())
@STEADY
def test_parts_merge_each_for_itself(pipeline: Pipeline, texts: list[str], number: int, chance: random.Random):
    columns = [observed(pipeline, [text]).parted(number) for text in texts]
    chance.shuffle(columns)
    parts = [pipeline.merge(column) for column in zip(*columns, strict=True)]
    keys = [set(part.section(LineFacts).lines) for part in parts]
    assert sum(map(len, keys)) == len(set().union(*keys))
    whole = [observed(pipeline, [text]) for text in texts]
    assert contents(pipeline.merge(parts)) == contents(pipeline.merge(whole))


@given(st.lists(TEXTS, min_size=1, max_size=5))
@STEADY
def test_what_is_dropped_in_the_end_changes_no_finding(pipeline: Pipeline, texts: list[str]):
    facts, fewer = observed(pipeline, texts), observed(pipeline, texts)
    fewer.settle()
    articles = [pipeline.article(Document.from_text("a", text)) for text in texts]
    whole, settled = pipeline.conclude(facts), pipeline.conclude(fewer)
    assert isinstance(whole, Evidence)
    for article in articles:
        assert pipeline.find(article, settled).findings == pipeline.find(article, whole).findings
    kept, all_ = fewer.section(LineFacts).lines, facts.section(LineFacts).lines
    assert kept == {line: places for line, places in all_.items() if isinstance(places, dict)}
