"""The documentation is what the program is: generated pages are current, and every command in it does what it says."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support import ROOT

from cleaner.cli import build_parser
from cleaner.cli.completion import SHELLS, parsers
from cleaner.config import Config, schema

DOCS = ROOT / "docs"
TRIED = sorted(page for page in DOCS.rglob("*.md") if "```console" in page.read_text("utf-8"))


def test_generated_pages_are_current():
    spec = importlib.util.spec_from_file_location("make", DOCS / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    pages = make.pages()
    written = {path.relative_to(DOCS).as_posix() for path in (DOCS / "commands").iterdir()}
    assert {name for name in pages if name.startswith("commands/")} == written
    stale = [name for name, text in pages.items() if (DOCS / name).read_text("utf-8") != text]
    assert stale == [], "run python docs/make.py"


@pytest.mark.parametrize("pages", [TRIED[::2], TRIED[1::2]], ids=["even", "odd"])
def test_every_command_does_what_the_page_says(pages: list[Path]):
    assert len(TRIED) > 10
    done = subprocess.run(
        [sys.executable, ROOT / "tests/docs/console.py", *pages], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_page_that_is_wrong_is_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        '```console\n$ cleaner config show seeds/\nlanguage = …\n…\n$ cleaner config show seeds/\nlanguage = "fr"\n$ cleaner shw\n```\n'
    )
    done = subprocess.run([sys.executable, ROOT / "tests/docs/console.py", page], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.count("$ cleaner config show") == 1
    assert "$ cleaner shw\n[exit 2]\ncleaner: argument COMMAND: there is no 'shw'" in done.stdout


def test_the_help_of_every_command_has_examples():
    for parser in parsers(build_parser())[1:]:
        if "action" not in {action.dest for action in parser._actions}:  # it has commands of its own
            assert re.search(rf"\n    {parser.prog}\s", parser.format_help())


class TestConfiguration:
    """The schema of the configuration says what the program accepts."""

    def test_the_schema_names_all_settings(self):
        whole = schema()
        assert set(whole["properties"]) == set(Config.__struct_encode_fields__) - {"file"}
        assert whole["additionalProperties"] is False
        assert all(part["additionalProperties"] is False for part in whole["$defs"].values() if part.get("type") == "object")

    def test_each_value_and_where_it_comes_from(self, cli, tmp_path: Path):
        (tmp_path / "pyproject.toml").write_text(
            "[tool.other]\nmin-confidence = 1\n[tool.cleaner]\nmin-confidence = 0.6 # x\n"
            'rules = []\nreview.mouse = false\n[tool.cleaner.review.keys]\naccept = "y,\\u0007"\n'
        )
        done = cli("config", "show")
        lines = dict(re.split(r" +# ", line, maxsplit=1) for line in done.stdout.splitlines() if " = " in line)
        file = tmp_path / "pyproject.toml"
        assert lines["min-confidence = 0.6"] == f"{file}:4"
        assert lines["rules = []"] == f"{file}:5"
        assert lines["review.mouse = false"] == f"{file}:6"
        assert lines['review.keys.accept = "y,\\u0007"'] == f"{file}:8"
        assert lines['extensions = [".txt"]'] == "default"
        shown = tomllib.loads(done.stdout)
        assert (shown["review"]["mouse"], shown["names"]["prefer"]) == (False, [])

    def test_without_a_file_all_is_default(self, cli):
        done = cli("config", "show")
        assert "# min-confidence is not set" in done.stdout
        assert {line.rpartition("# ")[2] for line in done.stdout.splitlines() if " = " in line} == {"default"}

    def test_the_schema_is_printed(self, cli):
        assert json.loads(cli("config", "schema").stdout) == schema()


class TestCompletion:
    """Shells complete commands, options, formats and files."""

    def test_bash(self, cli, tmp_path: Path):
        (tmp_path / "complete").write_text(cli("completion", "bash").stdout)
        (tmp_path / "articles").mkdir()
        script = """
            source ./complete
            for line in "cleaner re" "cleaner report --form" "cleaner report --format s" "cleaner rules s" "cleaner report arti"; do
                COMP_WORDS=($line) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
                _shtab_cleaner
                echo "${COMPREPLY[*]}"
            done
        """
        done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == ["report review", "--format", "sarif", "show stats schema", "articles"]

    @pytest.mark.parametrize("shell", SHELLS)
    def test_the_shell_takes_it(self, cli, tmp_path: Path, shell: str):
        if not shutil.which(shell):
            pytest.skip(f"{shell} is not installed")
        (tmp_path / "complete").write_text(cli("completion", shell).stdout)
        done = subprocess.run(
            [shell, "-n", "complete"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        assert (done.returncode, done.stderr) == (0, "")
