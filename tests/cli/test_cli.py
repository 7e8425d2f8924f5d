"""The command line as other programs and careless people use it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import SEEDS

Cli = Callable[..., subprocess.CompletedProcess]
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
    (tmp_path / "cleaner.toml").write_text("[rules]\n")
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
    done = cli("report", ".", "--kind", "typo,name", "--format", "jsonl")
    assert [json.loads(line)["path"] for line in done.stdout.splitlines()] == ["./a.md"]


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
    assert done.returncode == 2
    assert "none/out.jsonl: cannot be written" in done.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD * 3000)
    command = f"{sys.executable} -m cleaner report a.txt --format jsonl | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["line"] == 1
    assert done.stderr == ""


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


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_the_run_with_a_line(tmp_path: Path, jobs: str):
    text = (SEEDS / "003_9fb19f931f20fa75.txt").read_text("utf-8")
    for number in range(600):
        (tmp_path / f"{number}.txt").write_text(text)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "report", ".", "--jobs", jobs],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr.decode() == "cleaner: interrupted\n"


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

    def test_test_and_try(self, cli: Cli, tmp_path: Path):
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


def test_one_article_loads_only_what_it_needs(cli: Cli):
    code = "import sys; from cleaner.cli import run; run(['report', sys.argv[1], '--format', 'jsonl']); print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, SEEDS / "003_9fb19f931f20fa75.txt"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    loaded = set(done.stderr.split())
    assert "cleaner.pipeline" in loaded
    assert loaded.isdisjoint(
        {"textual", "rich", "numpy", "language_tool_python", "wordfreq", "lemminflect", "ftfy", "charset_normalizer"}
    )
