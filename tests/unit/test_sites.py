"""Which articles come from one site, and what recurs on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.facts.lines import LineFacts, Recurrence, line_key, observe_lines
from cleaner.facts.sample import hashed
from cleaner.text.article import Article
from cleaner.text.document import Document
from cleaner.text.formats import articles
from cleaner.text.sites import site_of


def recurrence(facts: LineFacts, line: str, site: str) -> Recurrence:
    return facts.recurrence(line_key(line), hashed(site))


def article(path: str, text: str = "Rain fell.", origin: str = "") -> Article:
    return Article(Document.from_text(path, text), "en", origin=origin)


@pytest.mark.parametrize(
    ("path", "text", "site"),
    [
        ("news/www.Example.co.uk/2019/a.txt", "", "example.co.uk"),
        ("news/example.com_2019-03-01_rain.txt", "", "example.com"),
        ("archive.org/web/post.com/a.txt", "", "post.com"),
        ("2019/march/a.txt", "", "2019/march"),
        ("notes/a.md", "", "notes"),
        ("a.com.txt", "", "a.com"),
        ("2019/a.txt", "Rain in Spain\n\nMADRID, March 3 (Reuters) - Rain fell.", "Reuters"),
        ("2019/a.txt", "BAGHDAD (AP) — Rain fell.", "AP"),
        ("2019/a.txt", "Beirut (Xinhua News) -- Rain fell.\n\nA group (AP) was there.", "Xinhua News"),
        ("2019/a.txt", "He said (Reuters reported) - rain.", "2019"),
    ],
)
def test_the_site_of_an_article(path: str, text: str, site: str):
    assert site_of(article(path, text)) == site


def test_a_record_may_name_its_site():
    rows = '{"text": "Rain fell.", "url": "https://www.example.com/a/b.html"}\n{"source": "The Daily Post", "text": "It fell."}\n{"text": "It rains."}'
    assert [site_of(each) for each in articles(Document.from_text("d/a.jsonl", rows), "en")] == [
        "example.com",
        "the daily post",
        "d",
    ]


def test_a_line_recurs_on_its_site():
    facts = LineFacts()
    for site, times in (("one.com", 4), ("two.com", 1)):
        for number in range(times):
            facts.merge(observe_lines(article(f"{site}/{number}.txt", f"Sign up today\n\nArticle {number} of {site}.")))
    facts.merge(observe_lines(article("one.com/x.txt", "Nothing recurs.")))
    found = recurrence(facts, "sign  up today", "one.com")
    assert (found.here, found.of, found.total, found.folder) == (4, 5, 5, 6)
    assert str(found) == "this line stands in 4 of the 5 articles of this site, and in 1 of others"
    assert found.is_certain
    assert str(recurrence(facts, "Sign up today", "two.com")) == "this line stands in 5 articles"
    assert recurrence(facts, "Article 0 of one.com.", "one.com").total == 1


def test_lines_of_many_articles_meet_by_chance():
    facts = LineFacts()
    for number in range(40_000):
        facts.articles[number] += 1
    one = observe_lines(article("one.com/1.txt", "He was 82."))
    for number in range(4):
        facts.merge(observe_lines(article(f"{number}.com/1.txt", "He was 82.")))
    assert not recurrence(facts, "He was 82.", "one.com").is_certain
    for _ in range(3):
        facts.merge(LineFacts(dict(one.lines), one.articles.copy()))
    assert recurrence(facts, "He was 82.", "one.com").is_certain


@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), max_size=3)), max_size=8), st.integers(0, 8))
def test_the_order_of_merging_does_not_count(found: list[tuple[str, list[str]]], cut: int):
    def merged(parts: list[tuple[str, list[str]]]) -> LineFacts:
        facts = LineFacts()
        for site, lines in parts:
            facts.merge(observe_lines(article(f"{site}.com/a.txt", "\n\n".join(lines))))
        return facts

    left, whole = merged(found[cut:]), merged(found)
    left.merge(merged(found[:cut]))
    for line in "xyz":
        for site in "abc":
            assert recurrence(left, line, f"{site}.com") == whole.recurrence(line_key(line), hashed(f"{site}.com"))
            assert recurrence(whole, line, f"{site}.com").here == sum(line in lines for each, lines in found if each == site)
