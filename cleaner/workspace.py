"""The workspace: the folder that a review is about, and its ``.cleaner`` folder, which is fit for version control.

It holds ``decisions.jsonl``, what reviewers decided, ``rules.yaml``, the rules that follow from it, and ``baseline.jsonl``, the findings that were
accepted as they are when checking began. The originals of packed files (docx, Parquet) that were written are there, too, but not for version control.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from cleaner.files import STDIN

_FOLDER = ".cleaner"


class Workspace(msgspec.Struct, frozen=True):
    """The folder `root`, absolute."""

    root: Path

    @classmethod
    def of(cls, paths: Sequence[str], config_folder: Path | None) -> Workspace:
        """The workspace of the articles in `paths`.

        It is the nearest folder at or above all of them that has a ``.cleaner`` folder; otherwise that of the configuration
        file (`config_folder`), if it is above them; otherwise the folder that holds them all.
        """
        real = [Path(path).resolve() for path in paths if path != STDIN]
        if not real:
            return cls(Path.cwd())
        common = Path(os.path.commonpath([path if os.path.isdir(path) else path.parent for path in real]))
        for folder in (common, *common.parents):
            if (folder / _FOLDER).is_dir():
                return cls(folder)
        if config_folder and common.is_relative_to(config_folder):
            return cls(config_folder)
        return cls(common)

    @property
    def folder(self) -> Path:
        """The ``.cleaner`` folder, which may not exist yet."""
        return self.root / _FOLDER

    @property
    def log(self) -> Path:
        """The log of decisions."""
        return self.folder / "decisions.jsonl"

    @property
    def baseline(self) -> Path:
        """The findings that were there when checking began."""
        return self.folder / "baseline.jsonl"

    @property
    def originals(self) -> Path:
        """The folder of packed files as they were before they were written, each named by its digest."""
        return self.folder / "originals"

    @property
    def rules(self) -> Path:
        """The rules of this folder."""
        return self.folder / "rules.yaml"

    def prepare(self) -> None:
        """Make the ``.cleaner`` folder, with what is not for version control named in its ``.gitignore``."""
        self.folder.mkdir(exist_ok=True)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("lock\n", "utf-8")

    def relative(self, path: str) -> str:
        """`path` as decisions name it: relative to the root, with ``/``; absolute where it lies elsewhere."""
        real = Path(path).resolve()
        return real.relative_to(self.root).as_posix() if real.is_relative_to(self.root) else real.as_posix()

    def absolute(self, relative: str) -> Path:
        """The file that decisions call `relative`."""
        return self.root / relative

    def logs(self, paths: Iterable[str]) -> list[Path]:
        """All logs that hold for the articles in `paths`: those of the root and of every folder above or between."""
        return self._all(self.log.name, paths)

    def baselines(self, paths: Iterable[str]) -> list[Path]:
        """All baselines that hold for the articles in `paths`, as `logs`."""
        return self._all(self.baseline.name, paths)

    def _all(self, name: str, paths: Iterable[str]) -> list[Path]:
        folders: dict[Path, None] = {self.root: None, **dict.fromkeys(self.root.parents)}
        for parent in dict.fromkeys(os.path.dirname(path) or "." for path in paths if path != STDIN):
            folder = Path(parent).resolve()
            while folder not in folders:
                folders[folder] = None
                folder = folder.parent
        files = [folder / _FOLDER / name for folder in folders]
        return [file for file in files if file.is_file()]
