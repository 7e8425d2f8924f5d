"""Strict YAML 1.2 with a place for every value.

libyaml parses, eighteen times as fast as what is written in Python; it would read ``no`` as False and let a key stand twice, so what a value
is, is told here by the core schema of YAML 1.2, with the marks that located errors need. Values are texts, numbers, true, false, null, lists
and mappings; there are no dates and no tags.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import yaml
from yaml.error import MarkedYAMLError
from yaml.nodes import MappingNode, Node, ScalarNode
from yaml.reader import ReaderError

from cleaner.errors import RuleError
from cleaner.misfit import Trail, find_misfit

_TAG = "tag:yaml.org,2002:"
_SCALARS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "null": (r"~|null|Null|NULL|", "~nN\0", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF", lambda text: text.lower() == "true"),
    "int": (
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
        "-+0123456789",
        lambda text: int(text, 0 if text[:2] in ("0o", "0x") else 10),
    ),
    "float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
        lambda text: float(text.replace(".i", "i").replace(".I", "I").replace(".n", "n").replace(".N", "N")),
    ),
}
"""The core schema of YAML 1.2 (section 10.3.2): what a plain scalar of each type looks like, begins with, and stands for."""
_HALF = re.compile("[\ud800-\udfff]")
_MOST_REPEATED = 10_000
"""Values that aliases may repeat in one file: more is a mistake, or an attack."""

T = TypeVar("T")


class _ExactLoader(yaml.SafeLoader):
    """Tells what plain scalars are by `_SCALARS` alone, and where a mistake is to the column."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - so does PyYAML


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """The same by libyaml, which is less exact about mistakes."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - so does PyYAML


for _name, (_pattern, _first, _) in _SCALARS.items():
    _starts = ["" if char == "\0" else char for char in _first]
    for _each in (_ExactLoader, _Loader):
        _each.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _starts)


@dataclass
class Located:
    """A YAML document as plain data, with the line and column (from 1) at which each value or key stands."""

    file: str
    data: Any
    marks: dict[Trail, tuple[int, int]] = field(default_factory=dict)

    def error(self, path: Trail, what: str) -> RuleError:
        """A RuleError at the value of `path`, or at the nearest one around it."""
        while path not in self.marks and path:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        return RuleError(self.file, line, column, what)

    def convert(self, path: Trail, value: Any, to: type[T]) -> T:
        """`value`, found at `path`, as a `to`; RuleError where it does not fit."""
        try:
            return msgspec.convert(value, to)
        except msgspec.ValidationError as error:
            misfit = find_misfit(value, to)
            raise self.error((*path, *misfit.path) if misfit else path, misfit.what if misfit else str(error)) from error


def parse(file: str, data: bytes) -> Located:
    """The one document in `data`; RuleError with its place for anything that is not strict YAML 1.2 in UTF-8."""
    text = decode(file, data)
    located = Located(file, None)
    try:
        root = _compose(text)
        if root is not None:
            located.data = _Reader(located).plain(root, ())
    except ReaderError as error:
        raise RuleError.after(
            file, text[: error.position], f"a character that YAML forbids (U+{error.character:04X}): delete it"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"not valid YAML: {error.problem or error.context}"
        raise RuleError(file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, what) from error
    except RecursionError as error:
        raise RuleError(file, 1, 1, "nested too deeply to be a rule file") from error
    return located


def _compose(text: str) -> Node | None:
    try:
        node: Node | None = _Loader(text).get_single_node()
    except yaml.YAMLError:
        return _ExactLoader(text).get_single_node()
    return node


def decode(file: str, data: bytes) -> str:
    """The text of a file in UTF-8; RuleError with the place of the first byte that is none."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise RuleError.after(file, data[: error.start].decode(), "not valid UTF-8: save the file as UTF-8") from error


class _Reader:
    """Turns nodes into plain data, and notes where they stand."""

    def __init__(self, located: Located) -> None:
        self._located = located
        self._around: list[Node] = []
        self._seen: set[Node] = set()
        self._repeated = 0

    def plain(self, node: Node, path: Trail) -> Any:
        """The value of `node`, found at `path`."""
        self._located.marks.setdefault(path, _mark(node))
        self._check_alias(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if node.tag not in {_TAG + "seq", _TAG + "map"}:
            raise self._error(node, f"an unknown tag '{_tag(node)}': leave it out")
        self._around.append(node)
        value = self._mapping(node, path) if isinstance(node, MappingNode) else self._list(node, path)
        self._around.pop()
        return value

    def _check_alias(self, node: Node) -> None:
        if any(node is each for each in self._around):
            raise self._error(node, "contains itself by an alias: write it out")
        self._repeated += node in self._seen
        self._seen.add(node)
        if self._repeated > _MOST_REPEATED:
            raise self._error(node, "aliases repeat this too often: write out what you need")

    def _list(self, node: Node, path: Trail) -> list[Any]:
        return [self.plain(child, (*path, number)) for number, child in enumerate(node.value)]

    def _mapping(self, node: MappingNode, path: Trail) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._error(key_node, "a key must be a word, not a list or a mapping")
            key = self._checked(key_node)
            if key in result:
                raise self._error(key_node, f"the key '{key}' stands twice: keep one")
            self._located.marks[(*path, key)] = _mark(key_node)
            result[key] = self.plain(value_node, (*path, key))
        return result

    def _scalar(self, node: ScalarNode) -> Any:
        name = node.tag.removeprefix(_TAG)
        if name == "str":
            return self._checked(node)
        if name not in _SCALARS:
            raise self._error(node, f"an unknown tag '{_tag(node)}': leave it out")
        try:
            return _SCALARS[name][2](node.value)
        except ValueError as error:
            raise self._error(node, f"not a value of its type: '{node.value[:40]}'") from error

    def _checked(self, node: ScalarNode) -> str:
        text: str = node.value
        if _HALF.search(text):
            raise self._error(node, "half of a character (\\ud800 to \\udfff): write the character itself")
        return text

    def _error(self, node: Node, what: str) -> RuleError:
        return RuleError(self._located.file, *_mark(node), what)


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _tag(node: Node) -> str:
    return str(node.tag).replace(_TAG, "!!")
