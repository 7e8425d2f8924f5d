"""The files of a run by chunks, and what is remembered of a file."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

Chunk = Sequence[str]
Digests = Sequence[str | None]

_CHUNK, _LONGEST = 64, 256  # files


def chunked(paths: Iterable[str]) -> Iterator[Chunk]:
    """The paths in order, in chunks that end where the name of a file says so: a new file changes its own chunk only."""
    chunk: list[str] = []
    for path in paths:
        chunk.append(path)
        if len(chunk) == _LONGEST or not zlib.crc32(os.fsencode(path)) % _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class Entry(NamedTuple):
    """What was found in a file of this `digest`, the digest of what was answered then, and what was shown (see `Trace`)."""

    digest: str
    found: bytes
    answers: bytes
    shown: bytes
