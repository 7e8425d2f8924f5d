"""The user's cache folder: derived files that may be deleted at any time.

Set CLEANER_CACHE_DIR to put it elsewhere. Where no folder can be written, a temporary one serves for the run.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path


@cache
def cache_folder() -> Path:
    """The folder for derived files; it exists and can be written."""
    wanted = os.environ.get("CLEANER_CACHE_DIR")
    if not wanted:
        import platformdirs

        wanted = platformdirs.user_cache_dir("cleaner", appauthor=False)
    folder = Path(wanted)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix="cleaner-"))


def write_aside(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees all of it or nothing, also with two writers."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
