"""Judging single files by the evidence of all articles of their folder, as the next commit will hold them.

What a file is told does not depend on which others are judged beside it. Articles come in groups, of which the facts are kept as a sum and one
by one, so that a change costs one sum.
"""

from __future__ import annotations

import itertools
import math
import os
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from cleaner import cache
from cleaner.detectors import Evidence
from cleaner.engines.signs import key_of
from cleaner.engines.spellings import spellings
from cleaner.engines.worker import KEPT, Job, Result, too_little_memory
from cleaner.errors import DocumentError
from cleaner.facts import Facts
from cleaner.facts.names import NameFacts
from cleaner.facts.wire import decode, encode, pack, unpack
from cleaner.files import Choice, discover, read_bytes, too_large
from cleaner.git import Repository, id_of
from cleaner.pipeline import Checked
from cleaner.shelf import decoder
from cleaner.text.article import Article
from cleaner.text.document import Document, digest
from cleaner.text.sites import domain_in

_MIXING = 0x9E3779B1
"""Checksums of names that are alike have few values in their last bits; times this (Knuth's multiplicative hashing) they have many."""
_FEW = 10
"""It is faster to conclude for a few articles alone where the folder has so many times more."""

Read = Sequence[Article] | DocumentError
"""The articles of a file, or why there are none."""


class Source(Protocol):
    """Where the articles of the folder `root` come from; files are known by their real paths."""

    root: str

    def contents(self) -> Mapping[str, str]:
        """What stands for the content of each article."""

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | DocumentError]]:
        """The bytes of articles, in any order."""


class StagedSource(msgspec.Struct, frozen=True, dict=True):
    """The articles of a folder that are in the index of its repository, and those of `others` that are not."""

    root: str
    repository: Repository
    choice: Choice
    max_size: int
    others: Sequence[str] = ()

    @cached_property
    def _staged(self) -> dict[str, str]:
        below = os.path.join(self.root, "")
        staged = self.repository.staged()
        return {path: staged[path] for path in self.choice.among((path for path in staged if path.startswith(below)), self.root)}

    def contents(self) -> Mapping[str, str]:
        """The ids of git; those of files that it does not know are their digests."""
        others = [path for path in self.others if path not in self._staged]
        return {**self._staged, **_digests(others, self.max_size)}

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | DocumentError]]:
        """What is staged, which mostly is what stands on the disk, and what stands there of files that git does not know."""
        others: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            data, content = _read(path, self.max_size), self._staged.get(path)
            if content is None or (isinstance(data, bytes) and id_of(data, content) == content):
                yield path, data
            else:
                others[content].append(path)
        for content, blob in self.repository.read(others, self.max_size):
            for path in others[content]:
                yield path, too_large(path, self.max_size) if blob is None else blob


class DiskSource(msgspec.Struct, frozen=True):
    """The articles of a folder that is in no repository."""

    root: str
    extensions: Sequence[str]
    exclude: Sequence[str]
    base: str
    max_size: int
    others: Sequence[str] = ()

    def contents(self) -> Mapping[str, str]:
        """The digests of the files."""
        found = discover([self.root], self.extensions, self.exclude, self.base)
        return _digests([*(path for path in found if isinstance(path, str)), *self.others], self.max_size)

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | DocumentError]]:
        """What is on the disk."""
        return ((path, _read(path, self.max_size)) for path in paths)


def _digests(paths: Iterable[str], max_size: int) -> dict[str, str]:
    read = ((path, _read(path, max_size)) for path in paths)
    return {path: digest(data) for path, data in read if isinstance(data, bytes)}


def _read(path: str, max_size: int) -> bytes | DocumentError:
    try:
        return read_bytes(path, max_size)
    except DocumentError as error:
        return error


def _parts(articles: int) -> int:
    """Into how many groups so many articles go: to open a group takes a fourth of what it takes to add an article to a sum."""
    return 1 << round(math.log2(2 * math.sqrt(articles or 1)))


class _Group(msgspec.Struct, array_like=True, frozen=True):
    """What is kept of a group of articles: a `sign` of it, its `facts`, packed, and those of its `articles` by their keys, encoded."""

    sign: bytes
    facts: memoryview
    articles: memoryview


class FolderEngine:
    """Judges files of the folder of `source`; facts are kept from run to run where it `keeps` them."""

    def __init__(self, job: Job, source: Source, progress: Callable[[int], None] = lambda _: None, *, keeps: bool = True) -> None:
        self.pipeline = job.pipeline()
        self.evidence = Evidence(Facts())
        self._facts = self.evidence.facts
        self._groups: dict[str, tuple[bytes, Facts]] = {}
        """The facts of groups of articles, with a sign of these, of which `_facts` works out what is asked for; none where they are added up."""
        self._source = source
        self._above = os.path.join(source.root, "")
        self._keeps = keeps
        self._progress = progress
        self._at_hand: dict[str, Read] = {}
        """What was read already of the files to judge."""
        self._holds = False
        """Whether what is worked out of these is held until they are judged."""

    def run(self, paths: Mapping[str, str]) -> Iterator[Result]:
        """The result of each of `paths`, real paths with the names that they are to have, in order."""
        self._at_hand = {real: self._articles(paths[real], real, data) for real, data in self._source.read(paths)}
        self._holds = sum(len(article.text) for article in self._articles_at_hand()) < KEPT
        self.gather()
        self._conclude(self._articles_at_hand())
        judged, self._at_hand = self._at_hand, {}
        for real in paths:
            each = judged.pop(real)
            yield each if isinstance(each, DocumentError) else self.pipeline.check(each, self.evidence)

    def _articles_at_hand(self) -> list[Article]:
        return [article for each in self._at_hand.values() if not isinstance(each, DocumentError) for article in each]

    def judge(self, document: Document) -> Checked:
        """The findings of a document, which may differ from what the folder holds, by the evidence last gathered."""
        document.place = self._inside(os.path.realpath(document.path))
        articles = self.pipeline.articles(document)
        self._conclude(articles)
        return self.pipeline.check(articles, self.evidence)

    def _conclude(self, articles: Sequence[Article]) -> None:
        if len(articles) * _FEW < self._facts.documents:
            self._spell()
            self.evidence = self.pipeline.conclude_for(articles, self._facts)
            return
        if self._groups:
            self._facts = self.pipeline.merge([facts for _, facts in self._groups.values()])
            self._groups.clear()
        self.evidence = self.pipeline.conclude(self._facts)

    def _spell(self) -> None:
        """Let the facts of names know how these are spelled."""
        known = self._facts.section(NameFacts).__dict__
        if self._groups and "spelled" not in known:
            groups = {name: (sign, facts.section(NameFacts)) for name, (sign, facts) in self._groups.items()}
            known["spelled"] = spellings(f"spelled-{self._here}.names", groups, keeps=self._keeps)

    def recheck(self, document: Document) -> Checked:
        """The findings of a changed document by the evidence of the run."""
        return self.pipeline.check(self.pipeline.articles(document), self.evidence)

    def _articles(self, name: str, real: str, data: bytes | DocumentError) -> Read:
        """The articles of the file at the real path `real`, which is to have a `name`."""
        if isinstance(data, DocumentError):
            return DocumentError(name, data.what)
        try:
            document = Document.from_bytes(name, data)
            document.place = self._inside(real)
            return self.pipeline.articles(document)
        except DocumentError as error:
            return error
        except MemoryError:
            return too_little_memory(name)

    # --- facts

    def gather(self) -> None:
        """Gather the facts of all articles of the folder, as they are now."""
        contents = self._source.contents()
        groups: list[dict[str, str]] = [{} for _ in range(_parts(len(contents)))]
        for path, content in sorted(contents.items()):
            mixed = zlib.crc32(os.fsencode(self._inside(path))) * _MIXING >> 16
            groups[mixed % len(groups)][path] = content
        self._groups.clear()
        half = max(1, len(groups) // 2)  # so many there were while the folder was smaller
        for number, group in enumerate(groups):
            if group:
                name, before = self._name(number, len(groups)), self._name(number % half, half)
                self._groups[name] = self._gathered(name, before, group)
                self._progress(len(group))
        self._facts = Facts.joined([facts for _, facts in self._groups.values()])

    @cached_property
    def _here(self) -> str:
        """A sign of the folder; each source has its own names for contents."""
        return key_of("group", type(self._source).__name__, self._source.root).hex()

    def _name(self, number: int, groups: int) -> str:
        """The file of a group, one of so many."""
        return f"group{number}of{groups}-{self._here}.facts"

    def _inside(self, path: str) -> str:
        """The path within the folder."""
        return path.removeprefix(self._above)

    def _gathered(self, name: str, before: str, group: Mapping[str, str]) -> tuple[bytes, Facts]:
        """A sign and the facts of a group of articles, of which the contents are given; it is kept as `name`, or was as a part of `before`."""
        sign = key_of(self.pipeline.sign_of_facts.hex(), *itertools.chain.from_iterable(group.items()))
        kept = self._fetched(name) or self._fetched(before)
        if kept and kept.sign == sign:
            return sign, unpack(kept.facts)
        keys = {path: self._key(path, content) for path, content in group.items()}
        known: dict[bytes, Any] = decoder(dict[bytes, memoryview])(kept.articles) if kept else {}
        before_reading = len(known)
        for path, read in self._read([path for path, key in keys.items() if key not in known]):
            facts = self._observe(read)
            if facts is not None:
                known[keys[path]] = encode(facts)
        found = [known[key] for key in keys.values() if key in known]  # copies in one folder share one
        merged = Facts()
        for each in found:
            merged.merge(decode(each))
        complete = len(found) == len(keys)  # what could not be read is tried again
        if self._keeps and (complete or len(known) > before_reading):
            articles = msgspec.msgpack.encode({key: known[key] for key in keys.values() if key in known})
            new = _Group(sign if complete else b"", memoryview(pack(merged) if complete else b""), memoryview(articles))
            cache.store(name, msgspec.msgpack.encode(new))
        return sign, merged

    def _fetched(self, name: str) -> _Group | None:
        data = cache.fetch(name) if self._keeps else None
        return decoder(_Group)(data) if data is not None else None

    def _key(self, path: str, content: str) -> bytes:
        """The key of the facts of one article: they follow from its content, folder, site, ending and field."""
        inside = self._inside(path)
        folder, name = os.path.split(inside)
        signs = (self.pipeline.sign_of_facts.hex(), folder, domain_in(inside), os.path.splitext(name)[1].lower())
        return key_of("article", *signs, content)

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, Read]]:
        yield from ((path, self._at_hand[path]) for path in paths if path in self._at_hand)
        others = [path for path in paths if path not in self._at_hand]
        yield from ((path, self._articles(path, path, data)) for path, data in self._source.read(others))

    def _observe(self, read: Read) -> Facts | None:
        """The facts of one article; None of one that cannot be read, which is named when it is judged."""
        if isinstance(read, DocumentError):
            return None
        try:
            return self.pipeline.observe(*read)
        except MemoryError:
            return None
        finally:
            if not self._holds:
                for article in read:
                    article.forget()
