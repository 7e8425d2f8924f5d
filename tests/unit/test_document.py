import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import DocumentError
from cleaner.text.document import Document, Position

ENCODED = [
    ("plain", b"The government fell.\n", "utf-8"),
    ("empty", b"", "utf-8"),
    ("no final newline", "Kata’ib".encode(), "utf-8"),
    ("utf-8 mark", codecs.BOM_UTF8 + "Kata’ib".encode(), "utf-8"),
    ("utf-16 le", codecs.BOM_UTF16_LE + "Kata’ib fell.\r\n".encode("utf-16-le"), "utf-16-le"),
    ("utf-16 be", codecs.BOM_UTF16_BE + "Kata’ib fell.\r\n".encode("utf-16-be"), "utf-16-be"),
    ("utf-32", codecs.BOM_UTF32_LE + "Kata’ib".encode("utf-32-le"), "utf-32-le"),
    ("utf-16 without mark", "The government fell on Monday.".encode("utf-16-le"), "utf-16-le"),
    ("windows-1252", "He said “no” in the café – twice.".encode("cp1252"), "cp1252"),
    ("latin-1", "The café society of the régime met in the naïve façade.".encode("latin-1"), "cp1252"),
    ("mixed newlines", b"a\r\nb\nc\rd", "utf-8"),
    ("broken utf-8 after a mark", codecs.BOM_UTF8 + b"The caf\xe9 fell.", "utf-8"),
    ("a stray control character", b"The \x01government.", "utf-8"),
    ("cut utf-8", "Zażółć “gęślą” jaźń".encode()[:-1], "utf-8"),
]


@pytest.mark.parametrize(("data", "encoding"), [(data, name) for _, data, name in ENCODED], ids=[name for name, _, _ in ENCODED])
def test_bytes_come_back(data: bytes, encoding: str):
    document = Document.from_bytes("a.txt", data)
    assert document.encoding.name == encoding
    assert document.encode(document.text) == data


@given(st.text())
def test_any_text_in_utf8_comes_back(text: str):
    data = text.encode("utf-8", "surrogatepass")
    try:
        document = Document.from_bytes("a.txt", data)
    except DocumentError:
        return
    assert document.encode(document.text) == data


@given(st.binary(max_size=300))
def test_any_bytes_come_back_or_are_refused(data: bytes):
    try:
        document = Document.from_bytes("a.txt", data)
    except DocumentError as error:
        assert str(error).startswith("a.txt: ")
        return
    assert document.encode(document.text) == data


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 4, codecs.BOM_UTF16_LE + b"odd", codecs.BOM_UTF8 + b"\xff\xfe\xfd"],
    ids=["png", "bytes", "odd utf-16", "broken after a mark"],
)
def test_what_is_no_text_is_refused(data: bytes):
    with pytest.raises(DocumentError, match=r"^x\.txt: .*exclude it"):
        Document.from_bytes("x.txt", data)


def test_broken_bytes_are_located_and_shown_as_replacement_characters():
    document = Document.from_bytes("a.txt", "Jaźń “x”\nab".encode() + b"\xff" + "c ż".encode())
    assert document.damage == Position(2, 3)
    assert document.readable == "Jaźń “x”\nab\ufffdc ż"
    assert Document.from_text("a.txt", "whole").damage is None


def test_positions_count_from_one_over_all_line_ends():
    document = Document.from_text("a.txt", "a\r\nbc\rd\n\ne")
    assert [document.position(i) for i in (0, 3, 4, 6, 9)] == [
        Position(1, 1),
        Position(2, 1),
        Position(2, 2),
        Position(3, 1),
        Position(5, 1),
    ]


def test_a_character_that_the_encoding_lacks_is_refused_with_a_remedy():
    document = Document.from_bytes("a.txt", "The café society of the régime.".encode("latin-1"))
    with pytest.raises(DocumentError, match="convert the file to UTF-8"):
        document.encode("Łódź")
