"""A store of facts by what they follow from, kept from run to run, so that only what changed is read again.

It is one SQLite file in the user's cache, never in the folder. Each row has a digest of its own. Several processes may use it at once; what
goes wrong with it costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cleaner.cache import cache_folder

_NAME = "memory.sqlite"
_DIGEST = 16  # bytes
_PATIENCE = 2.0  # seconds for another process
_KEPT = 30  # days since the last use
_DAY = 86_400  # seconds
_AT_ONCE = 500  # rows
_DAMAGE = (sqlite3.DatabaseError, TypeError, UnicodeDecodeError)
"""What is raised where the file, or what SQLite says of it, is damaged."""
_PAGE = 32_768  # bytes; rows are long
_FRESH = 7  # days that a row may be used before it is marked as used again
_LARGEST = 4 << 30  # bytes; over it the rows that were not used for longest go


class FactStore:
    """Bytes by keys (see `key_of`)."""

    def __init__(self, path: Path | None = None, largest: int = _LARGEST) -> None:
        self._path = path or cache_folder() / _NAME
        self._largest = largest
        self._today = int(time.time() // _DAY)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection | None:
        try:
            return self._connected()
        except sqlite3.OperationalError:
            return None  # another process keeps it, or the disk is full: this run goes without
        except _DAMAGE:
            return self._anew()

    def _anew(self) -> sqlite3.Connection | None:
        with contextlib.suppress(OSError, *_DAMAGE):
            self._path.unlink(missing_ok=True)
            return self._connected()
        return None

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_PATIENCE)
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        connection.execute("PRAGMA synchronous = OFF")  # a row that was lost or cut is noticed by its digest
        with connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, day INTEGER, data BLOB)")
            connection.execute("CREATE INDEX IF NOT EXISTS by_day ON kept (day)")
            connection.execute("DELETE FROM kept WHERE day < ?", (self._today - _KEPT,))
            if self._size(connection) > self._largest:
                days = connection.execute("SELECT day, sum(length(data)) FROM kept GROUP BY day ORDER BY day DESC").fetchall()
                sizes = itertools.accumulate(size for _, size in days)
                too_old = [(day,) for (day, _), size in zip(days, sizes, strict=True) if size > self._largest // 2]
                connection.executemany("DELETE FROM kept WHERE day = ?", too_old)
        return connection

    @staticmethod
    def _size(connection: sqlite3.Connection) -> int:
        """The bytes that are in use."""
        pages, free, each = (
            connection.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * each)

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """What is stored under `keys`."""
        found: dict[bytes, bytes] = {}
        wanted = list(keys)
        try:
            for at in range(0, len(wanted), _AT_ONCE):
                rows = self._rows(wanted[at : at + _AT_ONCE])
                self._write(
                    "UPDATE kept SET day = ? WHERE key = ?",
                    ((self._today, key) for key, day, _ in rows if day < self._today - _FRESH),
                )
                for key, _, data in rows:
                    if _digest(data[_DIGEST:]) == data[:_DIGEST]:
                        found[key] = data[_DIGEST:]
        except sqlite3.OperationalError:
            self._connection = None
        except _DAMAGE:
            self._connection = self._anew()
        return found

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, int, bytes]]:
        if self._connection is None:
            return []
        marks = ",".join("?" * len(keys))
        return self._connection.execute(f"SELECT key, day, data FROM kept WHERE key IN ({marks})", keys).fetchall()  # noqa: S608

    def put(self, values: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep values under their keys, in the place of earlier ones."""
        rows = ((key, self._today, _digest(data) + data) for key, data in values)
        self._write("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)

    def _write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Execute a statement for each of `rows`; a store that cannot be written now is done without from here on."""
        some = list(rows) if self._connection else []
        if not (self._connection and some):
            return
        try:
            with self._connection as connection:
                connection.executemany(statement, some)
        except _DAMAGE:
            self._connection = None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()
