"""Judging single files by the evidence of all articles of their folder, as the next commit will hold them.

What a file is told does not depend on which others are judged beside it. The facts of each article are stored by its content, and those of a
group of articles as a sum, so that a change costs the articles of its group.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Protocol

import msgspec

from cleaner import cache
from cleaner.detectors import Evidence
from cleaner.engines.local import Job, Result
from cleaner.engines.store import FactStore, key_of
from cleaner.engines.worker import too_little_memory
from cleaner.errors import DocumentError
from cleaner.facts import Facts
from cleaner.facts.wire import pack, unpack
from cleaner.files import Choice, discover, read_bytes, too_large
from cleaner.git import Repository
from cleaner.pipeline import Checked
from cleaner.text.article import Article
from cleaner.text.document import Document, digest
from cleaner.text.sites import domain_in

_GROUPS = 64
_FEW = 10
"""It is faster to conclude for a few articles alone where the folder has so many times more."""


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
        return {path: id_ for path, id_ in staged.items() if path.startswith(below) and self.choice.takes(path, self.root)}

    def contents(self) -> Mapping[str, str]:
        """The ids of git; those of files that it does not know are their digests."""
        others = [path for path in self.others if path not in self._staged]
        return {**self._staged, **_digests(others, self.max_size)}

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | DocumentError]]:
        """What is staged, or on the disk of files that git does not know."""
        by_content: dict[str, list[str]] = defaultdict(list)
        for path in paths:
            if path in self._staged:
                by_content[self._staged[path]].append(path)
            else:
                yield path, _read(path, self.max_size)
        for content, data in self.repository.read(by_content, self.max_size):
            for path in by_content[content]:
                yield path, too_large(path, self.max_size) if data is None else data


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


class FolderEngine:
    """Judges files of the folder of `source`; `store` may be none."""

    def __init__(
        self, job: Job, source: Source, store: FactStore | None, progress: Callable[[int], None] = lambda _: None
    ) -> None:
        self.pipeline = job.pipeline()
        self.evidence = Evidence(Facts())
        self._facts = self.evidence.facts
        self._parts: list[Facts] = []
        """The facts of groups of articles, of which `_facts` works out what is asked for; none where they are added up."""
        self._source = source
        self._above = os.path.join(source.root, "")
        self._store = store
        self._progress = progress
        self._at_hand: dict[str, bytes | DocumentError] = {}
        """What was read already of the files to judge."""

    def run(self, paths: Mapping[str, str]) -> Iterator[Result]:
        """The result of each of `paths`, real paths with the names that they are to have, in order."""
        self._at_hand = dict(self._source.read(paths))
        self.gather()
        read = {real: self._articles(paths[real], self._at_hand.pop(real)) for real in paths}
        self._conclude([article for each in read.values() if not isinstance(each, DocumentError) for article in each])
        for real in paths:
            each = read[real]
            yield each if isinstance(each, DocumentError) else self.pipeline.check(each, self.evidence)

    def judge(self, document: Document) -> Checked:
        """The findings of a document, which may differ from what the folder holds, by the evidence last gathered."""
        articles = self.pipeline.articles(document)
        self._conclude(articles)
        return self.pipeline.check(articles, self.evidence)

    def _conclude(self, articles: Sequence[Article]) -> None:
        if len(articles) * _FEW < self._facts.documents:
            self.evidence = self.pipeline.conclude_for(articles, self._facts)
            return
        if self._parts:
            self._facts, self._parts = self.pipeline.merge(self._parts), []
        self.evidence = self.pipeline.conclude(self._facts)

    def recheck(self, document: Document) -> Checked:
        """The findings of a changed document by the evidence of the run."""
        return self.pipeline.check(self.pipeline.articles(document), self.evidence)

    def _articles(self, name: str, data: bytes | DocumentError) -> Sequence[Article] | DocumentError:
        if isinstance(data, DocumentError):
            return DocumentError(name, data.what)
        try:
            return self.pipeline.articles(Document.from_bytes(name, data))
        except DocumentError as error:
            return error
        except MemoryError:
            return too_little_memory(name)

    # --- facts

    def gather(self) -> None:
        """Gather the facts of all articles of the folder, as they are now."""
        contents = self._source.contents()
        groups: list[dict[str, str]] = [{} for _ in range(_GROUPS)]
        for path in sorted(contents):
            groups[zlib.crc32(os.fsencode(self._inside(path))) % _GROUPS][path] = contents[path]
        # Each source has its own names for contents.
        here = key_of("group", type(self._source).__name__, self._source.root).hex()
        self._parts = []
        for number, group in enumerate(groups):
            if group:
                name, sign = f"group{number}-{here}.facts", self._sign(group)
                kept = cache.fetch(name) if self._store else None
                if kept is not None and kept[: len(sign)] == sign:
                    self._parts.append(unpack(kept[len(sign) :]))
                else:
                    self._parts.append(self._sum(name, sign, group))
                self._progress(len(group))
        self._facts = Facts.joined(self._parts)

    def _inside(self, path: str) -> str:
        """The path within the folder."""
        return path.removeprefix(self._above)

    def _sign(self, group: Mapping[str, str]) -> bytes:
        """What stands for the facts of a group of articles, of which the contents are given, in order."""
        members = "\0".join(each for path, content in group.items() for each in (self._inside(path), content))
        return key_of(self.pipeline.sign_of_facts.hex(), members)

    def _key(self, path: str, content: str) -> bytes:
        """The key of the facts of one article: they follow from its content, folder, site, ending and field."""
        inside = self._inside(path)
        folder, name = os.path.split(inside)
        signs = (self.pipeline.sign_of_facts.hex(), folder, domain_in(inside), os.path.splitext(name)[1].lower())
        return key_of("article", *signs, content)

    def _sum(self, name: str, sign: bytes, group: Mapping[str, str]) -> Facts:
        """The facts of a group of articles, of which the contents are given; kept under its `name` with its `sign` if all could be read."""
        articles = {path: self._key(path, content) for path, content in group.items()}
        known: dict[bytes, Facts] = self._store.get(articles.values()) if self._store else {}
        missing = [path for path, key in articles.items() if key not in known]
        read = {articles[path]: self._observe(path, data) for path, data in self._read(missing)}
        new = {key: facts for key, facts in read.items() if facts is not None}
        if self._store:
            self._store.put(new.items())
        known |= new
        times = Counter(articles.values())  # copies in one folder share a key
        merged = Facts()
        for each in filter(known.__contains__, articles.values()):
            merged.merge(deepcopy(known[each]) if times[each] > 1 else known[each])
        if self._store and known.keys() == times.keys():
            cache.store(name, sign + pack(merged))
        return merged

    def _read(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes | DocumentError]]:
        yield from ((path, self._at_hand[path]) for path in paths if path in self._at_hand)
        yield from self._source.read([path for path in paths if path not in self._at_hand])

    def _observe(self, path: str, data: bytes | DocumentError) -> Facts | None:
        """The facts of one article; None of one that cannot be read, which is named when it is judged."""
        articles = self._articles(self._inside(path), data)
        try:
            return None if isinstance(articles, DocumentError) else self.pipeline.observe(*articles)
        except MemoryError:
            return None
