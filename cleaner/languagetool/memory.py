"""What LanguageTool said of paragraphs, kept in the user's cache folder, so that no paragraph is asked about twice.

A paragraph is known by a hash of its text, of LanguageTool's version and of all settings that its answer depends on.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from cleaner.cache import cache_folder
from cleaner.languagetool.remarks import Remark

Answers = dict[str, list[Remark]]

_FORMAT = 1
_MOST = 500_000  # answers; the oldest go first
_AT_ONCE = 500  # SQLite's limit of parameters is higher
_WAIT = 10.0  # seconds for another process that writes
_DECODER = msgspec.msgpack.Decoder(list[Remark])


class Memory:
    """Answers under `context`: LanguageTool's version and settings. Where the file cannot be used, nothing is remembered."""

    def __init__(self, context: str, file: Path | None = None) -> None:
        self._context = f"{_FORMAT}\0{context}\0".encode()
        self._file = file or cache_folder() / "grammar.sqlite"
        self._connection: sqlite3.Connection | None = self._open()

    def recall(self, texts: Sequence[str]) -> Answers:
        """The answers on those of `texts` that are known."""
        known: Answers = {}
        by_key = {self._key(text): text for text in texts}
        keys = list(by_key)
        if self._connection:
            with contextlib.suppress(sqlite3.Error, msgspec.MsgspecError):
                for at in range(0, len(keys), _AT_ONCE):
                    some = keys[at : at + _AT_ONCE]
                    query = f"SELECT key, remarks FROM answers WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608 - question marks
                    for key, remarks in self._connection.execute(query, some):
                        known[by_key[key]] = _DECODER.decode(remarks)
        return known

    def keep(self, answers: Mapping[str, list[Remark]]) -> None:
        """Remember `answers`."""
        if self._connection and answers:
            rows = [(self._key(text), msgspec.msgpack.encode(remarks)) for text, remarks in answers.items()]
            with contextlib.suppress(sqlite3.Error), self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(self._context + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

    def _open(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                connection = sqlite3.connect(self._file, timeout=_WAIT)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                with connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, remarks BLOB NOT NULL)")
                    connection.execute(
                        "DELETE FROM answers WHERE rowid <= (SELECT max(rowid) - ? FROM answers)",
                        (_MOST,),
                    )
            except sqlite3.OperationalError:
                return None  # locked for long, or no place to write
            except sqlite3.Error:
                self._file.unlink(missing_ok=True)  # damaged: begin anew
            else:
                return connection
        return None
