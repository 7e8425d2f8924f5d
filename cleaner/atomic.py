"""Writing a file so that it is, at any moment, wholly the old one or wholly the new one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def read_only(path: Path) -> bool:
    """Whether the existing file `path` is protected from writing, also from a user who is above permissions."""
    return not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK)


@contextmanager
def replacing(path: Path, *, derived: bool = False) -> Iterator[BinaryIO]:
    """A stream whose bytes become the regular file `path`, which is no link, when the block ends well; OSError where they cannot.

    They go to a file beside it that is renamed over it: synced before, and with the mode and owner of the file that was there, unless it is
    `derived` from others.
    """
    # The name is short whatever the file's is, and nobody else's.
    aside = path.with_name(f".cleaner-{os.urandom(6).hex()}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:
            yield file
            if not derived:
                file.flush()
                os.fsync(file.fileno())
        if not derived and path.exists():
            _take_after(path, aside)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if not derived:
        sync_folder(path.parent)


def _take_after(path: Path, aside: Path) -> None:
    """Give `aside` the mode and owner of `path`."""
    import shutil

    shutil.copystat(path, aside)
    os.utime(aside)
    status = path.stat()
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (os.getuid(), os.getgid()):
        try:
            os.chown(aside, status.st_uid, status.st_gid)
        except PermissionError as error:
            who = "group" if status.st_uid == os.getuid() else "owner"
            raise PermissionError(error.errno, f"you are not allowed to keep its {who}; the {who} can") from error


def sync_folder(folder: Path) -> None:
    """Make sure that the names of files in `folder` are on the disk."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
