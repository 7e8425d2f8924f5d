"""The files of a run by chunks, and what is remembered of a file."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

Chunk = Sequence[str]
Digests = Sequence[str | None]

_CHUNK, _LONGEST = 64, 256  # files
_SPAN, _WIDEST = 16, 64  # chunks


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


def spanned(chunks: Sequence[Chunk]) -> Iterator[range]:
    """The numbers of the chunks in order, in spans that end where the name of a file says so, too."""
    first = 0
    for number, chunk in enumerate(chunks, 1):
        ends = not zlib.crc32(os.fsencode(chunk[-1])) % (_CHUNK * _SPAN)
        if ends or number in (first + _WIDEST, len(chunks)):
            yield range(first, number)
            first = number


class Entry(msgspec.Struct, frozen=True):
    """What was found in a file of this `digest`, the digest of what was answered then, and what was shown (see `Trace`)."""

    digest: str
    found: bytes
    answers: bytes
    shown: bytes
