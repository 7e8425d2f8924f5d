"""What users get: the wheel, installed into an environment with what it says that it needs and nothing else, in another folder."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import ROOT, RULE, SEEDS, json_lines

OPTIONAL = {"lsprotocol", "pyarrow", "pygls", "ray"}
"""What the program has a use for, and does not need."""


def run(*command: object, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "", **environment},
        timeout=600,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def needed(wheel: Path) -> Iterator[metadata.Distribution]:
    """The packages that a wheel needs, those that these need, and so on, as they are installed here."""
    (distribution,) = metadata.distributions(path=[str(wheel)])
    waiting, seen = [(distribution, "")], set[tuple[str, str]]()
    while waiting:
        distribution, extra = waiting.pop()
        for requirement in map(Requirement, distribution.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                name = canonicalize_name(requirement.name)
                new = {(name, wanted) for wanted in ("", *requirement.extras)} - seen
                seen |= new
                waiting += [(metadata.distribution(name), wanted) for _, wanted in new]
    yield from map(metadata.distribution, sorted({name for name, _ in seen}))


def link(distribution: metadata.Distribution, packages: Path) -> None:
    """Have a package among `packages`, too: to fetch and compile all of them once more would take most of the time of this test."""
    for name in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        if not (packages / name).exists():
            (packages / name).symlink_to(Path(str(distribution.locate_file(name))))


def shipped() -> dict[str, bytes]:
    """What the wheel is to hold of this checkout: the package, with the rules in it."""
    folders = {"cleaner": ROOT / "cleaner", "cleaner/rules": ROOT / "rules"}
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def imported(package: Path) -> set[str]:
    """The packages that the modules of one import, at their beginning or when they need them."""
    nodes = [node for path in package.rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in names}


def test_a_wheel_in_an_environment_with_what_it_needs_finds_the_same(tmp_path: Path):
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as package:
        assert {name: package.read(name) for name in package.namelist() if ".dist-info/" not in name} == shipped()

    own_pip = [metadata.distribution("pip")] if find_spec("pip") else []
    run(sys.executable, "-m", "venv", *["--without-pip" for _ in own_pip], tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')", cwd=tmp_path))
    for distribution in (*own_pip, *needed(wheel)):
        link(distribution, packages)
    # With no index, it is installed only if all that it needs is there, in the versions that it asks for.
    run(python, "-m", "pip", "install", "-q", "--no-index", "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    there = "import sys; from importlib.util import find_spec; print(*(name for name in sys.argv[1:] if not find_spec(name)))"
    assert set(run(python, "-c", there, *imported(packages / "cleaner"), cwd=tmp_path).split()) == OPTIONAL
    shutil.copytree(SEEDS, tmp_path / "seeds")

    program = tmp_path / "env/bin/cleaner"
    installed = run(program, "report", "seeds", "--format", "jsonl", cwd=tmp_path)
    source = run(sys.executable, "-m", "cleaner", "report", "seeds", "--format", "jsonl", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert installed == source
    assert len(json_lines(installed)) > 20
    # The shipped rules are those of which `test_rules` shows that all their examples hold.
    (tmp_path / "own.yaml").write_text(RULE)
    assert run(python, "-m", "cleaner", "rules", "test", "own.yaml", cwd=tmp_path) == "1 rule tested, 0 failed\n"

    assert run(program, "report", "seeds", "--format", "html", cwd=tmp_path).endswith("</html>\n")
    assert "complete" in run(program, "completion", "fish", cwd=tmp_path)
    (tmp_path / "use.py").write_text(
        "import cleaner\nfound: list[cleaner.Finding] = cleaner.check('The goverment fell.')\nfound[0].rule\n"
    )
    assert (
        run(python, "-c", "import cleaner; print(cleaner.check('The goverment fell.')[0].replaced_by)", cwd=tmp_path)
        == "('government',)\n"
    )
    checked = run(sys.executable, "-m", "mypy", "--strict", f"--python-executable={python}", "use.py", cwd=tmp_path)
    assert checked.splitlines()[0] == 'use.py:3: error: "Finding" has no attribute "rule"  [attr-defined]'
