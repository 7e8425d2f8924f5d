"""What a run leaves beside the findings, in a hidden folder of the output: the facts of each shard, and what its findings follow from.

Every file appears when it is whole, so that a run that was cut short, even by a kill, has left nothing but finished work.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import filelock
import msgspec

from cleaner.atomic import replacing
from cleaner.errors import CleanerError
from cleaner.facts import Facts, wire

PARTS = 64
"""Facts are stored in so many parts, each of which is merged for itself."""
FOLDER = ".cleaner-corpus"
_LOCK = "lock"


class Outcome(msgspec.Struct, frozen=True):
    """The findings of a shard in numbers; `key` stands for all that they follow from, `size` for the file that they are in.

    `failed` rows were not checked, or not in full; the first of them are in `failures`, with their numbers.
    """

    key: str
    size: int
    rows: int
    findings: int
    failed: int
    failures: list[tuple[int, str]]


class _Head(msgspec.Struct, frozen=True):
    key: str
    lengths: list[int]


class Output:
    """The folder `root` that findings are written to."""

    def __init__(self, root: str) -> None:
        self.root = root

    def findings(self, shard: str) -> Path:
        """Where the findings of a shard are."""
        return Path(self.root, shard)

    def _record(self, shard: str, what: str) -> Path:
        return Path(self.root, FOLDER, f"{shard}.{what}")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out; what one that was cut short left unfinished is removed. CleanerError where there is another."""
        folder = Path(self.root, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(folder / _LOCK, timeout=0):
                self._tidy()
                try:
                    yield
                finally:
                    self._tidy()
        except filelock.Timeout as error:
            raise CleanerError(f"{self.root}: another run writes to this folder: wait for its end") from error

    def _tidy(self) -> None:
        for unfinished in Path(self.root).rglob(".cleaner-*.part"):
            unfinished.unlink(missing_ok=True)

    # --- facts

    def keep_facts(self, shard: str, key: str, facts: Facts) -> None:
        """Store the facts of a shard under what they follow from."""
        blobs = [zlib.compress(wire.encode(part), 1) for part in facts.parted(PARTS)]
        path = self._record(shard, "facts")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(msgspec.json.encode(_Head(key, [len(blob) for blob in blobs])) + b"\n")
            file.writelines(blobs)

    def has_facts(self, shard: str, key: str) -> bool:
        """Whether the facts of a shard are stored under `key`, and whole."""
        path = self._record(shard, "facts")
        try:
            with open(path, "rb") as file:
                line = file.readline()
                head = msgspec.json.decode(line, type=_Head)
            return head.key == key and path.stat().st_size == len(line) + sum(head.lengths)
        except (OSError, msgspec.DecodeError):
            return False

    def facts(self, shard: str, number: int) -> Facts:
        """One part of the facts of a shard; CleanerError where they are damaged."""
        path = self._record(shard, "facts")
        try:
            with open(path, "rb") as file:
                head = msgspec.json.decode(file.readline(), type=_Head)
                file.seek(sum(head.lengths[:number]), os.SEEK_CUR)
                return wire.decode(zlib.decompress(file.read(head.lengths[number])))
        except (OSError, zlib.error, msgspec.DecodeError, IndexError) as error:
            raise CleanerError(f"{path}: damaged: remove it and run again") from error

    # --- outcomes

    def keep(self, shard: str, outcome: Outcome) -> None:
        """Store what the findings of a shard, which are written, came to."""
        path = self._record(shard, "json")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(json.dumps(msgspec.to_builtins(outcome), ensure_ascii=False).encode())

    def outcome(self, shard: str) -> Outcome | None:
        """What the findings of a shard came to; None where they are not there as they were written."""
        try:
            outcome = msgspec.json.decode(self._record(shard, "json").read_bytes(), type=Outcome)
            return outcome if self.findings(shard).stat().st_size == outcome.size else None
        except (OSError, msgspec.DecodeError):
            return None

    def is_foreign(self, shard: str) -> bool:
        """Whether there is a file in the place of the findings of a shard that no run has written."""
        return self.findings(shard).exists() and not any(self._record(shard, what).exists() for what in ("facts", "json"))

    def stale(self, shards: list[str]) -> list[str]:
        """The findings of shards that are gone."""
        folder = Path(self.root, FOLDER)
        written = (path.relative_to(folder).as_posix()[: -len(".json")] for path in folder.rglob("*.json"))
        return sorted(set(written) - set(shards))
