"""Facts as bytes: unlike a pickle, they can hold nothing that runs.

Written, they are read as a whole, and can be merged; packed, as much of them is read as is asked for, and they stay as they are.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from cleaner.facts import Facts
from cleaner.facts.company import CompanyFacts
from cleaner.facts.lines import LineFacts, PackedLines, Places
from cleaner.facts.names import NameFacts, PackedNames
from cleaner.facts.words import WordFacts
from cleaner.shelf import decoder


class _Written(msgspec.Struct, array_like=True, frozen=True):
    documents: int
    names: NameFacts
    words: dict[str, int]
    company: dict[str, int]
    lines: dict[int, Places]
    sites: dict[int, int]


_KNOWN = frozenset({NameFacts, WordFacts, CompanyFacts, LineFacts})


def _sections(facts: Facts) -> tuple[NameFacts, WordFacts, CompanyFacts, LineFacts]:
    assert facts.kinds <= _KNOWN, "a section of facts that is not written"
    return facts.section(NameFacts), facts.section(WordFacts), facts.section(CompanyFacts), facts.section(LineFacts)


def encode(facts: Facts) -> bytes:
    """The bytes of `facts`."""
    names, words, company, lines = _sections(facts)
    return msgspec.msgpack.encode(_Written(facts.documents, names, words.articles, company.articles, lines.lines, lines.articles))


def decode(data: bytes) -> Facts:
    """The facts of these bytes; msgspec.DecodeError where they are none."""
    written = decoder(_Written)(data)
    sections = (
        written.names,
        WordFacts(Counter(written.words)),
        CompanyFacts(Counter(written.company)),
        LineFacts(written.lines, Counter(written.sites)),
    )
    return Facts.of(written.documents, *sections)


class _Packed(msgspec.Struct, array_like=True, frozen=True):
    documents: int
    names: PackedNames
    words: memoryview
    company: memoryview
    lines: PackedLines


def pack(facts: Facts) -> bytes:
    """The bytes of `facts`, of which little needs to be read where little is asked."""
    names, words, company, lines = _sections(facts)
    packed = _Packed(facts.documents, names.packed(), words.packed(), company.packed(), lines.packed())
    return msgspec.msgpack.encode(packed)


def unpack(data: memoryview) -> Facts:
    """The facts that `pack` made these bytes of, for `Facts.joined` or to be merged into others; they are not to be changed."""
    packed = decoder(_Packed)(data)
    sections = (
        NameFacts.unpacked(packed.names),
        WordFacts.unpacked(packed.words),
        CompanyFacts.unpacked(packed.company),
        LineFacts.unpacked(packed.lines),
    )
    return Facts.of(packed.documents, *sections)
