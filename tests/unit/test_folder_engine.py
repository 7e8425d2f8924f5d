"""Single files judged by the evidence of their folder."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import git

from cleaner import cache
from cleaner.engines import folder as module
from cleaner.engines import spellings
from cleaner.engines.folder import DiskSource, FolderEngine, StagedSource
from cleaner.engines.local import Job, LocalEngine
from cleaner.engines.store import FactStore
from cleaner.errors import CleanerError, DocumentError
from cleaner.files import Choice
from cleaner.git import Repository, id_of
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.rulebook.load import RuleBook
from cleaner.text.document import Document
from cleaner.text.sites import site_of

LINE = "Mara Ellison, Valley Tribune"
WHO = "senator minister farmer teacher doctor sailor lawyer painter driver".split()
OTHERS = [
    f"The {who} spoke to reporters in the capital on Monday.\n\nNobody asked the {who} about trees.\n\n{LINE}\n" for who in WHO
]
JUDGED = f"The mayor left the town in the evening.\n\nIt was not clear when he would return.\n\n{LINE}\n"
FOUND = [LINE]
"""By the evidence of the others."""


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where facts are kept."""
    folder = tmp_path / "kept"
    folder.mkdir()
    monkeypatch.setattr(cache, "cache_folder", lambda: folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository of articles, all staged."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, text in enumerate(OTHERS):
        (folder / f"{number}.txt").write_text(text)
    (folder / "judged.txt").write_text(JUDGED)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    return folder


@pytest.fixture
def results(folder: Path, book: RuleBook) -> Callable[..., dict[str, Checked | DocumentError]]:
    """What is said of the files with some names."""
    repository = Repository.around(str(folder))
    assert repository
    root = os.path.realpath(folder)

    def results(*names: str, max_size: int = 10_000, keeps: bool = True) -> dict[str, Checked | DocumentError]:
        source = StagedSource(root, repository, Choice([".txt"], []), max_size, [os.path.join(root, name) for name in names])
        engine = FolderEngine(Job(lambda: Pipeline(book, Selection()), max_size), source, keeps=keeps)
        paths = {os.path.join(root, name): str(folder / name) for name in names}
        return dict(zip(names, engine.run(paths), strict=True))

    return results


@pytest.fixture
def observed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the articles that are observed."""
    places: list[str] = []
    original = Pipeline.observe

    def observing(self, *articles):
        places.extend(article.document.place for article in articles)
        return original(self, *articles)

    monkeypatch.setattr(Pipeline, "observe", observing)
    return places


def findings(result: Checked | DocumentError) -> list[str]:
    assert isinstance(result, Checked), result
    return [finding.matched.strip() for finding in result.findings]


@pytest.mark.parametrize("kept_at_once", [module.KEPT, 0])
def test_a_file_is_judged_by_its_folder_whatever_is_judged_beside_it(
    results, folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch, kept_at_once: int
):
    monkeypatch.setattr(module, "KEPT", kept_at_once)
    alone = results("judged.txt")["judged.txt"]
    assert findings(alone) == FOUND
    names = [path.name for path in folder.glob("*.txt")]
    together = results(*names)
    whole = {
        Path(result.document.path).name: result
        for result in LocalEngine(Job(lambda: Pipeline(book, Selection()), 10_000, 1)).run([str(folder / name) for name in names])
        if isinstance(result, Checked)
    }
    assert findings(together["judged.txt"]) == findings(alone)
    assert {name: findings(result) for name, result in together.items()} == {name: findings(whole[name]) for name in names}


def test_what_is_staged_counts_and_is_read_once(results, folder: Path, monkeypatch: pytest.MonkeyPatch):
    results("judged.txt")
    for path in folder.glob("[0-9].txt"):
        path.unlink()  # from the disk, not from the index
    read: list[str] = []
    original = Repository.read

    def counting(self, contents, max_size):
        contents = list(contents)
        read.extend(contents)
        return original(self, contents, max_size)

    monkeypatch.setattr(Repository, "read", counting)
    assert findings(results("judged.txt")["judged.txt"]) == FOUND
    assert not read  # the disk has it
    (folder / "judged.txt").write_text("Nothing.")
    assert findings(results("judged.txt")["judged.txt"]) == FOUND
    assert len(read) == 1
    git(folder, "add", "-A")
    assert not findings(results("judged.txt")["judged.txt"])


@pytest.mark.parametrize("damage", [b"nothing that was ever stored, but something that is long enough", b""])
def test_damaged_facts_are_gathered_anew(results, kept: Path, damage: bytes):
    before = findings(results("judged.txt")["judged.txt"])
    files = sorted(kept.glob("group*"))
    whole = [path.read_bytes() for path in files]
    for path, data in zip(files, whole, strict=True):
        path.write_bytes(damage or data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    assert findings(results("judged.txt")["judged.txt"]) == before
    assert [path.read_bytes() for path in files] == whole


def test_a_row_that_is_not_what_was_stored_is_not_used(tmp_path: Path):
    path = tmp_path / "store"
    FactStore(path).put([(b"key", b"as it was stored")])
    assert FactStore(path).get([b"key", b"other"]) == {b"key": b"as it was stored"}
    path.write_bytes(path.read_bytes().replace(b"as it was stored", b"as it was stOred"))
    assert FactStore(path).get([b"key"]) == {}


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_git_calls_contents_the_same(tmp_path: Path, digest: str):
    git(tmp_path, "init", "-q", f"--object-format={digest}")
    for data in (b"", b"Gen. Kirbry spoke.\r\n\0\xff"):
        (tmp_path / "a.txt").write_bytes(data)
        git(tmp_path, "add", "a.txt")
        repository = Repository.around(str(tmp_path))
        assert repository
        (content,) = repository.staged().values()
        assert id_of(data, content) == content != id_of(data + b".", content)


@pytest.mark.parametrize("answer", ["printf '9\\nhalf'; exit 128", "printf '4\\nhalf\\n'; exit 128", "exit 128"])
def test_a_git_that_fails_is_heard(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str):
    """And what it told so far of a content is not taken for all of it."""
    git_ = tmp_path / "bin" / "git"
    git_.parent.mkdir()
    git_.write_text(f"#!/bin/sh\necho fatal: of no use >&2\n{answer}\n")
    git_.chmod(0o755)
    monkeypatch.setenv("PATH", str(git_.parent), prepend=os.pathsep)
    with pytest.raises(CleanerError, match="git cat-file failed: of no use"):
        list(Repository(str(folder), str(folder)).read([f"{number:040}" for number in range(256)], 100))


def test_files_that_cannot_be_judged_are_named(results, folder: Path):
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "large.txt").write_text("a word " * 9000)
    git(folder, "add", "binary.txt", "large.txt")
    found = results("binary.txt", "missing.txt", "large.txt", "judged.txt", keeps=False)
    assert [str(found[name]).removeprefix(str(folder)) for name in ("binary.txt", "missing.txt", "large.txt")] == [
        "/binary.txt: a binary file, not a text: convert the file to UTF-8, or exclude it",
        "/missing.txt: cannot be read: No such file or directory",
        "/large.txt: larger than 10,000 bytes: split it, or raise 'max-file-size'",
    ]
    assert findings(found["judged.txt"]) == FOUND


def test_files_that_could_not_be_read_count_as_soon_as_they_can(results):
    assert not findings(results("judged.txt", max_size=len(JUDGED))["judged.txt"])
    assert findings(results("judged.txt")["judged.txt"]) == FOUND


def test_a_file_that_cannot_be_read_leaves_what_is_known_of_others(
    results, folder: Path, monkeypatch: pytest.MonkeyPatch, observed: list[str]
):
    monkeypatch.setattr(module, "_parts", lambda _: 1)
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    git(folder, "add", "binary.txt")
    results("judged.txt")
    observed.clear()
    (folder / "1.txt").write_text("Nothing.")
    git(folder, "add", "1.txt")
    assert findings(results("judged.txt")["judged.txt"]) == FOUND
    assert observed == ["1.txt"]


def test_a_folder_that_grows_into_more_groups_reads_what_is_new(folder: Path, book: RuleBook, observed: list[str]):
    root = os.path.realpath(folder)
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"{OTHERS[number % len(OTHERS)]}\n\n{number}")
        engine = FolderEngine(Job(lambda: Pipeline(book, Selection()), 10_000), DiskSource(root, [".txt"], [], root, 10_000))
        engine.gather()
    assert module._parts(41) > module._parts(10) > 1
    assert len(observed) == 10 + 39
    assert engine._facts.documents == 41


def test_files_for_which_memory_does_not_suffice_count_when_it_does(results, monkeypatch: pytest.MonkeyPatch):
    def short_of_memory(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "observe", short_of_memory)
        assert not findings(results("judged.txt")["judged.txt"])
    assert findings(results("judged.txt")["judged.txt"]) == FOUND


def test_git_is_asked_where_a_user_may_have_no_more_large_pipes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    begin = subprocess.Popen

    def limited(*arguments: Any, pipesize: int = -1, **options: Any) -> Any:
        if pipesize > 0:
            raise PermissionError(1, "Operation not permitted")
        return begin(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", limited)
    repository = Repository.asked_for(str(folder), lists=True)()
    assert repository
    assert len(repository.staged()) == len(OTHERS) + 1


def test_what_the_hook_keeps_and_what_the_editor_keeps_stand_side_by_side(
    folder: Path, kept: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
):
    repository, root = Repository.around(str(folder)), os.path.realpath(folder)
    assert repository
    staged = StagedSource(root, repository, Choice([".txt"], []), 10_000)
    sources = staged, DiskSource(root, [".txt"], [], root, 10_000)
    engines = [FolderEngine(Job(lambda: Pipeline(book, Selection()), 10_000), source) for source in sources]
    for engine in engines:
        engine.gather()
    assert len(list(kept.glob("group*"))) > 4
    monkeypatch.setattr(cache, "store", None)  # nothing is stored again
    for engine in engines:
        engine.gather()


def test_names_are_compared_with_those_that_the_folder_has_now(
    folder: Path, kept: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch
):
    """However often it changes: what is kept of it may know names that it has no more."""
    monkeypatch.setattr(spellings, "_FEW", 1)
    monkeypatch.setattr(spellings, "_SMALL", 8)
    root = os.path.realpath(folder)
    text = "Soldiers of Kait'ib Hezbollah left the town of Ghouta. Gen. Marat Kirbry spoke of {name} and {name}.\n"
    for number in range(20):
        (folder / f"more{number}.txt").write_text(
            "The men of Kata'ib Hezbollah came. They met Marat Kirby there.\n" * (number % 3)
        )

    def judged(*, keeps: bool) -> list[tuple[str, str]]:
        source = DiskSource(root, [".txt"], [], root, 10_000)
        engine = FolderEngine(Job(lambda: Pipeline(book, Selection()), 10_000), source, keeps=keeps)
        (result,) = engine.run({os.path.join(root, "judged.txt"): "judged.txt"})
        assert isinstance(result, Checked)
        return [(finding.matched, *finding.evidence) for finding in result.findings]

    found = []
    for number, name in enumerate(("Qasim Zorba", "Qassim Zorba", "Kassim Sorba", "Petra Nowak", "Petra Novak", "Olof Palme")):
        (folder / "judged.txt").write_text(text.format(name=f"{name}yn"))
        for gone in range(2):  # the names of the last turn are nowhere any more
            (folder / f"more{gone}.txt").write_text(
                f"In Kyiv the ministry of Mr. {name}yn met {name}yn and Marat Kirby.\n" * (number + 1)
            )
        found += judged(keeps=True)
        assert judged(keeps=True) == judged(keeps=False) == found[-len(judged(keeps=False)) :]
    assert len(found) > 3
    assert list(kept.glob("spelled*"))


def test_a_name_that_the_editor_has_and_the_folder_had_once(folder: Path, kept: Path, book: RuleBook):
    """It is in what is kept of how names are spelled, and nothing is counted of it."""
    root = os.path.realpath(folder)
    once = folder / "once.txt"
    for text in ("He met Marat Kirbry.", "He met Marat Kirbyy there.", "Nobody came."):
        for number in range(3):
            (folder / f"more{number}.txt").write_text("She met Marat Kirby, and Marat Kirby spoke.\n" * (number + 1))
        once.write_text(text)
        engine = FolderEngine(Job(lambda: Pipeline(book, Selection()), 10_000), DiskSource(root, [".txt"], [], root, 10_000))
        engine.gather()
        engine.judge(Document.from_text(str(once), text))
    assert list(kept.glob("spelled*"))
    alone = FolderEngine(
        Job(lambda: Pipeline(book, Selection()), 10_000), DiskSource(root, [".txt"], [], root, 10_000), keeps=False
    )
    alone.gather()
    edited = Document.from_text(str(once), "He met Marat Kirbry and Marat Kirbyy.")
    assert engine.judge(edited).findings == alone.judge(edited).findings


def test_the_site_of_an_article_is_told_by_its_place_in_the_folder(folder: Path, kept: Path, book: RuleBook):
    """However it is named: the evidence of its site is that of the others there."""
    root = os.path.realpath(folder)
    (folder / "site").mkdir()
    for path in list(folder.glob("*.txt")):
        path.rename(folder / "site" / path.name)
    engine = FolderEngine(Job(lambda: Pipeline(book, Selection()), 10_000), DiskSource(root, [".txt"], [], root, 10_000))
    (result,) = engine.run({os.path.join(root, "site", "judged.txt"): "../elsewhere/named.txt"})
    assert isinstance(result, Checked)
    (finding,) = result.findings
    assert result.document.path == "../elsewhere/named.txt"
    assert finding.evidence[0] == "this line stands in 10 articles"
    assert site_of(engine.pipeline.articles(result.document)[0]) == "site"
