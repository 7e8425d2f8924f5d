"""The commit hooks under the real pre-commit, in a real repository.

pre-commit would build an environment from this repository; that it can is what `test_wheel` shows. Here it runs the program at hand.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT

CONFIG = """\
repos:
  - repo: {hooks}
    rev: {rev}
    hooks:
      - id: {hook}
        language: system
"""
BAD = "He was killed by the goverment.\n"
GOOD = "He was killed by the government.\n"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a program in the folder of the articles."""
    environment = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run(*command: object, cwd: Path = tmp_path / "articles", code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def articles(tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[[str], Path]:
    """Makes a repository of articles with one of our hooks installed."""

    def make(hook: str) -> Path:
        hooks, folder = tmp_path / "hooks", tmp_path / "articles"
        hooks.mkdir()
        shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
        run("git", "init", "-q", cwd=hooks)
        run("git", "add", ".", cwd=hooks)
        run("git", "commit", "-qm", "hooks", cwd=hooks)
        rev = run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
        folder.mkdir()
        (folder / ".pre-commit-config.yaml").write_text(CONFIG.format(hooks=hooks, rev=rev, hook=hook))
        run("git", "init", "-q")
        run("git", "add", ".")
        run("pre-commit", "install")
        return folder

    return make


def test_a_bad_commit_is_refused_and_a_good_one_passes(articles, run):
    folder = articles("cleaner")
    article = folder / "a.txt"
    article.write_text(BAD)
    run("git", "add", ".")
    article.write_text(GOOD)  # not staged: the commit would still hold what is bad
    said = run("git", "commit", "-m", "bad", code=1).stderr
    assert "a.txt:1:22: typo: “goverment”: government [typo.known]" in said
    assert "killed by the [-goverment-]{+government+}." in said
    assert "1 finding in 1 of 1 staged article" in said
    run("git", "add", ".")
    assert "Passed" in run("git", "commit", "-m", "good").stderr
    assert run("git", "show", "HEAD:a.txt").stdout == GOOD


def test_what_is_certain_is_fixed_and_printed(articles, run):
    folder = articles("cleaner-fix")
    article = folder / "a.txt"
    article.write_text(BAD)
    run("git", "add", ".")
    said = run("git", "commit", "-m", "bad", code=1).stderr
    assert "killed by the [-goverment-]{+government+}." in said
    assert "1 fix applied in 1 of 1 staged article" in said
    assert article.read_text() == GOOD
    run("git", "add", ".")
    run("git", "commit", "-m", "good")
    assert run("git", "show", "HEAD:a.txt").stdout == GOOD
