#!/usr/bin/env python3
"""Sets up the project where it stands and runs a command in it; needs nothing but Python 3.11 or later.

    python3 run.py report seeds/     any command of cleaner: report, fix, rules …
    python3 run.py test              the tests (further arguments go to pytest)
    python3 run.py lint              formatting, lint, types and import contracts
    python3 run.py bench NAME        a benchmark
    python3 run.py docs              the documentation as a site, in site/

The environment is made once, in .venv, and again when pyproject.toml or constraints.txt change.
"""

import difflib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CONSTRAINTS = ROOT / "constraints.txt"
NEEDED = (3, 11)

CLEANER = (
    "report",
    "watch",
    "review",
    "fix",
    "hook",
    "corpus",
    "baseline",
    "names",
    "decisions",
    "rules",
    "languagetool",
    "config",
    "completion",
    "lsp",
)
COMMANDS = {
    "test": [["-m", "pytest"]],
    "lint": [
        ["-m", "ruff", "format", "--check"],
        ["-m", "ruff", "check"],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    ],
    "bench": [["-m", "benchmarks"]],
    "docs": [["-m", "mkdocs", "build", "--strict"]],
}


def main() -> int:
    """Set up, then run."""
    if sys.version_info < NEEDED:
        return use_newer_python()
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(__doc__)
        return 0
    name, *rest = arguments
    if name in COMMANDS:
        set_up("[dev]")
        os.chdir(ROOT)
        *before, last = COMMANDS[name]
        for command in before:
            code = subprocess.run([PYTHON, *command], check=False).returncode
            if code:
                return code
        return become([PYTHON, *last, *(rest if name != "lint" else [])])
    if name in CLEANER or name.startswith("-"):
        set_up("")
        return become([PYTHON, "-m", "cleaner", *arguments])
    known = [*CLEANER, *COMMANDS]
    near = difflib.get_close_matches(name, known, n=1)
    sys.exit(f"run.py: there is no '{name}': " + (f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"))


def become(command: list) -> int:
    """Run `command` in the place of this program, so that signals reach it; where a system cannot do that, run it and wait."""
    if os.name == "posix":
        os.execv(command[0], [str(part) for part in command])
    return subprocess.run(command, check=False).returncode


def use_newer_python() -> int:
    """Run again with a Python of this machine that is new enough."""
    for minor in range(20, NEEDED[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            return become([other, __file__, *sys.argv[1:]])
    sys.exit(f"run.py: Python {NEEDED[0]}.{NEEDED[1]} or later is needed, this is {sys.version.split()[0]}: install one")


def set_up(extras: str) -> None:
    """Make the environment, or bring it up to date; the development tools stay once they are there."""
    stamp = VENV / "set-up"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    done = stamp.read_text().split() if stamp.is_file() and PYTHON.exists() else []
    if wanted in done and (not extras or extras in done):
        return
    print("run.py: setting up the environment in .venv (once) …", file=sys.stderr, flush=True)
    install = make_environment()
    extras = extras or next((each for each in done if each.startswith("[")), "")
    code = subprocess.run([*install, "-q", "-c", str(CONSTRAINTS), "-e", f"{ROOT}{extras}"], check=False).returncode
    if code:
        sys.exit("run.py: the packages could not be installed: see above (is the package index reachable?)")
    stamp.write_text(f"{wanted} {extras}")


def make_environment() -> list[str]:
    """Make .venv by what this machine has; the command that installs into it."""
    own_pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    if PYTHON.exists() and subprocess.run([*own_pip[:3], "--version"], capture_output=True, check=False).returncode == 0:
        return own_pip
    if importlib.util.find_spec("ensurepip") and run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        return own_pip
    uv = shutil.which("uv")
    if uv and run([uv, "venv", "--clear", "--python", sys.executable, str(VENV)]):
        return [uv, "pip", "install", "--python", str(PYTHON)]
    if importlib.util.find_spec("virtualenv") and run([sys.executable, "-m", "virtualenv", "--clear", str(VENV)]):
        return own_pip
    # The system's pip may install into another environment, even where it refuses to touch its own.
    if importlib.util.find_spec("pip") and run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--disable-pip-version-check"]
    sys.exit("run.py: this Python can make no environment: install its venv module (Debian, Ubuntu: apt install python3-venv)")


def run(command: list[str]) -> bool:
    """Whether `command` succeeds."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("run.py: interrupted", file=sys.stderr)
        sys.exit(130)
