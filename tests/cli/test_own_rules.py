"""Rules of one's own on the command line: drafts, broken files, and rules that are switched off."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import RULE

from cleaner.cli.trial import Trial
from cleaner.decisions import RuleStatistics
from cleaner.rulebook.load import load

Cli = Callable[..., subprocess.CompletedProcess]
TEXT = "The goverment of foo said so.\n"
FOO = RULE.replace("wording.test", "wording.foo")
BROKEN = FOO.replace("wording.foo", "wording.broken").replace("[bar]", "['$7']")


@pytest.fixture
def cli(cli_with_few_rules: Cli) -> Cli:
    """The rules that come with the program are some more to these."""
    return cli_with_few_rules


@pytest.fixture(autouse=True)
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


def pattern_rule(pattern: str) -> str:
    return FOO.replace('match: ["[foo]"]', f"pattern: '{pattern}'")


def test_a_broken_file_is_named_and_the_other_rules_work(cli: Cli, tmp_path: Path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/good.yaml").write_text(FOO)
    (tmp_path / "own/broken.yaml").write_text(BROKEN)
    done = cli("report", "--rules", "own", "a.txt")
    assert done.returncode == 2
    assert done.stderr == "cleaner: own/broken.yaml:5:15: the pattern has no part for $7 in its brackets\n"
    assert "[-foo-]{+bar+}" in done.stdout
    assert "[-goverment-]{+government+}" in done.stdout


@pytest.mark.parametrize("command", [("list",), ("show", "wording.foo"), ("docs", "pages"), ("test", "own")])
def test_every_command_names_broken_rules(cli: Cli, tmp_path: Path, command: tuple[str, ...]):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/x.yaml").write_text(FOO)
    (tmp_path / "own/y.yaml").write_text(BROKEN)
    done = cli("rules", *command, "--rules", "own")
    assert done.returncode == 2
    assert "cleaner: own/y.yaml:5:15: " in done.stderr
    assert "wording.foo" in done.stdout + str([*tmp_path.rglob("*.md")]) or command != ("list",)


@pytest.mark.parametrize("folder", ["", "own/"])
def test_rules_may_be_a_single_file(cli: Cli, tmp_path: Path, folder: str):
    (tmp_path / "own").mkdir()
    (tmp_path / f"{folder}x.yaml").write_text(FOO)
    assert "[-foo-]{+bar+}" in cli("report", "--rules", f"{folder}x.yaml", "a.txt").stdout
    assert cli("rules", "test", f"{folder}x.yaml").stdout == "1 rule tested, 0 failed\n"


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (BROKEN, "x.yaml:5:15: the pattern has no part for $7"),
        (FOO + BROKEN.removeprefix("rules:\n"), "x.yaml:15:15: the pattern has no part for $7"),
        ("rules: []", "x.yaml: no rules in this file"),
        ("", "x.yaml: no rules in this file"),
    ],
)
def test_a_draft_that_cannot_be_used_is_not_tried(cli: Cli, tmp_path: Path, draft: str, message: str):
    (tmp_path / "x.yaml").write_text(draft)
    done = cli("rules", "try", "x.yaml", "a.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_draft_is_tried_though_its_family_is_switched_off(cli: Cli, tmp_path: Path):
    (tmp_path / "cleaner.toml").write_text('disable = ["wording"]')
    (tmp_path / "x.yaml").write_text(FOO)
    assert "[-foo-]{+bar+}" in cli("rules", "try", "x.yaml", "a.txt").stdout


@pytest.mark.parametrize("name", ["name", "names", "names.kataib-hezbollah"])
def test_rules_are_switched_off_by_kind_family_and_id(cli: Cli, tmp_path: Path, name: str):
    (tmp_path / "a.txt").write_text("Fighters of Kait'ib Hezbollah left.\n")
    assert "Kata'ib" in cli("report", "a.txt").stdout
    (tmp_path / "cleaner.toml").write_text(f'disable = ["{name}"]')
    done = cli("report", "a.txt")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_name_that_switches_nothing_off_is_an_error(cli: Cli, tmp_path: Path):
    (tmp_path / "cleaner.toml").write_text('\ndisable = ["stlye", "typo", "nothing.like-it"]')
    done = cli("report", "a.txt")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"cleaner: {tmp_path}/cleaner.toml:2:1: 'disable': there is no rule, family or kind 'stlye': did you mean 'style'?",
        f"cleaner: {tmp_path}/cleaner.toml:2:1: 'disable': there is no rule, family or kind 'nothing.like-it': see cleaner rules list",
    ]


def test_exclude_is_relative_to_the_configuration(cli: Cli, tmp_path: Path):
    (tmp_path / "cleaner.toml").write_text('exclude = ["/news/raw/"]')
    for name in ("news/raw/b.txt", "news/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    for start in ("news", "."):
        done = cli("report", start, "--format", "jsonl")
        assert "c.txt" in done.stdout
        assert "b.txt" not in done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_expression_that_takes_too_long_is_named_once_and_left_out(cli: Cli, tmp_path: Path, jobs: str):
    (tmp_path / "x.yaml").write_text(
        pattern_rule("x(?:a|a)*(?:a|a)*$") + pattern_rule("foo").removeprefix("rules:\n").replace(".foo", ".quick")
    )
    (tmp_path / "a.txt").write_text(TEXT + "x" + "a" * 400 + "b")
    (tmp_path / "b.txt").write_text("x" + "a" * 400 + "b")
    done = cli("report", "--rules", "x.yaml", "a.txt", "b.txt", "--jobs", jobs)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("cleaner: x.yaml:2:1: 'wording.foo' took more than 2 seconds in a.txt and is left out from there on")
    assert "[-foo-]{+bar+}" in done.stdout


def test_a_line_pattern_that_takes_too_long_is_left_out(cli: Cli, tmp_path: Path):
    rule = FOO.replace('match: ["[foo]"]\n    replace: [bar]', "patterns: ['x(?:a|a)*(?:a|a)*$']").replace(
        "[foo -> bar]", "[foo -> ]"
    )
    (tmp_path / "x.yaml").write_text(rule)
    (tmp_path / "a.txt").write_text(f"{TEXT}\nx{'a' * 400}b\n\nRead more:\n")
    done = cli("report", "--rules", "x.yaml", "a.txt")
    assert done.returncode == 2
    assert "'wording.foo' took more than 2 seconds" in done.stderr
    assert "government" in done.stdout


def test_groups_of_expressions_do_not_get_into_each_others_way(cli: Cli, tmp_path: Path):
    rule = FOO.replace('match: ["[foo]"]\n    replace: [bar]', "patterns: ['(?P<r1>x)', '(zq) \\1 (?P<r1>y)']")
    (tmp_path / "x.yaml").write_text(rule.replace("a [foo -> bar]", "zq zq y").replace("zq zq y", "[zq zq y -> ]"))
    assert cli("rules", "test", "x.yaml").stdout == "1 rule tested, 0 failed\n"


def test_a_fix_group_that_takes_no_part_is_nothing_to_mend(cli: Cli, tmp_path: Path):
    (tmp_path / "x.yaml").write_text(pattern_rule("(?P<fix>z)?foo"))
    done = cli("report", "--rules", "x.yaml", "a.txt")
    assert (done.returncode, done.stderr) == (1, "")
    assert "wording.foo" not in done.stdout


def test_a_trial_counts_findings_and_shows_some(cli: Cli, tmp_path: Path):
    (tmp_path / "x.yaml").write_text(FOO.replace("confidence: 0.9", "confidence: 0.2"))
    (tmp_path / "b.txt").write_text("He met foo there.\n" * 30)
    (tmp_path / "c.txt").write_text("Nothing.\n")
    done = cli("rules", "try", "x.yaml", "a.txt", "b.txt", "c.txt")
    assert done.stdout.count("[-foo-]{+bar+}") == 10
    assert done.stdout.endswith("wording.foo: 31 findings in 2 of 3 articles, 10 of them shown\n")


def test_a_trial_tells_how_rules_like_the_draft_fared(tmp_path: Path):
    (tmp_path / "x.yaml").write_text(FOO + FOO.removeprefix("rules:\n").replace("wording.foo", "wording.like"))
    book = load([tmp_path / "x.yaml"], cached=False)
    counts = {"wording.like": RuleStatistics(3, 1), "typo.other": RuleStatistics(0, 9)}
    assert list(Trial().summary(book, ["wording.foo"], counts)) == [
        "wording.foo: 0 findings in 0 of 0 articles",
        "  like it: wording.like, 3 of 4 findings accepted (75%)",
        "  all wording rules: 3 of 4 findings accepted (75%)",
    ]
