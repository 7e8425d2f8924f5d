"""Word documents: the text of the paragraphs, a paragraph a line; what is changed goes into the runs that it touches."""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib

from cleaner.text.document import Packed, PackedError
from cleaner.text.formats.wordxml import LINE, NO_XML, SIGN, changed, parse, text
from cleaner.text.prose import Builder, Prose

_LARGEST = 200_000_000  # bytes of all parts, unpacked
_OLE = b"\xd0\xcf\x11\xe0"
_RELATIONS = "_rels/.rels"


# --- prose


def prose(source: str) -> Prose:
    """The prose of the text of a document."""
    builder, at = Builder(source), 0
    for match in re.finditer(rf"\n|{SIGN.pattern}", source):
        builder.keep(at, match.start())
        sign, at = match.group(), match.end()
        if sign in {"\n", LINE}:
            builder.part("\n\n" if sign == "\n" else "\n")
        else:
            builder.locked(sign, *match.span())
    builder.keep(at, len(source))
    return builder.prose(_written)


def _written(text: str) -> str | None:
    return None if "\n" in text or NO_XML.search(text) else text


# --- the package


def opened(data: bytes) -> Docx:
    """How the document `data` is read."""
    return Docx(data=data)


class Docx(Packed, frozen=True):
    """The text of a docx package."""

    def decode(self, data: bytes) -> str:
        """The paragraphs of `data`, a line each."""
        with _package(data) as package:
            return text(_part(package, _main(package)))

    def has(self, char: str) -> bool:
        """Whether `char` can stand in XML."""
        return not NO_XML.match(char)

    def embedded(self, old: str, new: str) -> bytes:
        """The package with another main part."""
        out = io.BytesIO()
        with _package(self.data) as package, zipfile.ZipFile(out, "w") as result:
            main, result.comment = _main(package), package.comment
            for info in package.infolist():
                part = _part(package, info)
                result.writestr(copy.copy(info), changed(part, old, new) if info.filename == main else part)
        return out.getvalue()


def _package(data: bytes) -> zipfile.ZipFile:
    """The parts of a package."""
    if data.startswith(_OLE):
        raise PackedError("a document with a password, or an old .doc: save it as .docx without one")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise PackedError("not a Word document, or a damaged one: save it anew, or exclude it") from error
    if sum(info.file_size for info in package.infolist()) > _LARGEST:
        raise PackedError(f"unpacks to more than {_LARGEST:,} bytes: split it, or exclude it")
    return package


def _part(package: zipfile.ZipFile, name: str | zipfile.ZipInfo) -> bytes:
    """The bytes of a part."""
    try:
        return package.read(name)
    except KeyError as error:
        raise PackedError(f"not a Word document: there is no {name} in it") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise PackedError("a damaged or encrypted document: save it anew, or exclude it") from error


def _main(package: zipfile.ZipFile) -> str:
    """The name of the part that holds the text."""
    found: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    parse(_part(package, _RELATIONS), StartElementHandler=start)
    if not found:
        raise PackedError("not a Word document: it names no main part")
    return found[0]
