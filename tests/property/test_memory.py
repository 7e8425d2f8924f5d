"""The property of the memory of the local engine: whatever happens to a folder, a run that remembers says what one says that does not."""

import ast
import contextlib
import io
import os
import sqlite3
import tempfile
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import copy_rules

from cleaner.baseline import Baseline, Entry
from cleaner.detectors import Evidence, base, names
from cleaner.engines import chunks, local, memory, store
from cleaner.engines.local import Job, LocalEngine
from cleaner.errors import DocumentError
from cleaner.findings import Finding, Kind
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.reports import create
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.load import load
from cleaner.silence import Silence
from cleaner.suppression import Ignore, Suppressions

FILES = 12
"""Each sentence stands in some of so many; with them a run remembers, and has more than one task, by what `new_folder` says."""
SENTENCES = [
    "Kirby told the Washington Post about it near Idlib.",
    "Kirbyy told the press, said Ned Price.",
    "General Kassem Soleimani spoke in Tehran.",
    "In Tehran Qassem Soleimani met Kirby.",
    "The goverment denied the report.",
    "The remdesvir trial was a sucess for the goverment.",
    "He said that the civilian contractor reduced the situation.",
    "The armed contractor said the group shelled a rocket.",
    "ADVERTISEMENT",
    "Sign up for our daily newsletter today",
    "<!-- cleaner: off-next-line typo -->",
    "It was an mistake of the the court.",
    "“Jabhat Fatah al-Sham left,” he said.",
    "Jabhat Fateh al-Sham came back from Ydlib.",
]
OPTIONAL = {
    "phrase": '{id: wording.a, match: ["civilian [contractor]"], replace: [worker], confidence: 0.9, bad: ["a civilian [contractor -> worker]"], good: ["a worker"]}',
    "phrase, surer": '{id: wording.a, match: ["civilian [contractor]"], replace: [worker], confidence: 0.95, bad: ["a civilian [contractor -> worker]"], good: ["a worker"]}',
    "word": '{id: wording.b, match: ["[shelled]"], replace: [fired], confidence: 0.7, bad: ["it [shelled -> fired]"], good: ["it fired"]}',
    "name": '{id: names.c, kind: name, name: Qassem Soleimani, type: person, variants: [Kassem Soleimani], confidence: 0.9, bad: ["[Kassem Soleimani -> Qassem Soleimani] spoke."]}',
}  # fmt: skip

texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5).map("\n\n".join)
numbers = st.integers(0, FILES + 4)
steps = st.one_of(
    st.tuples(st.just("write"), numbers, texts),
    st.tuples(st.just("remove"), numbers),
    st.tuples(st.just("rename"), numbers, numbers),
    st.tuples(st.just("garble"), numbers),
    st.tuples(st.just("rules"), st.frozensets(st.sampled_from(sorted(OPTIONAL)))),
    st.tuples(st.just("disable"), st.sampled_from([(), ("wording.b",), ("typo",), ("layout.litter-run",)])),
    st.tuples(st.just("confidence"), st.sampled_from([None, 0.0, 0.9])),
    st.tuples(st.just("kinds"), st.sampled_from([frozenset(), frozenset({Kind.NAME, Kind.TYPO})])),
    st.tuples(st.just("reject"), st.integers(0, 5), st.sampled_from(["key", "rule"])),
    st.tuples(st.just("accept"), st.integers(0, 5)),
    st.tuples(st.just("ignore"), st.sampled_from(["", "sidecar", "configured"]), numbers),
    st.tuples(st.just("prefer"), st.sampled_from([frozenset(), frozenset({"Kirbyy"})])),
    st.tuples(st.just("damage"), st.integers(0, 10**6)),
    st.tuples(st.just("lock")),
    st.tuples(st.just("wait")),
)
UNSEEN = {"damage", "lock", "wait"}
"""What is nothing to a run that does not remember."""


@cache
def rules(chosen: frozenset[str]) -> RuleBook:
    """Some shipped rules, and some more."""
    with tempfile.TemporaryDirectory() as temporary:
        copy_rules(
            Path(temporary), "typos/known.yaml", "typos/known.tsv", "names/folder.yaml", "layout/litter.yaml", "style/prose.yaml"
        )
        text = "defaults: {kind: wording, message: m, why: w, source: s}\nrules:\n"
        Path(temporary, "own").mkdir()
        Path(temporary, "own", "rules.yaml").write_text(text + "".join(f"  - {OPTIONAL[each]}\n" for each in sorted(chosen)))
        return load([Path(temporary)], cached=False)


class Folder:
    """A folder of articles with all that a run depends on."""

    def __init__(self, root: str) -> None:
        self.root = Path(root, "articles")
        self.root.mkdir()
        self.store = Path(root, "store")
        self.chosen: frozenset[str] = frozenset({"phrase"})
        self.disabled: tuple[str, ...] = ()
        self.confidence: float | None = None
        self.kinds: frozenset[Kind] = frozenset()
        self.preferred: frozenset[str] = frozenset()
        self.silence = Silence()
        self.suppressions = Suppressions()
        self.last: list[Finding] = []
        self.lock: sqlite3.Connection | None = None
        for number in range(FILES):
            self.write(number, "\n\n".join(SENTENCES[(number + k) % len(SENTENCES)] for k in range(3)))

    def path(self, number: int) -> Path:
        """An article."""
        return self.root / f"{number:02}.txt"

    def write(self, number: int, text: str) -> None:
        """Write an article."""
        self.path(number).write_text(text + "\n", encoding="utf-8")

    def change(self, what: str, *how: Any) -> None:
        """Take a step."""
        getattr(self, f"_{what}", getattr(self, what, None))(*how)

    def remove(self, number: int) -> None:
        """Remove an article."""
        self.path(number).unlink(missing_ok=True)

    def rename(self, number: int, other: int) -> None:
        """Rename an article."""
        if self.path(number).exists():
            self.path(number).replace(self.path(other))

    def garble(self, number: int) -> None:
        """Put what is no text in the place of an article."""
        self.path(number).write_bytes(bytes(range(256)))

    def _rules(self, chosen: frozenset[str]) -> None:
        self.chosen = chosen

    def disable(self, what: tuple[str, ...]) -> None:
        """Switch rules off."""
        self.disabled = what

    def _confidence(self, least: float | None) -> None:
        self.confidence = least

    def _kinds(self, kinds: frozenset[Kind]) -> None:
        self.kinds = kinds

    def prefer(self, spellings: frozenset[str]) -> None:
        """Prefer spellings."""
        self.preferred = spellings

    def reject(self, number: int, how: str) -> None:
        """Decide that a finding of the last run is none."""
        for finding in self.last[number : number + 1]:
            if how == "key":
                self.silence = Silence(self.silence.keys | {finding.key}, self.silence.rules, self.silence.fixes)
            else:
                self.silence = Silence(self.silence.keys, self.silence.rules | {finding.rule_id}, self.silence.fixes)

    def accept(self, number: int) -> None:
        """Put a finding of the last run, and all that went before, into the baseline."""
        accepted = Baseline.of(Entry.of("", finding) for finding in self.last[: number + 1])
        self.suppressions = Suppressions(self.suppressions.configured, self.suppressions.sidecars, accepted)

    def ignore(self, where: str, number: int) -> None:
        """Hide typos in an article, or in all."""
        hide = {str(self.path(number)) if where else "": (Ignore(f"{where}:1", ("typo",)),)}
        sidecars = hide if where == "sidecar" else {}
        configured = {} if where == "sidecar" else hide
        self.suppressions = Suppressions(configured, sidecars, self.suppressions.baseline)

    def damage(self, at: int) -> None:
        """Change a byte of the store."""
        if self.store.exists():
            data = bytearray(self.store.read_bytes())
            data[at % len(data)] ^= 0xFF
            self.store.write_bytes(data)

    def _lock(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.lock = sqlite3.connect(self.store, timeout=0)
            self.lock.execute("BEGIN EXCLUSIVE")

    def wait(self) -> None:
        """Let so much time go that files may be known by their stamps."""
        time.sleep(0.06)

    def pipeline(self) -> Pipeline:
        """The pipeline by all that holds now."""
        book = rules(self.chosen).without(("none",))  # a copy
        book.preferred = self.preferred
        chosen = Selection(self.confidence, self.kinds, frozenset(), self.silence, self.suppressions)
        return Pipeline(book.without(self.disabled), chosen)

    def run(self, *, cached: bool, processes: int = 1) -> list[str]:
        """All that a run says."""
        engine = LocalEngine(Job(self.pipeline, 10_000, processes, cached=cached))
        streams = {form: io.StringIO() for form in ("jsonl", "json", "text", "sarif")}
        reports = [create(form, stream, engine.pipeline.book) for form, stream in streams.items()]
        said, self.last = [], []
        for result in engine.run(sorted(map(str, self.root.glob("*.txt")))):
            if isinstance(result, DocumentError):
                said.append(str(result))
                continue
            for report in reports:
                report.add(result)
            said.append(repr(all_of(result)))
            self.last += result.findings
        for report in reports:
            report.close()
        said.append(repr(names.clusters_of(engine.evidence)))
        return [*said, *(stream.getvalue() for stream in streams.values())]

    def end(self) -> None:
        """Let go of the store."""
        if self.lock:
            self.lock.close()
            self.lock = None


def all_of(checked: Checked) -> tuple[object, ...]:
    """All that a result says."""
    document = checked.document
    what = (checked.findings, checked.overlapped, checked.hidden, checked.unused)
    return (document.path, document.digest, document.text, document.encoding, tuple(map(str, checked.errors)), what)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the articles that are searched."""
    paths: list[str] = []
    search = Pipeline.search

    def listed(self: Pipeline, articles: Any, *rest: Any, **more: Any) -> Any:
        paths.append(os.path.basename(articles[0].document.path))
        return search(self, articles, *rest, **more)

    monkeypatch.setattr(Pipeline, "search", listed)
    return paths


@contextlib.contextmanager
def new_folder(granule: float = 0.02) -> Any:
    """A folder with a store of its own, on a file system with a fine clock."""
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        folder = Folder(temporary)
        patch.setattr(store, "cache_folder", lambda: Path(temporary))
        patch.setattr(store, "_NAME", "store")
        patch.setattr(store, "_PATIENCE", 0.01)
        patch.setattr(memory, "_GRANULE", int(granule * 1e9))
        patch.setattr(local, "_REMEMBERED", FILES - 4)
        patch.setattr(local, "_TASK", 2)
        for name, size in (("_CHUNK", 3), ("_LONGEST", 4), ("_SPAN", 2), ("_WIDEST", 2)):
            patch.setattr(chunks, name, size)
        yield folder
        folder.end()


@given(st.lists(steps, min_size=1, max_size=7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_run_that_remembers_says_what_one_says_that_does_not(changes: list[tuple[Any, ...]]):
    with new_folder() as folder:
        folder.run(cached=True)
        fresh = None
        for change in changes:
            folder.change(*change)
            if fresh is None or change[0] not in UNSEEN:
                fresh = folder.run(cached=False)
            assert folder.run(cached=True) == fresh
            folder.end()
        assert folder.run(cached=True) == fresh


def test_what_did_not_change_is_neither_read_nor_searched(searched: list[str], monkeypatch: pytest.MonkeyPatch):
    with new_folder() as folder:
        for number in range(FILES):
            folder.write(number, SENTENCES[number % 10])
        folder.wait()
        paths = sorted(map(str, folder.root.iterdir()))

        def run() -> list[object]:
            said = []
            for form in ("jsonl", "json", "text"):
                engine, stream = LocalEngine(Job(folder.pipeline, 10_000, 1, cached=True)), io.StringIO()
                report = create(form, stream, engine.pipeline.book)
                for each in engine.run(paths):
                    assert isinstance(each, Checked)
                    report.add(each)
                    said.append((each.findings, len(each.findings), bool(each.findings), each.document.digest))
                report.close()
                said.append(stream.getvalue())
            return said

        first = run()
        assert len(searched) == FILES
        searched.clear()

        def refuse(*_: object) -> bytes:
            raise AssertionError("read")

        for module in ("memory", "worker", "local", "shown"):
            monkeypatch.setattr(f"cleaner.engines.{module}.read_bytes", refuse)
        assert run() == first
        assert not searched


def test_files_that_cannot_be_read_are_named_without_the_evidence(monkeypatch: pytest.MonkeyPatch):
    with new_folder() as folder:
        folder.write(3, "It is too large. " * 1000)
        folder.garble(5)
        folder.path(7).unlink()
        folder.path(7).symlink_to("nowhere")
        paths = sorted(map(str, folder.root.iterdir()))

        def run() -> list[str]:
            results = LocalEngine(Job(folder.pipeline, 10_000, 1, cached=True)).run(paths)
            return [str(each) if isinstance(each, DocumentError) else repr(all_of(each)) for each in results]

        first = run()
        assert [number for number, said in enumerate(first) if said.startswith(paths[number])] == [3, 5, 7]
        monkeypatch.setattr(Pipeline, "conclude", None)
        assert run() == first


def test_nothing_is_recorded_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Evidence, "recording", None)
    with new_folder() as folder:
        paths = sorted(map(str, folder.root.iterdir()))[:3]
        assert len(list(LocalEngine(Job(folder.pipeline, 10_000, 1, cached=True)).run(paths))) == 3


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (("write", 3, "Nothing of note happened."), 1),
        (("rules", frozenset({"phrase, surer"})), 3),  # those that have the word of the rule
        (("reject", 0, "key"), 0),
        (("accept", 2), 0),
    ],
)
def test_what_changed_is_searched_alone(searched: list[str], change: tuple[Any, ...], again: int):
    with new_folder() as folder:
        for number in range(FILES):
            folder.write(number, SENTENCES[6] if number < 3 else f"The goverment said so for the {number}th time.")
        folder.run(cached=True)
        searched.clear()
        folder.change(*change)
        remembered = folder.run(cached=True)
        assert len(searched) == again
        assert remembered == folder.run(cached=False)


def test_what_other_spans_show_is_summed_up_once(monkeypatch: pytest.MonkeyPatch):
    with new_folder() as folder:
        monkeypatch.setattr(chunks, "_CHUNK", 1 << 40)  # chunks and spans are as long as they may be
        for number in range(FILES, 16):
            folder.write(number, "Nothing of note happened.")
        paths = sorted(map(str, folder.root.iterdir()))
        known: list[list[str]] = []
        facts = memory.Memory.facts

        def listed(self: memory.Memory, files: Any, *rest: Any) -> Any:
            found = facts(self, files, *rest)
            if found is not None:
                known.append([*files])
            return found

        for number in range(3):
            folder.write(0, f"The goverment said so for the {number}th time.")
            if number == 2:
                monkeypatch.setattr(memory.Memory, "facts", listed)
            remembered = folder.run(cached=True)
        assert known == [paths[4:8], paths[8:]]  # another chunk of the span that changed, and the other span
        assert remembered == folder.run(cached=False)


@pytest.mark.parametrize("readings", [0, 1])
def test_what_was_asked_may_be_gone_at_any_time(monkeypatch: pytest.MonkeyPatch, readings: int):
    with new_folder() as folder:
        for number in range(FILES):
            folder.write(number, f"The goverment said so for the {number}th time.")
        folder.run(cached=True)
        folder.write(3, "Nothing of note happened.")
        there, asked = iter([True] * readings), memory.Memory.asked
        monkeypatch.setattr(memory.Memory, "asked", lambda self, chunk: asked(self, chunk) if next(there, False) else {})
        assert folder.run(cached=True) == folder.run(cached=False)


def test_a_file_that_is_written_twice_at_once_is_read_twice(monkeypatch: pytest.MonkeyPatch):
    def coarse(path: str) -> object:
        """What a file system says whose clock stands still."""
        status = stat(path)
        return SimpleNamespace(**{**fields(status), "st_mtime_ns": now, "st_ctime_ns": now})

    def fields(status: os.stat_result) -> dict[str, int]:
        return {name: getattr(status, name) for name in ("st_size", "st_ino", "st_dev")}

    stat, now = os.stat, time.time_ns()
    with new_folder(granule=100) as folder:
        monkeypatch.setattr(memory, "os", SimpleNamespace(stat=coarse, fsencode=os.fsencode, getcwd=os.getcwd))
        folder.write(0, "The goverment fell.")
        before = folder.run(cached=True)
        folder.write(0, "The fgovernme fell.")
        assert folder.run(cached=True) == folder.run(cached=False) != before
        folder.remove(0)
        folder.path(0).symlink_to("nowhere")
        assert folder.run(cached=True) == folder.run(cached=False)


def test_detectors_learn_of_the_folder_by_questions_alone():
    package = Path(base.__file__).parent
    knowing = set()
    for module in [*package.glob("*.py"), package.parent / "shield.py"]:
        for function in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and not any(
                ast.unparse(each) == "question" for each in function.decorator_list
            ):
                uses = [ast.unparse(each) for each in ast.walk(function) if isinstance(each, ast.Attribute)]
                knowing |= {function.name for each in uses if each in {"evidence.facts", "evidence.conclusions"}}
    assert knowing == {"_concluded", "clusters_of"}
