"""LanguageTool on this machine: where it is, the Java that runs it, and how it gets there.

It is built aside and proved to start before it appears under its name, so that whatever is there, works.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cleaner.errors import CleanerError, because
from cleaner.expressions import expression
from cleaner.languagetool.folder import data_folder
from cleaner.languagetool.server import Server

VERSION = "6.8"
"""The version that is installed, and that the policy in the rules was fitted on."""
LEAST_JAVA = 17
_POM = Path(__file__).with_name("pom.xml")
_STAMP = ".complete"
_BUILDING = ".building-"
_JAVA_VERSION = expression(r'version "(?:1\.)?(?P<major>\d+)[^"]*"')
_ERROR = expression(r"^\[ERROR\] *(.+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that runs LanguageTool."""

    path: str
    version: str


@dataclass(frozen=True)
class Installation:
    """An installed LanguageTool, in `folder`."""

    folder: Path
    version: str = VERSION

    @cached_property
    def jar(self) -> Path:
        """What Java runs."""
        return self.folder / "languagetool-server.jar"

    @property
    def stamp(self) -> Path:
        """Says that the installation is complete, and by which recipe."""
        return self.folder / _STAMP

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


def installed() -> Installation | None:
    """The installation, if there is a complete one."""
    found = Installation(data_folder() / f"LanguageTool-{VERSION}")
    return found if found.stamp.is_file() and found.jar.is_file() else None


def java_path() -> str:
    """The program of JAVA_HOME or of the PATH; CleanerError where there is none."""
    home = os.environ.get("JAVA_HOME")
    path = shutil.which("java", path=os.path.join(home, "bin")) if home else None
    path = path or shutil.which("java")
    if path:
        return path
    raise CleanerError(
        f"LanguageTool needs Java {LEAST_JAVA} or later: there is none on the PATH; install one (Debian, Ubuntu: apt install default-jre-headless)"
    )


def find_java() -> Java:
    """The Java of JAVA_HOME or of the PATH, and its version; CleanerError where LanguageTool does not run on it."""
    path = java_path()
    try:
        done = subprocess.run([path, "-version"], capture_output=True, text=True, errors="replace", check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CleanerError(f"{path}: cannot be run: {because(error) if isinstance(error, OSError) else 'no answer'}") from error
    version = _JAVA_VERSION.search(done.stderr + done.stdout)
    if not version:
        raise CleanerError(f"{path}: does not say which Java it is: set JAVA_HOME to a Java {LEAST_JAVA} or later")
    if int(version["major"]) < LEAST_JAVA:
        raise CleanerError(
            f"LanguageTool needs Java {LEAST_JAVA} or later: {path} is {version['major']}; install a later one, or set JAVA_HOME to it"
        )
    return Java(path, version.group().split('"')[1])


def install(tell: Callable[[str], None]) -> Installation:
    """Install LanguageTool, unless it is there; `tell` hears what goes on. CleanerError where it cannot be installed."""
    recipe = hashlib.blake2b(_POM.read_bytes(), digest_size=8).hexdigest()
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(folder):
            present = installed()
            if present and present.stamp.read_text().strip() == recipe:
                return present
            return _install_anew(folder, recipe, tell)
    except OSError as error:
        raise CleanerError(f"{error.filename or folder}: LanguageTool cannot be installed: {because(error)}") from error


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One installation at a time; what earlier ones that were killed left behind is cleared away."""
    from filelock import FileLock

    with FileLock(folder / "install.lock"):
        for left in folder.glob(f"{_BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _install_anew(folder: Path, recipe: str, tell: Callable[[str], None]) -> Installation:
    java = find_java()
    work = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder))
    try:
        tell(f"installing LanguageTool {VERSION} into {folder} (some 110 MB to download) …")
        built = Installation(work / f"LanguageTool-{VERSION}")
        _build(work)
        if not built.jar.is_file():
            raise CleanerError(f"LanguageTool cannot be installed: there is no {built.jar.name} in what was downloaded")
        tell("starting its server once …")
        with Server.of(built.jar, VERSION, java.path, log=work / "server.log") as server:
            server.start()
        built.stamp.write_text(f"{recipe}\n")
        final = Installation(folder / built.folder.name)
        if final.folder.exists():
            final.folder.rename(work / "old")
        built.folder.rename(final.folder)
        return final
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(work: Path) -> None:
    """Put LanguageTool into `work`: by Maven, or where there is none as the package that the project itself offers."""
    maven = shutil.which("mvn")
    if not maven:
        _download(work)
        return
    command = [maven, "-B", "-q", "-f", str(_POM), "package", f"-Dlt.home={work}", f"-Dlt.version={VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = _ERROR.search(done.stdout + done.stderr)
        reason = said[1] if said else (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise CleanerError(f"LanguageTool cannot be installed: Maven failed: {reason}")
    shutil.rmtree(work / f"LanguageTool-{VERSION}" / "target", ignore_errors=True)


def _download(work: Path) -> None:
    import requests

    os.environ["LTP_PATH"] = str(work)  # before language_tool_python is loaded, which reads it once
    from language_tool_python.download_lt import LocalLanguageTool
    from language_tool_python.exceptions import LanguageToolError

    try:
        LocalLanguageTool.from_version_name(VERSION).download()
    except (LanguageToolError, requests.RequestException, TimeoutError, ValueError, SystemError, SystemExit) as error:
        raise CleanerError(
            f"LanguageTool cannot be installed: Maven (mvn) is not on the PATH, and the package cannot be downloaded: {error}; install Maven"
        ) from error
