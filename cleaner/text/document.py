"""Documents: bytes to text and back without loss.

The text of a document is what its bytes decode to and nothing else: no newline is translated and nothing is
normalised, so that ``document.encode(document.text)`` gives the bytes back, whatever they were. Of a packed file
(docx, Parquet) it is what its format reads out of it.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from bisect import bisect_right
from functools import cached_property
from importlib import import_module

import msgspec

from cleaner.errors import DocumentError
from cleaner.expressions import expression
from cleaner.findings import Span

# Longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The byte encodings that news is found in; the first two, which English is written in, are preferred where plausible.
_SINGLE_BYTE = ("cp1252", "latin_1", "cp1250", "cp1251", "cp1254", "cp1256", "mac_roman")
_CONTROL = expression(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BROKEN = expression("[\udc80-\udcff]")
_LONE = expression("[\ud800-\udfff]")
_NEWLINE = expression(r"\r\n|\n|\r")
CONTEXT = 40  # code points
_PACKED = {".docx": "docx", ".parquet": "parquet"}
"""Endings of packed files, and the formats that open them."""


class Encoding(msgspec.Struct, frozen=True):
    """How a document's bytes became its text.

    `errors` is ``strict``, or ``surrogateescape`` for UTF-8 with a few broken bytes, which then stand in the text as
    lone surrogates (PEP 383) and go back to the same bytes.
    """

    name: str = "utf-8"
    mark: bytes = b""
    errors: str = "strict"

    def decode(self, data: bytes) -> str:
        """The text of `data`, without its byte order mark."""
        return data[len(self.mark) :].decode(self.name, self.errors)

    def encode(self, text: str) -> bytes:
        """The bytes of `text`, with the byte order mark; UnicodeEncodeError where a character has none."""
        return self.mark + text.encode(self.name, self.errors)

    def has(self, char: str) -> bool:
        """Whether the encoding has `char`."""
        try:
            char.encode(self.name, self.errors)
        except UnicodeEncodeError:
            return False
        return True

    def of(self, data: bytes) -> Encoding:
        """The encoding of `data`, which it has encoded."""
        return self


class PackedError(Exception):
    """What is wrong with a packed file, or with a text that is to be put back into one."""


class Packed(Encoding, frozen=True):
    """How the text of a file that holds other things, too, is read out of its `data` and put back into it."""

    data: bytes = b""

    def encode(self, text: str) -> bytes:
        """`data` with `text` in the place of its own; PackedError where that is not possible."""
        old = self.decode(self.data)
        return self.data if text == old else self.embedded(old, text)

    def embedded(self, old: str, new: str) -> bytes:
        """`data` with all that differs between its text `old` and `new` changed, and nothing else."""
        raise NotImplementedError

    def of(self, data: bytes) -> Packed:
        """That of other data of the same format."""
        return msgspec.structs.replace(self, data=data)


class Position(msgspec.Struct, frozen=True):
    """A place for people: line and column, both from 1, in code points."""

    line: int
    column: int


class Context(msgspec.Struct, array_like=True, frozen=True):
    """A part of a text, and up to `CONTEXT` code points before and after it."""

    before: str
    within: str
    after: str


class Document:
    """A text with all that is needed to write it back.

    `path` is as the user gave it, `place` as its site is told from it; `digest` is the blake2b-128 of the bytes, by which a change on disk is
    noticed.
    """

    def __init__(self, path: str, text: str, encoding: Encoding, digest: str) -> None:
        self.path = self.place = path
        self.text = text
        self.encoding = encoding
        self.digest = digest

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Document:
        """Decode `data`; DocumentError where it is not a text."""
        try:
            encoding = _packed(path, data) or _detect(path, data)
            return cls(path, encoding.decode(data), encoding, digest(data))
        except PackedError as error:
            raise DocumentError(path, str(error)) from error

    @classmethod
    def from_text(cls, path: str, text: str) -> Document:
        """A document of `text`, in UTF-8; lone surrogates, which that has not, count as broken bytes."""
        data = text.encode("utf-8", "surrogatepass")
        errors = "surrogatepass" if _LONE.search(text) else "strict"
        return cls(path, text, Encoding(errors=errors), digest(data))

    def revised(self, text: str) -> Document:
        """This document with another text."""
        new = Document(self.path, text, self.encoding, self.digest)
        new.place = self.place
        return new

    def encode(self, text: str) -> bytes:
        """The bytes of `text` in this document's encoding; DocumentError where a character has none in it."""
        try:
            return self.encoding.encode(text)
        except UnicodeEncodeError as error:
            raise DocumentError(
                self.path,
                f"the file is in {self.encoding.name}, which has no {text[error.start]!r}: convert the file to UTF-8",
            ) from error
        except PackedError as error:
            raise DocumentError(self.path, str(error)) from error

    @property
    def packed(self) -> bool:
        """Whether the file holds more than the text."""
        return isinstance(self.encoding, Packed)

    @cached_property
    def readable(self) -> str:
        """The text with each broken byte as U+FFFD, so that it can be searched and shown; same offsets."""
        return self.text if self.encoding.errors == "strict" else _LONE.sub("\ufffd", self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    def position(self, offset: int) -> Position:
        """The line and column of the code point at `offset`."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def context(self, span: Span) -> Context:
        """The readable text before `span`, as much of it as is shown, in it, and after it."""
        text, start, end = self.readable, span.start, span.end
        return Context(text[max(0, start - CONTEXT) : start], text[start:end], text[end : end + CONTEXT])

    @property
    def damage(self) -> Position | None:
        """Where the first byte stands that is no valid UTF-8, if one does."""
        if self.encoding.errors == "strict":
            return None
        broken = _BROKEN.search(self.text)
        return self.position(broken.start()) if broken else None


def digest(data: bytes) -> str:
    """The hexadecimal blake2b-128 of `data`."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _packed(path: str, data: bytes) -> Encoding | None:
    """How a packed file is read; None for a file that is its text."""
    name = _PACKED.get(os.path.splitext(path)[1].lower())
    packed: Encoding | None = import_module(f"cleaner.text.formats.{name}").opened(data) if name else None
    return packed


def _detect(path: str, data: bytes) -> Encoding:
    """The encoding of `data` that gives the same bytes back; DocumentError where there is none."""
    encoding = _guess(data)
    if not _round_trips(data, encoding):
        what = "a binary file, not a text" if b"\0" in data and not encoding.mark else f"not valid {encoding.name.upper()}"
        raise DocumentError(path, f"{what}: convert the file to UTF-8, or exclude it")
    text = encoding.decode(data)
    # One stray control character is in many a text; of a few letters it would be a large part.
    if len(_CONTROL.findall(text)) > max(len(text) // 200, min(len(text) // 10, 1)):
        raise DocumentError(path, "a binary file, not a text: exclude it")
    return encoding


def _guess(data: bytes) -> Encoding:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _marked_utf8(data) if mark == codecs.BOM_UTF8 else Encoding(name, mark)
    utf8 = Encoding()
    if b"\0" in data:
        return _utf16_without_mark(data) or utf8
    if _round_trips(data, utf8):
        return utf8
    return Encoding(errors="surrogateescape") if _mostly_utf8(data) else Encoding(_single_byte(data))


def _round_trips(data: bytes, encoding: Encoding) -> bool:
    try:
        return encoding.encode(encoding.decode(data)) == data
    except UnicodeError:
        return False


def _marked_utf8(data: bytes) -> Encoding:
    """UTF-8 by its mark; a mark says more than a few broken bytes, but not more than a text of them."""
    encoding = Encoding("utf-8", codecs.BOM_UTF8)
    if _round_trips(data, encoding):
        return encoding
    lenient = Encoding("utf-8", codecs.BOM_UTF8, "surrogateescape")
    text = lenient.decode(data)
    return lenient if len(_BROKEN.findall(text)) < len(text) / 2 else encoding


def _utf16_without_mark(data: bytes) -> Encoding | None:
    """UTF-16 by the place of its zero bytes: Latin letters have one in each pair."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 or max(even, odd) < 0.3 * len(data) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return None
    return Encoding("utf-16-le" if odd > even else "utf-16-be")


def _mostly_utf8(data: bytes) -> bool:
    """Whether `data` has at least as many whole UTF-8 sequences as broken bytes (a cut or patched file)."""
    text = data.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text))
    return sum(char > "\x7f" for char in text) - broken >= broken


def _single_byte(data: bytes) -> str:
    """The byte encoding of `data` by charset-normalizer: Windows-1252, then Latin-1, wherever it finds them plausible."""
    from charset_normalizer import from_bytes  # only files that are not UTF-8 pay for the import

    matches = from_bytes(data, cp_isolation=list(_SINGLE_BYTE))
    plausible = {name for match in matches for name in match.could_be_from_charset}
    for name in _SINGLE_BYTE[:2]:
        if name in plausible:
            return name
    best = matches.best()
    return best.encoding if best else "latin_1"
