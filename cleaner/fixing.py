"""Applying the fixes that are certain, to a fixed point, with a diff of what changed."""

from __future__ import annotations

import difflib
import re
from typing import TextIO

from cleaner.apply import apply_fixes, write_document
from cleaner.engines.local import LocalEngine
from cleaner.errors import DocumentError
from cleaner.files import STDIN
from cleaner.findings import Applicability
from cleaner.pipeline import Checked
from cleaner.text.document import Document

_ROUNDS = 10


def fix_safe(engine: LocalEngine, result: Checked, stream: TextIO, *, diff: bool) -> bool:
    """Apply the safe fixes of a document until there are none left; whether there were any.

    With `diff`, a unified diff goes to `stream` and the file stays as it is. The standard input is answered with the fixed text.
    DocumentError where the file cannot be written, or where rules undo each other for ever.
    """
    document = result.document
    text = _fixed(engine, result)
    if diff:
        stream.writelines(unified_diff(document, text))
    elif document.path == STDIN:
        stream.write(text)
    elif text != document.text:
        write_document(document, text)
    return text != document.text


def _fixed(engine: LocalEngine, result: Checked) -> str:
    document = result.document
    for _ in range(_ROUNDS):
        fixes = [finding.fixes[0] for finding in result.findings if finding.applicability is Applicability.SAFE]
        if not fixes:
            return result.document.text
        changed = apply_fixes(result.document.text, fixes)
        result = engine.recheck(Document(document.path, changed, document.encoding, document.digest))
    raise DocumentError(
        document.path, f"the safe fixes do not come to an end after {_ROUNDS} rounds: not written; two rules undo each other"
    )


def unified_diff(document: Document, text: str) -> list[str]:
    """The lines of a unified diff from the document to `text`."""
    old, new = _lines(document.text), _lines(text)
    name = document.path.lstrip("/")
    return [_shown(line) for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")]


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _shown(line: str) -> str:
    return line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
