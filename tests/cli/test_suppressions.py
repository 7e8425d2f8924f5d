"""The baseline and suppressions, as a user meets them."""

import shutil
from pathlib import Path

import pytest
from support import SEEDS, json_lines, reported

from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import RuleBook
from cleaner.text.document import Document

BAD = "The goverment fell.\n\nIt was the goverment of an other time, and they recieve nothing.\n"


def found(cli, *arguments: object) -> list[tuple[int, str]]:
    """Line and text of each finding."""
    return [(each["line"], each["text"]) for each in reported(cli, *arguments)]


def test_what_is_in_the_baseline_is_not_shown_wherever_it_moves(cli, tmp_path: Path):
    shutil.copytree(SEEDS, tmp_path / "seeds")
    article = next((tmp_path / "seeds").glob("*.txt"))
    done = cli("baseline", "seeds")
    assert done.returncode == 0, done.stderr
    baseline = tmp_path / "seeds" / ".cleaner" / "baseline.jsonl"
    first = baseline.read_bytes()
    assert cli("report", "seeds").returncode == 0
    article.write_bytes("".join(f"{n} {n * 7}\n" for n in range(50)).encode() + article.read_bytes())
    assert found(cli, "seeds") == []
    article.write_bytes(article.read_bytes() + b"\n\nThe goverment fell.\n")
    assert [text for _, text in found(cli, "seeds")] == ["goverment"]
    assert "1 finding accepted" in cli("baseline", "seeds").stderr
    assert cli("report", "seeds").returncode == 0
    assert set(first.splitlines()) < set(baseline.read_bytes().splitlines())


def test_entries_that_are_found_no_more_are_named_and_pruned(cli, tmp_path: Path):
    article = tmp_path / "a.txt"
    article.write_text(BAD)
    cli("baseline", ".")
    baseline = tmp_path / ".cleaner" / "baseline.jsonl"
    entries = baseline.read_text().splitlines()
    article.write_text(BAD.replace("The goverment fell", "The government fell"))
    stale = "cleaner: 1 finding of the baseline found no more: cleaner baseline --prune"
    assert stale in cli("report", ".").stderr
    assert stale not in cli("report", "a.txt", "--kind", "name").stderr
    assert stale in cli("baseline", ".").stderr
    assert baseline.read_text().splitlines() == entries
    assert "1 finding taken out" in cli("baseline", "--prune", ".").stderr
    assert len(baseline.read_text().splitlines()) == len(entries) - 1
    assert cli("report", ".").stderr == ""


def test_a_broken_baseline_is_named_with_its_place(cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / ".cleaner").mkdir()
    (tmp_path / ".cleaner" / "baseline.jsonl").write_text('{"path": "a.txt"}\n')
    done = cli("report", ".")
    assert done.returncode == 2
    assert "baseline.jsonl:1:1: no entry of a baseline" in done.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"<!-- cleaner: off -->\n{BAD}", []),
        (f"<!-- cleaner: off typo -->\n{BAD}", []),
        (f"<!-- cleaner: off typo.known, names -->\n{BAD}", []),
        (f"<!-- cleaner: off typo -->\nThe goverment.\n<!-- cleaner: on typo -->\n{BAD}", [4, 6, 6]),
        (f"<!-- cleaner: off-next-line -->\n\n{BAD}", [5, 5]),
        (f"<!-- cleaner: off-next-line names -->\n{BAD}", [2, 4, 4]),
        (BAD.replace("fell.", "fell. <!-- cleaner: off-line typo -->"), [3, 3]),
    ],
)
def test_comments_hide_what_they_say(book: RuleBook, text: str, shown: list[int]):
    pipeline, document = Pipeline(book, Selection()), Document.from_text("a.txt", text)
    articles = pipeline.articles(document)
    checked = pipeline.check(articles, pipeline.conclude(pipeline.observe(*articles)))
    assert [document.position(finding.span.start).line for finding in checked.findings] == shown


def test_what_a_comment_hides_is_not_fixed(cli, tmp_path: Path):
    text = f"{BAD}<!-- cleaner: off typo -->\n{BAD}"
    (tmp_path / "a.txt").write_text(text)
    cli("fix", "--safe", "a.txt")
    assert (tmp_path / "a.txt").read_text() == BAD.replace("goverment", "government").replace("recieve", "receive") + text[
        len(BAD) :
    ]


def test_comments_that_are_wrong_or_in_vain_are_named(cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(
        "<!-- cleaner: off nmaes -->\nThe king.\n<!-- cleaner: of -->\n<!-- cleaner: off-line typo -->\n"
    )
    done = cli("report", ".")
    assert done.stderr.splitlines() == [
        "cleaner: a.txt:1:1: there is no rule, family or kind 'nmaes': did you mean 'names'?".replace("a.txt", "./a.txt"),
        "cleaner: ./a.txt:3:1: there is no comment 'cleaner: of': did you mean 'off'?",
        "cleaner: ./a.txt:4:1: hides nothing any more: take it out",
    ]
    assert done.returncode == 2


def test_a_sidecar_hides_in_its_article(cli, tmp_path: Path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(BAD)
    sidecar = tmp_path / "a.txt.cleaner.toml"
    sidecar.write_text('[[ignore]]\nwords = ["Goverment"]\n\n[[ignore]]\nrules = ["names"]\n')
    done = cli("report", ".", "--format", "jsonl")
    texts = [each["text"] for each in json_lines(done.stdout)]
    assert texts.count("goverment") == 2
    assert texts.count("recieve") == 2
    assert done.stderr == "cleaner: a.txt.cleaner.toml:4:1: hides nothing any more: take it out\n"
    sidecar.write_text('[[ignore]]\nrules = ["typoo"]\n')
    assert "a.txt.cleaner.toml:1:1: there is no rule, family or kind 'typoo': did you mean 'typo'?" in cli("report", ".").stderr
    sidecar.write_text('[[ignore]]\nrule = ["typo"]\n')
    done = cli("report", ".")
    assert "a.txt.cleaner.toml:2:1: unknown key 'rule': did you mean 'rules'?" in done.stderr
    assert done.returncode == 2


def test_the_configuration_hides_by_path_rule_and_word(cli, tmp_path: Path):
    (tmp_path / "raw").mkdir()
    for name in ("raw/a.txt", "b.txt"):
        (tmp_path / name).write_text(BAD)
    config = tmp_path / "cleaner.toml"
    config.write_text(
        '[[ignore]]\npaths = ["raw/"]\nrules = ["typo"]\n\n[[ignore]]\nwords = ["recieve"]\n\n[[ignore]]\nwords = ["king"]\n'
    )
    done = cli("report", ".", "--format", "jsonl")
    assert [(each["path"], each["text"]) for each in json_lines(done.stdout) if each["kind"] == "typo"] == [
        ("./b.txt", "goverment"),
        ("./b.txt", "goverment"),
    ]
    assert done.stderr.endswith("cleaner.toml:8:1: hides nothing any more: take it out\n")
    assert cli("report", "b.txt").stderr == ""
    assert "[-recieve-]" not in cli("hook", "b.txt").stdout
    config.write_text('[[ignore]]\nwords = ["recieve"]\n\n[[ignore]]\npaths = ["raw/", "gone/"]\nrules = ["layout"]\n')
    assert cli("report", ".").stderr.count("cleaner.toml:4:1: hides nothing any more") == 1
    config.write_text("[[ignore]]\n[[ignore]]\n")
    assert "cleaner.toml:1:1: 'ignore': this would hide everything" in cli("report", ".").stderr
    config.write_text('[[ignore]]\nwords = ["recieve"]\n\n[[ignore]]\npaths = ["raw/"]\nrules = ["nmaes"]\n')
    done = cli("report", ".")
    assert "cleaner.toml:6:1: 'rules': there is no rule, family or kind 'nmaes': did you mean 'names'?" in done.stderr
    assert done.returncode == 2
