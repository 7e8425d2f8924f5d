"""What earlier runs left of a folder: which files it had, what they showed, and what was found in them.

Files are known by chunks, which keep their borders when files come and go. Nothing here is believed that does not fit the files as they are.
What is kept is pickled: it must stay in the user's cache, since a pickle that came with a folder could run anything.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import astuple

from cleaner.engines.chunks import Chunk, Digests, Entry
from cleaner.engines.signs import key_of
from cleaner.engines.store import FactStore
from cleaner.errors import DocumentError
from cleaner.facts import Facts
from cleaner.files import read_bytes
from cleaner.pipeline import Pipeline
from cleaner.text.document import digest

_Stamp = tuple[int, int, int, int, int]

_AT_ONCE = 16  # chunks that are read from the store together
_GRANULE = 2_000_000_000  # nanoseconds: the coarsest clock of a file system


class Memory:
    """The memory of runs with this pipeline from this folder, in a store."""

    def __init__(self, store: FactStore, pipeline: Pipeline, searching: bytes, max_size: int) -> None:
        self._store = store
        self._max_size = max_size
        self._observing = pipeline.sign_of_facts.hex()
        self._searching = searching.hex()
        self._here = os.getcwd()
        self._rules = pipeline.book.sign

    def identify(self, chunks: Sequence[Chunk]) -> list[Digests]:
        """The digest of each file; None for one that cannot be read. Those whose stamps are as they were are not read."""
        rows = self._each("index", chunks, ([], [], []))
        return [self._identified(chunk, *row) for chunk, row in zip(chunks, rows, strict=True)]

    def _identified(self, chunk: Chunk, paths: Chunk, stamps: list[_Stamp | None], digests: Digests) -> Digests:
        """The digests of the files of a chunk, by what is known of files at `paths`."""
        now = [self._stamp(path) for path in chunk]
        if now == stamps and chunk == paths:
            return digests
        known = dict(zip(paths, zip(stamps, digests, strict=True), strict=True))
        lately = time.time_ns() - _GRANULE
        marks: list[str | None] = []
        for number, (path, stamp) in enumerate(zip(chunk, now, strict=True)):
            then, mark = known.get(path, (None, None))
            if stamp is None:
                mark = None
            elif stamp != then:
                mark = self._digest(path)
                # A file that was written just now may be written again without a change of its stamp.
                if mark is None or max(stamp[1:3]) >= lately:
                    now[number] = None
            marks.append(mark)
        row = (chunk, now, [mark if stamp else None for stamp, mark in zip(now, marks, strict=True)])
        if row != (paths, stamps, digests):
            self._put(self._key("index", chunk), row)
        return marks

    def _stamp(self, path: str) -> _Stamp | None:
        """By what a change of a file is noticed: its size, times and place; None for one that is not there or too large."""
        try:
            status = os.stat(path)
        except OSError:
            return None
        if status.st_size > self._max_size:
            return None
        return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev

    def _digest(self, path: str) -> str | None:
        try:
            return digest(read_bytes(path, self._max_size))
        except (OSError, DocumentError, MemoryError):
            return None

    def state(self, chunks: Sequence[Chunk], digests: Sequence[Digests]) -> bytes:
        """What stands for the facts of all files and for all rules: as long as it is the same, all findings are."""
        state = hashlib.blake2b(self._rules, digest_size=16)
        for chunk, each in zip(chunks, digests, strict=True):
            state.update(_mark(chunk, each))
        return state.digest()

    def facts(self, files: Chunk, digests: Digests, what: str = "facts") -> Facts | None:
        """What some files show, those of a chunk or, as `what` says, of more, if that is known."""
        mark, facts = self._get(self._key(what, files, self._observing), (b"", None))
        return facts if mark == _mark(files, digests) else None

    def keep_facts(self, files: Chunk, digests: Digests, facts: Facts, what: str = "facts") -> None:
        """Keep what some files show."""
        self._put(self._key(what, files, self._observing), (_mark(files, digests), facts))

    def found(self, chunks: Sequence[Chunk]) -> Iterator[tuple[bytes, dict[str, Entry]]]:
        """What was found in the files of each chunk, and the state in which it was known to hold."""
        for state, entries in self._each("found", chunks, (b"", {}), self._searching):
            yield state, {path: Entry(*entry) for path, entry in entries.items()}

    def asked(self, chunk: Chunk) -> dict[str, bytes]:
        """What was asked for the files of a chunk when they were searched."""
        asked: dict[str, bytes] = self._get(self._key("asked", chunk, self._searching), {})
        return asked

    def keep_found(self, chunk: Chunk, state: bytes, entries: Mapping[str, Entry]) -> None:
        """Keep what holds of the files of a chunk in a state."""
        rows = {path: astuple(entry) for path, entry in entries.items()}
        self._put(self._key("found", chunk, self._searching), (state, rows))

    def keep_asked(self, chunk: Chunk, asked: Mapping[str, bytes]) -> None:
        """Keep what was asked for the files of a chunk."""
        self._put(self._key("asked", chunk, self._searching), dict(asked))

    def _key(self, what: str, chunk: Chunk, *signs: str) -> bytes:
        return key_of(what, *signs, self._here, chunk[-1])

    def _put(self, key: bytes, value: Any) -> None:
        self._store.put([(key, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))])

    def _get(self, key: bytes, default: Any) -> Any:
        return _loaded(self._store.get([key]), key, default)

    def _each(self, what: str, chunks: Sequence[Chunk], default: Any, *signs: str) -> Iterator[Any]:
        """What is stored of each chunk."""
        for at in range(0, len(chunks), _AT_ONCE):
            keys = [self._key(what, chunk, *signs) for chunk in chunks[at : at + _AT_ONCE]]
            rows = self._store.get(keys)
            for key in keys:
                yield _loaded(rows, key, default)


def _loaded(rows: Mapping[bytes, bytes], key: bytes, default: Any) -> Any:
    return pickle.loads(rows[key]) if key in rows else default  # noqa: S301 - this user's own file, as it was written


def _mark(chunk: Chunk, digests: Digests) -> bytes:
    """What stands for the files of a chunk."""
    return hashlib.blake2b(repr((list(chunk), list(digests))).encode("utf-8", "surrogateescape"), digest_size=16).digest()
