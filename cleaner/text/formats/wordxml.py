"""The parts of a Word document, which are XML: where the texts of its runs stand, and how a changed text goes back into them.

The text of a paragraph stands in several runs (``w:t``), which have nothing to do with words. A changed text is compared with the old one word by
word, and each difference is made in the runs where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from cleaner.expressions import expression
from cleaner.findings import common_prefix
from cleaner.text.document import PackedError

LINE = "\u2028"
"""How a line break within a paragraph is read."""
HYPHEN = "\u2011"
"""How a hyphen that does not break is read."""
SIGN = expression(f"[\t{LINE}{HYPHEN}]")
"""What is read and is no text of a run."""
NO_XML = expression("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What cannot stand in XML."""
_WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
_UNREAD = frozenset({"del", "moveFrom", "txbxContent", "Fallback"})
"""Elements whose texts are gone, stand beside the text, or are the same again."""
_SIGNS = {"tab": "\t", "ptab": "\t", "br": LINE, "cr": LINE, "noBreakHyphen": HYPHEN}
"""Elements of a run that are read as a character."""
_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_PIECE = expression(r"\W*\w+|\W+")


def parse(xml: bytes, parser: Any = None, **handlers: Callable[..., None]) -> None:
    """Read a part; PackedError where it is not well-formed."""
    parser = parser or expat.ParserCreate()
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - as expat has it
    except expat.ExpatError as error:
        raise PackedError(f"a damaged document ({error}): save it anew, or exclude it") from error


def _refuse(*_: object) -> None:
    raise PackedError("not a Word document: its parts define entities")


@dataclass(slots=True)
class _Run:
    """A text of a run and where it stands in the part; `end` is 0 for what is not to be changed."""

    text: str
    tag: int = 0
    start: int = 0
    end: int = 0


@dataclass
class _Reader:
    """Gathers the runs of each paragraph."""

    xml: bytes
    paragraphs: list[list[_Run]] = field(default_factory=list)
    _above: list[str] = field(default_factory=list)
    _unread: int = 0
    _run: _Run | None = None

    def read(self) -> list[list[_Run]]:
        """The runs of each paragraph, and none after the last one."""
        parser = expat.ParserCreate("utf-8", " ")

        def start(name: str, _: dict[str, str]) -> None:
            self._start(_local(name), parser.CurrentByteIndex)

        def end(_: str) -> None:
            self._end(parser.CurrentByteIndex)

        parse(self.xml, parser, StartElementHandler=start, EndElementHandler=end, CharacterDataHandler=self._text)
        return [*self.paragraphs, []]

    def _start(self, name: str, at: int) -> None:
        above = self._above[-1] if self._above else ""
        self._above.append(name)
        self._unread += name in _UNREAD
        if self._unread:
            return
        if name == "p":
            self.paragraphs.append([])
        elif not self.paragraphs:
            return
        elif name == "t":
            tag = _TAG.match(self.xml, at)
            assert tag
            if not tag.group().endswith(b"/>"):
                self._run = _Run("", at, tag.end())
        elif name in _SIGNS and above == "r":
            self.paragraphs[-1].append(_Run(_SIGNS[name]))

    def _end(self, at: int) -> None:
        name = self._above.pop()
        self._unread -= name in _UNREAD
        if self._run and name == "t":
            self._run.end = at
            self.paragraphs[-1].append(self._run)
            self._run = None

    def _text(self, text: str) -> None:
        if self._run:
            self._run.text += text.replace("\n", " ").replace("\r", " ")


def _local(name: str) -> str:
    """The name of an element of Word's, or of one that holds the same again; nothing for others."""
    space, _, local = name.rpartition(" ")
    return local if space in _WORD or local == "Fallback" else ""


def text(xml: bytes) -> str:
    """The paragraphs of a part, a line each."""
    return "\n".join("".join(run.text for run in runs) for runs in _Reader(xml).read())


# --- changes


def changed(xml: bytes, old: str, new: str) -> bytes:
    """The main part with all that differs between its text `old` and `new` changed in the runs where it stands."""
    before, after = old.split("\n"), new.split("\n")
    if len(before) != len(after):
        raise PackedError("not written: a change joins or parts paragraphs; make it in Word")
    parts, at = [], 0
    for runs, line, wanted in zip(_Reader(xml).read(), before, after, strict=True):
        for run, text in _rewritten(runs, line, wanted):
            tag = xml[run.tag : run.start]
            if text != text.strip() and b"xml:space" not in tag:
                tag = tag[:-1] + b' xml:space="preserve">'
            parts += [xml[at : run.tag], tag, escape(text).encode()]
            at = run.end
    return b"".join([*parts, xml[at:]])


def _rewritten(runs: Sequence[_Run], old: str, new: str) -> Iterator[tuple[_Run, str]]:
    """The runs of a paragraph that change, with their new texts."""
    if NO_XML.search(new):
        raise PackedError("not written: a change has a character that a Word document cannot hold")
    texts = [run.text for run in runs]
    ends = [*accumulate(map(len, texts))]
    for start, end, text in reversed([*_differences(old, new)]):
        first, last = bisect_left(ends, start + (start < end)), bisect_left(ends, end)
        if start == end and runs and not runs[first].end:
            first = last = first + 1  # beside what is not to be changed
        if not runs[first : last + 1] or not all(run.end for run in runs[first : last + 1]):
            raise PackedError("not written: a change puts a text where there was none; make it in Word")
        for number in range(first, last + 1):
            begin = ends[number] - len(runs[number].text)
            cut = slice(max(start - begin, 0), max(end - begin, 0))
            texts[number] = texts[number][: cut.start] + (text if number == first else "") + texts[number][cut.stop :]
    return ((run, text) for run, text in zip(runs, texts, strict=True) if text != run.text)


def _differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """What differs in a paragraph, in order: ``[start, end)`` of the old text, and what stands there in the new."""
    left, right = SIGN.split(old), SIGN.split(new)
    if SIGN.findall(old) != SIGN.findall(new):
        raise PackedError("not written: a change touches what is no text, as a tab or a line break; make it in Word")
    at = 0
    for before, after in zip(left, right, strict=True):
        yield from ((at + start, at + end, text) for start, end, text in _different_words(before, after))
        at += len(before) + 1


def _different_words(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    places = [0, *accumulate(map(len, left))]
    for sort, start, end, low, high in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if sort == "equal":
            continue
        gone, here = left[start:end], right[low:high]
        if len(gone) != len(here):  # words that stand for each other one by one stay in their runs
            gone, here = ["".join(gone)], ["".join(here)]
        at = places[start]
        for before, after in zip(gone, here, strict=True):
            if before != after:
                first = common_prefix(before, after)
                last = common_prefix(before[first:][::-1], after[first:][::-1])
                yield at + first, at + len(before) - last, after[first : len(after) - last]
            at += len(before)
