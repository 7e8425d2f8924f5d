"""Markdown: paragraphs, headings, items and cells are prose; front matter, code and the targets of links are not.

markdown-it says what the blocks are; within them, markup is told from text here, since positions are needed. What could be either is left as text
that is read and not changed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cleaner.expressions import expression
from cleaner.text.prose import Builder, Prose

_BRACKETS = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*"
_TARGET = r"(?:\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|\[[^\[\]]*\])"
_MARKUP = expression(
    rf"""(?P<escape>\\[!-/:-@\[-`{{-~])
    |(?P<locked>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
        |!\[{_BRACKETS}\](?:{_TARGET})? |\[\^[^\]\s]+\]
        |(?:https?://|www\.)[^\s<>]+ |<(?:[A-Za-z][\w+.-]*:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)> )
    |(?P<link>\[(?P<shown>{_BRACKETS})\]{_TARGET})
    |(?P<gone><!--.*?-->|</?[A-Za-z][^<>]*>|\*+(?=\S)|(?<=\S)\*+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)|~~)
    |(?P<open></?[^\s<>]+)
    |(?P<entity>&(?:\#\d{{1,7}}|\#[Xx][\da-fA-F]{{1,6}}|[A-Za-z]\w{{1,31}});)
    |(?P<break>(?:[ ]{{2,}}|\\)\n)
    |(?P<line>[ \t]*\n)""",
    re.VERBOSE | re.DOTALL,
)


def prose(source: str) -> Prose:
    """The prose of a Markdown document."""
    builder = Builder(source)
    for content, places in _blocks(source):
        builder.part("\n\n")
        _read(builder, content, places, 0, len(content))
    return builder.prose(written)


def written(text: str) -> str:
    """`text` as it stands in Markdown."""
    return re.sub(r"([\\*\[\]<])", r"\\\1", text).replace("`", "&#96;")  # code begins at a tick, escaped or not


def _blocks(source: str) -> Iterator[tuple[str, list[int]]]:
    """The text of each block that holds some, with the place of each of its characters in the source, and that after the last."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    # Lines end as they do; markdown-it knows but one end, and no zero byte.
    lines = [*re.finditer(r"([^\r\n]*)(\r\n|\r|\n|\Z)", source)]
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    parser.disable("inline", ignoreInvalid=True)
    used: dict[int, int] = {}
    for token in parser.parse("\n".join(match[1] for match in lines)):
        if token.type != "inline" or not token.map:
            continue
        content: list[str] = []
        places: list[int] = []
        for number, text in enumerate(token.content.split("\n"), token.map[0]):
            line = lines[number] if number < len(lines) else None
            column = line[1].find(text, used.get(number, 0)) if line else -1
            if line is None or column < 0:
                content.clear()  # written otherwise, as a pipe in a cell: left alone
                break
            used[number] = column + len(text)
            if content:
                content.append("\n")
                places.append(lines[number - 1].end(1))
            content.append(text)
            places += range(line.start() + column, line.start() + column + len(text))
        if content and places:
            yield "".join(content), [*places, places[-1] + 1]


def _read(builder: Builder, content: str, places: list[int], start: int, end: int) -> None:
    """Add ``[start, end)`` of a block."""
    at = start
    while match := _MARKUP.search(content, at, end):
        _keep(builder, places, at, match.start())
        begins, ends = places[match.start()], places[match.end() - 1] + 1
        at = match.end()
        if match["escape"]:
            builder.written(match.group()[1], begins, ends)
        elif match["entity"]:
            builder.written(html.unescape(match.group()), begins, ends)
        elif match["locked"] or match["open"]:
            builder.locked(match.group(), begins, ends)
        elif match["link"]:
            _read(builder, content, places, match.start("shown"), match.end("shown"))
        elif match["break"]:
            builder.part("\n")
        elif match["line"] and at < end:
            builder.written(" ", begins, places[at])
    _keep(builder, places, at, end)


def _keep(builder: Builder, places: list[int], start: int, end: int) -> None:
    if start < end:
        builder.keep(places[start], places[end - 1] + 1)
