"""The index of a git repository: the files as the next commit will hold them."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec

from cleaner.errors import CleanerError
from cleaner.expressions import expression

_STAGED = expression(r"(?:\A|(?<=\0))100(?:644|755) ([0-9a-f]+) 0\t([^\0]+)")
"""A regular file without a conflict, as ls-files lists it: its content and path."""
_SHA1 = 40  # digits
_AT_ONCE = 256  # blobs
_PIECE = 1 << 20  # bytes
_PIPE = subprocess.PIPE
_LISTING = ("ls-files", "--stage", "--full-name", "-z", "--", ":/")
_NONE_HERE = ("not a git repository", "must be run in a work tree")


class Repository(msgspec.Struct, frozen=True):
    """A repository with a work tree, whose real path is `top`; git is run in `folder`, and maybe lists already what is staged."""

    top: str
    folder: str
    listing: list[subprocess.Popen[bytes]] = []

    @classmethod
    def around(cls, folder: str) -> Repository | None:
        """The repository that `folder` is in; None where there is none, or no git. CleanerError where git refuses to say."""
        return cls.asked_for(folder)()

    @classmethod
    def asked_for(cls, folder: str, *, lists: bool = False) -> Callable[[], Repository | None]:
        """Ask git what `around` says, and, if it `lists` it, what is staged; what is returned waits for the answer."""
        if "GIT_DIR" in os.environ:  # a hook of git: the folder it runs in is what its variables are about
            folder = os.curdir
        try:
            asked = _begun(folder, "rev-parse", "--show-toplevel")
            listing = [_begun(folder, *_LISTING)] if lists else []
        except OSError:
            return lambda: None

        def answer() -> Repository | None:
            found, complaint = asked.communicate()
            if asked.returncode == 0:
                return cls(os.path.realpath(os.fsdecode(found.rstrip(b"\r\n"))), folder, listing)
            for git in listing:
                git.communicate()
            said = complaint.decode("utf-8", "replace").strip()
            if any(each in said for each in _NONE_HERE):
                return None
            raise CleanerError(f"git does not say what is staged: {said.removeprefix('fatal: ')}")

        return answer

    def staged(self) -> dict[str, str]:
        """The id of the content of each regular file in the index, by its real path; files in conflict have none yet."""
        listed = os.fsdecode(_answer(self.listing.pop() if self.listing else _begun(self.folder, *_LISTING)))
        above = os.path.join(self.top, "")
        return {above + path: content for content, path in _STAGED.findall(listed)}

    def read(self, contents: Iterable[str], max_size: int) -> Iterator[tuple[str, bytes | None]]:
        """Each of `contents` with its bytes, None where there are more than `max_size`."""
        asked = list(contents)
        for batch in (asked[at : at + _AT_ONCE] for at in range(0, len(asked), _AT_ONCE)):
            yield from self._blobs(batch, max_size)

    def _blobs(self, contents: Sequence[str], max_size: int) -> Iterator[tuple[str, bytes | None]]:
        """See `read`; what git is asked fits into a pipe. CleanerError where git fails, also in the midst of a content."""
        command = ["git", "cat-file", "--batch=%(objectsize)"]
        with subprocess.Popen(command, cwd=self.folder, stdin=_PIPE, stdout=_PIPE, stderr=_PIPE) as git:  # noqa: S603
            assert git.stdin
            assert git.stdout
            assert git.stderr
            with contextlib.suppress(BrokenPipeError), git.stdin:  # it may have ended, and says below why
                git.stdin.write("".join(f"{content}\n" for content in contents).encode())
            for content in contents:
                head = git.stdout.readline().strip()
                if head.isdigit() and int(head) <= max_size:
                    data = git.stdout.read(int(head) + 1)  # with the end of its line
                    if len(data) <= int(head):
                        break
                    yield content, data[:-1]
                elif head:
                    left = int(head) + 1 if head.isdigit() else 0  # of what is missing git says just that
                    while left > 0 and git.stdout.read(min(left, _PIECE)):
                        left -= _PIECE
                    yield content, None
            if git.wait():
                raise _failure("cat-file", git.stderr.read())

    def unstaged(self, path: str) -> bool:
        """Whether the file at the real path `path` differs from what is staged of it."""
        place = f":(top,literal){os.path.relpath(path, self.top)}"
        return bool(_answer(_begun(self.folder, "diff", "--name-only", "--no-ext-diff", "-z", "--", place)))


def _begun(folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Git at work, in a folder; what it says has room without being read, as far as the system allows that."""
    command = ["git", *arguments]
    try:
        return subprocess.Popen(command, cwd=folder, stdout=_PIPE, stderr=_PIPE, pipesize=_PIECE)  # noqa: S603
    except PermissionError:  # a user may have so many large pipes
        return subprocess.Popen(command, cwd=folder, stdout=_PIPE, stderr=_PIPE)  # noqa: S603


def _answer(git: subprocess.Popen[bytes]) -> bytes:
    """What git says; CleanerError where it fails."""
    said, complaint = git.communicate()
    if git.returncode:
        command: Sequence[Any] = cast(Any, git.args)
        raise _failure(command[1], complaint)
    return said


def id_of(data: bytes, like: str) -> str:
    """What git calls a content of these bytes, by the digest that another id was made with; it stands for them and no others."""
    digest = hashlib.sha1 if len(like) == _SHA1 else hashlib.sha256
    return digest(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _failure(command: str, said: bytes) -> CleanerError:
    return CleanerError(f"git {command} failed: {said.decode('utf-8', 'replace').strip().removeprefix('fatal: ')}")
