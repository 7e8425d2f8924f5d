"""Carries out the commands of pages: ``console.py PAGE…`` prints what went otherwise than a page says, and ends with 1 then.

A page's ``console`` blocks are run one after the other in a folder with the seed articles. Lines after a command are its output, in which
``…`` stands for any text, and in a line of its own for any lines; without such lines any output will do. ``[exit N]`` is an exit code
other than 0 and 1. A block after ``<!-- file: NAME -->`` is written to that file. The program is loaded once, and forked for each command.
"""

import atexit
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cleaner
from cleaner.__main__ import main
from cleaner.rulebook import load

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
SIMPLE = re.compile(
    r"(?:printf '(?P<typed>[^']*)' \| )?cleaner (?P<arguments>[^<>|]+?)(?: < (?P<input>\S+))?(?: > (?P<output>\S+))?"
)
"""A command line that needs no shell."""
ELSEWHERE = (
    "cleaner languagetool install",
    "cleaner languagetool serve",
    "cleaner languagetool status",
    "cleaner watch",
    "cleaner lsp",
    "cleaner hook",
    "pip install",
)
"""What depends on a network, Java, a second terminal, an editor or a repository; other tests try it."""
CLUSTER = "--engine ray"
"""Starting a cluster takes seconds; `tests/integration/test_ray.py` does."""
RULE = (ROOT / "docs/how-to/write-a-rule.md").read_text("utf-8")


@cache
def workspace(*, decided: bool) -> Path:
    """A folder with what the pages speak of; after a review if that was `decided`."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    for name in ("seeds", "articles"):
        shutil.copytree(ROOT / "seeds", folder / name)
    (folder / "news").mkdir()
    rows = [{"url": path.stem, "body": path.read_text("utf-8")} for path in sorted((ROOT / "seeds").glob("*.txt"))[:2]]
    (folder / "news/part-0.jsonl").write_text("".join(json.dumps({**row, "text": row["body"]}) + "\n" for row in rows))
    shutil.copy(min((ROOT / "seeds").iterdir()), folder / "article.txt")
    (folder / "bin").mkdir()
    for name, program in (("cleaner", f"{sys.executable} -m cleaner"), ("python", sys.executable)):
        (folder / "bin" / name).write_text(f'#!/bin/sh\nexec {program} "$@"\n')
        (folder / "bin" / name).chmod(0o755)
    if decided:
        (folder / "house-rules").mkdir()
        (block,) = (block for block in BLOCK.finditer(RULE) if block["file"])
        (folder / "house-rules/draft.yaml").write_text(block["text"], "utf-8")
        execute(r"printf 'y\nn\nq\n' | cleaner review articles/ --plain --kind name", folder)
        for reviewer in ("anna", "ben"):
            shutil.copy(folder / "articles/.cleaner/decisions.jsonl", folder / f"{reviewer}.jsonl")
    return folder


def commands(block: str) -> Iterator[tuple[str, str, set[int]]]:
    """Each command of a block, with its output and exit codes."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, expected = part.partition("\n")
        code = re.search(r"^\[exit (\d+)\]\n", expected, re.MULTILINE)
        yield line, expected.replace(code[0], "") if code else expected, {int(code[1])} if code else {0, 1}


def matches(output: str, expected: str) -> bool:
    """Whether an output is as a page has it."""
    lines = (
        "(?:.*\n)*?" if line == "…\n" else ".*".join(map(re.escape, line.split("…")))
        for line in expected.splitlines(keepends=True)
    )
    return not expected or re.fullmatch("".join(lines), output) is not None


def execute(line: str, folder: Path) -> tuple[int, str]:
    """Exit code and output of a command line."""
    simple = SIMPLE.fullmatch(line)
    with tempfile.TemporaryFile() as output:
        if simple:
            code = fork(simple, folder, output.fileno())
        else:
            path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
            shell = ["bash", "-c", line]
            code = subprocess.run(
                shell, cwd=folder, stdout=output, stderr=output, env={**os.environ, "PATH": path}, check=False
            ).returncode
        output.seek(0)
        return code, output.read().decode("utf-8", "replace")


def fork(line: re.Match[str], folder: Path, output: int) -> int:
    """The exit code of the program as a process that has it loaded."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 70
    try:
        os.chdir(folder)
        arguments = shlex.split(line["arguments"])
        typed = (line["typed"] or "").replace("\\n", "\n")
        if arguments[0] == "review" and "--plain" not in arguments:  # there is no screen
            arguments.append("--plain")
            typed = "q\n"
        Path("typed").write_text(typed)
        os.dup2(os.open(line["input"] or "typed", os.O_RDONLY), 0)
        os.dup2(written(line["output"]) if line["output"] else output, 1)
        os.dup2(output, 2)
        sys.argv = ["cleaner", *arguments]
        code = main()
        sys.stdout.flush()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os._exit(code)


def written(name: str) -> int:
    """A descriptor of the file `name`, for writing; the home folder is one of the workspace."""
    path = Path(name.replace("~", "home"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT)


def check(page: Path) -> Iterator[str]:
    """What went otherwise."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "work"
        # The pages of the commands begin where the others end.
        shutil.copytree(workspace(decided=page.parent.name == "commands"), folder)
        for block in BLOCK.finditer(page.read_text("utf-8")):
            if block["file"]:
                (folder / block["file"]).parent.mkdir(exist_ok=True)
                (folder / block["file"]).write_text(block["text"], "utf-8")
            elif block["language"] == "console":
                for line, expected, codes in commands(block["text"]):
                    if line.startswith(ELSEWHERE) or CLUSTER in line:
                        continue
                    code, output = execute(line, folder)
                    if code not in codes or not matches(output, expected):
                        yield f"{page}: $ {line}\n[exit {code}]\n{output}"


if __name__ == "__main__":
    load.load = cache(load.load)
    cleaner.check((ROOT / "seeds/003_9fb19f931f20fa75.txt").read_text("utf-8"))  # loads what most commands need
    failures = [failure for page in sys.argv[1:] for failure in check(Path(page))]
    sys.stdout.writelines(failures)
    sys.exit(bool(failures))
