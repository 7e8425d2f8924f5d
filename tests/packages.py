"""Word documents and tables for tests, written by the plainest means."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = f'<Relationships><Relationship Id="r" Type="{OFFICE}" Target="word/document.xml"/></Relationships>'
_PICTURE = "word/media/a.png"
PICTURE = b"\x89PNG" * 20


def docx(body: str, main: str = "word/document.xml", relations: str = RELATIONS) -> bytes:
    """A package with the body `body` and a picture that is not compressed."""
    out = io.BytesIO()
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
        f'<w:document xmlns:w="{WORD}" xmlns:mc="{COMPATIBLE}"><w:body>{body}<w:sectPr/></w:body></w:document>'
    )
    with zipfile.ZipFile(out, "w") as package:
        package.comment = b"a comment"
        for name, part in (("_rels/.rels", relations), (_PICTURE, PICTURE), (main, document), ("word/styles.xml", "<w:styles/>")):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type = zipfile.ZIP_STORED if name == _PICTURE else zipfile.ZIP_DEFLATED
            package.writestr(info, part)
    return out.getvalue()


def paragraph(*runs: str) -> str:
    """A paragraph whose runs hold what is given, XML as it stands."""
    return f"<w:p>{''.join(f'<w:r><w:rPr><w:b/></w:rPr>{run}</w:r>' for run in runs)}</w:p>"


def text(words: str) -> str:
    """A text of a run."""
    return f'<w:t xml:space="preserve">{words}</w:t>'


def parts(data: bytes) -> list[tuple[Any, ...]]:
    """All that a package holds, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [
            (info.filename, info.date_time, info.compress_type, info.external_attr, package.read(info))
            for info in package.infolist()
        ] + [(package.comment,)]


def body(data: bytes, main: str = "word/document.xml") -> str:
    """The body of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(main).decode().partition("<w:body>")[2].partition("<w:sectPr/>")[0]


def table(columns: dict[str, Any], metadata: dict[str, str] | None = None, **options: Any) -> bytes:
    """A Parquet file."""
    out = io.BytesIO()
    parquet.write_table(pa.table(columns).replace_schema_metadata(metadata), out, **options)
    return out.getvalue()


def read_table(data: bytes) -> pa.Table:
    """The table in a Parquet file."""
    return parquet.read_table(io.BytesIO(data), use_threads=False)


def texts(*values: str | None, of: str = "text") -> dict[str, Sequence[str | None]]:
    """A column of texts."""
    return {of: values}
