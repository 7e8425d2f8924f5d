"""Where this user's files go: by the XDG Base Directory specification on Linux, elsewhere as platformdirs knows."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

_XDG = {"cache": ("XDG_CACHE_HOME", "~/.cache"), "data": ("XDG_DATA_HOME", "~/.local/share")}


def user_folder(sort: Literal["cache", "data"]) -> Path:
    """The user's folder for the program's files of a sort; it may not exist."""
    if sys.platform.startswith("linux"):  # platformdirs says the same there; to load it takes longer than to read an article
        variable, usual = _XDG[sort]
        return Path(os.environ.get(variable, "").strip() or os.path.expanduser(usual), "cleaner")
    import platformdirs

    return Path((platformdirs.user_cache_dir if sort == "cache" else platformdirs.user_data_dir)("cleaner", appauthor=False))
