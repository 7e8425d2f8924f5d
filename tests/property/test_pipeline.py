"""Properties of the whole: engines agree, facts merge in any order, spans are exact, fixing twice is fixing once."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import SEEDS, shipped_pipeline

from cleaner.apply import apply_fixes
from cleaner.engines.local import Job, LocalEngine
from cleaner.facts.names import NameFacts
from cleaner.findings import Applicability
from cleaner.pipeline import Checked, Pipeline
from cleaner.text.document import Document

PARTS = st.sampled_from(
    """Kirby|Kirbry|Kait’ib Hezbollah|an medical|the the|said|“|”|groups ’ability|in regards to|Iran|\n|\n\n|.|,| |Foreign Ministry|Ned Price
|US|rocket|entrepreneur|civilian|goverment|Read more: x|- Sponsor -spot_img|â€™|&amp;|’|é|😀|\r\n|The government denied it.|isn ‘t|there has been no statements|ADVERTISEMENT""".split("|")
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=25).map(" ".join)


@given(TEXTS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_findings_are_exact_and_do_not_overlap(pipeline: Pipeline, text: str):
    checked = pipeline.check_text(text)
    last = 0
    for finding in checked.findings:
        assert finding.matched == text[finding.span.start : finding.span.end]
        assert finding.core.start >= last
        assert 0 <= finding.confidence <= 1
        assert finding.key
        for fix in finding.fixes:
            assert all(finding.span.contains(edit.span) for edit in fix.edits)
        if finding.applicability is Applicability.SAFE:
            assert len(finding.fixes) == 1
        last = finding.core.end


@given(TEXTS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_safe_fixes_come_to_an_end(pipeline: Pipeline, text: str):
    for _ in range(8):
        safe = [each.fixes[0] for each in pipeline.check_text(text).findings if each.applicability is Applicability.SAFE]
        if not safe:
            return
        text = apply_fixes(text, safe)
    pytest.fail("the safe fixes do not come to an end")


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_concluded_for_one_article_is_what_it_needs(pipeline: Pipeline, texts: list[str]):
    articles = [pipeline.article(Document.from_text("a", text)) for text in texts]
    facts = pipeline.merge(pipeline.observe(article) for article in articles)
    every = pipeline.conclude(facts)
    for article in articles:
        assert pipeline.find(article, pipeline.conclude_for([article], facts)).findings == pipeline.find(article, every).findings


@given(st.lists(TEXTS, min_size=1, max_size=4), st.randoms())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_facts_merge_in_any_order(pipeline: Pipeline, texts: list[str], shuffler: random.Random):
    def observe(order: list[str]) -> NameFacts:
        facts = pipeline.merge(pipeline.observe(pipeline.article(Document.from_text("a", text))) for text in order)
        assert facts.documents == len(order)
        return facts.section(NameFacts)

    shuffled = list(texts)
    shuffler.shuffle(shuffled)
    assert observe(texts) == observe(shuffled)


def test_a_pool_finds_what_one_process_finds(tmp_path: Path):
    for number in range(150):
        lines = sorted(SEEDS.iterdir())[number % 2].read_text("utf-8").splitlines()
        part = "\n".join(lines[number % 20 : number % 20 + 8])
        (tmp_path / f"{number:03}.txt").write_text(f"{part}\n\nArticle number {number} by Kirbyy.\n", "utf-8")
    (tmp_path / "077.txt").write_bytes(b"\0\1\2\3")
    paths = sorted(map(str, tmp_path.iterdir()))

    def run(processes: int) -> list[object]:
        results = LocalEngine(Job(shipped_pipeline, 1_000_000, processes)).run(paths)
        return [(each.document.path, each.findings) if isinstance(each, Checked) else str(each) for each in results]

    serial = run(1)
    assert run(2) == serial
    assert len(serial) == 150
    assert "077.txt" in str(serial[77])
