"""LanguageTool's servers, as they misbehave; the real one is in tests/integration."""

import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from languagetoolserver import Misbehaving, answer, match

from cleaner.engines.background import BackgroundScan
from cleaner.engines.local import Job
from cleaner.errors import CleanerError, DocumentError
from cleaner.findings import Kind
from cleaner.languagetool import installation, warm
from cleaner.languagetool.checker import Checker, GrammarSource
from cleaner.languagetool.choice import chosen
from cleaner.languagetool.folder import data_folder
from cleaner.languagetool.memory import Memory
from cleaner.languagetool.remarks import Remark, code_points
from cleaner.languagetool.server import Endpoint, Server, free_port
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.rulebook.book import RuleBook

TEXT = "He should of went home."


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("cleaner.languagetool.memory.cache_folder", lambda: tmp_path)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nothing may go there


def checker(url: str, *, version: str = "6.8", cached: bool = False, timeout: float = 5.0) -> Checker:
    return Checker(GrammarSource(Endpoint(url, version), cached, timeout), "en", frozenset({"X", "category Y"}))


def test_a_hook_asks_only_where_it_is_told_to(cli_with_few_rules, misbehaving: Callable[..., Misbehaving], tmp_path: Path):
    server = misbehaving(lambda text: answer(*([match(text, "He have", "He has", "MANY_NN")] if "He have" in text else [])))
    (tmp_path / "a.txt").write_text("He have gone, and so have they.\n")
    cli = partial(cli_with_few_rules, "hook", "--no-cache")
    assert cli("a.txt", CLEANER_GRAMMAR=server.url).returncode == 0
    assert cli("--fix", "--grammar", server.url, "a.txt").returncode == 0
    assert server.asked == []
    done = cli("--grammar", server.url, "a.txt")
    assert ": grammar: " in done.stdout
    assert "[-He have-]{+He has+} gone" in done.stdout
    (tmp_path / "cleaner.toml").write_text(f'hook-grammar = "{server.url}"')
    assert cli("a.txt").stdout == done.stdout
    assert cli("--grammar", "off", "a.txt").returncode == 0


def test_lengths_come_in_utf_16_and_are_code_points_here(misbehaving: Callable[..., Misbehaving]):
    text = "A 😀 𝐰𝐫𝐨ng one."
    server = misbehaving(lambda asked: answer(match(asked, "𝐰𝐫𝐨ng", "right")))
    (remark,) = checker(server.url).check([text])[0][text]
    assert text[remark.start : remark.end] == "𝐰𝐫𝐨ng"
    assert remark.replacements == ("right",)
    assert code_points("a😀b", 0, 3) == 2


@pytest.mark.parametrize(
    ("respond", "reason"),
    [
        (lambda _: (500, "Error: java.lang.OutOfMemoryError\nat x"), "Error: java.lang.OutOfMemoryError"),
        (lambda _: (200, "<html>hello</html>"), "<html>hello</html>"),
        (lambda _: (200, '{"software": {}}'), "not LanguageTool's"),
        (lambda _: (200, "[]"), "not LanguageTool's"),
        (lambda _: (200, '{"matches": [{"rule": 3}]}'), "not LanguageTool's"),
        (lambda _: time.sleep(2) or (200, "{}"), "no answer in time"),
    ],
)
def test_a_failure_is_tried_once_more_and_told(misbehaving: Callable[..., Misbehaving], respond: Callable, reason: str):
    server = misbehaving(respond)
    answers, error = checker(server.url, timeout=0.3).check([TEXT])
    assert answers == {}
    assert reason in str(error)
    assert server.asked == [TEXT, TEXT]


def test_what_works_the_second_time_is_no_failure(misbehaving: Callable[..., Misbehaving]):
    server = misbehaving(lambda _: answer() if len(server.asked) > 1 else (500, "once"))
    assert checker(server.url).check([TEXT]) == ({TEXT: []}, None)


def test_of_an_article_what_was_answered_is_kept(misbehaving: Callable[..., Misbehaving]):
    server = misbehaving(lambda asked: answer() if "good" in asked else (500, "no"))
    answers, error = checker(server.url, cached=True).check(["All good.", TEXT])
    assert (answers, str(error)) == ({"All good.": []}, "no")
    assert Memory("6.8\0en\0X\0category Y").recall(["All good.", TEXT]) == {"All good.": []}


def test_a_server_that_never_answers_is_given_up(misbehaving: Callable[..., Misbehaving]):
    server = misbehaving(lambda _: (500, "no"))
    asks = checker(server.url)
    errors = [str(asks.check([f"{TEXT} {n}"])[1]) for n in range(5)]
    assert errors == ["no"] * 3 + ["LanguageTool is not asked any more after 3 articles without an answer"] * 2
    assert len(server.asked) == 6


def test_nobody_listens():
    answers, error = checker(f"http://127.0.0.1:{free_port()}").check([TEXT])
    assert answers == {}
    assert "no LanguageTool answers at http://127.0.0.1:" in str(error)
    assert "nobody listens" in str(error)


@pytest.mark.parametrize("version", ["5.2", ""])
def test_a_version_that_is_too_old_is_refused(misbehaving: Callable[..., Misbehaving], version: str):
    server = misbehaving(lambda _: answer(version=version))
    _, error = checker(server.url, version="").check([TEXT])
    assert "6.0 or later is needed" in str(error)


def test_no_paragraph_is_asked_about_twice(misbehaving: Callable[..., Misbehaving]):
    server = misbehaving(lambda asked: answer(match(asked, "of", "have")))
    first = checker(server.url, cached=True).check([TEXT, TEXT])
    server.stop()
    assert server.asked == [TEXT]
    assert checker(server.url, cached=True).check([TEXT]) == first
    assert checker(server.url, version="6.9", cached=True).check([TEXT])[1] is not None, "another version has other answers"
    assert checker(server.url, cached=False).check([TEXT])[1] is not None


def test_a_damaged_memory_begins_anew(tmp_path: Path):
    file = tmp_path / "grammar.sqlite"
    file.write_bytes(b"no database" * 100)
    memory = Memory("x", file)
    remark = Remark("R", "C", "m", 0, 1, ("a",))
    memory.keep({"text": [remark]})
    assert Memory("x", file).recall(["text", "other"]) == {"text": [remark]}
    assert Memory("y", file).recall(["text"]) == {}


def find(book: RuleBook, url: str, text: str) -> tuple[list, tuple]:
    pipeline = Pipeline(book, Selection(), GrammarSource(Endpoint(url, "6.8"), cached=False))
    checked = pipeline.check_text(text)
    return [(each.rule_id, each.matched, each.replacements) for each in checked.findings], checked.errors


def test_findings_name_their_rule_and_files_their_failure(misbehaving: Callable[..., Misbehaving], book: RuleBook):
    text = "The court ruled quick."
    server = misbehaving(lambda asked: answer(match(asked, "quick", "quickly")))
    pipeline = Pipeline(book, Selection(), GrammarSource(Endpoint(server.url, "6.8"), cached=False))
    (finding,) = pipeline.check_text(text).findings
    assert finding.kind is Kind.GRAMMAR
    assert finding.message == "“quick”: Wrong."
    assert finding.evidence[0] == "LanguageTool 6.8, rule SOME_RULE"
    server.stop()
    found, errors = find(book, server.url, text)
    assert found == []
    assert isinstance(errors[0], DocumentError)
    assert str(errors[0]).startswith("-: not wholly checked by LanguageTool: ")


@pytest.mark.parametrize(
    ("wrong", "right", "rule", "category"),
    [
        ("Kirby", "Kirbys", "SOME_RULE", "GRAMMAR"),  # a name of the folder
        ("quick", "quickly", "SOME_RULE", "STYLE"),  # a category that is off
        ("quick", "quickly", "WORKER_COMPOUNDS", "GRAMMAR"),  # a family that is off
        ("quick", "quickly", "UNHEARD_OF", "UNHEARD_OF"),  # nobody knows how good
        ("envoyed", "enjoyed", "MORFOLOGIK_RULE_EN_US", "TYPOS"),  # our own evidence leads elsewhere
    ],
)
def test_what_the_policy_or_the_shield_stops(
    misbehaving: Callable[..., Misbehaving], book: RuleBook, wrong: str, right: str, rule: str, category: str
):
    text = "The spokesman John Kirby ruled quick on what Kirby envoyed."
    server = misbehaving(lambda asked: answer(match(asked, wrong, right, rule, category)))
    assert [each for each in find(book, server.url, text)[0] if each[0].startswith("grammar.lt")] == []


def test_a_proposal_touches_the_words_that_change_and_no_name_beside_them(
    misbehaving: Callable[..., Misbehaving], book: RuleBook
):
    text = "The men John Kirby was late."
    server = misbehaving(lambda asked: answer(match(asked, "John Kirby was", "John Kirby were")))
    assert [each[1:] for each in find(book, server.url, text)[0]] == [("John Kirby was", ("John Kirby were",))]


def test_our_own_rule_speaks_first(misbehaving: Callable[..., Misbehaving], book: RuleBook):
    text = "They recieved aid."
    server = misbehaving(lambda asked: answer(match(asked, "recieved", "relieved")))
    assert [each[0] for each in find(book, server.url, text)[0]] == ["typo.known"]


def test_a_review_gets_all_else_first(misbehaving: Callable[..., Misbehaving], book: RuleBook, tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("They recieved aid. The court ruled quick.")
    server = misbehaving(lambda asked: answer(match(asked, "quick", "quickly")))
    source = GrammarSource(Endpoint(server.url, "6.8"), cached=False)
    scan = BackgroundScan(Job(lambda: Pipeline(book, Selection(), source), 1000), [str(path)])
    results = [event for event in scan.events() if isinstance(event, Checked)]
    assert [[finding.matched for finding in result.findings] for result in results] == [["recieved"], ["quick"]]


# --- installing and choosing


def program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("java", "message"),
    [
        (None, "needs Java 17 or later: there is none on the PATH"),
        ("echo 'openjdk version \"11.0.2\" 2019' >&2", "is 11; install a later one"),
        ('echo "java version \\"1.8.0_292\\"" >&2', "is 8; install a later one"),
        ("echo nothing", "does not say which Java it is"),
    ],
)
def test_an_unsuitable_java_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, java: str | None, message: str):
    (tmp_path / "bin").mkdir()
    if java:
        program(tmp_path / "bin", "java", java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}" if java is None else f"{tmp_path / 'bin'}:/bin:/usr/bin")
    with pytest.raises(CleanerError, match=message):
        installation.install(lambda _: None)
    assert installation.installed() is None


@pytest.mark.parametrize(
    ("maven", "message"),
    [
        ("echo '[ERROR] Could not resolve dependencies'; exit 1", "Maven failed: Could not resolve dependencies"),
        ("exit 0", "there is no languagetool-server.jar"),
        (
            'for a; do case $a in -Dlt.home=*) d=${a#*=}/LanguageTool-6.8; mkdir -p "$d"; touch "$d/languagetool-server.jar";; esac; done',
            "server does not start: Error: it has no main class",
        ),
    ],
)
def test_an_installation_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, maven: str, message: str
):
    program(tmp_path / "bin", "mvn", maven)
    java = '[ "$1" = -version ] && echo \'openjdk version "17.0.1"\' >&2 || { echo "Error: it has no main class" >&2; exit 1; }'
    program(tmp_path / "bin", "java", java)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    (data_folder() / ".building-old").mkdir(parents=True)
    with pytest.raises(CleanerError, match=message):
        installation.install(lambda _: None)
    assert {path.name for path in data_folder().iterdir()} <= {"install.lock"}


def test_a_port_in_use_is_told(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CleanerError, match="is in use: choose another one"):
            Server.of(tmp_path / "x.jar", "6.8", "java", log=tmp_path / "log", port=taken.getsockname()[1])


def test_a_server_is_ended_with_its_owner(tmp_path: Path):
    program(tmp_path, "java", f"echo $$ > {tmp_path}/pid; exec sleep 60")
    pid = os.fork()
    if not pid:
        server = Server.of(tmp_path / "x.jar", "6.8", str(tmp_path / "java"), log=tmp_path / "log")
        os.write(server.endpoint.wake, b"go\n")
        time.sleep(60)
        os._exit(0)
    java = None
    for _ in range(100):
        time.sleep(0.05)
        written = (tmp_path / "pid").read_text().strip() if (tmp_path / "pid").exists() else ""
        if written:
            java = int(written)
            break
    assert java
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    for _ in range(100):
        if not Path(f"/proc/{java}").exists() or "\nState:\tZ" in Path(f"/proc/{java}/status").read_text():
            return
        time.sleep(0.05)
    pytest.fail("it goes on")


def test_without_an_installation_the_run_hears_what_is_not_checked():
    told: list[str] = []
    with chosen("auto", articles=1, cached=True, silent=False, tell=told.append) as source:
        assert source is None
    assert told[0].startswith("not checked: grammar by LanguageTool, which is not installed")
    with chosen("off", articles=1, cached=True, silent=False, tell=told.append) as source:
        assert source is None
    assert len(told) == 1


def test_one_serves_at_a_time():
    data_folder().mkdir(parents=True)
    assert warm.running() is None
    with warm.refuse_second():
        with pytest.raises(CleanerError, match="a server runs already"), warm.refuse_second():
            pass
        assert warm.running() is None, "it is only starting"
    assert warm.running() is None
