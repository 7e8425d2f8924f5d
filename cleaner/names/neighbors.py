"""Pairs of many strings at OSA distance 2 at most, by arrays: deletion neighborhoods hashed, sorted, and checked.

Two strings at OSA distance d share a string that is left of each when up to d letters are deleted (Garbe, symmetric delete spelling
correction), so only strings with an equal hash of a deletion are compared. Time and memory grow with the deletions, not with the square.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

_BASE = np.uint64(0x9E3779B97F4A7C15)
_BATCH = 2_000_000  # pairs compared at once

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int32]


def close_pairs(strings: list[str], distances: Sequence[int], extra: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """The numbers (i < j) of strings at OSA distance `min(distances[i], distances[j])` at most, each pair once.

    `strings` are distinct; `distances` (0, 1 or 2 a string) says how far its neighborhood reaches. `extra` are further keys, one a string:
    strings that share one are yielded whatever their distance.
    """
    if not strings:
        return
    allowed = np.asarray(distances, np.int8)
    keys, owners = _deletions(strings, allowed)
    if len(extra):
        keys = np.concatenate([keys, np.asarray(extra, np.uint64)])
        owners = np.concatenate([owners, np.arange(len(strings), dtype=np.int32)])
    pairs = _sharing(keys, owners, len(strings))
    extras = np.asarray(extra, np.uint64)
    for start in range(0, len(pairs), _BATCH):
        batch = pairs[start : start + _BATCH]
        left, right = (batch // len(strings)).astype(np.int32), (batch % len(strings)).astype(np.int32)
        found = cpdist(
            [strings[i] for i in left], [strings[j] for j in right], scorer=OSA.distance, score_cutoff=2, dtype=np.uint8
        )
        kept = found <= np.minimum(allowed[left], allowed[right])
        if len(extra):
            kept |= extras[left] == extras[right]
        yield from zip(left[kept].tolist(), right[kept].tolist(), strict=True)


def _deletions(strings: list[str], allowed: NDArray[np.int8]) -> tuple[Keys, Numbers]:
    """The hashes of every string and of its deletions, with the number of the string."""
    lengths = np.fromiter(map(len, strings), np.int32, len(strings))
    keys: list[Keys] = []
    owners: list[Numbers] = []
    for length in np.unique(lengths):
        numbers = np.flatnonzero(lengths == length).astype(np.int32)
        codes = np.array([list(map(ord, strings[i])) for i in numbers], np.uint64).reshape(len(numbers), length)
        for depth, hashes in enumerate(_hashes(codes)):
            reach = allowed[numbers] >= depth
            for column in hashes:
                keys.append(column[reach])
                owners.append(numbers[reach])
    return np.concatenate(keys), np.concatenate(owners)


def _hashes(codes: Keys) -> Iterator[list[Keys]]:
    """Polynomial hashes of rows of code points: of the whole, of each deletion of one, and of each deletion of two."""
    count, length = codes.shape
    powers = np.ones(length + 1, np.uint64)
    powers[1:] = _BASE
    powers = np.cumprod(powers)
    # sums[shift][:, i] is the sum of the terms from i on, each moved `shift` places to the left.
    sums = [np.zeros((count, length + 1), np.uint64) for _ in range(3)]
    for shift, total in enumerate(sums):
        terms = codes[:, shift:] * powers[: max(0, length - shift)]
        total[:, shift:length] = np.cumsum(terms[:, ::-1], axis=1)[:, ::-1]
    head = sums[0][:, :1] - sums[0]  # the sum of the terms before i
    yield [sums[0][:, 0] + np.uint64(length)]
    yield [head[:, i] + sums[1][:, i + 1] + np.uint64(length - 1) for i in range(length)]
    yield [
        head[:, i] + (sums[1][:, i + 1] - sums[1][:, k]) + sums[2][:, k + 1] + np.uint64(length - 2)
        for i in range(length)
        for k in range(i + 1, length)
    ]


def _sharing(keys: Keys, owners: Numbers, count: int) -> NDArray[np.int64]:
    """Each pair of owners of one key, once, as ``lesser * count + greater``."""
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sizes = np.diff(np.append(starts, len(keys)))
    found: list[NDArray[np.int64]] = []
    for size in np.unique(sizes[sizes > 1]):
        blocks = owners[starts[sizes == size][:, None] + np.arange(size)].astype(np.int64)
        for step in range(1, size):
            left, right = blocks[:, :-step], blocks[:, step:]
            low, high = np.minimum(left, right), np.maximum(left, right)
            codes = (low * count + high)[low != high]
            found.append(np.unique(codes))
        if sum(map(len, found)) > 20 * _BATCH:
            found = [np.unique(np.concatenate(found))]
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
