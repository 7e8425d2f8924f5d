"""The originals of packed files (docx, Parquet), which the edits of their texts do not lead back to the byte."""

from __future__ import annotations

from cleaner.atomic import replacing
from cleaner.errors import DocumentError
from cleaner.text.document import Document, digest
from cleaner.workspace import Workspace


def keep(workspace: Workspace, document: Document) -> None:
    """Keep the bytes of `document`, unless they are kept or follow from its text; OSError where they cannot be."""
    path = workspace.originals / document.digest
    if document.packed and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", "utf-8")
        with replacing(path) as file:
            file.write(document.encode(document.text))


def kept(workspace: Workspace, path: str, wanted: str) -> Document:
    """The document at `path` as it was when its digest was `wanted`; DocumentError where it was not kept."""
    original = workspace.originals / wanted
    try:
        data = original.read_bytes()
    except OSError as error:
        raise DocumentError(path, f"its original, {original}, cannot be read: restore it from elsewhere") from error
    if digest(data) != wanted:
        raise DocumentError(path, f"its original, {original}, was changed: restore it from elsewhere")
    return Document.from_bytes(path, data)
