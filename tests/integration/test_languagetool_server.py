"""The real LanguageTool: installed by our own command into the environment of the tests, where it stays."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import SEEDS, own_cache

from cleaner.findings import Applicability
from cleaner.languagetool import installation
from cleaner.languagetool.checker import GrammarSource
from cleaner.languagetool.server import Server
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import NameRule

DATA = Path(sys.prefix) / "share" / "cleaner-tests"
TEXT = "They would not fled. He spoke quick to the the two womans.\n\nIt may possible that it would requires a approval.\n"
QUICK = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""Has a server that is made to serve for long, which takes the time to compile itself well, start as fast as one of a run."""
Cli = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session", autouse=True)
def installed() -> installation.Installation:
    """An installation; the tests are skipped without Java and Maven, unless these must be there."""
    lacking = [name for name in ("java", "mvn") if not shutil.which(name)]
    if lacking and not os.environ.get("CLEANER_TEST_ALL"):
        pytest.skip(f"LanguageTool's tests need {' and '.join(lacking)}")
    os.environ["CLEANER_DATA_DIR"] = str(DATA)
    return installation.install(print)


@pytest.fixture(scope="session")
def server(installed: installation.Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("server") / "server.log"
    with Server.of(installed.jar, installed.version, installation.java_path(), log=log) as running:
        yield running


@pytest.fixture
def grammar(server: Server, book: RuleBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.setattr("cleaner.languagetool.memory.cache_folder", lambda: tmp_path)
    return Pipeline(book, Selection(), GrammarSource(server.endpoint))


def javas(folder: Path = DATA) -> set[int]:
    """The Java processes that run LanguageTool from `folder`."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
        except OSError:
            continue
        if b"java" in command.partition(b"\0")[0] and str(folder).encode() in command:
            found.add(int(entry.name))
    return found


def gone(processes: set[int], folder: Path = DATA) -> bool:
    """Whether these, which run from `folder`, end within some seconds."""
    deadline = time.monotonic() + 10
    while processes & javas(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes & javas(folder)


def test_installing_again_changes_nothing_and_status_tells(cli: Cli, installed: installation.Installation):
    before = installed.stamp.stat().st_mtime_ns
    done = cli("languagetool", "install")
    assert done.stdout == f"LanguageTool {installed.version} is installed in {installed.folder}\n"
    assert installed.stamp.stat().st_mtime_ns == before
    assert f"installed: LanguageTool {installed.version} in" in cli("languagetool", "status").stdout


@pytest.mark.parametrize("before", ["", "😀 ", "𝐀𝐁 \N{ZERO WIDTH SPACE}"])
def test_offsets_are_code_points_whatever_stands_before(grammar: Pipeline, before: str):
    text = f"{before}He said it would requires a vote. He 😀 should of went home."
    found = {each.matched: each for each in grammar.check_text(text).findings}
    assert found["requires"].replacements == ("require",)
    assert all(each.span.of(text) == matched for matched, each in found.items())
    assert found["requires"].evidence[0] == f"LanguageTool {installation.VERSION}, rule MD_BASEFORM"


def test_a_finding_may_hold_an_emoji(grammar: Pipeline):
    text = "It is 😀 a 😀 important 😀 decision, and they has to 😀 went."
    found = grammar.check_text(text).findings
    assert found
    assert all(each.span.of(text) == each.matched for each in found)


def test_no_finding_is_applied_unattended(grammar: Pipeline):
    found = grammar.check_text(TEXT).findings
    theirs = [each for each in found if each.rule_id.startswith("grammar.lt")]
    assert theirs
    assert not any(each.applicability is Applicability.SAFE for each in theirs)


def test_no_name_of_a_sample_of_the_gazetteer_is_touched(grammar: Pipeline, book: RuleBook):
    names = [name for rule in book.of_form(NameRule) for name in (rule.name, *rule.accepted)][::24]  # all: run.py bench grammar
    text = "".join(f"They spoke of {', '.join(names[at : at + 25])} and others.\n\n" for at in range(0, len(names), 25))
    article = grammar.article(grammar_document(text))
    evidence = grammar.conclude(grammar.merge([grammar.observe(article)]))
    theirs = grammar.check_grammar([article], evidence).findings
    assert not article.errors
    assert [(each.rule_id, each.matched) for each in theirs if each.fixes] == []


def grammar_document(text: str):
    from cleaner.text.document import Document

    return Document.from_text("-", text)


def test_no_name_of_the_seeds_is_touched(grammar: Pipeline):
    texts = [path.read_bytes().decode() for path in sorted(SEEDS.iterdir())]
    for text, other in (texts, texts[::-1]):
        alone = Pipeline(grammar.book, Selection()).check_text(text, [other])
        both = grammar.check_text(text, [other])
        assert both.errors == ()
        assert [each for each in both.findings if not each.rule_id.startswith("grammar.lt")] == list(alone.findings)


def test_a_server_that_crashed_comes_back(server: Server, book: RuleBook):
    pipeline = Pipeline(book, Selection(), GrammarSource(server.endpoint, cached=False))
    server.start()
    mine = {java for java in javas() if str(server.port).encode() in Path(f"/proc/{java}/cmdline").read_bytes()}
    (java,) = mine
    os.kill(java, signal.SIGKILL)
    checked = pipeline.check_text(TEXT)
    assert checked.errors == ()
    assert any(each.rule_id.startswith("grammar.lt") for each in checked.findings)


def own_data(folder: Path, installed: installation.Installation) -> Path:
    """A folder of data with LanguageTool in it, whose servers are told from those of other tests."""
    (folder / "languagetool").mkdir(parents=True)
    (folder / "languagetool" / installed.folder.name).symlink_to(installed.folder)
    return folder


def test_a_run_starts_it_and_ends_it_and_remembers(cli: Cli, tmp_path: Path, installed: installation.Installation):
    (tmp_path / "a.txt").write_text(TEXT)
    data = own_data(tmp_path / "data", installed)
    folders = {**own_cache(tmp_path / "cache"), "CLEANER_GRAMMAR": "auto", "CLEANER_DATA_DIR": str(data)}
    first = cli("report", "a.txt", "--format", "jsonl", **folders)
    assert "starting LanguageTool" in first.stderr
    assert first.returncode == 1
    assert any(json.loads(line)["rule"].startswith("grammar.lt") for line in first.stdout.splitlines())
    assert gone(javas(data), data), "its server went with it"
    again = cli("report", "a.txt", "--format", "jsonl", **folders, PATH="/bin")  # with no Java
    assert (again.stdout, again.stderr) == (first.stdout, "")
    without = cli("report", "a.txt", "--format", "jsonl", "--grammar", "off", **folders)
    assert "grammar.lt" not in without.stdout


def test_serving(cli: Cli, cli_with_few_rules: Cli, tmp_path: Path, installed: installation.Installation):
    data = own_data(tmp_path / "data", installed)
    environment = {"CLEANER_DATA_DIR": str(data), "CLEANER_GRAMMAR": "auto"}
    command = [sys.executable, "-m", "cleaner", "languagetool", "serve"]
    serving = subprocess.Popen(command, env={**os.environ, **environment, **QUICK}, stdout=subprocess.PIPE, text=True)
    try:
        assert serving.stdout
        assert "listens at http://127.0.0.1:" in serving.stdout.readline()
        assert f"process {serving.pid}" in cli("languagetool", "status", **environment).stdout
        second = cli("languagetool", "serve", **environment)
        assert (second.returncode, "a server runs already: process" in second.stderr) == (2, True)
        (tmp_path / "a.txt").write_text(TEXT)
        done = cli_with_few_rules("report", "a.txt", "--no-cache", **environment)
        assert "grammar is checked by the running LanguageTool" in done.stderr
        assert "grammar.lt" in done.stdout
        started = javas(data)
        assert len(started) == 1
    finally:
        serving.kill()
        serving.wait()
        serving.stdout.close()
    assert gone(started, data)
    assert "running: no" in cli("languagetool", "status", **environment).stdout
