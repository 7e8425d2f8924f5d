"""Whatever a packed file holds: an edit of its prose changes that and nothing else, and is read as it was meant."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

import packages
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.apply import apply_fixes
from cleaner.findings import Applicability, Finding, Fix, Kind, Span
from cleaner.text.article import Article
from cleaner.text.document import Document
from cleaner.text.formats import articles
from cleaner.text.prose import Prose

steady = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
WORDS = st.sampled_from(
    [
        "The goverment",
        "gover",
        "ment",
        " ",
        "  ",
        "Kait’ib & co",
        "a<b",
        "é😀",
        "don't",
        ", ",
        "cafe\u0301",
        '"',
        "\\",
        "\u2028",
        "]]>",
    ]
)
REPLACEMENTS = st.sampled_from(["government", "Kata’ib & <co>", "two words", 'a "b" \\c', "😀", "x  y"])
RUN = st.one_of(
    WORDS.map(lambda text: f'<w:t xml:space="preserve">{escape(text)}</w:t>'),
    WORDS.map(lambda text: f"<w:t>{escape(text)}</w:t>"),
    st.sampled_from(
        [
            "<w:tab/>",
            "<w:br/>",
            "<w:noBreakHyphen/>",
            "<w:t/>",
            "<w:t></w:t>",
            "<w:drawing/>",
            "<w:footnoteReference/>",
            "<w:t>R&#38;D</w:t>",
        ]
    ),
)
BODY = st.lists(st.lists(RUN, max_size=8).map(lambda runs: packages.paragraph(*runs)), max_size=5).map("".join)


def edited(data: st.DataObject, article: Article) -> tuple[str, str] | None:
    """A word of an article exchanged: the text of the document, and the prose that is meant; None where there is no word."""
    prose = article.prose
    assert isinstance(prose, Prose)
    words = [Span(*match.span()) for match in re.finditer(r"[^\W_]+", prose.text)]
    if not words:
        return None
    span, replacement = data.draw(st.sampled_from(words)), data.draw(REPLACEMENTS)
    fix = Fix.replacing(span, replacement)
    finding = Finding("a.b", Kind.TYPO, span, span.of(prose.text), "m", (fix,), 1.0, ("w",), Applicability.SAFE)
    out = prose.outward(finding, article.document.text)
    assert out
    assert out.fixes
    return apply_fixes(article.document.text, out.fixes), prose.text[: span.start] + replacement + prose.text[span.end :]


def structure(body: str) -> str:
    """A body without its texts."""
    return re.sub(r"(<w:t)(?: xml:space=\"preserve\")?>[^<]*(</w:t>)", r"\1>\2", body)


@given(body=BODY, data=st.data())
@steady
def test_an_edit_of_a_document_changes_the_texts_of_runs_alone(body: str, data: st.DataObject):
    before = packages.docx(body)
    document = Document.from_bytes("a.docx", before)
    assert document.encode(document.text) == before
    (article,) = articles(document, "en")
    edit = edited(data, article)
    if edit is None:
        return
    text, meant = edit
    after = document.encode(text)
    again = Document.from_bytes("a.docx", after)
    assert again.text == text
    assert articles(again, "en")[0].text == meant
    assert structure(packages.body(after)) == structure(body)
    main = "word/document.xml"
    assert [each for each in packages.parts(after) if each[0] != main] == [
        each for each in packages.parts(before) if each[0] != main
    ]


CELLS = st.lists(
    st.one_of(st.none(), st.lists(st.one_of(WORDS, st.sampled_from(["\n", "\x00", "\r"])), max_size=8).map("".join)),
    min_size=1,
    max_size=9,
)
SORTS = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]


@given(
    cells=CELLS,
    sort=st.sampled_from(SORTS),
    rows=st.integers(1, 4),
    codec=st.sampled_from(["none", "snappy", "zstd", "gzip", "brotli", "lz4"]),
    data=st.data(),
)
@steady
def test_an_edit_of_a_table_changes_one_cell(
    cells: Sequence[str | None], sort: pa.DataType, rows: int, codec: str, data: st.DataObject
):
    texts = pa.array(cells, pa.string()) if pa.types.is_dictionary(sort) else pa.array(cells, sort)
    texts = texts.dictionary_encode() if pa.types.is_dictionary(sort) else texts
    numbers = pa.array(range(len(cells)), pa.int16())
    before = packages.table(
        {"id": numbers, "text": texts, "more": [["goverment"]] * len(cells)}, row_group_size=rows, compression=codec
    )
    document = Document.from_bytes("a.parquet", before)
    assert document.encode(document.text) == before
    filled = [number for number, cell in enumerate(cells) if cell is not None]
    if not filled:
        return
    found = articles(document, "en")
    assert [article.text for article in found] == [cells[number] for number in filled]
    which = data.draw(st.sampled_from(range(len(filled))))
    edit = edited(data, found[which])
    if edit is None:
        return
    text, meant = edit
    after = document.encode(text)
    assert Document.from_bytes("a.parquet", after).text == text
    wanted = [*cells]
    wanted[filled[which]] = meant
    old, new = packages.read_table(before), packages.read_table(after)
    assert new.column("text").to_pylist() == wanted
    assert new.schema.equals(old.schema, check_metadata=True)
    assert new.drop_columns("text").equals(old.drop_columns("text"))
