"""The index of a git repository: the files as the next commit will hold them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator

import msgspec

from cleaner.errors import CleanerError

_REGULAR = ("100644", "100755")
_AT_ONCE = 256  # blobs
_NONE_HERE = ("not a git repository", "must be run in a work tree")


class Repository(msgspec.Struct, frozen=True):
    """A repository with a work tree, whose real path is `top`; git is run in `folder`."""

    top: str
    folder: str

    @classmethod
    def around(cls, folder: str) -> Repository | None:
        """The repository that `folder` is in; None where there is none, or no git. CleanerError where git refuses to say."""
        if "GIT_DIR" in os.environ:  # a hook of git: the folder it runs in is what its variables are about
            folder = os.curdir
        try:
            done = subprocess.run(["git", "rev-parse", "--show-toplevel"], cwd=folder, capture_output=True, check=False)  # noqa: S607
        except OSError:
            return None
        if done.returncode == 0:
            return cls(os.path.realpath(os.fsdecode(done.stdout.rstrip(b"\r\n"))), folder)
        said = done.stderr.decode("utf-8", "replace").strip()
        if any(each in said for each in _NONE_HERE):
            return None
        raise CleanerError(f"git does not say what is staged: {said.removeprefix('fatal: ')}")

    def staged(self) -> dict[str, str]:
        """The id of the content of each regular file in the index, by its real path; files in conflict have none yet."""
        found = {}
        for entry in self._run("ls-files", "--stage", "--full-name", "-z", "--", ":/").split(b"\0")[:-1]:
            described, _, path = entry.partition(b"\t")
            mode, content, stage = described.decode().split()
            if mode in _REGULAR and stage == "0":
                found[os.path.join(self.top, os.fsdecode(path))] = content
        return found

    def read(self, contents: Iterable[str], max_size: int) -> Iterator[tuple[str, bytes | None]]:
        """Each of `contents` with its bytes, None where there are more than `max_size`."""
        asked = list(contents)
        for batch in (asked[at : at + _AT_ONCE] for at in range(0, len(asked), _AT_ONCE)):
            sizes = self._run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=_lines(batch)).decode().split("\n")
            small = []
            for content, length in (line.split() for line in sizes[:-1]):
                if length.isdecimal() and int(length) <= max_size:
                    small.append(content)
                else:
                    yield content, None
            data, at = self._run("cat-file", "--batch=%(objectsize)", stdin=_lines(small)), 0
            for content in small:
                start = data.index(b"\n", at) + 1
                size = int(data[at : start - 1])
                at = start + size + 1
                yield content, data[start : at - 1]

    def unstaged(self, path: str) -> bool:
        """Whether the file at the real path `path` differs from what is staged of it."""
        return bool(
            self._run("diff", "--name-only", "--no-ext-diff", "-z", "--", f":(top,literal){os.path.relpath(path, self.top)}")
        )

    def _run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(["git", *arguments], cwd=self.folder, input=stdin, capture_output=True, check=False)  # noqa: S603, S607
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise CleanerError(f"git {arguments[0]} failed: {said.removeprefix('fatal: ')}")
        return done.stdout


def _lines(contents: Iterable[str]) -> bytes:
    return "".join(f"{content}\n" for content in contents).encode()
