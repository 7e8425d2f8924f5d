"""The HTML report as a reader sees it: in a real browser, from a file, without a network."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, Browser

from cleaner.findings import Applicability, Finding, Fix, Kind, Span
from cleaner.pipeline import Checked
from cleaner.reports import create
from cleaner.rulebook.book import RuleBook
from cleaner.text.document import Document

ATTACK = "</script><script>document.title = 'broken'</script><img src=x onerror=\"document.title='broken'\"><!--"
MANY = 20_000
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: the HTML report is not tried in a browser")


def write(path: Path, book: RuleBook, results: Iterator[Checked]) -> Path:
    with path.open("w", encoding="utf-8") as stream:
        report = create("html", stream, book)
        for result in results:
            report.add(result)
        report.fail("lost<b>.txt", "no such file")
        report.close()
    return path


def checked(path: str, text: str, *found: tuple[str, str, float]) -> Checked:
    """An article with findings: what is wrong (each time it stands there), what is right, and how sure that is."""
    findings = []
    for number, (wrong, right, confidence) in enumerate(found):
        kind, rule = (Kind.TYPO, "typo.known") if number % 2 == 0 else (Kind.NAME, "names.of-the-folder")
        for match in re.finditer(re.escape(wrong), text):
            span = Span(*match.span())
            fixes = tuple(Fix.replacing(span, each) for each in right.split("|")) if right else ()
            findings.append(
                Finding(
                    rule, kind, span, wrong, f"{wrong}: {right}", fixes, confidence, ("it is so", "why"), Applicability.REVIEW
                )
            )
    return Checked(Document.from_text(path, text), tuple(sorted(findings, key=lambda finding: finding.span)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, book: RuleBook, tmp_path: Path) -> Iterator[Browser]:
    """A report of three articles with five findings."""
    results = [
        checked(
            f"a{ATTACK}.txt", f"{ATTACK} The goverment {ATTACK}\n\nof Kirbry fell.", ("goverment", f"government|{ATTACK}", 0.9)
        ),
        checked("b.txt", "One teh.\nTwo Kirbry and 😀 Kirbry.", ("teh", "the", 0.95), ("Kirbry", "Kirby", 0.6)),
        checked("c.txt", "All that\u202e is advice.", ("advice", "", 0.7)),
    ]
    browser.complaints.clear()
    browser.look()
    browser.open(write(tmp_path / "report.html", book, iter(results)))
    yield browser
    assert browser.complaints == []


def shown(page: Browser) -> list[str]:
    return page.run("[...document.querySelectorAll('.finding')].map((each) => each.querySelector('.text').textContent)")


def plain(text: str) -> str:
    return text.replace("deleted: ", "").replace("inserted: ", "").replace("here: ", "").replace("\n", "")


def test_findings_stand_in_their_text_with_their_evidence(page: Browser):
    texts = [plain(text) for text in shown(page)]
    assert len(texts) == 5
    assert texts[1] == "One tehthe."
    assert texts[3] == "Two Kirbry and 😀 KirbryKirby."
    assert texts[4] == "All that<U+202E> is advice."
    first = page.run("document.querySelector('.finding').textContent")
    for part in ("typo", f"1:{len(ATTACK) + 6}", "typo.known", "90%", "goverment: government", "it is so"):
        assert part in first
    assert page.run("document.querySelector('#summary').innerText") == "5 findings in 3 of 3 articles"
    assert page.run("document.querySelector('#failures').innerText").endswith("lost<b>.txt: no such file")


def test_nothing_in_an_article_runs(page: Browser, tmp_path: Path):
    assert page.run("document.title") == "cleaner: 5 findings"
    assert page.run("document.images.length") == 0
    assert ATTACK in plain(shown(page)[0])
    assert ATTACK in page.run("document.querySelector('.or').textContent")
    # Even if it were taken for markup, the policy would not let it run.
    source = (tmp_path / "report.html").read_text("utf-8")
    broken = source.replace("<main", "<script>document.title = 'broken'</script><main")
    (tmp_path / "broken.html").write_text(broken, "utf-8")
    page.open(tmp_path / "broken.html")
    assert page.run("document.title") == "cleaner: 5 findings"
    assert any("Content Security Policy" in each for each in page.complaints)
    page.complaints.clear()


def test_nothing_is_loaded(page: Browser, tmp_path: Path):
    assert page.run("performance.getEntriesByType('resource').length") == 0
    assert not re.search(r"\b(?:src|href)=\"(?!#)", (tmp_path / "report.html").read_text("utf-8").partition("<script type=")[0])


def test_advice_about_an_article_as_a_whole_has_no_place(browser: Browser, book: RuleBook, tmp_path: Path):
    advice = Finding("typo.known", Kind.TYPO, Span(0, 0), "", "so it reads", (), 0.7, ("why",), Applicability.DISPLAY)
    result = Checked(Document.from_text("a.txt", "All of it."), (advice,))
    browser.open(write(tmp_path / "report.html", book, iter([result])))
    text = "document.querySelector('.text').checkVisibility()"
    assert browser.run(text) is False
    browser.press("j")
    browser.press("o")
    assert browser.run(text) is True
    assert plain(shown(browser)[0]) == "All of it."


def choose(page: Browser, selector: str, value: str, event: str) -> None:
    page.run(
        f"(e => {{ e.value = {value!r}; e.dispatchEvent(new Event({event!r}, {{bubbles: true}})) }})(document.querySelector({selector!r}))"
    )


def eventually(page: Browser, number: int) -> bool:
    """Whether so many findings are shown before long."""
    deadline = time.monotonic() + 5
    while len(shown(page)) != number and time.monotonic() < deadline:
        time.sleep(0.02)
    return len(shown(page)) == number


def test_filters(page: Browser):
    page.run("document.querySelector('#kinds button[title=name]').click()")
    assert [plain(text) for text in shown(page)] == ["Two KirbryKirby and 😀 Kirbry.", "Two Kirbry and 😀 KirbryKirby."]
    assert page.run("document.querySelector('#shown').innerText") == "2 of 5 findings in 1 article"
    assert page.run("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.press("Escape")
    assert eventually(page, 5)
    choose(page, "#confidence", "70", "input")
    assert len(shown(page)) == 3
    assert page.run("document.querySelector('#least').value") == "70% or more"
    choose(page, "#rule", "typo.known", "change")
    choose(page, "#file", "c.txt", "change")
    assert len(shown(page)) == 1
    page.run("document.querySelector('#everything').click()")
    assert eventually(page, 5)
    choose(page, "#search", "ADVICE", "input")
    assert eventually(page, 1)
    choose(page, "#search", "nothing of the sort", "input")
    assert eventually(page, 0)
    assert page.run("document.querySelector('#shown').innerText") == "Nothing matches these filters."


def test_groups(page: Browser):
    def headings() -> list[str]:
        return page.run("[...document.querySelectorAll('.bunch h2')].map((each) => each.textContent)")

    assert headings() == [f"a{ATTACK}.txt1 finding", "b.txt3 findings", "c.txt1 finding"]
    page.run("document.querySelector('[name=group][value=kind]').click()")
    assert headings() == ["typo3 findings", "name2 findings"]
    page.run("document.querySelector('[name=group][value=rule]').click()")
    assert [heading.partition(".")[0] for heading in headings()] == ["typo", "names"]


def test_keys(page: Browser):
    focused = "document.activeElement.querySelector?.('h3')?.innerText"
    page.press("j")
    page.press("j")
    page.press("j")
    assert page.run(focused) == "Kirbry: Kirby"
    page.press("k")
    assert page.run(focused) == "teh: the"
    page.press("o")
    assert plain(page.run("document.activeElement.querySelector('.text').textContent")) == "One tehthe.Two Kirbry and 😀 Kirbry."
    page.press("o")
    assert plain(shown(page)[1]) == "One tehthe."
    page.press("/")
    assert page.run("document.activeElement.id") == "search"
    page.press("Escape")
    page.press("?")
    assert page.run("document.querySelector('#help').open") is True


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_deleted_and_inserted_is_told_without_colour(page: Browser, theme: str):
    page.look(theme=theme)
    style = "(name) => getComputedStyle(document.querySelector(name))"
    assert page.run(f"({style})('del').textDecorationLine") == "line-through"
    assert page.run(f"({style})('ins').textDecorationLine") == "underline"
    assert page.run("document.querySelector('del').textContent").startswith("deleted: ")
    contrasts = page.run(_CONTRASTS)
    assert min(contrasts.values()) >= 4.5, contrasts


_CONTRASTS = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (color) => rgb(color).map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, number) => sum + part * [0.2126, 0.7152, 0.0722][number], 0);
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (!color.endsWith(", 0)")) return color;
    }
  };
  const result = {};
  for (const name of ["body", "#summary b", "#summary", "legend", ".chart .name", ".chart .count", ".kind", ".place", ".sure", "h3", "del", "ins", ".why", ".whole-button"]) {
    for (const element of document.querySelectorAll(name)) {
      const [a, b] = [light(getComputedStyle(element).color), light(behind(element))];
      result[name] = Math.min(result[name] ?? 99, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
  }
  return result;
})()"""


def test_paper(page: Browser):
    page.look(media="print")
    assert page.run("getComputedStyle(document.querySelector('.filters')).display") == "none"
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert len(shown(page)) == 5


def test_a_big_report_stays_quick(browser: Browser, book: RuleBook, tmp_path: Path):
    text = "\n\n".join(f"Paragraph {number} about the goverment, and then more of it until it ends." for number in range(10))
    results = (
        checked(f"{number}.txt", text, ("goverment", "government", 0.5 + number % 50 / 100)) for number in range(MANY // 10)
    )
    path = write(tmp_path / "big.html", book, results)
    browser.look()
    browser.open(path)
    assert browser.run("document.querySelector('#summary').innerText") == "20,000 findings in 2,000 of 2,000 articles"
    assert len(shown(browser)) < 100
    taken = browser.run(
        "(() => { const start = performance.now(); document.querySelector('#kinds button').click(); return performance.now() - start })()"
    )
    assert taken < 2000  # milliseconds; some 100 on a machine that does nothing else
    before = len(shown(browser))
    browser.run("scrollTo(0, document.documentElement.scrollHeight)")
    assert eventually(browser, before + 30)
