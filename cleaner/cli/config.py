"""`cleaner config`: which settings hold, and where they come from."""

from __future__ import annotations

import json
from typing import Any

from cleaner.cli.parser import Parser, action, add_folder, examples, group, name
from cleaner.cli.session import Session

_COLUMN = 40


def add(parser: Parser) -> None:
    """Add the commands."""
    actions = group(parser)
    show = action(actions, "show", "show each setting, and the file and line that it comes from", run_show)
    add_folder(show)
    show.add_argument("--config", type=name, metavar="FILE", help="the configuration file (default: the nearest)")
    examples(show, "  the settings for the articles of a folder\n    cleaner config show articles/")
    schema = action(actions, "schema", "print the JSON Schema of the configuration, for editors", run_schema)
    examples(schema, "  let an editor complete and check cleaner.toml\n    cleaner config schema > cleaner.schema.json")


def run_show(session: Session) -> None:
    """`cleaner config show`: TOML, with the places as comments."""
    from cleaner.config import settings
    from cleaner.text.visible import visible

    config = session.config
    for setting in settings(config):
        if setting.value is None:
            print(f"# {setting.key} is not set")
            continue
        source = f"{config.file}:{setting.line}" if setting.line else "default"
        print(f"{f'{setting.key} = {visible(_toml(setting.value))}':<{_COLUMN}}  # {visible(source)}")


def _toml(value: Any) -> str:
    """`value`, of a setting, as TOML has it in a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def run_schema(_: Session) -> None:
    """`cleaner config schema`."""
    from cleaner.config import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
