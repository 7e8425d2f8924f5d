"""The configuration: ``cleaner.toml``, or ``[tool.cleaner]`` in ``pyproject.toml``.

The nearest one at or above the first path of a run is used. Unknown keys are errors.
"""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from cleaner.errors import ConfigError, UsageError, because, nearest
from cleaner.findings import Kind

NAMES = ("cleaner.toml", "pyproject.toml")
_HEADER = r"\s*\[+([^\[\]]+)\]+\s*(?:#|\Z)"
_ASSIGNED = r"\s*([\w.\"' -]+?)\s*="


class ReviewConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Settings of `cleaner review`."""

    theme: Annotated[str, Meta(description="A theme of Textual, as `textual-light`.")] = "textual-dark"
    mouse: Annotated[bool, Meta(description="Whether the review takes the mouse from the terminal.")] = True
    keys: Annotated[
        dict[str, str], Meta(description='Keys by action, as `accept = "y,space"`; `?` in the review names the actions.')
    ] = {}


APOSTROPHES = {"as-written": "", "straight": "'", "curly": "’"}
"""The apostrophe of names by its setting; none where the article's own is kept."""


class NamesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """The house style of names."""

    style: Annotated[
        str | None, Meta(description="A house style that the rules know, as AP or BGN/PCGN: its spellings are the right ones.")
    ] = None
    apostrophe: Annotated[
        Literal["as-written", "straight", "curly"],
        Meta(description="The apostrophe inside names: that of the article, or one for all: Kata'ib or Kata’ib."),
    ] = "as-written"
    prefer: Annotated[
        list[str],
        Meta(
            description="Spellings that are preferred to others of the same name, as `Kyiv` or `Idleb`, however often these stand."
        ),
    ] = []


class IgnoreConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Findings that are not to be shown: those that fit all that is named."""

    paths: Annotated[
        list[str],
        Meta(description="Of which files: gitignore patterns, relative to the folder of this file; of all, if none is named."),
    ] = []
    rules: Annotated[
        list[str], Meta(description="Of which rules, families or kinds, as `names` or `typo`; of all, if none is named.")
    ] = []
    words: Annotated[
        list[str], Meta(description="About which words or phrases, in small letters or capitals; about any, if none is named.")
    ] = []


Grammar = Annotated[str, Meta(pattern=r"^(auto|off|https?://.+)$")]


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """All settings, with their defaults."""

    language: Annotated[Literal["en"], Meta(description="The language of the articles, ISO 639-1.")] = "en"
    extensions: Annotated[
        list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1, description="The endings of the files that are articles.")
    ] = msgspec.field(default_factory=lambda: [".txt"])
    field: Annotated[
        str,
        Meta(min_length=1, description="The field of the records of JSON Lines, CSV and Parquet files that the articles are in."),
    ] = "text"
    exclude: Annotated[
        list[str], Meta(description="Files and folders to leave out, as gitignore patterns, relative to the folder of this file.")
    ] = []
    rules: Annotated[
        list[str], Meta(description="Folders or files of further rules; a rule replaces a shipped one of the same id.")
    ] = []
    disable: Annotated[
        list[str],
        Meta(
            description="Rules, families or kinds that are switched off, as `style.in-regards-to`, `wording.folder` or `style`."
        ),
    ] = []
    kinds: Annotated[list[Kind], Meta(description="The kinds of findings that are wanted; all, if none is named.")] = []
    min_confidence: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        Meta(description="Findings below this probability are not shown; without it 0.5, or more where a rule says so."),
    ] = None
    max_file_size: Annotated[int, Meta(gt=0, description="Files of more bytes are refused.")] = 200_000_000
    grammar: Annotated[
        Grammar, Meta(description="The LanguageTool that checks grammar: `auto`, `off`, or the address of a server.")
    ] = "auto"
    hook_grammar: Annotated[
        Grammar,
        Meta(description="The same for the commit hook and editors, which wait for it: `off` unless another one is named."),
    ] = "off"
    jobs: Annotated[int, Meta(ge=0, description="Processes to use; 0 for one a core.")] = 0

    ignore: Annotated[list[IgnoreConfig], Meta(description="Findings that are not to be shown.")] = []
    names: Annotated[NamesConfig, Meta(description="The house style of names.")] = NamesConfig()
    review: Annotated[ReviewConfig, Meta(description="Settings of the review.")] = ReviewConfig()

    file: Path | None = None
    """Where this was read; paths in it are relative to its folder."""

    @property
    def folder(self) -> Path:
        """The folder that paths are relative to."""
        return self.file.parent if self.file else Path.cwd()

    def error(self, key: str | Sequence[str | int], what: str) -> UsageError:
        """The error of the setting `key`, or that keys and numbers lead to, at its place."""
        return _error(self.file, (key,) if isinstance(key, str) else key, what) if self.file else UsageError(what)

    def place(self, keys: Sequence[str | int]) -> str:
        """Where the setting stands that keys and numbers lead to: ``file:line:column``."""
        return _shown_place(self.file, keys) if self.file else ""


SETTINGS = tuple(name for name in Config.__struct_encode_fields__ if name != "file")


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
    return Config()


def load_file(path: str) -> Config:
    """The configuration in the file `path`, named outright."""
    table = _table(Path(path))
    return _convert(Path(path), {} if table is None else table)


class Setting(msgspec.Struct, frozen=True):
    """A setting as it holds: its dotted key, its value as plain data, and the line of the file that says so, 0 for a default."""

    key: str
    value: Any
    line: int = 0


def settings(config: Config) -> Iterator[Setting]:
    """All settings of a run, in the order of their documentation."""
    given = _table(config.file) if config.file else None
    yield from _settings(config.file, msgspec.to_builtins(config, enc_hook=str), given or {}, ())


def _settings(path: Path | None, values: dict[str, Any], given: dict[str, Any], above: tuple[str, ...]) -> Iterator[Setting]:
    for key, value in values.items():
        keys = (*above, key)
        if keys == ("file",):
            continue
        if isinstance(value, dict) and value:
            yield from _settings(path, value, given.get(key, {}), keys)
        elif path and key in given:
            yield Setting(_dotted(keys), value, _place(path, [*_tables_above(path), *keys])[0])
        else:
            yield Setting(_dotted(keys), value)


def _dotted(keys: Sequence[str]) -> str:
    return ".".join(key if re.fullmatch(r"[\w-]+", key, re.ASCII) else f'"{key}"' for key in keys)


def schema() -> dict[str, Any]:
    """The JSON Schema of a configuration, for completion and checking in editors."""
    (_,), components = msgspec.json.schema_components(
        (Config,), schema_hook=lambda _: {"type": "string"}, ref_template="#/$defs/{name}"
    )
    whole = components.pop("Config")
    del whole["properties"]["file"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **whole,
        "title": "Configuration of cleaner",
        "description": "cleaner.toml, or the table [tool.cleaner] of pyproject.toml",
        "$defs": components,
    }


class Sidecar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What stands beside an article that can hold no comments."""

    ignore: list[IgnoreConfig] = []


def load_sidecar(path: Path) -> list[tuple[IgnoreConfig, str]]:
    """What the sidecar `path` of an article hides, each with its place; ConfigError where it cannot be used."""
    table = _table(path) or {}
    try:
        ignored = msgspec.convert(table, Sidecar).ignore
    except msgspec.ValidationError as error:
        from cleaner.misfit import Misfit, find_misfit

        misfit = find_misfit(table, Sidecar) or Misfit((), str(error))
        raise _error(path, misfit.path, misfit.what) from error
    for number, each in enumerate(ignored):
        if each.paths:
            raise _error(path, ("ignore", number, "paths"), "'paths': a sidecar is about its article alone: take them out")
    return [(each, _shown_place(path, ("ignore", number))) for number, each in enumerate(ignored)]


def _table(path: Path) -> dict[str, Any] | None:
    """The table of settings in a file; None where the file is about other programs."""
    import tomllib

    try:
        table: Any = tomllib.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8).decode())
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        raise ConfigError(str(path), line, column, f"not valid TOML: {str(error).split(' (at ')[0]}") from error
    except RecursionError as error:
        raise ConfigError(str(path), 1, 1, "nested too deeply to be a configuration") from error
    except UnicodeDecodeError as error:
        raise ConfigError.after(
            str(path), error.object[: error.start].decode(), "not valid UTF-8: save the file as UTF-8"
        ) from error
    except OSError as error:
        raise ConfigError(str(path), 0, 0, f"cannot be read: {because(error)}") from error
    for key in _tables_above(path):
        table = table.get(key)
        if table is None:
            return None
        if not isinstance(table, dict):
            raise _error(path, (), f"'{key}' is not a table: write [{'.'.join(_tables_above(path))}]")
    found: dict[str, Any] = table
    return found


def _tables_above(path: Path) -> tuple[str, ...]:
    """The tables that the settings stand in."""
    return ("tool", "cleaner") if path.name == "pyproject.toml" else ()


def _convert(path: Path, table: dict[str, Any]) -> Config:
    for key in table:
        if key not in SETTINGS:
            raise _error(path, (key,), f"unknown key '{key}'{nearest(key, SETTINGS)}")
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        from cleaner.misfit import Misfit, find_misfit  # only for a mistake

        misfit = find_misfit(table, Config) or Misfit((), str(error))
        raise _error(path, misfit.path, misfit.what) from error
    config = msgspec.structs.replace(config, file=path.absolute())
    _check_patterns(config)
    return config


def _check_patterns(config: Config) -> None:
    for number, each in enumerate(config.ignore):
        if not (each.paths or each.rules or each.words):
            raise config.error(("ignore", number), "'ignore': this would hide everything: name paths, rules or words")
    ignored = [(("ignore", number, "paths"), each.paths) for number, each in enumerate(config.ignore)]
    for keys, patterns in ((("exclude",), config.exclude), *ignored):
        for pattern in patterns:
            import pathspec  # only where there are patterns

            try:
                pathspec.GitIgnoreSpec.from_lines([pattern])
            except ValueError as error:
                raise config.error(keys, f"'{keys[-1]}': '{pattern}' is not a gitignore pattern") from error


def _error(path: Path, keys: Sequence[str | int], what: str) -> ConfigError:
    return ConfigError(str(path), *_place(path, (*_tables_above(path), *keys)), what)


def _shown_place(path: Path, keys: Sequence[str | int]) -> str:
    return ":".join(map(str, (path, *_place(path, (*_tables_above(path), *keys)))))


def _place(path: Path, keys: Sequence[str | int]) -> tuple[int, int]:
    """Line and column of the setting that `keys` lead to, or of what holds it; of several tables of one name, by their numbers."""
    table: list[str | int] = []
    tables: Counter[str] = Counter()
    best, place = 0, (1, 1)
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        header, assigned = re.match(_HEADER, line), re.match(_ASSIGNED, line)
        if header:
            here = table = [*_parts(header[1])]
            if line.lstrip().startswith("[["):
                here = table = [*table, tables[header[1]]]
                tables[header[1]] += 1
        elif assigned:
            here = [*table, *_parts(assigned[1])]
        else:
            continue
        if best < len(here) <= len(keys) and here == [*keys[: len(here)]]:
            best, place = len(here), (number, len(line) - len(line.lstrip()) + 1)
    return place


def _parts(key: str) -> list[str]:
    """The parts of a dotted key."""
    return [part.strip(" \t\"'") for part in key.split(".")]
