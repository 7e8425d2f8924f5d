"""The user's cache folder: derived files that may be deleted at any time.

Set CLEANER_CACHE_DIR to put it elsewhere. Where no folder can be written, a temporary one serves for the run.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import mmap
import os
import struct
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cleaner.atomic import replacing
from cleaner.userfolders import user_folder

_HEAD = struct.Struct("<QL")  # length and checksum
_KEPT = 16
"""So many files of one sort are kept, those used last."""
_LATELY = 600
"""So many seconds old may the note be that a file was used."""


@cache
def cache_folder() -> Path:
    """The folder for derived files; it exists and can be written."""
    wanted = os.environ.get("CLEANER_CACHE_DIR")
    folder = Path(wanted) if wanted else user_folder("cache")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    except OSError:
        pass
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="cleaner-"))
    os.environ["CLEANER_CACHE_DIR"] = str(folder)  # for the processes that this one starts
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def store(name: str, data: bytes) -> None:
    """Keep `data` as `name`, with its checksum, which its first reader looks at; a reader sees all of it or nothing, also with two writers.

    What is called ``sort-….ending`` displaces the files of its sort that were not used for longest.
    """
    path = cache_folder() / name
    with contextlib.suppress(OSError):
        is_new = not path.exists()
        with replacing(path, derived=True) as file:
            file.write(_HEAD.pack(len(data), zlib.crc32(data)) + data)
        if not is_new:
            return
        sort = f"{name.rpartition('-')[0]}-"
        alike = [path.with_name(each) for each in os.listdir(path.parent) if each.startswith(sort) and each.endswith(path.suffix)]
        for stale in sorted(alike, key=lambda path: path.stat().st_atime)[:-_KEPT]:
            stale.unlink(missing_ok=True)


def fetch(name: str) -> memoryview | None:
    """What was stored as `name`, mapped and not read; None where there is nothing, or where it is not what was stored."""
    path = f"{cache_folder()}{os.sep}{name}"
    try:
        with open(path, "rb", buffering=0) as file:
            status = os.fstat(file.fileno())
            kept = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        length, checksum = _HEAD.unpack_from(kept)
    except (OSError, ValueError, struct.error):
        return None
    data, seal, now = kept[_HEAD.size :], _seal_of(checksum), time.time()
    if length != len(data) or (status.st_mtime != seal and checksum != zlib.crc32(data)):
        return None
    if status.st_mtime != seal or now - status.st_atime > _LATELY:
        with contextlib.suppress(OSError):
            os.utime(path, (now, seal))
    return data


def remembered(what: str, signs: Iterable[str], work: Callable[[], str]) -> str:
    """What `work` gives, which follows from `signs` and is worked out again when these change; what is empty is not kept."""
    name = f"key-{what}-{hashlib.blake2b(chr(0).join(signs).encode('utf-8', 'surrogateescape'), digest_size=8).hexdigest()}.key"
    kept = fetch(name)
    if kept is not None:
        return str(kept, "utf-8")
    found = work()
    if found:
        store(name, found.encode())
    return found


def stamp(path: str | Path) -> str:
    """A sign by which a change of the file `path` is noticed without reading it: its size, times and place on the disk."""
    status = os.stat(path)
    return f"{path}\0{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


@cache
def origin(package: str) -> str | None:
    """The file that an installed package begins with, None where it is not installed; found in a fifth of the time that Python's own finders take."""
    for folder in sys.path:
        for path in (f"{folder}{os.sep}{package}{os.sep}__init__.py", f"{folder}{os.sep}{package}.py"):
            if os.path.isfile(path):
                return path
    spec = find_spec(package)  # a compiled file, or where a finder of its own has it
    return spec.origin if spec else None


def _seal_of(checksum: int) -> int:
    """The time of change of a file that was found to be what was stored.

    To compare its checksum takes as long as several articles; that is done where it has another time of change: whoever writes to it leaves another.
    """
    return checksum >> 1  # seconds that every file system can keep
