"""Facts as bytes, for files that lie beside others' data: unlike a pickle, they can hold nothing that runs."""

from __future__ import annotations

from collections import Counter

import msgspec

from cleaner.facts import Facts
from cleaner.facts.company import CompanyFacts
from cleaner.facts.lines import LineFacts, Places
from cleaner.facts.names import NameFacts
from cleaner.facts.words import WordFacts


class _Written(msgspec.Struct, array_like=True, frozen=True):
    documents: int
    names: NameFacts
    words: dict[str, int]
    company: dict[str, int]
    lines: dict[int, Places]
    sites: dict[int, int]


_decoder = msgspec.msgpack.Decoder(_Written)
_KNOWN = frozenset({NameFacts, WordFacts, CompanyFacts, LineFacts})


def encode(facts: Facts) -> bytes:
    """The bytes of `facts`."""
    assert facts.kinds <= _KNOWN, "a section of facts that is not written"
    lines = facts.section(LineFacts)
    return msgspec.msgpack.encode(
        _Written(
            facts.documents,
            facts.section(NameFacts),
            facts.section(WordFacts).articles,
            facts.section(CompanyFacts).articles,
            lines.lines,
            lines.articles,
        )
    )


def decode(data: bytes) -> Facts:
    """The facts of these bytes; msgspec.DecodeError where they are none."""
    written = _decoder.decode(data)
    sections = (
        written.names,
        WordFacts(Counter(written.words)),
        CompanyFacts(Counter(written.company)),
        LineFacts(written.lines, Counter(written.sites)),
    )
    return Facts.of(written.documents, *sections)
