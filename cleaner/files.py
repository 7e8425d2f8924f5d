"""Which files a run is about, and their bytes."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from cleaner.errors import DocumentError, EmptyFolderError, because

STDIN = "-"
_NO_FILE = "not a regular file: give its text to the standard input, as -"


def discover(
    paths: Sequence[str], extensions: Sequence[str], exclude: Sequence[str], base: str = "."
) -> Iterator[str | DocumentError]:
    """The paths of the articles in `paths`, each file once, folders in the order of their names; or why there is none.

    Files named outright are taken whatever their ending. In folders, hidden files, what git ignores and what the gitignore patterns
    of `exclude`, which are relative to the folder `base`, name is left out; endings count in small letters and capitals.
    """
    endings = tuple(each.lower() for each in extensions)
    folders = cache(os.path.realpath)
    seen: set[str] = set()
    for path in paths:
        for found in _expand(path, endings, exclude, base, folders):
            if isinstance(found, DocumentError):
                yield found
            elif found.real not in seen:
                seen.add(found.real)
                yield found.path


class _File(msgspec.Struct, frozen=True):
    """The path of a file as the user gave it, and its real one."""

    path: str
    real: str


def _expand(
    path: str, endings: tuple[str, ...], exclude: Sequence[str], base: str, folders: Callable[[str], str]
) -> Iterator[_File | DocumentError]:
    if path == STDIN or os.path.isfile(path):
        folder, name = os.path.split(path)
        yield _File(path, os.path.realpath(path) if os.path.islink(path) else os.path.join(folders(folder), name))
    elif os.path.isdir(path):
        walk = _Walk(endings, exclude, base)
        found = False
        for item in walk.through(path):
            found = True
            yield item
        if not found:
            hint = "; some files are left out by .gitignore or 'exclude'" * walk.ignored
            yield EmptyFolderError(
                path,
                f"no articles in this folder: looked for files ending in {', '.join(endings)} (set 'extensions' to look for others){hint}",
            )
    elif os.path.exists(path):
        yield DocumentError(path, _NO_FILE)
    else:
        yield DocumentError(path or "''", "no such file or folder")


class _Walk(msgspec.Struct):
    """A walk through a folder; afterwards `ignored` says whether anything was left out."""

    endings: tuple[str, ...]
    exclude: Sequence[str]
    base: str
    ignored: bool = False
    _errors: list[DocumentError] = msgspec.field(default_factory=list)

    def through(self, root: str) -> Iterator[_File | DocumentError]:
        """The articles below `root`, and what cannot be read."""
        real = _below(os.path.realpath(root))
        exclude = [_Ignore(_below(os.path.realpath(self.base)), self.exclude)] if self.exclude else []
        todo = [(root, real, self._git_above(real))]
        while todo:
            folder, inside, ignores = todo.pop()
            try:
                with os.scandir(folder) as entries:
                    ordered = sorted(entries, key=attrgetter("name"))
            except OSError as error:
                yield DocumentError(folder, f"cannot be read: {because(error)}")
                continue
            ignores += self._patterns(inside + ".gitignore", inside)
            folders = []
            for entry in ordered:
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name.startswith(".") or not (is_folder or entry.name.lower().endswith(self.endings)):
                    continue
                path = inside + entry.name + os.sep * is_folder
                if (exclude or ignores) and (_leaves_out(exclude, path) or _leaves_out(ignores, path)):
                    self.ignored = True
                elif is_folder:
                    folders.append((entry.path, path, ignores))
                elif _is_article(entry):
                    yield _File(entry.path, os.path.realpath(path) if entry.is_symlink() else path)
            yield from self._errors
            self._errors.clear()
            todo += reversed(folders)

    def _git_above(self, real: str) -> tuple[_Ignore, ...]:
        """The patterns of git for the folder `real` as a whole: the repository's own, then those of each folder above from the top."""
        folders = [Path(real), *Path(real).parents]
        top = next((number for number, folder in enumerate(folders) if os.path.exists(folder / ".git")), None)
        if top is None:
            return ()
        ignores = self._patterns(os.path.join(_git_folder(folders[top]), "info", "exclude"), _below(folders[top]))
        for folder in reversed(folders[1 : top + 1]):
            ignores += self._patterns(os.path.join(folder, ".gitignore"), _below(folder))
        return ignores

    def _patterns(self, path: str, base: str) -> tuple[_Ignore, ...]:
        """The patterns in the file `path`, if there is one, for what lies below `base`."""
        if not os.path.isfile(path):
            return ()
        try:
            return (_Ignore(base, Path(path).read_text("utf-8-sig", "replace").splitlines()),)
        except OSError as error:
            self._errors.append(DocumentError(path, f"cannot be read, so nothing is left out by it: {because(error)}"))
            return ()


def real_path(path: str) -> str:
    """The path of a file in its real folder; links to files are not followed."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


_HIDDEN = f"{os.sep}."
"""What the path of a hidden file or folder has."""


class Choice:
    """Which files are articles of a folder, as `discover` takes them: by their ending and by what `exclude` leaves out."""

    def __init__(self, extensions: Sequence[str], exclude: Sequence[str], base: str = ".") -> None:
        self._endings = tuple(each.lower() for each in extensions)
        self._exclude = [_Ignore(_below(os.path.realpath(base)), exclude)] if exclude else []

    def excludes(self, path: str) -> bool:
        """Whether `exclude` names the file at the real path `path`."""
        return _leaves_out(self._exclude, path)

    def among(self, paths: Iterable[str], root: str) -> list[str]:
        """Those of the files at the real `paths` that are articles of the folder `root`, which all are below."""
        endings, top = self._endings, len(root.rstrip(os.sep))
        found = [path for path in paths if path.lower().endswith(endings) and path.find(_HIDDEN, top) < 0]
        return [path for path in found if not self.excludes(path)] if self._exclude else found

    def takes(self, path: str, root: str) -> bool:
        """Whether the file at the real path `path` is one of them."""
        return bool(self.among([path], root))


class _Ignore:
    """Gitignore patterns that hold below `base`, which ends in a separator."""

    def __init__(self, base: str, lines: Sequence[str]) -> None:
        import pathspec  # only where there are patterns

        self._base = base
        self._spec: Any = pathspec.GitIgnoreSpec.from_lines(filter(_is_pattern, lines))

    def verdict(self, path: str) -> bool | None:
        """Whether `path`, with a separator at its end if it is a folder, is left out (True), kept (False), or not named (None)."""
        if not path.startswith(self._base):
            return None
        include: bool | None = self._spec.check_file(path[len(self._base) :].replace(os.sep, "/")).include
        return include


def _is_pattern(line: str) -> bool:
    """Whether git would heed `line`; it passes over what is no pattern."""
    return line.strip() != "!" and not re.search(r"(?<!\\)(?:\\\\)*\\\Z", line.rstrip("\n"))


def _leaves_out(ignores: Sequence[_Ignore], path: str) -> bool:
    """Whether the last of `ignores` that names `path` leaves it out."""
    verdicts = (ignore.verdict(path) for ignore in reversed(ignores))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _is_article(entry: os.DirEntry[str]) -> bool:
    """Whether `entry` can be read: no pipe or device. A link that leads nowhere counts, so that it is named when it is read."""
    if entry.is_symlink():
        return os.path.isfile(entry.path) or not os.path.exists(entry.path)
    return entry.is_file()


def _git_folder(top: Path) -> Path:
    """The folder of git's data; in a worktree ``.git`` is a file that leads there."""
    git = top / ".git"
    if git.is_file():
        git = top / git.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
        common = git / "commondir"
        return git / common.read_text("utf-8", "replace").strip() if common.is_file() else git
    return git


def _below(folder: str | Path) -> str:
    return os.path.join(folder, "")


def read_bytes(path: str, max_size: int) -> bytes:
    """The bytes of a file, or of the standard input; DocumentError where there are too many or none can be had."""
    try:
        if path == STDIN:
            return _bounded(path, sys.stdin.buffer, max_size)
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise DocumentError(path, _NO_FILE)
        with open(path, "rb") as file:
            return _bounded(path, file, max_size)
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {because(error)}") from error


def _bounded(path: str, file: BinaryIO, max_size: int) -> bytes:
    data = file.read(max_size + 1)
    if len(data) > max_size:
        raise too_large(path, max_size)
    return data


def too_large(path: str, max_size: int) -> DocumentError:
    """The error of a file of more than `max_size` bytes."""
    return DocumentError(path, f"larger than {max_size:,} bytes: split it, or raise 'max-file-size'")
