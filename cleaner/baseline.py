"""The baseline: findings that were there when checking began and are accepted as they are, so that only new ones show.

JSON lines, one a finding, in an order that depends on nothing but what they say. A finding is known by its key: it stays accepted when lines are
put in front of it, and comes back when its sentence changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from cleaner.atomic import replacing
from cleaner.errors import LocatedError, UsageError, because
from cleaner.findings import Finding


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An accepted finding; `path` is relative to the folder of the baseline, `key` says which it is, of a `removal` also its text."""

    path: str
    rule: str
    text: str
    key: str
    removal: bool = False

    @classmethod
    def of(cls, path: str, finding: Finding) -> Entry:
        """The entry of a finding."""
        return cls(path, finding.rule_id, _text(finding), finding.key, finding.is_removal)


class Baseline(msgspec.Struct, frozen=True):
    """What is accepted: findings by their keys, and paragraphs to be taken out by their text.

    Which rule finds a paragraph depends on where it stands: a headline that is repeated is no headline once lines are put in front of it.
    """

    keys: frozenset[str] = frozenset()
    removals: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Baseline:
        """The baseline of these entries."""
        entries = list(entries)
        return cls(frozenset(entry.key for entry in entries), frozenset(entry.text for entry in entries if entry.removal))

    def holds(self, finding: Finding) -> bool:
        """Whether `finding` is accepted."""
        return finding.key in self.keys or (finding.is_removal and _text(finding) in self.removals)

    def __bool__(self) -> bool:
        return bool(self.keys)


def _text(finding: Finding) -> str:
    return " ".join(finding.matched.split())


def read(path: Path) -> list[Entry]:
    """The entries of a baseline, none where there is no file; LocatedError for a line that is no entry."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {because(error)}") from error
    entries, decoder = [], msgspec.json.Decoder(Entry)
    for number, line in enumerate(lines, 1):
        try:
            entries += [decoder.decode(line)] if line.strip() else []
        except msgspec.DecodeError as error:
            raise LocatedError(
                str(path), number, 1, f"no entry of a baseline: {error}: remove the line, or make the file anew"
            ) from error
    return entries


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Replace the baseline by `entries`; UsageError where it cannot be written."""
    ordered = sorted(set(entries), key=lambda entry: (entry.path, entry.rule, entry.text, entry.key))
    try:
        with replacing(path) as file:
            file.writelines(msgspec.json.encode(entry) + b"\n" for entry in ordered)
    except (OSError, UnicodeEncodeError) as error:
        why = because(error) if isinstance(error, OSError) else "the name of a file is not UTF-8: rename it"
        raise UsageError(f"{path}: cannot be written: {why}") from error
