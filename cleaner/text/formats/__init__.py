"""Formats: what of a document is prose. One module a format; the ending of the path chooses it.

A module has `prose(source)`; or, for files of many articles, `records(source)`, the fields of each, and `prose(source, field)`. That of a packed format
has `opened(data)`, too: how the text is read out of the bytes and put back (`document.Packed`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from cleaner.errors import DocumentError, nearest
from cleaner.text.article import Article
from cleaner.text.document import Document
from cleaner.text.formats.records import RecordError
from cleaner.text.parts import parts

FIELD = "text"
"""The field of a record that its article is in, unless another one is named."""
ORIGINS = ("site", "domain", "url", "source_url", "link", "source", "publisher", "outlet")
"""The fields of a record that may name its site, best first."""
_MARKUP = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "docx"}
_RECORDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet"}


def articles(document: Document, language: str, field: str = FIELD) -> Sequence[Article]:
    """The articles of a document in `language`: one, or one a record, which is then in its `field`. DocumentError for broken records.

    A text that is too long for an article is several (see `parts`).
    """
    ending = os.path.splitext(document.path)[1].lower()
    if ending in _RECORDS:
        return _of_records(document, language, field, import_module(f"cleaner.text.formats.{_RECORDS[ending]}"))
    name = _MARKUP.get(ending, "plain")
    if name == "plain" and "cleaner:" not in document.text:
        return parts(Article(document, language))
    return parts(Article(document, language, import_module(f"cleaner.text.formats.{name}").prose(document.readable)))


def _of_records(document: Document, language: str, field: str, module: Any) -> Sequence[Article]:
    source, found, names = document.readable, list[Article](), dict[str, None]()
    try:
        for record in module.records(source):
            fields = {each.name: each for each in record}
            names |= dict.fromkeys(name for name, each in fields.items() if each.text)
            if field in fields and fields[field].text:
                said = (module.prose(source, fields[name]).text for name in ORIGINS if name in fields and fields[name].text)
                found += parts(Article(document, language, module.prose(source, fields[field]), origin_of(said)))
    except RecordError as error:
        place = document.position(error.at)
        raise DocumentError(
            f"{document.path}:{place.line}:{place.column}", f"{error.what}: mend it, or exclude the file"
        ) from error
    if not found:
        hint = nearest(field, list(names)) or ": name another one with --field"
        raise DocumentError(document.path, f"no record has a text in the field '{field}'{hint if names else ''}")
    return found


def origin_of(values: Iterable[object]) -> str:
    """The site of a record, by the values of its `ORIGINS`: the first that is a text and not empty."""
    return next((each for each in values if isinstance(each, str) and each), "")
