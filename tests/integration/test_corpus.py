"""`cleaner corpus`: data sets of every format say what a report says of the same articles as files, also after a kill."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from support import RULE, reported, run_cleaner, shipped_pipeline, write_articles

from cleaner.corpus import shards
from cleaner.corpus.run import CorpusRun, DataSet, Done
from cleaner.engines.local import Job
from cleaner.engines.workers import LocalWorkers

RECORDS = ".cleaner-corpus"
Row = dict


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=7)
        return
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def read(path: Path) -> list[Row]:
    if path.suffix == ".parquet":
        return parquet.read_table(path).to_pylist()
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.splitlines()]


def findings(out: Path) -> dict[str, list[Row]]:
    """The findings of each article that has some."""
    shards = (path for path in sorted(out.rglob("*")) if path.is_file() and RECORDS not in path.parts)
    return {row["id"]: row["findings"] for shard in shards for row in read(shard) if row["findings"]}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """What a report says of the articles as files."""
    folder = tmp_path_factory.mktemp("files")
    write_articles(folder / "articles", 60)
    found: dict[str, list[Row]] = {}
    for finding in reported(partial(run_cleaner, folder), folder / "articles"):
        name = Path(finding.pop("path")).name
        assert {Path(other.pop("path")).name for other in finding["related"]} <= {name}
        found.setdefault(name, []).append(finding)
    return found


@pytest.fixture
def articles(tmp_path: Path) -> list[Row]:
    paths = map(Path, write_articles(tmp_path / "articles", 60))
    return [{"id": path.name, "text": path.read_bytes().decode()} for path in paths]


def write_shards(folder: Path, articles: list[Row]) -> Path:
    """A folder with the articles in four shards of as many rows."""
    each = len(articles) // 4
    for number, name in enumerate(("a.parquet", "b.jsonl", "deep/c.jsonl.gz", "d.parquet")):
        write(folder / name, articles[each * number : each * (number + 1)])
    return folder


@pytest.fixture
def data(tmp_path: Path, articles: list[Row]) -> Path:
    return write_shards(tmp_path / "data", articles)


WITH_RAY = pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed")


@pytest.mark.parametrize(
    "options", [("--jobs", "1"), ("--jobs", "2"), pytest.param(("--jobs", "2", "--engine", "ray"), marks=WITH_RAY)], ids=" ".join
)
def test_every_format_says_what_a_report_says(cli, tmp_path: Path, data: Path, expected: dict[str, list[Row]], options: tuple):
    done = cli("corpus", data, "out", *options)
    assert findings(tmp_path / "out") == expected
    count = sum(map(len, expected.values()))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"4 shards, 60 rows, {count} findings, 0 rows not checked\n"
    assert "times in 2 files" in next(each["evidence"][0] for each in expected["0000.txt"] if each["text"] == "Kirbyy")


def test_what_is_done_is_kept(cli, tmp_path: Path, articles: list[Row]):
    data = write_shards(tmp_path / "data", articles[:20])

    def run(*options: object) -> str:
        return cli("corpus", data, "out", "--jobs", 1, *options).stdout

    def facts() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / RECORDS).rglob("*.facts")}

    first, written = run(), facts()
    assert "as they were" not in first
    assert "4 shards (4 as they were)" in run()
    # A shard that was damaged or lost is written again, the others are left.
    (tmp_path / "out/a.parquet").unlink()
    (tmp_path / "out/b.jsonl").write_bytes(b"")
    assert "4 shards (2 as they were)" in run()
    # Settings and rules change findings, not facts.
    assert "as they were" not in run("--min-confidence", 0.9)
    assert facts() == written
    # Another shard changes what all say of each other, and has facts of its own.
    write(data / "b.jsonl", [*articles[5:9], {"id": "new", "text": articles[9]["text"] + "\n\nThe goverment fell.\n"}])
    assert "as they were" not in run()
    assert {name for name, stamp in facts().items() if stamp != written[name]} == {"b.jsonl.facts"}
    assert "goverment" in {finding["text"] for finding in findings(tmp_path / "out")["new"]}


def test_what_makes_no_difference_checks_nothing_again(cli, tmp_path: Path):
    write(tmp_path / "data/a.jsonl", [{"text": "The goverment fell by a foo."}])
    rules, settings = tmp_path / "rules.yaml", tmp_path / "cleaner.toml"

    def kept(rule: str, more: str) -> bool:
        rules.write_text(rule)
        settings.write_text(f'rules = ["rules.yaml"]\n{more}')
        return "(1 as they were)" in cli("corpus", "data", "out", "--jobs", 1).stdout

    assert not kept(RULE, "")
    assert kept(f"# of this folder\n{RULE}", "jobs = 1\nhook-grammar = 'auto'\n[review]\ntheme = 'textual-light'\n")
    assert not kept(RULE, "[[ignore]]\nwords = ['goverment']\n")
    assert not kept(RULE, "disable = ['typo']\n")
    assert not kept(RULE, "[names]\nprefer = ['Kyiv']\n")
    assert not kept(RULE.replace("0.9", "0.8"), "")
    assert not kept(RULE.replace("foo", "by"), "")


def test_a_run_goes_on_after_a_kill(cli, tmp_path: Path, articles: list[Row], expected: dict[str, list[Row]]):
    for number in range(12):
        write(tmp_path / "data" / f"{number:02}.parquet", articles[5 * number : 5 * number + 5])
    command = [sys.executable, "-m", "cleaner", "corpus", "data", "out", "--jobs", "2"]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True)
    out, records = tmp_path / "out", tmp_path / "out" / RECORDS
    deadline = time.monotonic() + 60
    while len(list(records.glob("*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    done = len(list(records.glob("*.json")))
    assert 3 <= done < 12
    time.sleep(0.5)  # its workers end, too
    (out / ".cleaner-0123.part").write_bytes(b"half of a shard")
    again = cli("corpus", "data", "out", "--jobs", 2)
    assert f"12 shards ({done}" in again.stdout or f"12 shards ({done + 1}" in again.stdout
    assert findings(out) == expected
    assert not list(out.rglob("*.part"))


def test_a_killed_worker_is_replaced(tmp_path: Path, data: Path, expected: dict[str, list[Row]]):
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "corpus", "data", "out", "--jobs", "2"], cwd=tmp_path, stderr=subprocess.PIPE
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("the system does not say which processes are whose")
    while not (workers := children.read_text().split()):
        time.sleep(0.01)
    os.kill(int(workers[0]), signal.SIGKILL)
    assert process.communicate()[1] == b""
    assert process.returncode == 1
    assert findings(tmp_path / "out") == expected


@pytest.mark.parametrize("what", ["gone", "too much"])
def test_a_shard_that_cannot_be_read_twice_is_named(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, what: str):
    steps = 0

    def progress(done: int) -> None:
        nonlocal steps
        steps += done
        if steps == 4:  # all shards are observed
            if what == "gone":
                (data / "b.jsonl").unlink()
            else:
                monkeypatch.setattr(shards, "_of_lines", short_of_memory)

    def short_of_memory(*_: object) -> None:
        raise MemoryError

    names = shards.discover(str(data))
    these = DataSet(str(data), str(tmp_path / "out"), shards.Columns("text"), "")
    run = CorpusRun(these, Job(shipped_pipeline, 1_000_000), shipped_pipeline(), progress)
    done = list(run.run(names, LocalWorkers(1)))
    said = (
        "cannot be read: No such file or directory"
        if what == "gone"
        else "not enough memory to check it: split it, or exclude it"
    )
    assert str(done[1]) == f"{data}/b.jsonl: {said}"
    assert isinstance(done[0], Done)
    assert isinstance(done[2], Done)


def test_rows_that_cannot_be_checked_are_named_and_the_run_goes_on(cli, tmp_path: Path):
    data = tmp_path / "data"
    data.mkdir()
    good = json.dumps({"id": 7, "text": "The goverment fell."})
    lines = [good, "{broken", '{"id": "x"}', '{"text": 5}', "[1]", "", '{"text": "\\ud800"}', '{"text": null}', good]
    (data / "a.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"text": "\xff"}\n')
    table = {"id": [1, 2], "text": ["The goverment fell.", None]}
    parquet.write_table(pa.table(table), data / "b.parquet")
    (data / "c.parquet").write_bytes(b"PAR1 and no more")
    parquet.write_table(pa.table({"id": [1], "txt": ["a"]}), data / "d.parquet")
    parquet.write_table(pa.table({"text": [1]}), data / "e.parquet")
    (data / "f.jsonl.gz").write_bytes(gzip.compress(good.encode())[:-9])
    done = cli("corpus", "data", "out")
    assert done.returncode == 3
    said = re.sub(r"(no Parquet:|unpacked) .*", r"\1 …", done.stderr)
    assert said.splitlines() == [
        "cleaner: data/a.jsonl:2: not JSON: Expecting property name enclosed in double quotes at column 2",
        "cleaner: data/a.jsonl:3: no text in 'text'",
        "cleaner: data/a.jsonl:4: 'text' is not a text but a number",
        "cleaner: data/a.jsonl:5: not a JSON object",
        "cleaner: data/a.jsonl:8: no text in 'text'",
        "cleaner: data/a.jsonl:10: not valid UTF-8 at byte 11 of the line",
        "cleaner: data/b.parquet:2: no text in 'text'",
        "cleaner: data/c.parquet: damaged, or no Parquet: …",
        "cleaner: data/d.parquet: there is no column 'text': did you mean 'txt'?",
        "cleaner: data/e.parquet: the column 'text' holds int64, not text: name another one with --field",
        "cleaner: data/f.jsonl.gz: damaged: it cannot be unpacked …",
    ]
    assert done.stdout == "6 shards, 11 rows, 4 findings, 7 rows not checked\n"
    rows = read(tmp_path / "out/a.jsonl")
    assert [(row["id"], row["row"], bool(row["findings"]), row["error"] is None) for row in rows[:3]] == [
        ("7", 1, True, True),
        ("2", 2, False, False),
        ("x", 3, False, False),
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [RECORDS, "a.jsonl", "b.parquet"]
    # A second run names them again.
    again = cli("corpus", "data", "out")
    assert (again.returncode, again.stderr) == (3, done.stderr)


def test_numbers_of_thousands_of_digits_cost_their_row(cli, tmp_path: Path):
    good = json.dumps({"id": 7, "text": "The goverment fell."})
    (tmp_path / "a.jsonl").write_text(f'{good}\n{{"id": {"9" * 5000}, "text": "a"}}\n{good}\n')
    done = cli("corpus", "a.jsonl", "out")
    assert done.stderr == "cleaner: a.jsonl:2: a number of too many digits\n"
    assert done.stdout == "1 shard, 3 rows, 2 findings, 1 row not checked\n"


def test_ids_and_origins_that_are_no_text_cost_nothing(cli, tmp_path: Path):
    line = '{"id": "a\\ud800", "site": "b\\udfff", "text": "The goverment fell."}\n'
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.jsonl").write_text(line)
    broken = pa.array([b"a\xff"]).view(pa.string())
    table = {"id": broken, "site": broken.dictionary_encode(), "text": ["The goverment fell."]}
    parquet.write_table(pa.table(table), tmp_path / "data/b.parquet")
    done = cli("corpus", "data", "out")
    assert (done.returncode, done.stderr) == (1, "")
    assert list(findings(tmp_path / "out")) == ["a\ufffd"]
    assert done.stdout == "2 shards, 2 rows, 2 findings, 0 rows not checked\n"


def test_columns_are_chosen_and_texts_copied(cli, tmp_path: Path):
    write(tmp_path / "data/a.parquet", [{"url": "u", "body": "The goverment fell."}])
    assert cli("corpus", "data/a.parquet", "out", "--field", "body", "--id", "url", "--with-text").returncode == 1
    (row,) = read(tmp_path / "out/a.parquet")
    assert (row["id"], row["text"], len(row["digest"])) == ("u", "The goverment fell.", 32)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "out"), "nowhere: no such file or folder"),
        (("data", "data"), "data: lies within data, where it would be read: name another folder"),
        (("data", "data/out"), "data/out: lies within data, where it would be read: name another folder"),
        (("data", "data/a.jsonl"), "data/a.jsonl: not a folder"),
        (("empty", "out"), "empty: no shards: looked for files ending in .parquet, .jsonl, .ndjson, .jsonl.gz, .ndjson.gz"),
        (("data", "taken"), "taken/a.jsonl: was not written by a run of cleaner corpus: name another folder"),
    ],
)
def test_places_that_cannot_be_used(cli, tmp_path: Path, arguments: tuple[str, str], message: str):
    write(tmp_path / "data/a.jsonl", [{"text": "a"}])
    write(tmp_path / "taken/a.jsonl", [{"text": "a"}])
    (tmp_path / "empty").mkdir()
    done = cli("corpus", *arguments)
    assert (done.returncode, done.stderr) == (2, f"cleaner: {message}\n")


def test_shards_that_are_gone_and_other_runs(cli, tmp_path: Path, articles: list[Row]):
    import filelock

    data = write_shards(tmp_path / "data", articles[:4])
    cli("corpus", "data", "out")
    (data / "a.parquet").unlink()
    done = cli("corpus", "data", "out")
    assert done.stderr == "cleaner: out/a.parquet: the shard that it is about is gone: remove it\n"
    with filelock.FileLock(tmp_path / "out" / RECORDS / "lock"):
        done = cli("corpus", "data", "out")
    assert (done.returncode, done.stderr) == (3, "cleaner: out: another run writes to this folder: wait for its end\n")
