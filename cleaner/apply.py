"""Applying fixes: to a text, and to a file without ever losing a byte that no fix is about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cleaner.atomic import read_only, replacing
from cleaner.errors import DocumentError, because
from cleaner.findings import Edit, Fix, Span
from cleaner.text.document import Document, digest


def apply_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """`text` with all edits of `fixes`; ValueError if two of them overlap.

    Removals that share only blank space (two neighbouring paragraphs) go together as one.
    """
    edits = merged(text, fixes)
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.span.start], edit.replacement]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def merged(text: str, fixes: Iterable[Fix]) -> list[Edit]:
    """All edits of `fixes` in order, those that share blank space as one, so that none overlaps; ValueError if two do."""
    result: list[Edit] = []
    for edit in sorted(edit for fix in fixes for edit in fix.edits):
        last = result[-1] if result else None
        if last is None or not last.span.overlaps(edit.span) or last.span.end == edit.span.start:
            result.append(edit)
            continue
        shared = Span(edit.span.start, min(last.span.end, edit.span.end))
        if last.replacement or edit.replacement or shared.of(text).strip():
            raise ValueError(f"two fixes want the same text: {last} and {edit}")
        result[-1] = Edit(Span(last.span.start, max(last.span.end, edit.span.end)), "")
    return result


def writable(document: Document, fixes: Iterable[Fix]) -> tuple[list[Fix], DocumentError | None]:
    """Those of `fixes` that can be written in the document's encoding, and an error about the others, if there are any."""
    kept, left_out, lacking = [], 0, set()
    for fix in fixes:
        missing = {char for edit in fix.edits for char in edit.replacement if not document.encoding.has(char)}
        if missing:
            left_out += 1
            lacking |= missing
        else:
            kept.append(fix)
    if not lacking:
        return kept, None
    number = "a fix is" if left_out == 1 else f"{left_out} fixes are"
    chars = " ".join(sorted(lacking))
    what = f"{number} left out: the file is in {document.encoding.name}, which has no {chars}: convert it to UTF-8"
    return kept, DocumentError(document.path, what)


def write_document(document: Document, text: str) -> None:
    """Replace the document's file by `text`, as `write_bytes` does."""
    write_bytes(document, document.encode(text))


def write_bytes(document: Document, data: bytes) -> None:
    """Replace the document's file by `data`, all at once and only if nobody changed the file since it was read.

    The new bytes go to a file beside it, which is synced and then renamed over the old one; mode and owner stay.
    DocumentError where the file was changed, removed or made read-only, or the disk is full: the file is then as it was.
    """
    path = Path(document.path).resolve()
    try:
        if digest(path.read_bytes()) != document.digest:
            raise DocumentError(document.path, "changed since it was read: not written; run again")
        if read_only(path):
            raise DocumentError(document.path, "read-only: not written; make it writable")
        with replacing(path) as file:
            file.write(data)
    except FileNotFoundError as error:
        raise DocumentError(document.path, "removed since it was read: not written") from error
    except OSError as error:
        raise DocumentError(document.path, f"not written: {because(error)}") from error
