"""The command line as other programs and careless people use it."""

import ast
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT, SEEDS, reported

from cleaner.cli import build_parser

Cli = Callable[..., subprocess.CompletedProcess]
Bytes = Callable[..., bytes]
Terminal = Callable[..., tuple[int, str]]
BAD = "The goverment fell.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("repot", "."), "there is no 'repot': did you mean 'report'?"),
        (("report",), "the following arguments are required: PATH"),
        (("report", ".", "--formt", "x"), "unknown option '--formt': did you mean '--format'?"),
        (("report", ".", "--format", "jsn"), "there is no 'jsn': did you mean 'json'?"),
        (("report", ".", "--kind", "typos"), "unknown kind 'typos': did you mean 'typo'?"),
        (("report", ".", "--min-confidence", "2"), "'2' is not a number from 0 to 1"),
        (("report", ".", "--jobs", "0"), "'0' is not a number of processes"),
        (("report", ".", "--rules", "none"), "none: no such file or folder of rules"),
        (("report", ".", "--config", "none.toml"), "none.toml: cannot be read"),
        (("report", ".", "--output", ""), "argument --output: the name of a file or folder is empty"),
        (("rules", "docs", ""), "argument DIR: the name of a file or folder is empty"),
        (("fix", ".", "--saef"), "unknown option '--saef': did you mean '--safe'?"),
        (("--versin",), "unknown option '--versin': did you mean '--version'?"),
        (("rules", "list", "names"), "'names' is one too many"),
        (("fix", "."), "one of the arguments --safe --decided --replay is required"),
        (("rules", "show", "wording.envoy-for-proxi"), "did you mean 'wording.envoy-for-proxy'?"),
        (("rules", "try", "none.yaml", "."), "none.yaml: no such file"),
        (("rules", "test", "none"), "none: no such file or folder of rules"),
        (("report", "."), "no articles in this folder"),
    ],
)
def test_a_mistake_is_explained(cli: Cli, arguments: tuple[str, ...], message: str):
    done = cli(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_help_and_version(cli: Cli):
    assert cli("--version").stdout.startswith("cleaner ")
    for arguments in ((), ("report",), ("fix",), ("rules",), ("rules", "try")):
        done = cli(*arguments, "--help")
        assert done.returncode == 0
        assert "exit codes" in done.stdout or arguments == ("rules",)


def test_exit_codes(cli: Cli, tmp_path: Path):
    (tmp_path / "good.txt").write_text("The government fell.\n")
    (tmp_path / "bad.txt").write_text(BAD)
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    assert cli("report", "good.txt").returncode == 0
    assert cli("report", "bad.txt").returncode == 1
    done = cli("report", "binary.txt", "none.txt", "bad.txt")
    assert done.returncode == 3
    assert "cleaner: binary.txt: a binary file, not a text" in done.stderr
    assert "cleaner: none.txt: no such file or folder" in done.stderr
    assert "government" in done.stdout


def test_an_empty_file_is_clean(cli: Cli, tmp_path: Path):
    (tmp_path / "a.txt").write_bytes(b"")
    done = cli("report", "a.txt")
    assert (done.returncode, done.stdout) == (0, "1 article checked: nothing found\n")


def test_broken_bytes_are_named_and_kept(cli: Cli, tmp_path: Path):
    data = "Zażółć gęślą jaźń. ".encode() + b"\xff" + b"\nThe goverment fell.\r\n"
    (tmp_path / "a.txt").write_bytes(data)
    done = cli("report", "a.txt")
    assert "a.txt:1:20: a byte that is not valid UTF-8" in done.stderr
    assert cli("fix", "--safe", "a.txt").returncode == 1
    assert (tmp_path / "a.txt").read_bytes() == data.replace(b"goverment", b"government")


def test_a_broken_rule_file_is_named_and_the_run_goes_on(cli: Cli, tmp_path: Path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/x.yaml").write_text("rules:\n  - id: x.y\n    chek: z\n")
    (tmp_path / "a.txt").write_text(BAD)
    done = cli("report", "a.txt", "--rules", "own")
    assert done.returncode == 2
    assert "own/x.yaml:2:5: a rule has exactly one of the keys" in done.stderr
    assert "government" in done.stdout


def test_an_unknown_key_of_the_configuration_is_named(cli: Cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / "cleaner.toml").write_text("min-confidense = 1\n")
    done = cli("report", "a.txt")
    assert done.returncode == 2
    assert "cleaner.toml:1:1: unknown key 'min-confidense': did you mean 'min-confidence'?" in done.stderr


def test_the_configuration_holds_and_the_command_line_overrides_it(cli: Cli, tmp_path: Path):
    (tmp_path / "cleaner.toml").write_text('extensions = [".md"]\nkinds = ["name"]\ndisable = ["style"]\nexclude = ["old*"]\n')
    (tmp_path / "a.md").write_text(BAD)
    (tmp_path / "b.txt").write_text(BAD)
    (tmp_path / "old.md").write_text(BAD)
    assert cli("report", ".").returncode == 0
    assert [each["path"] for each in reported(cli, ".", "--kind", "typo,name")] == ["./a.md"]


def test_standard_input(cli: Cli):
    row = json.loads(cli("report", "-", "--format", "jsonl", stdin="\ufeffKait’ib Hezbollah fell.").stdout)
    assert (row["path"], row["start"], row["replacements"]) == ("-", 0, ["Kata’ib Hezbollah"])
    assert cli("fix", "--safe", "-", stdin=b"An medical case.\r\nGoverments").stdout == "A medical case.\r\nGovernments"


def test_output_goes_to_a_file(cli: Cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    done = cli("report", "a.txt", "--format", "jsonl", "--output", "out.jsonl")
    assert done.stdout == ""
    assert json.loads((tmp_path / "out.jsonl").read_text())["replacements"] == ["government"]
    done = cli("report", "a.txt", "--output", "none/out.jsonl")
    assert done.returncode == 3
    assert "none/out.jsonl: cannot be written" in done.stderr


class TestOutput:
    """`--output` harms no file but the one that it is to replace."""

    @pytest.fixture(autouse=True)
    def article(self, tmp_path: Path):
        (tmp_path / "a.txt").write_text(BAD)

    def test_a_pipe_is_written_to(self, cli: Cli, tmp_path: Path):
        os.mkfifo(tmp_path / "pipe")
        descriptor = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        with open(descriptor, "rb") as reader:
            assert cli("report", "a.txt", "--output", "pipe").returncode == 1
            assert b"government" in reader.read()
        assert (tmp_path / "pipe").is_fifo()

    def test_a_device_is_written_to(self, cli: Cli, tmp_path: Path):
        try:
            os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))  # never the one that others use
        except PermissionError:
            pytest.skip("this user may make no devices")
        assert cli("report", "a.txt", "--output", "null").returncode == 1
        assert (tmp_path / "null").is_char_device()

    @pytest.mark.parametrize("exists", [True, False])
    def test_a_link_is_followed_and_the_mode_stays(self, cli: Cli, tmp_path: Path, *, exists: bool):
        (tmp_path / "link").symlink_to("real")
        if exists:
            (tmp_path / "real").write_text("old")
            (tmp_path / "real").chmod(0o640)
        assert cli("report", "a.txt", "--output", "link").returncode == 1
        assert (tmp_path / "link").is_symlink()
        assert "government" in (tmp_path / "real").read_text()
        assert (tmp_path / "real").stat().st_mode & 0o777 == (0o640 if exists else 0o666 & ~_umask())

    @pytest.mark.parametrize(
        ("target", "message"),
        [
            ("a.txt", "a.txt: an article of this run"),
            ("link", "link: an article of this run"),
            ("hard", "hard: an article of this run"),
            ("locked", "locked: read-only"),
            ("folder", "folder: cannot be written"),
            ("none/out", "none/out: cannot be written"),
        ],
    )
    def test_a_target_that_is_not_to_be_replaced_stays(self, cli: Cli, tmp_path: Path, target: str, message: str):
        (tmp_path / "link").symlink_to("a.txt")
        os.link(tmp_path / "a.txt", tmp_path / "hard")
        (tmp_path / "locked").touch(0o444)
        (tmp_path / "folder").mkdir()
        before = sorted(tmp_path.iterdir())
        done = cli("report", ".", "--output", target)
        assert done.returncode == 3
        assert message in done.stderr
        assert (tmp_path / "a.txt").read_text() == BAD
        assert (tmp_path / "locked").read_text() == ""
        assert sorted(tmp_path.iterdir()) == before

    def test_the_name_of_the_unfinished_file_is_nobodys(self, cli: Cli, tmp_path: Path):
        (tmp_path / ".out.part").write_text("mine")
        name = "x" * 250
        assert cli("report", "a.txt", "--output", name).returncode == 1
        assert cli("report", "a.txt", "--output", "out").returncode == 1
        assert (tmp_path / ".out.part").read_text() == "mine"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize("form", ["jsonl", "json", "text"])
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, form: str):
    (tmp_path / "a.txt").write_text(BAD)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cleaner", "report", "a.txt", "--format", form]
    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_messages_that_nobody_reads_do_not_stop_the_run(tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "cleaner", "report", "none.txt", "a.txt"]
    done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=writing, check=False)
    os.close(writing)
    assert done.returncode == 3
    assert b"government" in done.stdout


@pytest.mark.parametrize(
    ("closed", "code", "message"),
    [
        ("<&-", 3, "cleaner: -: cannot be read: Bad file descriptor\n"),
        (">&- <a.txt", 3, "cleaner: the output cannot be written: Bad file descriptor\n"),
        (">&- --output out <a.txt", 1, ""),
        ("2>&- <a.txt", 1, ""),
        ("2>&- none.txt <a.txt", 3, ""),
    ],
)
def test_closed_streams(tmp_path: Path, closed: str, code: int, message: str):
    (tmp_path / "a.txt").write_text(BAD)
    command = f"{sys.executable} -m cleaner report --format jsonl - {closed}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, input="", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, message)
    assert "cleaner:" not in done.stdout


def test_errors_that_are_not_about_the_output_say_what_they_are_about(cli: Cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    long = "x" * 300
    done = cli("report", long, "a.txt")
    assert (done.returncode, done.stderr) == (3, f"cleaner: {long}: no such file or folder\n")
    assert "government" in done.stdout
    assert cli("report", "").stderr == "cleaner: '': no such file or folder\n"
    (tmp_path / "gone").mkdir()
    command = f"cd gone && rmdir ../gone && {sys.executable} -m cleaner report ../a.txt"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "cleaner: this folder does not exist any more: change to another one\n")


def test_a_rule_file_that_cannot_be_read_is_named(cli: Cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / "own").mkdir()
    (tmp_path / "own/x.yaml").touch(0)
    os.mkfifo(tmp_path / "own/y.yaml")
    if os.access(tmp_path / "own/x.yaml", os.R_OK):
        pytest.skip("this user may read everything")
    done = cli("report", "a.txt", "--rules", "own")
    assert (done.returncode, done.stderr) == (3, "cleaner: own/x.yaml: cannot be used: Permission denied\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_named(tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", "report", "a.txt"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, "cleaner: the output cannot be written: No space left on device\n")


def _group(number: int) -> list[str]:
    """The processes of a process group that are not ended."""
    done = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in done.stdout.splitlines()]
    return [row[2] for row in rows if row[0] == str(number) and not row[1].startswith("Z")]


@pytest.fixture
def run_py(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of run.py whose environment is the one that the tests run in."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("run.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (folder / ".venv/bin/python").chmod(0o755)
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + (ROOT / "constraints.txt").read_bytes()).hexdigest()
    (folder / ".venv/set-up").write_text(f"{wanted} [dev]")
    return folder / "run.py"


def test_run_py_runs_the_program_and_explains_itself(run_py: Path):
    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, run_py, *arguments], capture_output=True, text=True, check=False)

    assert run("--version").stdout.startswith("cleaner ")
    assert run("rules", "show", "typo.known").returncode == 0
    assert run("repot").stderr == "run.py: there is no 'repot': did you mean 'report'?\n"
    assert run("tset").stderr == "run.py: there is no 'tset': did you mean 'test'?\n"
    done = run("xyz")
    assert (done.returncode, done.stderr) == (
        1,
        (
            "run.py: there is no 'xyz': there are report, watch, review, fix, hook, corpus, baseline, names, decisions, rules, languagetool, config, completion, lsp, "
            "test, lint, bench, docs\n"
        ),
    )


class TestTerminal:
    """What a person at a terminal sees."""

    @pytest.mark.parametrize("columns", [2, 6, 20])
    def test_a_narrow_terminal_gets_a_report(self, on_terminal: Terminal, tmp_path: Path, columns: int):
        (tmp_path / "a.txt").write_text(BAD)
        code, shown = on_terminal("report", "a.txt", columns=columns)
        assert code == 1
        assert "[-goverment-]" in shown
        assert on_terminal("report", "--help", columns=columns)[0] == 0

    def test_a_terminal_without_a_width_is_taken_for_a_usual_one(self, on_terminal: Terminal, tmp_path: Path):
        (tmp_path / "a.txt").write_text(BAD)
        shown = [on_terminal("report", "a.txt", COLUMNS=columns)[1].rpartition("\r\x1b[K")[2] for columns in ("0", "80")]
        assert shown[0] == shown[1] != ""

    def test_lines_hang_below_their_beginning(self, on_terminal: Terminal, tmp_path: Path):
        (tmp_path / "a.txt").write_text("He bought an medical book, and a hour later Kait’ib Hezbollah fell.\n")
        _, shown = on_terminal("report", "a.txt", columns=44)
        lines = shown.rpartition("\r\x1b[K")[2].splitlines()
        assert all(len(line.rstrip()) <= 44 for line in lines)
        for head, below in ((r"  \d+:\d+ ", r"    \S"), ("      · ", r"        \S")):
            numbers = [number for number, line in enumerate(lines) if re.match(head, line)]
            assert any(re.match(below, lines[number + 1]) for number in numbers)

    def test_nothing_in_a_text_or_name_is_obeyed(self, on_terminal: Terminal, cli: Cli, tmp_path: Path):
        name = "a\n\x1b[31m\u202e.txt"
        text = "It \x1b[2J\u202ewas\u200b\x85 a goverment\x9b31m, he \x1b]0;x\x07said, and more of it stands here.\n"
        (tmp_path / name).write_text(text)
        for arguments in (("report", name), ("fix", "--safe", "--diff", name), ("review", "--plain", name)):
            _, shown = on_terminal(*arguments) if arguments[0] != "review" else (0, cli(*arguments, stdin="q\n").stdout)
            shown = shown.replace("\r\x1b[K", "")  # of the progress
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b]", shown), ascii(shown)
            assert "a<U+000A><U+001B>[31m<U+202E>.txt" in shown
            assert "<U+009B>31m" in shown
        done = cli("report", "b\n\x1b[31m")
        assert done.stderr == "cleaner: b<U+000A><U+001B>[31m: no such file or folder\n"
        row = json.loads(cli("report", name, "--format", "jsonl").stdout.splitlines()[0])
        assert row["path"] == name
        assert text[row["start"] : row["end"]] == row["text"]

    def test_progress_is_shown_and_goes(self, on_terminal: Terminal, tmp_path: Path):
        for number in range(160):
            (tmp_path / f"{number}.txt").write_text((SEEDS / "003_9fb19f931f20fa75.txt").read_text("utf-8") + f"\n{number}\n")
        _, shown = on_terminal("report", ".", "--jobs", "1", "--output", "out")
        lines = shown.split("\r\x1b[K")
        assert [line for line in lines if re.fullmatch(r"checking: \d+%, \d+ files a second, \d+:\d\d left", line)]
        assert lines[-1] == ""

    def test_a_name_that_is_not_utf8_is_exact_in_jsonl(self, cli_bytes: Bytes, tmp_path: Path):
        (tmp_path / "a\udcff.txt").write_text(BAD)
        shown = cli_bytes("report", ".", "--format", "jsonl")
        cli_bytes("report", ".", "--format", "jsonl", "--output", "out")
        assert (tmp_path / "out").read_bytes() == shown
        assert json.loads(shown.decode())["path"] == "./a\udcff.txt"
        assert b"a<FF>.txt" in cli_bytes("report", ".")


def test_run_py_knows_all_commands():
    assigned = {
        node.targets[0].id: node.value for node in ast.parse((ROOT / "run.py").read_text()).body if isinstance(node, ast.Assign)
    }
    (commands,) = (action.choices for action in build_parser()._actions if action.dest == "command")
    assert ast.literal_eval(assigned["CLEANER"]) == tuple(commands)


@pytest.mark.parametrize("by_run_py", [False, True], ids=["cleaner", "run.py"])
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("number", "code", "message"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated"), (signal.SIGKILL, -signal.SIGKILL, "")],
)
def test_a_signal_ends_the_run_with_a_line_and_all_of_it(
    tmp_path: Path, run_py: Path, jobs: str, number: int, code: int, message: str, *, by_run_py: bool
):
    program = [run_py] if by_run_py else ["-m", "cleaner"]
    text = (SEEDS / "003_9fb19f931f20fa75.txt").read_text("utf-8")
    for name in range(600):
        (tmp_path / f"{name}.txt").write_text(text)
    process = subprocess.Popen(
        [sys.executable, *program, "report", ".", "--jobs", jobs, "--output", "out"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    processes = 1 if jobs == "1" else 1 + int(jobs)
    while (not list(tmp_path.glob(".cleaner-*")) or len(_group(process.pid)) < processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert stderr.decode() == (f"cleaner: {message}\n" if message else "")
    while (left := _group(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []
    assert not (tmp_path / "out").exists()
    if message:
        assert list(tmp_path.glob(".cleaner-*")) == []


class TestFix:
    """`cleaner fix --safe` writes what is certain, byte for byte."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_only_the_fixed_bytes_change(self, cli: Cli, tmp_path: Path, encoding: str):
        text = "An medical café\r\nfell. “The goverment,” he said\rThe goverment"
        path = tmp_path / "a.txt"
        path.write_bytes(text.encode(encoding))
        done = cli("fix", "--safe", "a.txt")
        assert done.returncode == 1
        assert "1 file changed" in done.stderr
        fixed = text.replace("An medical", "A medical").replace("\rThe goverment", "\rThe government")
        assert path.read_bytes() == fixed.encode(encoding)
        assert cli("fix", "--safe", "a.txt").returncode == 0
        assert path.read_bytes() == fixed.encode(encoding)

    def test_a_diff_changes_nothing(self, cli: Cli, tmp_path: Path):
        (tmp_path / "a.txt").write_text(BAD)
        done = cli("fix", "--safe", "--diff", "a.txt")
        assert "-The goverment fell.\n+The government fell.\n" in done.stdout
        assert (tmp_path / "a.txt").read_text() == BAD

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_the_standard_input_comes_back_in_its_bytes(self, cli_bytes: Bytes, encoding: str):
        text = "The goverment “fell”.\r\nA café\r"
        fixed = text.replace("goverment", "government")
        assert cli_bytes("fix", "--safe", "-", stdin=text.encode(encoding)) == fixed.encode(encoding)

    def test_broken_bytes_of_the_standard_input_come_back(self, cli_bytes: Bytes):
        data = "“Zażółć” \u200b".encode() + b"\xff The goverment"
        assert cli_bytes("fix", "--safe", "-", stdin=data) == data.replace(b"goverment", b"government")

    @pytest.mark.parametrize("tool", ["git apply -", "patch -s -p1"])
    @pytest.mark.parametrize("name", ["a.txt", "./b/../a.txt", "a b.txt", 'a"\\b.txt', "a\nb.txt", "jaźń.txt", "a\udcff.txt"])
    def test_a_diff_is_a_patch_whatever_the_name(self, cli_bytes: Bytes, tmp_path: Path, tool: str, name: str):
        (tmp_path / "b").mkdir()
        (tmp_path / name).write_text(BAD)
        diff = cli_bytes("fix", "--safe", "--diff", name)
        subprocess.run(shlex.split(tool), input=diff, cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / name).read_text() == "The government fell.\n"

    @pytest.mark.parametrize("tool", ["git apply -", "patch -s -p1 --binary"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
    def test_a_diff_is_a_patch_whatever_the_bytes(self, cli_bytes: Bytes, tmp_path: Path, tool: str, encoding: str, end: str):
        text = (
            f"A café{end}\r\nx\ny\rThe goverment fell.{end}Ċ \u0a0a{end}z{end}"
            if "utf" in encoding
            else f"A café{end}\r\nx\rThe goverment fell.{end}z"
        )
        data = text.encode(encoding)
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_bytes(data)
        cli_bytes("fix", "--safe", "b.txt")
        diff = cli_bytes("fix", "--safe", "--diff", "a.txt")
        subprocess.run(shlex.split(tool), input=diff, cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.txt").read_bytes() != data

    def test_a_diff_of_a_link_is_about_its_file(self, cli_bytes: Bytes, tmp_path: Path):
        (tmp_path / "a.txt").write_text(BAD)
        (tmp_path / "b.txt").symlink_to("a.txt")
        subprocess.run(["patch", "-s", "-p1"], input=cli_bytes("fix", "--safe", "--diff", "b.txt"), cwd=tmp_path, check=True)
        assert (tmp_path / "a.txt").read_text() == "The government fell.\n"

    def test_what_an_encoding_lacks_is_left_out_of_the_fix_and_of_the_diff(self, cli_with_few_rules: Cli, tmp_path: Path):
        cli = cli_with_few_rules
        rule = (
            "rules:\n  - id: typography.lodz\n    kind: typography\n    pattern: Lodz\n    replace: [Łódź]\n    message: m\n    why: w\n    source: s\n"
            "    confidence: 0.9\n    applicability: safe\n    bad: ['[Lodz -> Łódź]']\n    good: [Łódź]\n"
        )
        (tmp_path / "own").mkdir()
        (tmp_path / "own/x.yaml").write_text(rule)
        data = "“Au café.” In Lodz the goverment fell.".encode("cp1252")
        (tmp_path / "a.txt").write_bytes(data)
        done = cli("fix", "--safe", "--diff", "--rules", "own", "a.txt")
        assert done.stdout.splitlines()[-2].endswith("In Lodz the government fell.")
        fixed = cli("fix", "--safe", "--rules", "own", "a.txt")
        assert (tmp_path / "a.txt").read_bytes() == data.replace(b"goverment", b"government")
        for each in (done, fixed):
            assert each.returncode == 3
            assert "a.txt: a fix is left out: the file is in cp1252, which has no Ł ź: convert it to UTF-8" in each.stderr

    def test_links_to_one_file_fix_it_once(self, cli: Cli, tmp_path: Path):
        (tmp_path / "a.txt").write_text(BAD)
        (tmp_path / "b.txt").symlink_to("a.txt")
        assert len(cli("report", ".", "--format", "jsonl").stdout.splitlines()) == 1
        done = cli("fix", "--safe", ".", "b.txt")
        assert (done.returncode, done.stderr) == (1, "cleaner: 1 file changed\n")

    def test_a_read_only_file_is_named_and_the_next_one_fixed(self, cli: Cli, tmp_path: Path):
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_text(BAD)
        (tmp_path / "a.txt").chmod(0o444)
        done = cli("fix", "--safe", "a.txt", "b.txt")
        assert done.returncode == 3
        assert "a.txt: read-only: not written" in done.stderr
        assert (tmp_path / "a.txt").read_text() == BAD
        assert (tmp_path / "b.txt").read_text() == BAD.replace("goverment", "government")


class TestRules:
    """`cleaner rules`."""

    def test_list_and_show(self, cli: Cli):
        lines = cli("rules", "list", "--kind", "role").stdout.splitlines()
        assert all(line.startswith("roles.") for line in lines)
        assert len(lines) >= 5
        shown = cli("rules", "show", "names.qasem-soleimani").stdout
        assert "Also right: Soleimani" in shown
        assert "Source:" in shown
        assert "Left alone:" in cli("rules", "show", "wording.envoy-for-proxy").stdout

    def test_test_and_try(self, cli_with_few_rules: Cli, tmp_path: Path):
        cli = cli_with_few_rules
        (tmp_path / "own").mkdir()
        rule = (
            "rules:\n  - id: wording.foo\n    kind: wording\n    match: ['[foo]']\n    replace: [bar]\n    message: m\n    why: w\n"
            "    source: s\n    confidence: 0.9\n    bad: ['a [foo -> bar]', 'b [foo -> bar]', '[Foo -> Baz]']\n    good: [a, b, c]\n"
        )
        (tmp_path / "own/x.yaml").write_text(rule)
        done = cli("rules", "test", "own")
        assert done.returncode == 2
        assert "own/x.yaml:2: wording.foo: offers ('Bar',) for 'Foo', not ('Baz',)" in done.stdout
        (tmp_path / "own/x.yaml").write_text(rule.replace("Baz", "Bar"))
        done = cli("rules", "test", "own")
        assert (done.returncode, done.stdout) == (0, "1 rule tested, 0 failed\n")
        (tmp_path / "a.txt").write_text("The goverment of foo.")
        done = cli("rules", "try", "own/x.yaml", "a.txt")
        assert done.returncode == 1
        assert "[-foo-]{+bar+}" in done.stdout
        assert "government" not in done.stdout

    def test_schema_and_docs(self, cli: Cli, tmp_path: Path):
        schema = json.loads(cli("rules", "schema").stdout)
        assert "PhraseRule" in schema["$defs"]
        pages = cli("rules", "docs", "out").stdout.splitlines()
        assert "out/README.md" in pages
        assert "`wording.envoy-for-proxy`" in (tmp_path / "out/wording-proxy-war-and-armed-groups.md").read_text()


def test_one_article_loads_only_what_it_needs():
    code = "import sys; from cleaner.cli import run; run(['report', sys.argv[1], '--format', 'jsonl']); print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, SEEDS / "003_9fb19f931f20fa75.txt"], capture_output=True, text=True, check=False
    )
    loaded = set(done.stderr.split())
    assert "cleaner.pipeline" in loaded
    assert loaded.isdisjoint(
        {"textual", "rich", "numpy", "language_tool_python", "wordfreq", "lemminflect", "ftfy", "charset_normalizer"}
    )


def test_of_a_run_of_litter_only_what_is_certain_goes_unattended(cli: Cli, tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("The minister resigned.\n\nShare on Facebook\n\nADVERTISEMENT\n\nMore Stories\n\nHis deputy took over.\n")
    assert cli("fix", "--safe", path).returncode == 1
    assert path.read_text() == "The minister resigned.\n\nShare on Facebook\n\nMore Stories\n\nHis deputy took over.\n"
