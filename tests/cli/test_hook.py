"""`cleaner hook` by hand: with and without git, and what it does to files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import support

BAD = "He was killed by the goverment.\n"
GOOD = "He was killed by the government.\n"


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., None]:
    """Runs git in a new repository."""
    support.git(tmp_path, "init", "-q")
    return partial(support.git, tmp_path)


def test_without_git_the_files_are_what_is_on_the_disk(cli, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    (tmp_path / "b.md").write_text(BAD)
    done = cli("hook", "a.txt", "b.md", "gone.txt")
    assert done.stdout.splitlines()[:2] == [
        "a.txt:1:22: typo: “goverment”: government [typo.known]",
        "    He was killed by the [-goverment-]{+government+}.",
    ]
    assert done.stderr.splitlines() == [
        "cleaner: gone.txt: cannot be read: No such file or directory",
        "cleaner: 1 file passed over: no article by 'extensions' and 'exclude' of the configuration",
    ]
    assert done.returncode == 3
    assert (tmp_path / "a.txt").read_text() == BAD
    assert cli("hook", "--fix", "a.txt").returncode == 1
    assert (tmp_path / "a.txt").read_text() == GOOD
    assert cli("hook", "a.txt").returncode == 0
    assert cli("hook").returncode == 0


def test_only_what_is_staged_is_fixed(cli, git, tmp_path: Path):
    article = tmp_path / "a.txt"
    article.write_text(BAD)
    git("add", ".")
    article.write_text(BAD + "And more.\n")
    done = cli("hook", "--fix", "a.txt")
    assert done.stderr == "cleaner: a.txt: has changes that are not staged: not fixed; stage or stash them\n"
    assert done.returncode == 3
    assert article.read_text() == BAD + "And more.\n"


def test_line_ends_that_git_translates_stay(cli, git, tmp_path: Path):
    article = tmp_path / "a.txt"
    git("config", "core.autocrlf", "true")
    article.write_bytes(BAD.replace("\n", "\r\n").encode())
    git("add", ".")
    done = cli("hook", "--fix", "a.txt")
    assert done.stdout.splitlines()[-1] == "1 fix applied in 1 of 1 staged article: look at them, and git add"
    assert article.read_bytes() == GOOD.replace("\n", "\r\n").encode()


def test_each_file_is_judged_by_the_settings_of_its_own_folder(cli, git, tmp_path: Path):
    for name, settings in (("one", 'disable = ["typo"]'), ("two", 'exclude = ["b.txt"]')):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "cleaner.toml").write_text(settings)
        for article in ("a.txt", "b.txt"):
            (folder / article).write_text(BAD)
    git("add", ".")
    done = cli("hook", "one/a.txt", "one/b.txt", "two/a.txt", "two/b.txt")
    assert [line for line in done.stdout.splitlines() if "typo" in line] == [
        "two/a.txt:1:22: typo: “goverment”: government [typo.known]"
    ]
    assert "1 finding in 1 of 3 staged articles" in done.stdout


def test_where_git_refuses_it_is_said(cli, git, tmp_path: Path):
    (tmp_path / "a.txt").write_text(BAD)
    git("add", ".")
    (tmp_path / ".git" / "index").write_bytes(b"no index")
    done = cli("hook", "a.txt")
    assert done.stderr.startswith("cleaner: git ls-files failed: ")
    assert done.returncode == 3


def test_the_lines_of_litter_count_as_in_the_report(cli, tmp_path: Path):
    for path in support.SEEDS.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    names = sorted(path.name for path in tmp_path.iterdir())
    assert "\n4 can be fixed by cleaner hook --fix" in cli("hook", *names).stdout
    assert "\n4 can be applied unattended" in cli("report", *names).stdout
