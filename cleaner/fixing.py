"""Applying the fixes that are certain, to a fixed point, and showing what would change."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from cleaner.apply import apply_fixes, writable
from cleaner.errors import DocumentError
from cleaner.files import STDIN
from cleaner.findings import Applicability, Finding
from cleaner.pipeline import Checked
from cleaner.text.document import Document
from cleaner.text.visible import visible

_ROUNDS = 10
_ESCAPED = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Engine(Protocol):
    """What checks a document again."""

    def recheck(self, document: Document) -> Checked:
        """The findings of a changed document by the evidence of the last run."""


def fixed_safely(
    engine: Engine, result: Checked, told: list[tuple[Document, Finding]] | None = None
) -> tuple[str, DocumentError | None]:
    """The text of a document once there are no safe fixes left, and what had to be left out.

    `told` gets each finding that is mended, with the document as it then was. DocumentError where rules undo each other for ever.
    """
    document = result.document
    for _ in range(_ROUNDS):
        safe = [part for finding in result.findings for part in finding.singly if part.applicability is Applicability.SAFE]
        fixes, left_out = writable(document, [finding.fixes[0] for finding in safe])
        if not fixes:
            return result.document.text, left_out
        if told is not None:
            told += [(result.document, finding) for finding in safe if finding.fixes[0] in fixes]
        changed = apply_fixes(result.document.text, fixes)
        result = engine.recheck(document.revised(changed))
    raise DocumentError(
        document.path, f"the safe fixes do not come to an end after {_ROUNDS} rounds: not written; two rules undo each other"
    )


def patch(document: Document, text: str) -> bytes:
    """A unified diff from the document's bytes to those of `text`, as git and patch take it; nothing if they are the same.

    That of a packed file is one of its text.
    """
    encode = str.encode if document.packed else document.encode
    # As Latin-1, bytes are letters one to one, whatever encoding they are in.
    old, new = (_split(encode(each).decode("latin-1"), "\n") for each in (document.text, text))
    return "".join(_diff(old, new, *map(_git_name, _sides(document)))).encode("latin-1")


def shown_diff(document: Document, text: str) -> str:
    """The diff for a terminal: in characters, and with what would not be seen written out."""
    old, new = (
        [visible(line.rstrip("\r\n"), keep="\t") + "\n" for line in _split(each, "\r\n|\r|\n")] for each in (document.text, text)
    )
    return "".join(_diff(old, new, *map(visible, _sides(document))))


def _sides(document: Document) -> tuple[str, str]:
    """The names of the old and the new file: relative to this folder if the file is in it, and without links, which patch refuses."""
    name = document.path
    if name != STDIN:
        name, here = os.path.realpath(name), os.path.join(os.path.realpath(os.curdir), "")
        name = name.removeprefix(here) if name.startswith(here) else name.lstrip(os.sep)
        name = name.replace(os.sep, "/")
    return f"a/{name}", f"b/{name}"


def _git_name(name: str) -> str:
    """`name` as git writes it: quoted if it has special characters, and with a tab at its end if it has a space."""
    if not name.isprintable() or '"' in name or "\\" in name:
        return '"' + "".join(map(_escaped, name)) + '"'
    return os.fsencode(name).decode("latin-1") + "\t" * (" " in name)


def _escaped(char: str) -> str:
    if char in _ESCAPED:
        return _ESCAPED[char]
    return char if char.isascii() and char.isprintable() else "".join(f"\\{byte:03o}" for byte in os.fsencode(char))


def _split(text: str, ends: str) -> list[str]:
    """The lines of `text`, each with its end."""
    parts = re.split(f"({ends})", text)
    lines = [line + end for line, end in zip(parts[::2], [*parts[1::2], ""], strict=True)]
    return lines if lines[-1] else lines[:-1]


def _diff(old: Sequence[str], new: Sequence[str], old_name: str, new_name: str) -> Iterator[str]:
    for line in difflib.unified_diff(old, new, old_name, new_name):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
