"""Which of many sets of words nearly repeat an earlier one, without comparing each with each."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet

_MOST_COMPARED = 500


def near_repeats(sets: Sequence[AbstractSet[Hashable]], threshold: float) -> dict[int, tuple[int, float]]:
    """For each set that has a Jaccard similarity of at least `threshold` with an earlier one: the earliest such, and how similar.

    Two sets that are so similar share one of their few rarest members (the prefix filter of Bayardo, Ma and Srikant, 2007), so
    that only sets with a rare member in common are compared; where those are very many (a table of results), with the first of them.
    Empty sets repeat nothing.
    """
    frequency = Counter(itertools.chain.from_iterable(sets))
    shared = {member for member, count in frequency.items() if count > 1}
    by_rare_member: dict[Hashable, list[int]] = defaultdict(list)
    repeats: dict[int, tuple[int, float]] = {}
    seen: dict[frozenset[Hashable], int] = {}
    for number, members in enumerate(sets):
        if not members or len(members & shared) / len(members) < threshold:
            continue
        first = seen.setdefault(frozenset(members), number)
        if first != number:
            repeats[number] = (first, 1.0)
            continue
        rarest = sorted(members, key=lambda member: (frequency[member], str(member)))
        prefix = rarest[: len(rarest) - math.ceil(threshold * len(rarest)) + 1]
        sharing = itertools.chain.from_iterable(by_rare_member[member] for member in prefix)
        for other in sorted(set(itertools.islice(sharing, _MOST_COMPARED))):
            common = len(members & sets[other])
            similarity = common / (len(members) + len(sets[other]) - common)
            if similarity >= threshold:
                repeats[number] = (other, similarity)
                break
        for member in prefix:
            by_rare_member[member].append(number)
    return repeats
