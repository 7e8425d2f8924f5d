"""Files that hold more than text: what is read, what a change leaves alone, and what cannot be read or written."""

import builtins
import io
import zipfile
from decimal import Decimal

import packages
import pyarrow as pa
import pytest
from packages import docx, paragraph, table, text
from pyarrow import parquet

from cleaner.errors import DocumentError
from cleaner.text.document import Document
from cleaner.text.formats import articles, wordxml
from cleaner.text.formats import parquet as format_of_parquet

BODY = (
    '<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>The gover</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>'
    '<w:t xml:space="preserve">ment </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>'
    "<w:hyperlink><w:r><w:t>of Kait&#x2019;ib &amp; co</w:t><w:tab/><w:t/><w:t>recieve</w:t><w:br/><w:t>it</w:t></w:r></w:hyperlink></w:p><w:p/>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>A goverment</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>state</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
    "<mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>after</w:t></w:r></w:p>"
)


def read(name: str, data: bytes) -> Document:
    return Document.from_bytes(name, data)


def changed(name: str, data: bytes, *pairs: tuple[str, str]) -> bytes:
    document = read(name, data)
    wanted = document.text
    for old, new in pairs:
        assert old in wanted
        wanted = wanted.replace(old, new)
    result = document.encode(wanted)
    assert read(name, result).text == wanted
    return result


def test_the_paragraphs_of_a_document_are_read():
    document = read("a.DOCX", docx(BODY))
    assert document.text == (
        "The goverment of Kait’ib & co\trecieve\u2028it\n\nA goverment\nnon\u2011state\nafter\n"  # a line each, as in the file
    )
    (article,) = articles(document, "en")
    assert article.text == "The goverment of Kait’ib & co\trecieve\nit\n\nA goverment\n\nnon\u2011state\n\nafter\n\n"
    assert document.encode(document.text) == docx(BODY)


def test_a_change_goes_into_the_runs_that_it_touches():
    before = docx(BODY)
    after = changed(
        "a.docx", before, ("goverment of Kait’ib", "government by Kata’ib <1>"), ("recieve", "receive"), ("after", "after ")
    )
    wanted = BODY
    for old, new in (
        ("The gover<", "The govern<"),
        ("<w:t>of Kait&#x2019;ib &amp; co", "<w:t>by Kata’ib &lt;1&gt; &amp; co"),
        ("recieve", "receive"),
        ("<w:t>after<", '<w:t xml:space="preserve">after <'),
    ):
        assert old in wanted
        wanted = wanted.replace(old, new)
    assert packages.body(after) == wanted
    assert [each for each in packages.parts(after) if each[0] != "word/document.xml"] == [
        each for each in packages.parts(before) if each[0] != "word/document.xml"
    ]
    assert [each[:4] for each in packages.parts(after)] == [each[:4] for each in packages.parts(before)]


def test_the_main_part_is_the_one_that_the_package_names():
    relations = packages.RELATIONS.replace("word/document.xml", "/word/document2.xml")
    data = docx(paragraph(text("The goverment")), "word/document2.xml", relations)
    assert "government" in packages.body(changed("a.docx", data, ("goverment", "government")), "word/document2.xml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("A goverment\n", "A goverment ", "joins or parts paragraphs"),
        ("\u2028", " ", "touches what is no text"),
        ("co\t", "co ", "touches what is no text"),
        ("\n\nA", "\nB\nA", "puts a text where there was none"),  # a paragraph that has no run
        ("after", "a\x07ter", "a character that a Word document cannot hold"),
    ],
)
def test_a_change_that_is_no_text_is_refused(old: str, new: str, said: str):
    document = read("a.docx", docx(BODY))
    with pytest.raises(DocumentError, match=f"^a.docx: not written: a change .*{said}|^a.docx: not written: a change {said}"):
        document.encode(document.text.replace(old, new))


def broken(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


def encrypted() -> bytes:
    data = bytearray(docx(BODY))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def of_another_kind() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a Word document, or a damaged one"),
        (b"The goverment.", "not a Word document, or a damaged one"),
        (docx(BODY)[:300], "not a Word document, or a damaged one"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document with a password, or an old .doc: save it as .docx without one"),
        (broken(docx(BODY), packages.PICTURE, b"x" * len(packages.PICTURE)), None),
        (encrypted(), "a damaged or encrypted document"),
        (of_another_kind(), "not a Word document: there is no _rels/.rels in it"),
        (docx(BODY, relations="<Relationships/>"), "not a Word document: it names no main part"),
        (docx(BODY, "word/other.xml"), "not a Word document: there is no word/document.xml in it"),
        (docx("<w:p>"), "a damaged document (mismatched tag: line 2, column "),
        (docx(BODY, relations="<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "not a Word document: its parts define entities"),
    ],
)
def test_broken_documents_are_named(data: bytes, said: str | None):
    if said is None:  # what is damaged is not read, but would be written
        document = read("a.docx", data)
        said = "a damaged or encrypted document"
        with pytest.raises(DocumentError) as error:
            document.encode(document.text.replace("after", "later"))
    else:
        with pytest.raises(DocumentError) as error:
            read("a.docx", data)
    assert str(error.value).startswith(f"a.docx: {said}")


def test_a_bomb_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("word/document.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1_000_000))
    with pytest.raises(DocumentError, match=r"^a.docx: unpacks to more than 200,000,000 bytes: split it"):
        read("a.docx", out.getvalue())


TABLE = {
    "id": pa.array([1, None, 3]),
    "text": pa.array(["The goverment “fell”.\nIt did.", None, "b\u2028\x01"], pa.large_string()),
    "section": pa.array(["recieve", "b", "recieve"]).dictionary_encode(),
    "a.b": ["x", "y", ""],
    "nested": [{"text": "recieve"}, None, {"text": "z"}],
    "list": [["recieve"], [], None],
    "number": [1.5, float("nan"), None],
    "view": pa.array(["a", "b", None], pa.string_view()),
    "bytes": [b"goverment"] * 3,
}
SHAPES = [
    {},
    {"compression": "zstd", "version": "1.0"},
    {"compression": {"text": "gzip", "id": "none"}, "use_dictionary": ["section"], "write_statistics": False, "version": "2.4"},
    {"compression": "brotli", "row_group_size": 2, "store_schema": False},
    {"compression": "lz4", "write_page_index": True, "sorting_columns": [parquet.SortingColumn(0)]},
    {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY", "number": "BYTE_STREAM_SPLIT"}},
]


def shape(data: bytes) -> list[object]:
    file = parquet.ParquetFile(io.BytesIO(data))
    meta = file.metadata
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(group.num_columns)]
    return [
        file.schema_arrow.to_string(truncate_metadata=False),
        meta.format_version,
        {key: value for key, value in (meta.metadata or {}).items() if key != b"ARROW:schema"},
        [(group.num_rows, group.sorting_columns) for group in groups],
        [
            (each.path_in_schema, each.compression, set(each.encodings), each.is_stats_set, each.has_column_index)
            for each in columns
        ],
    ]


@pytest.mark.parametrize("options", SHAPES, ids=range(len(SHAPES)))
def test_a_change_of_a_table_changes_its_cells_alone(options: dict):
    before = table(TABLE, {"origin": "a crawler", "pandas": "{}"}, **options)
    document = read("a.parquet", before)
    assert document.text.splitlines()[0].startswith(
        '{"text": "The goverment “fell”.\\nIt did.", "section": "recieve", "a.b": "x", '
    )
    assert document.encode(document.text) == before
    after = changed("a.parquet", before, ("goverment", "government"), ('"recieve"', '"received"'))
    assert shape(after) == shape(before)
    old, new = packages.read_table(before), packages.read_table(after)
    assert new.column("text").to_pylist() == ["The government “fell”.\nIt did.", None, "b\u2028\x01"]
    assert new.column("section").to_pylist() == ["received", "b", "received"]
    for name in ("id", "a.b", "nested", "list", "view", "bytes"):
        assert new.column(name).equals(old.column(name))
    assert str(new.column("number")) == str(old.column("number"))


def test_the_ways_of_other_writers_are_kept():
    fields = [
        pa.field("text", pa.string(), metadata={"PARQUET:field_id": "7"}),
        pa.field("price", pa.decimal128(9, 2)),
        pa.field("at", pa.timestamp("us"), nullable=False),
    ]
    rows = pa.table([["The goverment fell."], [Decimal("1.50")], pa.array([0], pa.timestamp("us"))], schema=pa.schema(fields))
    out = io.BytesIO()
    options = {"store_schema": False, "store_decimal_as_integer": True, "use_deprecated_int96_timestamps": True}
    with parquet.ParquetWriter(out, rows.schema, **options) as writer:  # as Spark and DuckDB write
        writer.write_table(rows)
        writer.add_key_value_metadata({"org.apache.spark.version": "3.5", "row": "{}"})
    before = parquet.ParquetFile(out)
    result = changed("a.parquet", out.getvalue(), ("goverment", "government"))
    after = parquet.ParquetFile(io.BytesIO(result))
    assert after.metadata.metadata == before.metadata.metadata == {b"org.apache.spark.version": b"3.5", b"row": b"{}"}
    assert after.schema.equals(before.schema)
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.read().drop_columns("text").equals(before.read().drop_columns("text"))


def test_a_category_keeps_its_order_and_type():
    sort = pa.dictionary(pa.int8(), pa.string(), ordered=True)
    column = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int8()), ["low", "hihg"], ordered=True)
    after = packages.read_table(changed("a.parquet", table({"text": column}), ("hihg", "high"))).column("text")
    assert after.type == sort
    assert after.to_pylist() == ["high", "low", None]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\n", "\n\n", "adds or takes away rows"),
        ('"The ', '"The "', "in row 1 a change is not written as JSON"),
        ("null", '""', "in row 2 a change is not written as JSON"),
        ('"text": "b', '"txt": "b', "in row 3 a change is not written as JSON"),
    ],
)
def test_a_change_of_the_table_itself_is_refused(old: str, new: str, said: str):
    document = read("a.parquet", table(TABLE))
    with pytest.raises(DocumentError, match=f"^a.parquet: not written: .*{said}"):
        document.encode(document.text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a Parquet file that can be read: "),
        (table(TABLE)[:-9], "not a Parquet file that can be read: "),
        (
            broken(table(TABLE, compression="none", use_dictionary=False), "“".encode(), b"\xff\xff\xff"),
            "not a Parquet file that can be read: ",
        ),
        (table({"id": [1]}), "no column holds texts: exclude the file"),
    ],
)
def test_broken_tables_are_named(data: bytes, said: str):
    with pytest.raises(DocumentError) as error:
        read("a.parquet", data)
    assert str(error.value).startswith(f"a.parquet: {said}")


def test_a_nested_field_is_refused():
    with pytest.raises(DocumentError) as error:
        articles(read("a.parquet", table({**packages.texts("a", of="title"), "nested": [{"text": "a"}]})), "en", "nested")
    assert str(error.value) == "a.parquet: no record has a text in the field 'nested': choose one of title"


def test_two_columns_of_one_name_are_refused():
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    out = io.BytesIO()
    parquet.write_table(twice, out)
    with pytest.raises(DocumentError, match=r"^a.parquet: two columns are called 'text'"):
        read("a.parquet", out.getvalue())


def test_a_text_that_stands_a_million_times_is_not_unpacked():
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["x" * 1000])
    data = table({"text": column})
    assert len(data) < 200_000
    with pytest.raises(DocumentError, match=r"^a.parquet: unpacks to more than 200,000,000 characters"):
        read("a.parquet", data)


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.startswith("pyarrow"):
            raise ModuleNotFoundError(name=name.partition(".")[0])
        return real(name, *rest, **more)

    data = table(packages.texts("a"))
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DocumentError, match=r"^a.parquet: Parquet is read by pyarrow: pip install 'cleaner\[parquet\]'"):
        read("a.parquet", data)


def test_want_of_memory_is_not_taken_for_damage(monkeypatch: pytest.MonkeyPatch):
    def short(*_: object, **__: object) -> None:
        raise pa.lib.ArrowMemoryError("malloc of size 64 failed")

    monkeypatch.setattr(parquet.ParquetFile, "read_row_group", short)
    with pytest.raises(MemoryError):
        Document.from_bytes("a.parquet", table({"text": ["a"]}))


def test_what_pyarrow_cannot_keep_is_not_written(monkeypatch: pytest.MonkeyPatch):
    settings = format_of_parquet._settings
    monkeypatch.setattr(format_of_parquet, "_settings", lambda file: {**settings(file), "compression": "gzip"})
    document = read("a.parquet", table(TABLE))
    with pytest.raises(DocumentError, match="pyarrow would change more of this file than the text"):
        document.encode(document.text.replace("goverment", "government"))


def test_words_that_stand_for_each_other_stay_in_their_runs():
    assert [*wordxml._differences("a bb cc d", "a bx cy d")] == [(3, 4, "x"), (6, 7, "y")]
    assert [*wordxml._differences("a the the d", "a the d")] == [(5, 9, "")]
