"""The configuration: ``cleaner.toml``, or ``[tool.cleaner]`` in ``pyproject.toml``.

The nearest one at or above the first path of a run is used. Unknown keys are errors.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from cleaner.errors import ConfigError, because, nearest
from cleaner.findings import Kind

NAMES = ("cleaner.toml", "pyproject.toml")


class ReviewConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Settings of `cleaner review`."""

    theme: Annotated[str, Meta(description="A theme of Textual, as `textual-light`.")] = "textual-dark"
    mouse: Annotated[bool, Meta(description="Whether the review takes the mouse from the terminal.")] = True
    keys: Annotated[
        dict[str, str], Meta(description='Keys by action, as `accept = "y,space"`; `?` in the review names the actions.')
    ] = {}


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """All settings, with their defaults."""

    language: Annotated[str, Meta(description="The language of the articles, ISO 639-1.")] = "en"
    extensions: Annotated[list[str], Meta(description="The endings of the files that are articles.")] = msgspec.field(
        default_factory=lambda: [".txt"]
    )
    exclude: Annotated[list[str], Meta(description="Files and folders to leave out, as gitignore patterns.")] = []
    rules: Annotated[list[str], Meta(description="Folders of further rules; a rule replaces a shipped one of the same id.")] = []
    disable: Annotated[
        list[str], Meta(description="Rules or families that are switched off, as `style` or `style.in-regards-to`.")
    ] = []
    kinds: Annotated[list[Kind], Meta(description="The kinds of findings that are wanted; all, if none is named.")] = []
    min_confidence: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        Meta(description="Findings below this probability are not shown; without it 0.5, or more where a rule says so."),
    ] = None
    max_file_size: Annotated[int, Meta(gt=0, description="Files of more bytes are refused.")] = 20_000_000
    jobs: Annotated[int, Meta(ge=0, description="Processes to use; 0 for one a core.")] = 0

    review: Annotated[ReviewConfig, Meta(description="Settings of the review.")] = ReviewConfig()

    folder: Path = Path()
    """Where the configuration was found; paths in it are relative to this."""
    found: bool = False
    """Whether there is a file."""


SETTINGS = tuple(field.encode_name for field in msgspec.structs.fields(Config) if field.name not in {"folder", "found"})


def load(near: str) -> Config:
    """The configuration that holds for the path `near`; the defaults where there is no file."""
    start = Path(near).absolute()
    for folder in [start, *start.parents]:
        for name in NAMES:
            path = folder / name
            if os.path.isfile(path):
                table = _table(path)
                if table is not None:
                    return _convert(path, table)
    return Config(folder=Path.cwd())


def load_file(path: str) -> Config:
    """The configuration in the file `path`, named outright."""
    table = _table(Path(path))
    return _convert(Path(path), table or {})


def _table(path: Path) -> dict[str, Any] | None:
    """The table of settings in a file; None where the file is about other programs."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise ConfigError(str(path), line, column, f"not valid TOML: {str(error).split(' (at ')[0]}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), 0, 0, "not valid UTF-8: save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(str(path), 0, 0, f"cannot be read: {because(error)}") from error
    if path.name == "pyproject.toml":
        table: dict[str, Any] | None = data.get("tool", {}).get("cleaner")
        return table
    return data


def _convert(path: Path, table: dict[str, Any]) -> Config:
    for key in table:
        if key not in SETTINGS:
            raise ConfigError(str(path), *_place(path, key), f"unknown key '{key}'{nearest(key, SETTINGS)}")
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        key = re.split(r"[.\[]", where.rstrip("`"))[-1 if where.startswith("review") else 0]
        if unknown := re.fullmatch("Object contains unknown field `(.*)`", what):
            fields = [field.encode_name for field in msgspec.structs.fields(ReviewConfig)]
            what, key = f"unknown key '{unknown[1]}'{nearest(unknown[1], fields)}", unknown[1]
        else:
            what = f"'{key}': {what.replace('Expected', 'expected')}"
        raise ConfigError(str(path), *_place(path, key), what) from error
    return msgspec.structs.replace(config, folder=path.absolute().parent, found=True)


def _place(path: Path, key: str) -> tuple[int, int]:
    """Line and column of `key`, for the message."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number, len(line) - len(line.lstrip()) + 1
    return 0, 0
