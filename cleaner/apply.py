"""Applying fixes: to a text, and to a file without ever losing a byte that no fix is about."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cleaner.errors import DocumentError
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


def write_document(document: Document, text: str) -> None:
    """Replace the document's file by `text`, all at once and only if nobody changed the file since it was read.

    The new bytes go to a file beside it, which is synced and then renamed over the old one; mode and owner stay.
    DocumentError where the file was changed, removed or made read-only, or the disk is full: the file is then as it was.
    """
    path = Path(document.path).resolve()
    data = document.encode(text)
    try:
        if digest(path.read_bytes()) != document.digest:
            raise DocumentError(document.path, "changed since it was read: not written; run again")
        if not stat.S_IMODE(path.stat().st_mode) & stat.S_IWUSR or not os.access(path, os.W_OK):
            raise DocumentError(document.path, "read-only: not written; make it writable")
        _replace(path, data)
    except FileNotFoundError as error:
        raise DocumentError(document.path, "removed since it was read: not written") from error
    except OSError as error:
        raise DocumentError(document.path, f"not written: {error.strerror or error}") from error


def _replace(path: Path, data: bytes) -> None:
    descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copystat(path, aside)
        os.utime(aside)
        status = path.stat()
        if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
            try:
                os.chown(aside, status.st_uid, status.st_gid)
            except PermissionError as error:
                who = "group" if status.st_uid == os.getuid() else "owner"
                raise DocumentError(str(path), f"not written: you are not allowed to keep its {who}; the {who} can") from error
        os.replace(aside, path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
