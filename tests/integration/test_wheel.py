"""What users get: the wheel, installed into an empty environment, in another folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import ROOT, SEEDS, json_lines


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


def test_a_wheel_in_an_empty_environment_finds_the_same(tmp_path: Path):
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    shutil.copytree(SEEDS, tmp_path / "seeds")

    installed = run(tmp_path / "env/bin/cleaner", "report", "seeds", "--format", "jsonl", cwd=tmp_path)
    source = run(sys.executable, "-m", "cleaner", "report", "seeds", "--format", "jsonl", cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert installed == source
    assert len(json_lines(installed)) > 20
    assert run(python, "-m", "cleaner", "rules", "test", cwd=tmp_path).endswith(" 0 failed\n")

    assert run(tmp_path / "env/bin/cleaner", "report", "seeds", "--format", "html", cwd=tmp_path).endswith("</html>\n")
    assert "complete" in run(tmp_path / "env/bin/cleaner", "completion", "fish", cwd=tmp_path)
    (tmp_path / "use.py").write_text(
        "import cleaner\nfound: list[cleaner.Finding] = cleaner.check('The goverment fell.')\nfound[0].rule\n"
    )
    assert (
        run(python, "-c", "import cleaner; print(cleaner.check('The goverment fell.')[0].replaced_by)", cwd=tmp_path)
        == "('government',)\n"
    )
    checked = run(sys.executable, "-m", "mypy", "--strict", f"--python-executable={python}", "use.py", cwd=tmp_path)
    assert checked.splitlines()[0] == 'use.py:3: error: "Finding" has no attribute "rule"  [attr-defined]'
