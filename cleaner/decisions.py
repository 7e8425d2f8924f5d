"""Decisions of reviewers: an append-only log of JSON lines, and what follows from it.

A row is never changed. A later verdict supersedes an earlier one of the same finding, a retraction takes a decision back; both are
rows of their own. Every row is on the disk, synced, before `DecisionLog.append` returns. A row cut short by a crash or a full disk
is passed over, since nobody was told that it was taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from cleaner.atomic import sync_folder
from cleaner.errors import LocatedError, UsageError, because
from cleaner.findings import Finding
from cleaner.silence import Silence, fix_of
from cleaner.workspace import Workspace

_WAIT = 10  # seconds for another writer


class Verdict(StrEnum):
    """What a reviewer says of a finding."""

    ACCEPT = "accept"
    REJECT = "reject"


class Scope(StrEnum):
    """How far a decision reaches."""

    FINDING = "finding"
    DOCUMENT = "document"
    """All open findings of one document."""
    FIX = "fix"
    """The same fix of the same text by the same rule, everywhere; a rejection also holds for articles to come."""
    RULE = "rule"
    """All open findings of one rule; a rejection also holds for articles to come."""


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finding that a decision is about; `replacement` is what its span is to read, None where nothing is to change."""

    key: str
    rule: str
    path: str
    text: str
    replacement: str | None = None


class _Row(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    id: str = ""
    at: str = ""
    reviewer: str = ""


class Decision(_Row, frozen=True, kw_only=True, tag="decision"):
    """A verdict on one or more findings."""

    verdict: Verdict
    scope: Scope = Scope.FINDING
    subjects: list[Subject]

    @property
    def mends_everywhere(self) -> bool:
        """Whether it accepts a fix wherever it is found."""
        return self.scope is Scope.FIX and self.verdict is Verdict.ACCEPT


class Retraction(_Row, frozen=True, kw_only=True, tag="retraction"):
    """Takes the decision, naming or difference with the id `of` back."""

    of: str


class Naming(_Row, frozen=True, kw_only=True, tag="name"):
    """`text` is a name of this folder, spelt as it should be."""

    text: str
    subject: Subject


class Difference(_Row, frozen=True, kw_only=True, tag="different"):
    """`text` and `other` are two names, never to be merged."""

    text: str
    other: str
    subject: Subject


class Clustering(_Row, frozen=True, kw_only=True, tag="cluster"):
    """In this folder `canonical` is the spelling of a name, `variants` are corrected to it, and those in `apart` are other names.

    It says all that is known of the name, and takes the place of earlier rows on any of its spellings; `subjects` are the findings that it decides.
    """

    canonical: str
    variants: list[str] = []
    apart: list[str] = []
    subjects: list[Subject] = []

    @property
    def spellings(self) -> set[str]:
        """All spellings of the name."""
        return {self.canonical, *self.variants}


class Rekeying(_Row, frozen=True, kw_only=True, tag="rekeyed"):
    """Findings whose sentence was changed by a fix next to them: what was decided of the old key holds for the new one."""

    keys: dict[str, str]


class Change(msgspec.Struct, frozen=True, array_like=True):
    """An edit that was written: ``[start, end)`` of the original text, what stood there and what stands there now."""

    start: int
    end: int
    old: str
    new: str


class Written(_Row, frozen=True, kw_only=True, tag="written"):
    """A file was about to be written: `changes` turn the text with the digest `original` into the one with the digest `after`.

    `before` is the digest of the file at that moment: the original's, or that of an earlier writing of the same review.
    """

    path: str
    original: str
    before: str
    after: str
    changes: list[Change]


Row = Decision | Retraction | Naming | Difference | Clustering | Rekeying | Written


def reviewer() -> str:
    """Who decides: CLEANER_REVIEWER, or the name that git knows, or that of the user's account."""
    named = os.environ.get("CLEANER_REVIEWER")
    if named:
        return named
    import getpass
    import subprocess

    try:
        done = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, timeout=5, check=False)  # noqa: S607
        if done.returncode == 0 and done.stdout.strip():
            return done.stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        pass
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


class DecisionLog:
    """The log in one file, which several processes may write to."""

    def __init__(self, path: Path, who: str = "") -> None:
        self.path = path
        self._who = who
        from filelock import FileLock  # only who writes needs it

        self._lock = FileLock(path.with_name("lock"), timeout=_WAIT)

    def append(self, row: Row) -> Row:
        """Write `row`, with its id, time and reviewer, and return it once it is on the disk.

        UsageError where it cannot be written; the decision is then not taken.
        """
        import secrets
        from datetime import UTC, datetime

        row = msgspec.structs.replace(
            row,
            id=row.id or secrets.token_hex(6),
            at=row.at or datetime.now(UTC).isoformat(timespec="milliseconds"),
            reviewer=row.reviewer or self._who,
        )
        try:
            data = msgspec.json.encode(row) + b"\n"
        except UnicodeEncodeError as error:
            raise UsageError("the decision is not saved and not taken: the name of the file is not UTF-8: rename it") from error
        try:
            with self.locked():
                self._append(data)
        except OSError as error:
            raise UsageError(f"{self.path}: the decision is not saved and not taken: {because(error)}") from error
        return row

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other writers of this folder out; UsageError if one does not finish. May be nested."""
        from filelock import Timeout

        try:
            with self._lock:
                yield
        except Timeout as error:
            raise UsageError(f"{self.path}: another review is writing here and does not finish: try again") from error

    def _append(self, data: bytes) -> None:
        new = not self.path.exists()
        with open(self.path, "ab+", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size:
                file.seek(size - 1)
                if file.read(1) != b"\n":
                    data = b"\n" + data  # what was cut short stays alone on its line
            try:
                if file.write(data) != len(data):
                    raise OSError("the disk is full")
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)
                raise
        if new:
            sync_folder(self.path.parent)

    def rows(self) -> list[Row]:
        """All rows in order, without those cut short; LocatedError for a line that is no row and was not cut short."""
        return list(read_rows(self.path)) if self.path.exists() else []


@cache
def _decoder() -> msgspec.json.Decoder[Row]:
    return msgspec.json.Decoder(Row)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a log; LocatedError for a line that is no row."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {because(error)}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _decoder().decode(line)
        except msgspec.ValidationError as error:
            raise LocatedError(str(path), number, 1, f"not a decision: {error}: remove or mend the line") from error
        except msgspec.DecodeError:
            continue  # cut short by a crash: the decision was never confirmed


def earlier_rows(workspace: Workspace, paths: Iterable[str]) -> list[Row]:
    """The rows of all logs that hold for the articles in `paths`, in the order of their times."""
    logs = workspace.logs(paths)
    rows = [row for log in logs for row in read_rows(log)]
    return rows if len(logs) < 2 else sorted(rows, key=lambda row: row.at)


def not_retracted(rows: Iterable[Row]) -> list[tuple[int, Row]]:
    """The rows that were not taken back, each with its place."""
    rows = list(rows)
    retracted = {row.of for row in rows if isinstance(row, Retraction)}
    return [(place, row) for place, row in enumerate(rows) if row.id not in retracted]


def subjects_of(row: Row) -> Sequence[Subject]:
    """The findings that a row decides."""
    if isinstance(row, (Naming, Difference)):
        return [row.subject]
    return row.subjects if isinstance(row, (Decision, Clustering)) else []


def encoded(row: Row) -> str:
    """A row as its line in a log."""
    return msgspec.json.encode(row).decode()


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """A line for each row that stands: time, reviewer, what was decided, of what."""
    for _, row in not_retracted(rows):
        if not isinstance(row, (Retraction, Rekeying)):
            yield f"{row.at[:19]}  {row.reviewer}  {described(row)}"


def described(row: Row) -> str:
    """What a row says, in a line."""
    if isinstance(row, Decision):
        first = row.subjects[0]
        what = f"{first.text!r} → {first.replacement!r}" if first.replacement is not None else repr(first.text)
        more = f" and {len(row.subjects) - 1} more ({row.scope.value})" if len(row.subjects) > 1 else ""
        return f"{row.verdict.value} {what}{more}  [{first.rule}] {first.path}  key {first.key}  id {row.id}"
    if isinstance(row, Naming):
        return f"name {row.text!r}  key {row.subject.key}  id {row.id}"
    if isinstance(row, Difference):
        return f"{row.text!r} is not {row.other!r}  key {row.subject.key}  id {row.id}"
    if isinstance(row, Clustering):
        parts = [f"the name is {row.canonical!r}"]
        parts += [f"also spelt {', '.join(map(repr, row.variants))}"] if row.variants else []
        parts += [f"not {', '.join(map(repr, row.apart))}"] if row.apart else []
        return f"{', '.join(parts)}  id {row.id}"
    if isinstance(row, Written):
        return f"wrote {len(row.changes)} fixes to {row.path}  id {row.id}"
    if isinstance(row, Retraction):
        return f"took back {row.of}"
    return "the same findings in changed sentences"


def history(rows: Iterable[Row], key: str) -> Iterator[str]:
    """Every row about the finding with `key`, or the decision with that id, taken back or not, in order."""
    rows = list(rows)
    ids = {key}
    for row in rows:
        if any(subject.key == key for subject in subjects_of(row)):
            ids.add(row.id)
    for row in rows:
        if row.id in ids or (isinstance(row, Retraction) and row.of in ids):
            yield f"{row.at[:19]}  {row.reviewer}  {described(row)}"


class Standing(msgspec.Struct, frozen=True):
    """The verdict that stands on a finding, with the row that gave it."""

    verdict: Verdict
    replacement: str | None
    row: Row
    order: int = 0
    """The place of the row in the log: of two accepted findings that want the same text the later one has it."""


class Verdicts(msgspec.Struct):
    """What a log says now."""

    by_key: dict[str, Standing] = msgspec.field(default_factory=dict)
    rules: dict[str, Row] = msgspec.field(default_factory=dict)
    """Rules that are rejected as a whole."""
    fixes: dict[tuple[str, str, str | None], Row] = msgspec.field(default_factory=dict)
    """Rule, text and replacement of fixes that are rejected everywhere."""
    names: list[Clustering] = msgspec.field(default_factory=list)
    """What was decided of names on the names screen."""

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Verdicts:
        """The verdicts that stand after `rows`: the last one of each finding that was not taken back."""
        verdicts = cls()
        for order, row in not_retracted(rows):
            verdicts._take(row, order)
        return verdicts

    def _take(self, row: Row, order: int) -> None:
        if isinstance(row, Decision):
            for subject in row.subjects:
                self.by_key[subject.key] = Standing(row.verdict, subject.replacement, row, order)
            self._stand(row)
        elif isinstance(row, (Naming, Difference)):
            self.by_key[row.subject.key] = Standing(Verdict.REJECT, None, row, order)
        elif isinstance(row, Clustering):
            self.names = [*(each for each in self.names if each.spellings.isdisjoint(row.spellings)), row]
            for subject in row.subjects:
                verdict = Verdict.REJECT if subject.replacement is None else Verdict.ACCEPT
                self.by_key[subject.key] = Standing(verdict, subject.replacement, row, order)
        elif isinstance(row, Rekeying):
            for old, new in row.keys.items():
                if old in self.by_key:
                    self.by_key[new] = self.by_key[old]

    def _stand(self, row: Decision) -> None:
        """Take in what holds for articles to come."""
        first = row.subjects[0] if row.subjects else None
        if first is None:
            return
        if row.scope is Scope.RULE:
            if row.verdict is Verdict.REJECT:
                self.rules[first.rule] = row
            else:
                self.rules.pop(first.rule, None)
        elif row.scope is Scope.FIX and row.verdict is Verdict.REJECT:
            self.fixes[first.rule, first.text, first.replacement] = row

    def on(self, finding: Finding, text: str) -> Standing | None:
        """The verdict that stands on `finding` of an article that reads `text`."""
        standing = self.by_key.get(finding.key)
        if standing is not None:
            return standing
        rejected = self.rules.get(finding.rule_id) or (self.fixes.get(fix_of(finding, text)) if self.fixes else None)
        return Standing(Verdict.REJECT, None, rejected) if rejected else None

    def silence(self) -> Silence:
        """What was rejected."""
        keys = frozenset(key for key, standing in self.by_key.items() if standing.verdict is Verdict.REJECT)
        return Silence(keys, frozenset(self.rules), frozenset(self.fixes))


class RuleStatistics(msgspec.Struct, frozen=True):
    """How often findings of a rule were accepted and rejected."""

    accepted: int = 0
    rejected: int = 0

    _ENOUGH = 10
    _BAD = 0.9

    @property
    def total(self) -> int:
        """All verdicts."""
        return self.accepted + self.rejected

    @property
    def unwelcome(self) -> bool:
        """Whether the rule was rejected nine times of ten, often enough to propose switching it off."""
        return self.total >= self._ENOUGH and self.rejected >= self._BAD * self.total


def statistics(verdicts: Verdicts) -> dict[str, RuleStatistics]:
    """The verdicts that stand, counted by rule."""
    counts: dict[str, list[int]] = {}
    for key, standing in verdicts.by_key.items():
        rule = next((subject.rule for subject in subjects_of(standing.row) if subject.key == key), None)
        if rule:
            counts.setdefault(rule, [0, 0])[standing.verdict is Verdict.REJECT] += 1
    return {rule: RuleStatistics(*pair) for rule, pair in counts.items()}


class Conflict(msgspec.Struct, frozen=True):
    """Two reviewers' verdicts on one finding that differ."""

    subject: Subject
    first: Decision
    second: Decision

    @property
    def line(self) -> str:
        """The conflict in a line."""
        says = [f"{row.reviewer}: {_verb(row, self.subject.key)} ({row.at[:19]})" for row in (self.first, self.second)]
        return (
            f"conflict: {self.subject.path}: {self.subject.text!r} [{self.subject.rule}]: {'; '.join(says)}; the later one stands"
        )


def merge(logs: Iterable[Iterable[Row]]) -> tuple[list[Row], list[Conflict]]:
    """All rows of several logs in the order of their times, each once; and where reviewers differ on a finding.

    Where they differ the later one stands, as in one log.
    """
    rows = {row.id: row for log in logs for row in log}
    ordered = sorted(rows.values(), key=lambda row: (row.at, row.id))
    last: dict[str, tuple[Subject, dict[str, Decision]]] = {}
    for _, row in not_retracted(ordered):
        if isinstance(row, Decision):
            for subject in row.subjects:
                last.setdefault(subject.key, (subject, {}))[1][row.reviewer] = row
    conflicts = []
    for subject, by_reviewer in last.values():
        first, *others = by_reviewer.values()
        for other in others:
            if _says(first, subject.key) != _says(other, subject.key):
                conflicts.append(Conflict(subject, first, other))
                break
    return ordered, conflicts


def _verb(decision: Decision, key: str) -> str:
    verdict, replacement = _says(decision, key)
    return verdict.value if replacement is None else f"{verdict.value} {replacement!r}"


def _says(decision: Decision, key: str) -> tuple[Verdict, str | None]:
    replacement = next(subject.replacement for subject in decision.subjects if subject.key == key)
    return decision.verdict, replacement if decision.verdict is Verdict.ACCEPT else None
