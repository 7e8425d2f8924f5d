"""The folder of all that is kept of LanguageTool: apart from what needs it, since most runs only look whether it is there."""

from __future__ import annotations

import os
from pathlib import Path

from cleaner.userfolders import user_folder


def data_folder() -> Path:
    """The folder that holds installations and what is known of a running server; it may not exist.

    Set CLEANER_DATA_DIR to put it elsewhere than in the user's folder for data.
    """
    wanted = os.environ.get("CLEANER_DATA_DIR")
    return (Path(wanted) if wanted else user_folder("data")) / "languagetool"
