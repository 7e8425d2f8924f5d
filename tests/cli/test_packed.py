"""Word documents and tables at every front end."""

import os
from functools import partial
from pathlib import Path

import packages
import pytest
from packages import docx, paragraph, read_table, table, text
from support import git, own_cache, reported
from textual.widgets import Static

from cleaner.engines.local import Job, LocalEngine
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.reviewing import Review
from cleaner.rulebook.book import RuleBook
from cleaner.tui.app import ReviewApp
from cleaner.workspace import Workspace

BODY = paragraph(text("The gover"), text("ment &amp; others recieve it.")) + paragraph(
    text("Iran-backed Kait’ib Hezbollah fell.")
)
TABLE = {"id": [1, 2, 3], "body": ["It was an medical matter.", None, "The goverment “fell”.\nThey recieve it."]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.docx").write_bytes(docx(BODY))
    (tmp_path / "b.parquet").write_bytes(table(TABLE))
    (tmp_path / "cleaner.toml").write_text('extensions = [".docx", ".parquet"]\nfield = "body"\n')
    return tmp_path


def found(cli, *arguments: str) -> list[tuple]:
    return [
        (each["path"], each["line"], each["column"], each["text"], each["replacements"][:1]) for each in reported(cli, *arguments)
    ]


def test_findings_stand_in_paragraphs_and_rows(cli, folder: Path):
    assert found(cli, ".") == [
        ("./a.docx", 1, 5, "goverment", ["government"]),
        ("./a.docx", 1, 24, "recieve", ["receive"]),
        ("./a.docx", 2, 13, "Kait’ib Hezbollah", ["Kata’ib Hezbollah"]),
        ("./b.parquet", 1, 18, "an medical", ["a medical"]),
        ("./b.parquet", 3, 15, "goverment", ["government"]),
        ("./b.parquet", 3, 39, "recieve", ["receive"]),
    ]


def test_what_cannot_be_read_for_want_of_a_package_is_read_once_it_is_there(
    cli_with_few_rules, few_rules: Path, folder: Path, tmp_path_factory
):
    for number in range(20):
        (folder / f"{number}.docx").write_bytes(docx(paragraph(text(f"It was the {number}th time."))))
    without = tmp_path_factory.mktemp("without")
    (without / "pyarrow.py").write_text("raise ModuleNotFoundError(name='pyarrow')")
    cache = own_cache(tmp_path_factory.mktemp("cache"))
    cli = partial(cli_with_few_rules, "report", ".", **cache)
    lacking = cli(PYTHONPATH=os.pathsep.join([str(without), str(few_rules)]))
    assert "b.parquet: Parquet is read by pyarrow" in lacking.stderr
    there, anew = cli(), cli("--no-cache")
    assert (there.stdout, there.stderr) == (anew.stdout, "")
    assert "./b.parquet\n" in there.stdout


def test_fixes_are_shown_as_texts_and_written_into_the_file(cli, folder: Path):
    shown = cli("fix", "--safe", "--diff", ".")
    assert "-The goverment & others recieve it.\n+The government & others receive it.\n" in shown.stdout
    assert '-{"body": "It was an medical matter."}\n+{"body": "It was a medical matter."}\n {"body": null}\n' in shown.stdout
    assert (folder / "a.docx").read_bytes() == docx(BODY)
    assert cli("fix", "--safe", ".").returncode == 1
    fixed = BODY.replace("gover<", "govern<").replace("recieve", "receive")
    assert packages.body((folder / "a.docx").read_bytes()) == fixed
    rows = read_table((folder / "b.parquet").read_bytes()).to_pydict()
    assert rows == {"id": [1, 2, 3], "body": ["It was a medical matter.", None, "The government “fell”.\nThey receive it."]}
    assert [each[3] for each in found(cli, ".")] == ["Kait’ib Hezbollah"]


def test_a_review_is_written_taken_back_and_done_again(cli, folder: Path):
    before = {name: (folder / name).read_bytes() for name in ("a.docx", "b.parquet")}

    def now() -> dict[str, bytes]:
        return {name: (folder / name).read_bytes() for name in before}

    cli("review", "--plain", ".", stdin="y\nn\ny\ny\ny\nn\ny\n")
    first = now()
    assert packages.body(first["a.docx"]) == BODY.replace("gover<", "govern<").replace("Kait", "Kata")
    assert read_table(first["b.parquet"]).column("body").to_pylist()[2] == "The government “fell”.\nThey recieve it."
    assert cli("report", ".").returncode == 0, "what was rejected stays rejected beside what was written"
    log = folder / ".cleaner/decisions.jsonl"
    assert "2 files restored" in cli("decisions", "revert", ".").stderr
    assert now() == before
    assert "2 files changed" in cli("fix", "--replay", log, ".").stderr
    assert now() == first

    (folder / "a.docx").write_bytes(docx(BODY.replace("others", "friends")))
    assert "./a.docx: changed since it was written: not restored" in cli("decisions", "revert", ".").stderr.replace(
        f"{folder}/", "./"
    )
    (folder / "a.docx").write_bytes(first["a.docx"])
    (folder / "b.parquet").write_bytes(first["b.parquet"])
    for original in (folder / ".cleaner/originals").iterdir():
        original.write_bytes(b"")
    assert cli("decisions", "revert", ".").stderr.count("was changed: restore it from elsewhere") == 2
    assert now() == first


def test_originals_are_not_for_version_control(cli, folder: Path):
    (folder / ".cleaner").mkdir()
    (folder / ".cleaner/.gitignore").write_text("lock\n")  # as it is where no packed file was written before
    cli("review", "--plain", ".", stdin="y\nn\ny\ny\ny\nn\ny\n")
    assert len([path for path in (folder / ".cleaner/originals").iterdir() if len(path.name) == 32]) == 2
    git(folder, "init", "-q")
    git(folder, "add", ".")
    assert git(folder, "ls-files").split() == [
        ".cleaner/.gitignore",
        ".cleaner/decisions.jsonl",
        "a.docx",
        "b.parquet",
        "cleaner.toml",
    ]


async def test_the_screen_shows_and_writes_them(folder: Path, book: RuleBook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    paths = ["a.docx", "b.parquet"]
    review = Review(Workspace.of(paths, None), book, paths, "body")
    for result in LocalEngine(Job(lambda: Pipeline(book, Selection(), field="body"), 10**7, 1)).run(paths):
        assert isinstance(result, Checked)
        review.state.add(result)
    app = ReviewApp(review, None, len(paths))
    async with app.run_test(size=(120, 40)) as pilot:
        assert "The [-goverment-]{+government+} & others" in str(app.query_one("#text", Static).content)
        await pilot.press(*"yyyyyyw")
        await pilot.pause()
    fixed = BODY.replace("gover<", "govern<").replace("recieve", "receive").replace("Kait", "Kata")
    assert packages.body((folder / "a.docx").read_bytes()) == fixed
    assert read_table((folder / "b.parquet").read_bytes()).column("body").to_pylist()[0] == "It was a medical matter."


def test_what_was_typed_and_cannot_be_written_is_said(cli, folder: Path):
    done = cli("review", "--plain", "b.parquet", stdin='e a "medical"\nq\ny\n')
    assert "b.parquet: not written: in row 1 a change is not written as JSON" in done.stdout
    assert (folder / "b.parquet").read_bytes() == table(TABLE)


def test_the_hook_judges_what_is_staged(cli, folder: Path):
    git(folder, "init", "-q")
    git(folder, "add", ".")
    done = cli("hook", "a.docx", "b.parquet")
    assert "a.docx:1:5: typo: “goverment”: government [typo.known]\n    The [-goverment-]{+government+} & others" in done.stdout
    assert "6 findings in 2 of 2 staged articles" in done.stdout
    assert cli("hook", "--fix", "a.docx", "b.parquet").returncode == 1
    git(folder, "add", ".")
    assert "1 finding in 1 of 2 staged articles" in cli("hook", "a.docx", "b.parquet").stdout


def test_the_baseline_and_sidecars_hide_findings(cli, folder: Path):
    assert cli("baseline", ".").returncode == 0
    assert cli("report", ".").returncode == 0
    more = {"id": [0, *TABLE["id"]], "body": ["They recieve nothing.", *TABLE["body"]]}
    (folder / "b.parquet").write_bytes(table(more))
    assert [each[1:4] for each in found(cli, ".")] == [(1, 16, "recieve")]
    (folder / "b.parquet.cleaner.toml").write_text('[[ignore]]\nrules = ["typo"]\n')
    (folder / ".cleaner/baseline.jsonl").unlink()
    assert [each[0] for each in found(cli, ".")].count("./b.parquet") == 1


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "codequality", "rdjson", "junit", "html"])
def test_every_report_tells_of_them(cli, folder: Path, form: str):
    done = cli("report", ".", "--format", form)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "goverment" in done.stdout


def test_files_that_cannot_be_read_do_not_stop_a_run(cli, folder: Path):
    (folder / "c.docx").write_bytes(b"PK\x03\x04")
    (folder / "d.parquet").write_bytes(b"PAR1")
    done = cli("report", ".")
    assert "cleaner: ./c.docx: not a Word document, or a damaged one: save it anew, or exclude it" in done.stderr
    assert "cleaner: ./d.parquet: not a Parquet file that can be read: " in done.stderr
    assert done.returncode == 3
    assert "6 findings in 2 of" in done.stdout
