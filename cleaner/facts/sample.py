"""Bottom-k samples: what is left of a set of any size when only its smallest hashes are kept.

They merge in any order, count distinct members (exactly up to their size) and tell how far two sets overlap, in bounded memory.
Source: Beyer et al., On synopses for distinct-value estimation under multiset operations, SIGMOD 2007.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SIZE = 64
_RANGE = 1 << 64

Sample = tuple[int, ...]
"""Hashes of members, ascending, at most `SIZE`."""


def hashed(text: str) -> int:
    """The hash of a member: 64 bits, the same in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def union(a: Sample, b: Sample) -> Sample:
    """The sample of the union of the sampled sets."""
    if not b or a == b or (len(a) == SIZE and a[-1] <= b[0]):
        return a
    return tuple(sorted({*a, *b})[:SIZE]) if a else b


def union_of(samples: Iterable[Sample]) -> Sample:
    """The sample of the union of all the sampled sets."""
    return tuple(sorted(set().union(*samples))[:SIZE])


def distinct(sample: Sample) -> int:
    """How many members the sampled set has: exact below `SIZE`, otherwise estimated from the greatest hash that was kept."""
    return len(sample) if len(sample) < SIZE else round((SIZE - 1) * _RANGE / sample[-1])


def contained(a: Sample, b: Sample) -> float:
    """The share of the members of `a` that are in `b`, judged where both samples reach."""
    reach = b[-1] if len(b) == SIZE else _RANGE
    judged = [member for member in a if member <= reach]
    return len(set(judged).intersection(b)) / len(judged) if judged else 0.0


def of(members: Iterable[str]) -> Sample:
    """The sample of a set of texts."""
    return tuple(sorted({hashed(member) for member in members})[:SIZE])
