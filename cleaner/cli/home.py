"""The folder that a file belongs to, whichever other files it is named with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from cleaner import config as configuration
from cleaner.cli.session import Session
from cleaner.workspace import Workspace


class Home(msgspec.Struct, frozen=True):
    """A folder with its configuration, its repository if it is in one, and files of it: real paths with the names that were given."""

    workspace: Workspace
    config: configuration.Config
    repository: Any
    files: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def root(self) -> str:
        """The real path of the folder."""
        return str(self.workspace.root)

    def session(self, session: Session) -> Session:
        """The session of this folder within another one."""
        return Session(session.options, self.config, home=self.workspace)

    def articles(self) -> dict[str, str]:
        """Those of the files that are articles of the folder; what is missing is left to the reading, which says so."""
        return {real: self.files[real] for real in self._choice().among(self.files, self.root)}

    def staged(self) -> Any:
        """The articles of the folder as they are staged; where it is in no repository, as they are on the disk."""
        from cleaner.engines.folder import StagedSource

        if self.repository is None:
            return self.on_disk()
        return StagedSource(self.root, self.repository, self._choice(), self.config.max_file_size, list(self.articles()))

    def on_disk(self) -> Any:
        """The articles of the folder as they are on the disk."""
        from cleaner.engines.folder import DiskSource

        config = self.config
        return DiskSource(
            self.root, config.extensions, config.exclude, str(config.folder), config.max_file_size, list(self.articles())
        )

    def _choice(self) -> Any:
        return _choice_of(self.config)


def _choice_of(config: configuration.Config) -> Any:
    """Which files are articles, by a configuration."""
    from cleaner.files import Choice

    return Choice(config.extensions, config.exclude, str(config.folder))


class Homes:
    """Finds the homes of files; each is the nearest folder with decisions, or that of the configuration, or the repository."""

    def __init__(self, session: Session, *, staged: bool = False) -> None:
        self._session = session
        self._staged = staged
        """Whether what is staged of them will be asked for."""
        self._homes: dict[tuple[Path, Path | None], Home] = {}
        self._by_folder: dict[str, Home] = {}

    def add(self, path: str) -> Home:
        """The home of `path`, which is then one of its files."""
        from cleaner.files import real_path

        folder, real = os.path.dirname(path), real_path(path)
        if folder not in self._by_folder:
            near = folder or os.curdir
            config = self._session.config if self._session.options.config else configuration.load(near)
            repository = self._repository(near, judged=_choice_of(config).takes(real, os.path.dirname(real)))
            outer = config.folder if config.file else Path(repository.top) if repository else None
            workspace = Workspace.of([path], outer)
            new = Home(workspace, config, repository)
            self._by_folder[folder] = self._homes.setdefault((workspace.root, config.file), new)
        home = self._by_folder[folder]
        home.files[real] = path
        return home

    def _repository(self, folder: str, *, judged: bool) -> Any:
        """The repository that a folder is in; where a file of it is to be `judged` as it is staged, git lists that while the engine is loaded."""
        from cleaner.git import Repository

        if not os.path.isdir(folder):
            return None
        lists = self._staged and judged and not self._by_folder  # the files of a commit mostly are of one home
        asked = Repository.asked_for(folder, lists=lists)
        if lists:
            import cleaner.engines.folder  # noqa: F401
        return asked()

    def all(self) -> list[Home]:
        """The homes of all files that were added."""
        return list(self._homes.values())
