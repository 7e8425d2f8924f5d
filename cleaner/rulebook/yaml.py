"""Strict YAML 1.2 with a place for every value.

PyYAML would read ``no`` as False and let a key stand twice; ruamel.yaml reads YAML 1.2, and this module adds the marks
that located errors need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cleaner.errors import RuleError, nearest

_PATH = re.compile(r" - at (?:the key in )?`\$(.*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")
_MISSING = re.compile(r"Object missing required field `(.*)`")

Path = tuple[str | int, ...]
T = TypeVar("T")


@dataclass
class Located:
    """A YAML document as plain data, with the line and column (from 1) at which each value or key stands."""

    file: str
    data: Any
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def error(self, path: Path, what: str) -> RuleError:
        """A RuleError at the value of `path`, or at the nearest one around it."""
        while path not in self.marks and path:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        return RuleError(self.file, line, column, what)

    def convert(self, path: Path, value: Any, to: type[T]) -> T:
        """`value`, found at `path`, as a `to`; RuleError where it does not fit."""
        try:
            return msgspec.convert(value, to)
        except msgspec.ValidationError as error:
            raise self._explained(path, str(error), to) from error

    def _explained(self, path: Path, message: str, to: type) -> RuleError:
        found = _PATH.search(message)
        if found:
            message = message[: found.start()]
            path += tuple(name or int(number or 0) for name, number in _STEP.findall(found.group(1)))
        if unknown := _UNKNOWN.fullmatch(message):
            name = unknown.group(1)
            fields = [field.encode_name for field in msgspec.structs.fields(to)] if issubclass(to, msgspec.Struct) else []
            return self.error((*path, name), f"unknown key '{name}'{nearest(name, fields)}")
        if missing := _MISSING.fullmatch(message):
            return self.error(path, f"the key '{missing.group(1)}' is missing: add it")
        return self.error(path, message.replace("Expected", "expected"))


def parse(file: str, text: str) -> Located:
    """The one document in `text`; RuleError with its place for anything that is not strict YAML 1.2."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"not valid YAML: {error.problem or error.context}"
        raise RuleError(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, what) from error
    located = Located(file, None)
    if root is not None:
        located.data = _plain(yaml, located, root, ())
    return located


def _plain(yaml: YAML, located: Located, node: Node, path: Path) -> Any:
    located.marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, ScalarNode):
        return yaml.constructor.construct_object(node)
    if isinstance(node, SequenceNode):
        return [_plain(yaml, located, child, (*path, i)) for i, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        place = (*path, key)
        if key in result:
            raise RuleError(
                located.file,
                key_node.start_mark.line + 1,
                key_node.start_mark.column + 1,
                f"the key '{key}' stands twice: keep one",
            )
        located.marks[place] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        result[key] = _plain(yaml, located, value_node, place)
    return result
