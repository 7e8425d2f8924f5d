"""The warm server: one that `cleaner languagetool serve` keeps for all runs of a user.

Who serves holds a lock for as long as it lives, which the system frees however it ends; so what stands in the state file is true
while the lock is held, and is nothing else afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from cleaner.atomic import replacing
from cleaner.errors import UsageError
from cleaner.languagetool.folder import data_folder
from cleaner.languagetool.server import Endpoint, Server


class Warm(msgspec.Struct, frozen=True):
    """A running server: its port, the process that owns it, and its version of LanguageTool."""

    port: int
    pid: int
    version: str

    @property
    def endpoint(self) -> Endpoint:
        """Where it answers."""
        return Endpoint(f"http://127.0.0.1:{self.port}", self.version)


def running() -> Warm | None:
    """The warm server, if there is one."""
    if not _lock_file().exists():
        return None
    try:
        with FileLock(_lock_file(), timeout=0):
            return None  # nobody holds it
    except Timeout:
        pass
    except OSError:
        return None
    try:
        return msgspec.json.decode(_state_file().read_bytes(), type=Warm)
    except (OSError, msgspec.MsgspecError):
        return None  # it is only starting


@contextmanager
def refuse_second() -> Iterator[None]:
    """Be the one who serves; UsageError where another process is."""
    lock = FileLock(_lock_file())
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        other = running()
        where = f": process {other.pid}, port {other.port}" if other else ""
        raise UsageError(f"a server runs already{where}: use it, or stop it first") from error
    try:
        _state_file().unlink(missing_ok=True)
        yield
    finally:
        _state_file().unlink(missing_ok=True)
        lock.release()


def announce(server: Server) -> None:
    """Let other runs know of a server that is ready."""
    state = Warm(server.port, os.getpid(), server.endpoint.version)
    with replacing(_state_file()) as file:
        file.write(msgspec.json.encode(state))


def _lock_file() -> Path:
    return data_folder() / "server.lock"


def _state_file() -> Path:
    return data_folder() / "server.json"
