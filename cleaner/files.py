"""Which files a run is about, and their bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.errors import DocumentError, EmptyFolderError

STDIN = "-"


def discover(
    paths: Sequence[str], extensions: Sequence[str], exclude: Sequence[str], base: str = "."
) -> Iterator[str | DocumentError]:
    """The paths of the articles in `paths`, each once, folders in the order of their names; or why there is none.

    Files named outright are taken whatever their ending. In folders, ``.gitignore``, the gitignore patterns of `exclude`, which are
    relative to the folder `base`, and hidden files are respected.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _expand(path, tuple(extensions), exclude, base):
            if isinstance(found, DocumentError):
                yield found
            elif os.path.abspath(found) not in seen:
                seen.add(os.path.abspath(found))
                yield found


def _expand(path: str, extensions: tuple[str, ...], exclude: Sequence[str], base: str) -> Iterator[str | DocumentError]:
    if path == STDIN or os.path.isfile(path):
        yield path
    elif os.path.isdir(path):
        found = False
        for item in _walk(path, extensions, exclude, base):
            found = True
            yield item
        if not found:
            endings = ", ".join(extensions)
            yield EmptyFolderError(
                path, f"no articles in this folder: looked for files ending in {endings} (set 'extensions' to look for others)"
            )
    elif os.path.exists(path):
        yield DocumentError(path, "neither a file nor a folder")
    else:
        yield DocumentError(path, "no such file or folder")


def _walk(root: str, extensions: tuple[str, ...], exclude: Sequence[str], base: str) -> Iterator[str | DocumentError]:
    ignored = _Ignored(root, exclude, base)
    errors: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=errors.append):
        ignored.enter(folder)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not ignored(folder, name, is_folder=True))
        for name in sorted(files):
            if name.endswith(extensions) and not name.startswith(".") and not ignored(folder, name, is_folder=False):
                yield os.path.join(folder, name)
        while errors:
            error = errors.pop()
            yield DocumentError(str(error.filename), f"cannot be read: {error.strerror}")


class _Ignored:
    """The ignore rules of a folder tree: those of the configuration, and each ``.gitignore`` for what lies below it."""

    def __init__(self, root: str, exclude: Sequence[str], base: str) -> None:
        self._specs = [(base, _spec(exclude))] if exclude else []
        above = Path(root).resolve()
        while not (above / ".git").exists() and above != above.parent:
            above = above.parent
        if (above / ".git").exists():
            folder = Path(root).resolve().parent
            while folder.is_relative_to(above):
                self.enter(str(folder))
                folder = folder.parent

    def enter(self, folder: str) -> None:
        """Take in the ``.gitignore`` of `folder`, if it has one."""
        file = Path(folder, ".gitignore")
        if file.is_file():
            self._specs.append((folder, _spec(file.read_text("utf-8", "replace").splitlines())))

    def __call__(self, folder: str, name: str, *, is_folder: bool) -> bool:
        path = os.path.abspath(os.path.join(folder, name))
        for base, spec in self._specs:
            relative = os.path.relpath(path, os.path.abspath(base)).replace(os.sep, "/")
            if not relative.startswith("../") and spec.match_file(relative + "/" * is_folder):
                return True
        return False


def _spec(lines: Sequence[str]):  # type: ignore[no-untyped-def]  # noqa: ANN202 - pathspec is loaded only where needed
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(lines)


def read_bytes(path: str, max_size: int) -> bytes:
    """The bytes of a file, or of the standard input; DocumentError where there are too many or none can be had."""
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        size = os.stat(path).st_size
        if size > max_size:
            raise DocumentError(
                path, f"too large ({size / 1e6:.0f} MB; the limit is {max_size / 1e6:.0f} MB): split it, or raise 'max-file-size'"
            )
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {error.strerror or error}") from error
