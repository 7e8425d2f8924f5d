"""Loading the rule book: from the cache where nothing has changed since it was compiled.

A folder of rules holds ``classes/*.yaml`` (word classes) and, in any other subfolder, files of rules. Folders come in order: a
rule replaces the one with the same id of an earlier folder, and a class adds to the one of the same name. A rule that cannot
be used is left out and named in `RuleBook.errors`; the others work.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import cleaner
from cleaner import languages
from cleaner.cache import fetch, remembered, stamp, store
from cleaner.errors import RuleError, because
from cleaner.expressions import regex_version
from cleaner.rulebook.book import RuleBook

ENDINGS = (".yaml", ".yml", ".tsv")
"""What the names of rule files end with."""
_COMPILING = ("rulebook", "languages", "names", "text")
"""The packages that have a part in what rules compile to."""


def shipped_rules() -> Path:
    """The folder of the rules that come with the program: in the package, or beside it in a checkout."""
    package = Path(cleaner.__file__).parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def load(folders: Sequence[Path], language: str = "en", *, cached: bool = True) -> RuleBook:
    """The rules of `folders` (or single files) for articles in `language`, from the cache where nothing has changed since.

    Where only those of the last folder have changed, these alone are compiled, if that comes to the same.
    """
    key = _key(folders, language) if cached else ""
    kept = fetch(_name(key)) if key else None
    if kept is not None:
        return RuleBook(language, kept, key)
    from cleaner.rulebook.compile import compile_rules, compile_upon  # rarely needed, and large

    contents, errors = _read(folders)
    compiled = None
    if cached and len(folders) > 1:
        compiled = compile_upon(load(folders[:-1], language), *_read(folders[-1:]))
    data, wrong = compiled or compile_rules(language, contents, folders, errors)
    if not key or wrong:
        return RuleBook(language, data, errors=wrong)
    key = _digest(language, contents)
    store(_name(key), data)
    return RuleBook(language, data, key)


def _name(key: str) -> str:
    return f"rules-{key}.book"


def _read(folders: Sequence[Path]) -> tuple[dict[Path, bytes], list[RuleError]]:
    """The rule files of `folders` (or single files) with their bytes, and why others cannot be read."""
    contents: dict[Path, bytes] = {}
    errors = []
    for folder in folders:
        files = rule_files(folder)
        if not files:
            what = (
                "no rules in this folder: put files ending in .yaml into it" if os.access(folder, os.R_OK) else "cannot be read"
            )
            errors.append(RuleError(str(folder), 0, 0, what))
        for path in files:
            try:
                contents[path] = _bytes_of(path)
            except RuleError as error:
                errors.append(error)
    return contents, errors


def _bytes_of(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise RuleError(str(path), 0, 0, "not a file, though named like a file of rules: rename it")
        return path.read_bytes()
    except OSError as error:
        raise RuleError(str(path), 0, 0, f"cannot be read: {because(error)}") from error


def rule_files(folder: Path) -> list[Path]:
    """The files of a folder of rules; of a single file it and the word lists beside it."""
    if not folder.is_dir():
        return [folder, *sorted(folder.parent.glob("*.tsv"))]
    return sorted(Path(path) for path in _files(str(folder), ENDINGS))


def _files(folder: str, endings: tuple[str, ...]) -> Iterable[str]:
    """What in a folder and those below it has a name with one of `endings`."""
    walk = ((inner, name) for inner, folders, files in os.walk(folder) for name in (*folders, *files))
    return sorted(os.path.join(inner, name) for inner, name in walk if name.endswith(endings))


def _key(folders: Sequence[Path], language: str) -> str:
    """The digest of the rules in `folders`; empty where some cannot be read.

    Those that come with the program are read again only when their stamps tell of a change; the others are always read.
    """
    shipped = shipped_rules()
    own, errors = _read([folder for folder in folders if folder != shipped])
    if errors:
        return ""
    unread = [*_modules(), *(rule_files(shipped) if shipped in folders else ())]

    def digest() -> str:
        contents, errors = _read(folders)
        return "" if errors else _digest(language, contents)

    signs = [
        _head(language),
        regex_version(),
        *map(str, folders),
        *(hashlib.blake2b(data).hexdigest() for data in own.values()),
        *map(stamp, unread),
    ]
    return remembered("rules", signs, digest)


def _head(language: str) -> str:
    """What besides the rules has a part in what they compile to; the lexicon is known by the packages it comes from."""
    return f"{cleaner.__version__} {language} {languages.get(language).lexicon.key}"


def _modules() -> list[str]:
    """The files of the code that compiles rules."""
    package = os.path.dirname(cleaner.__file__)
    folders = [os.path.join(package, name) for name in _COMPILING]
    return [os.path.join(package, "shelf.py"), *(path for folder in folders for path in _files(folder, (".py",)))]


def _digest(language: str, contents: Mapping[Path, bytes]) -> str:
    import regex  # what is compiled needs all of it; what is not is found by `regex_version`

    state = hashlib.blake2b(f"{_head(language)} {regex.__version__}".encode(), digest_size=12)
    for path, data in contents.items():
        state.update(str(path).encode() + b"\0" + hashlib.blake2b(data).digest())
    for module in _modules():
        state.update(Path(module).read_bytes())
    return state.hexdigest()
