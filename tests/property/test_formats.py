"""Whatever the markup: an edit of the prose changes that and nothing else, and the document reads as it was meant to."""

import csv
import io
import json
import re
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.apply import apply_fixes
from cleaner.findings import Applicability, Finding, Fix, Kind, Span
from cleaner.text import parts
from cleaner.text.document import Document
from cleaner.text.formats import articles, html, markdown
from cleaner.text.prose import Prose, Sort

TEXT = "The goverment|Kait’ib|said|a|, |. |don't|é|😀| |\n|\r\n| & |*|_|<|>|[|]|`|\\|#|- |1. |&|~~|“|”|U.S. |cafe\u0301|x < y"
MARKDOWN = (
    TEXT
    + "|**bold**|_it_|`code`|``a ` b``|[shown](http://a.b/c_(d) 'title')|[shown][ref]|[sic]|![alt](i.png)|<b>|</b>|&amp;|&rsquo;|&#39;|\\*|  \n|\\\n"
    "|\n\n|\n> |\n- |\n# |\n```\n|\n    |---\na: goverment\n---\n|\n| a | b |\n|---|---|\n| c \\\\| d | e |\n|<!-- x -->|http://a.b/c|<http://a.b>|\n[ref]: http://a\n"
).replace("| a | b |", "¦ a ¦ b ¦")
HTML = TEXT + (
    "|<b>|</b>|<p>|</p>|<br>|<br/>|&amp;|&rsquo;|&nbsp;|&#8217;|&#x41;|&unknown;|&amp|<code>x</code>|<pre> y </pre>|<script>goverment</script>"
    '|<a href="goverment">|</a>|<!-- goverment -->|<img alt="a>b">|<li>|<td>|<!DOCTYPE html>|<?php x ?>|<![CDATA[x]]>|&#0;|<title>t</title>|  '
)


def texts(parts: str) -> st.SearchStrategy[str]:
    pieces = [part.replace("¦", "|") for part in parts.split("|")]
    return st.lists(st.sampled_from(pieces), max_size=30).map("".join)


def finding(prose: Prose, span: Span, replacement: str) -> Finding:
    fix = Fix.replacing(span, replacement)
    return Finding("a.b", Kind.TYPO, span, span.of(prose.text), "m", (fix,), 1.0, ("w",), Applicability.SAFE)


@pytest.mark.parametrize(("module", "sample"), [(markdown, MARKDOWN), (html, HTML)], ids=["markdown", "html"])
@given(data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_an_edit_of_a_word_is_read_as_it_was_meant(module: ModuleType, sample: str, data: st.DataObject):
    source = data.draw(texts(sample))
    prose = module.prose(source)
    at = 0
    for piece in prose.pieces:
        assert piece.start == at
        at = piece.end
        if piece.sort is Sort.VERBATIM:
            assert prose.text[piece.start : piece.end] == source[piece.at : piece.until]
    assert at == len(prose.text)
    assert all(left.until <= right.at for left, right in zip(prose.pieces, prose.pieces[1:], strict=False))

    words = [Span(*match.span()) for match in re.finditer(r"[^\W_]+", prose.text)]
    if not words:
        return
    span = data.draw(st.sampled_from(words))
    replacement = data.draw(st.sampled_from(["government", "Kata’ib & co", "a<b", "is*not*it", "the U.S. envoy", "x `y` [z] w"]))
    out = prose.outward(finding(prose, span, replacement), source)
    if out is None or not out.fixes:
        assert out is None or out.applicability is Applicability.DISPLAY
        return
    changed = apply_fixes(source, out.fixes)
    assert module.prose(changed).text == prose.text[: span.start] + replacement + prose.text[span.end :]
    inside = prose.inward(out.span)
    assert inside
    shown = [
        piece for piece in prose.pieces if piece.sort is not Sort.BREAK and piece.start < span.end and span.start < piece.end
    ]
    assert inside.start <= max(span.start, shown[0].start)
    assert inside.end >= min(span.end, shown[-1].end)


VALUES = st.lists(st.sampled_from([*TEXT.split("|"), '"', "\n\n", ",", ";", "\t", "\x07", "/", "\u2028", ""]), max_size=12).map(
    "".join
)


def as_jsonl(texts: list[str], shape: int) -> str:
    rows = [{"id": number, "text": text, "more": {"text": ["goverment", {}]}, "x": None} for number, text in enumerate(texts)]
    styles = [{}, {"ensure_ascii": False}, {"ensure_ascii": False, "separators": (" , ", " : ")}, {"sort_keys": True}]
    return ("\r\n" if shape % 2 else "\n").join(json.dumps(row, **styles[shape]) for row in rows)


def as_csv(texts: list[str], shape: int, delimiters: str = ",;\t,") -> str:
    out = io.StringIO()
    quoting = csv.QUOTE_ALL if shape % 2 else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiters[shape], quoting=quoting, lineterminator="\r\n" if shape > 1 else "\n")
    writer.writerow(["id", "text", "more"])
    writer.writerows([number, text, "goverment"] for number, text in enumerate(texts))
    return out.getvalue()


def as_tsv(texts: list[str], shape: int) -> str:
    return as_csv(texts, shape, "\t" * 4).replace("id", "id, or; number, or|", 1)


def from_jsonl(source: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in re.split("\r\n|\n", source) if line]


def from_csv(source: str) -> list[dict[str, object]]:
    return list(csv.DictReader(io.StringIO(source, newline=""), delimiter=max(",;\t", key=source.splitlines()[0].count)))


def from_tsv(source: str) -> list[dict[str, object]]:
    return list(csv.DictReader(io.StringIO(source, newline=""), delimiter="\t"))


@pytest.mark.parametrize(
    ("ending", "to", "back"), [("jsonl", as_jsonl, from_jsonl), ("csv", as_csv, from_csv), ("tsv", as_tsv, from_tsv)]
)
@given(values=st.lists(VALUES.filter(lambda text: text.strip()), min_size=1, max_size=4), shape=st.integers(0, 3), data=st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_an_edit_of_a_record_changes_that_record(ending: str, to, back, values: list[str], shape: int, data: st.DataObject):
    source = to(values, shape)
    document = Document.from_text(f"a.{ending}", source)
    found = articles(document, "en")
    assert [article.text for article in found] == [row["text"] for row in back(source)]
    number = data.draw(st.integers(0, len(found) - 1))
    words = [Span(*match.span()) for match in re.finditer(r"[^\W_]+", found[number].text)]
    if not words:
        return
    span = data.draw(st.sampled_from(words))
    replacement = data.draw(st.sampled_from(["government", 'a "b" c', "Kata’ib\\", "a, b; c", "x\ny"]))
    prose = found[number].prose
    assert prose
    out = prose.outward(finding(prose, span, replacement), source)
    assert out
    if not out.fixes:
        assert ending != "jsonl"
        return
    rows = back(apply_fixes(source, out.fixes))
    wanted = back(source)
    wanted[number]["text"] = prose.text[: span.start] + replacement + prose.text[span.end :]
    assert rows == wanted


@given(source=texts(HTML), ending=st.sampled_from([".txt", ".html"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
def test_a_long_text_is_several_articles(source: str, ending: str):
    document = Document.from_text(f"a{ending}", source)
    (whole,) = articles(document, "en")
    with pytest.MonkeyPatch.context() as sizes:
        sizes.setattr(parts, "_LONGEST", 40)
        sizes.setattr(parts, "_PART", 10)
        several = articles(document, "en")
    at = 0
    for part in several:
        assert len(part.text) <= 20 or len(several) == 1
        start = whole.text.index(part.text, at)
        assert not whole.text[at:start].strip()
        at = start + len(part.text)
        for word in re.finditer(r"[^\W_]+", part.text):
            out = part.outside(Span(*word.span()))
            inside = whole.outside(Span(start + word.start(), start + word.end()))
            assert out == inside
            edited = part.outward(finding(part.prose, Span(*word.span()), "a")) if part.prose else None
            if edited and edited.fixes:
                assert edited.span.of(source) == edited.matched
    assert not whole.text[at:].strip()


def test_a_part_ends_with_a_paragraph_or_else_a_line_or_a_word():
    def ends(text: str) -> list[str]:
        return [part.text.rstrip()[-1] for part in articles(Document.from_text("a.txt", text), "en")]

    paragraph = "He said so. " * 100
    assert set(ends(f"{paragraph}§\n{paragraph}¶\n\n" * 500)) == {"¶"}
    assert set(ends(f"{paragraph}§\r\n" * 1000)) == {"§"}
    assert set(ends("word " * 300_000)) == {"d"}
    assert len(ends("x" * 1_000_001)) == 6
    assert "".join(part.text for part in articles(Document.from_text("a.txt", " " * 1_000_001), "en")) == " "
