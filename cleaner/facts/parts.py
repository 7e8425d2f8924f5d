"""Facts in parts that share no key, by a hash that is the same in every process: parts are merged one at a time, or each on another machine."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K", int, str)
V = TypeVar("V")


def parted(counts: Mapping[K, V], number: int) -> list[dict[K, V]]:
    """`counts` in so many parts."""
    parts: list[dict[K, V]] = [{} for _ in range(number)]
    for key, value in counts.items():
        hashed = key if isinstance(key, int) else zlib.crc32(key.encode("utf-8", "replace"))
        parts[hashed % number][key] = value
    return parts
