"""Files of many articles, one a record."""

from __future__ import annotations

import msgspec


class Field(msgspec.Struct, frozen=True):
    """A field of a record and where its value stands; `text` says whether that is a text."""

    name: str
    start: int
    end: int
    text: bool


class RecordError(Exception):
    """What is wrong with a file of records, at an offset."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
