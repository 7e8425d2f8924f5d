"""Writes the pages that the program knows itself, commands and configuration: ``python docs/make.py``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleaner import config
from cleaner.cli import build_parser
from cleaner.cli.completion import parsers
from cleaner.cli.parser import EPILOG

HERE = Path(__file__).parent
WIDTH = 100
ANYWHERE = "The exit codes are those of [all commands](../reference/exit-codes.md)."


def pages() -> dict[str, str]:
    """The generated files, by their paths in this folder."""
    top = build_parser()
    by_command: dict[str, list[argparse.ArgumentParser]] = {}
    for parser in parsers(top)[1:]:
        by_command.setdefault(parser.prog.split()[1], []).append(parser)
    files = {f"commands/{name}.md": "\n".join(page(each)) + "\n" for name, each in by_command.items()}
    links = [f"- [`cleaner {name}`]({name}.md): {summary(each[0])}" for name, each in by_command.items()]
    head = ["# Commands", "", "Generated from the program by `docs/make.py`; `cleaner COMMAND --help` says the same.", ""]
    schema = config.schema()
    return {
        **files,
        "commands/README.md": "\n".join([*head, *links]) + "\n",
        "reference/configuration.md": "\n".join(configuration(schema)) + "\n",
        "reference/cleaner.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
    }


def summary(parser: argparse.ArgumentParser) -> str:
    """What a command does, within a sentence."""
    text = (parser.description or "").removesuffix(".")
    return text[0].lower() + text[1:]


def page(group: list[argparse.ArgumentParser]) -> Iterator[str]:
    """A command, with a section for each of its own commands."""
    first = group[0]
    yield f"# {first.prog}"
    yield from ("", first.description or "")
    if len(group) == 1:
        yield from described(first)
    for parser in group[1:]:
        yield from ("", f"## {parser.prog}", "", parser.description or "")
        yield from described(parser)
    yield from ("", ANYWHERE)


def described(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Usage, arguments, options and examples."""
    parser.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=WIDTH)
    usage = parser.format_usage().removeprefix("usage: ")
    yield from ("", "```text", *(line.removeprefix("       ") for line in usage.rstrip().splitlines()), "```", "")
    yield from ("| | |", "|---|---|")
    for action in parser._actions[1:]:  # noqa: SLF001 - argparse has no other way to look at a parser
        yield f"| {called(action)} | {escaped(action.help or '')} |"
    examples = (parser.epilog or "").removesuffix(EPILOG).strip().removeprefix("examples:").rstrip()
    for line in examples.splitlines()[1:]:
        text = line.strip()
        yield from ("", "```console", f"$ {text}", "```") if line.startswith("    ") else ("", f"{text[0].upper()}{text[1:]}:")


def called(action: argparse.Action) -> str:
    """An argument or option, with what it takes."""
    takes = "" if action.nargs == 0 or not action.option_strings else f" {action.metavar or ''}".rstrip()
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    return ", ".join(f"`{option}{takes}`" for option in action.option_strings)


def escaped(text: str) -> str:
    """`text` within a cell of a table."""
    return text.replace("|", "\\|")


def configuration(schema: dict[str, Any]) -> Iterator[str]:
    """The settings, with their types and defaults."""
    yield from ("# Configuration", "")
    yield "Generated from the program by `docs/make.py`."
    yield ""
    yield (
        "Settings stand in a `cleaner.toml`, or in the table `[tool.cleaner]` of a `pyproject.toml`. The nearest file at or above the first "
        "path of a run is used, whole; options of the command line count for more. A key that does not exist is an error that names its "
        "place and the nearest right one."
    )
    yield from ("", "Where each setting of a run comes from:", "", "```console", "$ cleaner config show articles/", "```", "")
    yield "For completion in an editor, begin `cleaner.toml` with `#:schema ./cleaner.schema.json`, after"
    yield from ("", "```console", "$ cleaner config schema > cleaner.schema.json", "```")
    yield from section("Settings", schema, schema["$defs"])
    for name, field in schema["properties"].items():
        if inner := table_of(field, schema["$defs"]):
            yield from section(f"[{name}]", inner, schema["$defs"])
        elif inner := table_of(field.get("items", {}), schema["$defs"]):
            yield from section(f"[[{name}]]", inner, schema["$defs"])


def section(title: str, schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    """The settings of one table."""
    yield from ("", f"## {title}", "", "| setting | type | default | |", "|---|---|---|---|")
    for key, field in schema["properties"].items():
        if table_of(field, definitions):
            continue
        default = json.dumps(field["default"]) if field.get("default") is not None else '[".txt"]' if key == "extensions" else ""
        yield f"| `{key}` | {typed(field, definitions)} | {f'`{default}`' if default else ''} | {escaped(field['description'])} |"


def table_of(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of a setting that has settings of its own."""
    references = [field.get("$ref"), *(each.get("$ref") for each in field.get("allOf", []))]
    named = (definitions[reference.rpartition("/")[2]] for reference in references if reference)
    return next((each for each in named if "properties" in each), None)


def typed(field: dict[str, Any], definitions: dict[str, Any]) -> str:
    """The type of a setting in words."""
    if table_of(field, definitions):
        return "table"
    if reference := field.get("$ref"):
        field = definitions[reference.rpartition("/")[2]]
    if "enum" in field:
        return "one of " + ", ".join(f"`{each}`" for each in field["enum"])
    if "anyOf" in field:
        return typed(next(each for each in field["anyOf"] if each.get("type") != "null"), definitions)
    if field["type"] == "array":
        inner = typed(field["items"], definitions)
        return f"list of {f'{inner}s' if inner in {'text', 'table'} else inner.removeprefix('one of ')}"
    if field["type"] in {"number", "integer"}:
        name = "number" if field["type"] == "number" else "whole number"
        if "maximum" in field:
            return f"{name} from {field['minimum']} to {field['maximum']}"
        return (
            f"{name} above {field['exclusiveMinimum']}" if "exclusiveMinimum" in field else f"{name} from {field['minimum']} up"
        )
    return {"string": "text", "boolean": "`true` or `false`", "object": "table of texts"}[field["type"]]


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text, "utf-8")
