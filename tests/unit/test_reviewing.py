"""What a review does to files: to the byte, back again, and never to a file that is not as it was."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import SEEDS, logged, reported

Cli = Callable[..., subprocess.CompletedProcess]
ARTICLE = "003_9fb19f931f20fa75.txt"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with the seed articles and one in another encoding."""
    folder = tmp_path / "news"
    folder.mkdir()
    for path in SEEDS.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "latin.txt").write_bytes("Au café, an medical case.\r\nAn medical café\r\nThe goverment fell".encode("cp1252"))
    return folder


def plain(cli: Cli, answers: str, *options: str) -> subprocess.CompletedProcess:
    return cli("review", "--plain", "news", *options, stdin=answers, CLEANER_REVIEWER="Ann")


def accept_all(cli: Cli) -> None:
    """Accept every finding and write nothing."""
    count = int(re.search(r"\((\d+) open\)", plain(cli, "q\n").stdout)[1])
    assert "kept; cleaner fix --decided" in plain(cli, "y\n" * count + "n\n").stdout


def bytes_of(news: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in news.glob("*.txt")}


def test_plain_review_decides_writes_and_resumes(cli: Cli, news: Path):
    before = bytes_of(news)
    done = plain(cli, "n\nn\ns\ny\nw\nq\n", "--kind", "name")
    assert done.returncode == 1  # the skipped one is left
    assert "[-Kirbry-]{+Kirby+}" in done.stdout
    assert "Kirby: 9 times in 2 files" in done.stdout
    changed = bytes_of(news)
    assert changed == {**before, ARTICLE: before[ARTICLE].replace(b"Kirbry", b"Kirby")}
    again = plain(cli, "q\n", "--kind", "name")
    assert "(1 open)" in again.stdout
    assert [each["text"] for each in reported(cli, "news", "--kind", "name")] == ["Kait’ib"]


def test_plain_review_takes_every_answer(cli: Cli, news: Path):
    answers = "s\nx\ny\nu\ne my own words\n9\n1\na\n0\nd\n3\ni\no\nm\nw\n"
    done = plain(cli, answers)
    assert done.returncode == 1
    assert "y - accept the first alternative" in done.stdout  # x is no answer
    types = [row["type"] for row in logged(news)]
    assert types.count("retraction") == 1
    assert {"decision", "name", "different", "written"} <= set(types)
    assert "my own words" in "".join(path.read_text("utf-8", "replace") for path in news.glob("*.txt"))


def test_the_end_of_the_input_quits_and_keeps_the_decisions(cli: Cli, news: Path):
    done = plain(cli, "n\nn\n")
    assert done.returncode == 1
    assert [row["verdict"] for row in logged(news)] == ["reject", "reject"]


def test_a_screen_needs_a_terminal(cli: Cli, news: Path):
    done = cli("review", "news")
    assert done.returncode == 2
    assert "a review needs a terminal: use --plain" in done.stderr


def test_decided_fixes_are_applied_shown_replayed_and_reverted_to_the_byte(cli: Cli, news: Path, tmp_path: Path):
    originals = bytes_of(news)
    accept_all(cli)
    assert bytes_of(news) == originals  # nothing was written
    shown = cli("fix", "--decided", "--diff", "news")
    assert "-This story will be updated broken" in shown.stdout
    assert bytes_of(news) == originals
    assert cli("fix", "--decided", "news").returncode == 1
    written = bytes_of(news)
    assert all(written[name] != originals[name] for name in originals)
    assert written["latin.txt"] == "Au café, a medical case.\r\nA medical café\r\nThe government fell".encode("cp1252")
    assert cli("fix", "--decided", "news").returncode == 0  # twice is once
    assert bytes_of(news) == written

    assert cli("decisions", "revert", "news").stderr == "cleaner: 3 files restored\n"
    assert bytes_of(news) == originals
    log = tmp_path / "log.jsonl"
    log.write_bytes((news / ".cleaner/decisions.jsonl").read_bytes())
    done = cli("fix", "--replay", log, "news")
    assert done.returncode == 1
    assert bytes_of(news) == written
    assert cli("decisions", "revert", f"news/{ARTICLE}").returncode == 0
    assert bytes_of(news) == {**written, ARTICLE: originals[ARTICLE]}


def test_two_sessions_are_reverted_together(cli: Cli, news: Path):
    originals = bytes_of(news)
    plain(cli, "y\ny\nw\nq\n")
    plain(cli, "y\ny\nw\nq\n")
    assert bytes_of(news) != originals
    cli("decisions", "revert", "news")
    assert bytes_of(news) == originals


@pytest.mark.parametrize("name", ["changed", "removed", "read-only"])
def test_a_file_that_is_not_as_it_was_is_refused(cli: Cli, news: Path, name: str):
    accept_all(cli)
    cli("fix", "--decided", "news")
    path = news / ARTICLE
    written = path.read_bytes()
    if name == "changed":
        path.write_bytes(written + b"x")
    elif name == "removed":
        path.unlink()
    else:
        path.chmod(0o444)
    done = cli("decisions", "revert", "news")
    assert done.returncode == 3
    assert ARTICLE in done.stderr
    assert "2 files restored" in done.stderr
    if path.exists():
        assert path.read_bytes() == written + (b"x" if name == "changed" else b"")


def test_a_rejection_beside_a_written_fix_is_not_asked_again(cli: Cli, news: Path):
    for path in news.glob("*.txt"):
        path.unlink()
    (news / "a.txt").write_text("He took an medical test in regards to the goverment.\n")
    plain(cli, "y\nn\ny\ny\n")
    assert (news / "a.txt").read_text() == "He took a medical test in regards to the government.\n"
    assert logged(news)[-1]["type"] == "rekeyed"
    assert cli("report", "news").returncode == 0
    (news / "a.txt").write_text("He took a medical test yesterday in regards to the government.\n")
    assert "in regards to" in cli("report", "news").stdout  # the sentence was changed by somebody else


def test_a_rejection_holds_when_lines_move_and_ends_with_its_sentence(cli: Cli, news: Path):
    plain(cli, "n\n" * 60)
    assert cli("report", "news").returncode == 0
    path = news / ARTICLE
    path.write_bytes(b"A new line.\n\nAnd another one.\n\n" + path.read_bytes())
    assert cli("report", "news").returncode == 0
    path.write_bytes(path.read_bytes().replace(b"Kirbry said", b"Kirbry said on Monday"))
    assert [each["text"] for each in reported(cli, "news")] == [
        "Kait’ib Hezbollah",
        "Kait’ib",
        "Kirbry",
    ]


def test_what_was_decided_everywhere_judges_the_next_article(cli: Cli, news: Path):
    for path in news.glob("*.txt"):
        path.unlink()
    text = "Rockets struck the base. Officials of the coalition said that two civilian entrepreneurs died. John Kirby denied it. “No,” Kirbry said. Kirby left. Then Kirby came back, and Kirby spoke."
    (news / "a.txt").write_text(text)
    done = plain(cli, "a\n2\na\n2\n")
    assert done.returncode == 0, done.stdout
    rules = (news / ".cleaner/rules.yaml").read_text()
    assert "variants:" in rules
    assert "match:" in rules
    assert cli("rules", "test", news / ".cleaner").stdout == "2 rules tested, 0 failed\n"
    (news / "b.txt").write_text("Then Kirbry came alone.\n")
    (row,) = reported(cli, "news/b.txt")
    assert (row["replacements"], row["rule"].split("-")[0]) == (["Kirby"], "names.folder.kirby")
    assert "Decided by Ann" in row["evidence"][-1]


def test_what_was_decided_everywhere_is_not_asked_again(cli_with_few_rules: Cli, news: Path):
    cli = cli_with_few_rules
    for path in news.glob("*.txt"):
        path.unlink()
    (news / "a.txt").write_text("John Kirby spoke. “No,” Kirbry said. Kirby left. Then Kirby came back, and Kirby spoke.")
    plain(cli, "a\n2\nq\nn\n")
    assert "open)" not in plain(cli, "").stdout
    assert "1 file changed" in cli("fix", "--decided", "news").stderr
    assert "Kirbry" not in (news / "a.txt").read_text()


def test_two_reviewers_merge(cli: Cli, news: Path, tmp_path: Path):
    plain(cli, "n\nn\nq\n")
    ann = tmp_path / "ann.jsonl"
    (news / ".cleaner/decisions.jsonl").rename(ann)
    cli("review", "--plain", "news", stdin="n\ny\nq\n", CLEANER_REVIEWER="Ben")
    ben = news / ".cleaner/decisions.jsonl"
    done = cli("decisions", "merge", ann, ben, "--output", "merged.jsonl")
    assert done.returncode == 1
    assert done.stderr.count("conflict:") == 1
    assert "Ann: reject" in done.stderr
    assert len((tmp_path / "merged.jsonl").read_text().splitlines()) == 4
    same = cli("decisions", "merge", ben, ben)
    assert (same.returncode, len(same.stdout.splitlines())) == (0, 2)


def test_list_show_and_statistics(cli: Cli, news: Path):
    plain(cli, "y\nn\nu\ny\nq\n")
    listed = cli("decisions", "list", "news").stdout
    assert len(listed.splitlines()) == 2
    key = logged(news)[1]["subjects"][0]["key"]
    assert len(cli("decisions", "show", key, "news").stdout.splitlines()) == 3
    done = cli("decisions", "show", "nothing", "news")
    assert done.returncode == 2
    stats = cli("rules", "stats", "news").stdout
    assert "layout.repeated-headline" in stats
    assert "1 accepted" in stats


def test_a_broken_rule_file_of_the_folder_stops_the_decision_that_would_change_it(cli_with_few_rules: Cli, news: Path):
    (news / ".cleaner").mkdir()
    (news / ".cleaner/rules.yaml").write_text("rules: {\n")
    done = plain(cli_with_few_rules, "n\nn\nn\ni\nq\n", "--kind", "name")
    assert "not done:" in done.stdout
    assert "rules.yaml: cannot be changed" in done.stdout
    assert (news / ".cleaner/rules.yaml").read_text() == "rules: {\n"
    kinds = [row["type"] for row in logged(news)]
    assert kinds[-2:] == ["name", "retraction"]


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_moment_loses_no_confirmed_decision(news: Path, seed: int):
    chance = random.Random(seed)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "review", "--plain", "news"],
        cwd=news.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin
    assert process.stdout

    def prompt() -> None:
        seen = b""
        while not seen.endswith(b",q,?] "):
            char = process.stdout.read(1)
            assert char, "the program ended"
            seen += char

    prompt()
    confirmed = 0
    for _ in range(chance.randint(1, 25)):
        process.stdin.write(chance.choice([b"y\n", b"n\n"]))
        process.stdin.flush()
        prompt()
        confirmed += 1
    process.stdin.write(b"y\n" * chance.randint(0, 3) + b"w\n")  # and some that are not waited for
    process.stdin.flush()
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    decided = [row for row in logged(news) if row["type"] == "decision"]
    assert len(decided) >= confirmed
    for path in SEEDS.iterdir():
        assert (news / path.name).read_bytes()  # whole, whatever happened to the writing
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "decisions", "revert", "news"], cwd=news.parent, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert all((news / path.name).read_bytes() == path.read_bytes() for path in SEEDS.iterdir())


def test_what_an_encoding_lacks_is_left_out_and_the_rest_written(cli: Cli, news: Path):
    for path in news.glob("*.txt"):
        path.unlink()
    (news / "a.txt").write_bytes("“Au café.” The goverment fell. And it was in a hour.".encode("cp1252"))
    done = plain(cli, "e Łódź\ny\nn\n")
    assert "kept; cleaner fix --decided writes them" in done.stdout
    message = "a.txt: a fix is left out: the file is in cp1252, which has no Ł ź: convert it to UTF-8"
    shown = cli("fix", "--decided", "--diff", "news")
    assert "The goverment fell. And it was in an hour." in shown.stdout
    fixed = cli("fix", "--decided", "news")
    for each in (shown, fixed):
        assert each.returncode == 3
        assert message in each.stderr
    assert (news / "a.txt").read_bytes() == "“Au café.” The goverment fell. And it was in an hour.".encode("cp1252")


def test_a_name_that_is_not_utf8_is_refused_with_a_remedy(cli: Cli, news: Path):
    (news / "a\udcff.txt").write_text("The goverment fell.\n")
    done = plain(cli, "n\n" * 60 + "q\n")
    assert "not done: the decision is not saved and not taken: the name of the file is not UTF-8: rename it" in done.stdout


def test_a_line_that_goes_everywhere_becomes_a_rule_of_the_folder(cli_with_few_rules: Cli, tmp_path: Path):
    cli = cli_with_few_rules
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, story in enumerate(("The minister resigned.", "Rain fell.", "Snow fell.")):
        (folder / f"{number}.txt").write_text(
            f"{story}\n\nThe Daily Post, your dose of news\n\nOf the {story} nothing else is known.\n"
        )
    done = cli("review", folder, "--plain", "--kind", "layout", stdin="a\n2\ny\n")
    assert "2 this line everywhere (3)" in done.stdout
    assert [path.read_text().count("Daily Post") for path in sorted(folder.glob("*.txt"))] == [0, 0, 0]
    assert "lines:\n" in (folder / ".cleaner/rules.yaml").read_text()
    (folder / "later.txt").write_text("Hail fell.\n\nThe Daily Post, your dose of news\n\nNothing else is known.\n")
    assert "A line that goes everywhere in this folder" in cli("report", folder / "later.txt").stdout


def test_the_example_of_a_rule_is_the_sentence_of_its_record(cli: Cli, tmp_path: Path):
    records = [
        {"id": 1, "text": "Nothing is wrong."},
        {"id": 2, "text": 'Rain fell. We have "acted" to reduce the overall situation.'},
    ]
    (tmp_path / "a.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    done = cli("review", "a.jsonl", "--plain", "--kind", "wording", stdin="a\n2\ny\n")
    rules = (tmp_path / ".cleaner/rules.yaml").read_text()
    assert 'We have "acted" to [reduce -> de-escalate] the overall situation.' in rules, done.stdout
    assert "Rain fell" not in rules
