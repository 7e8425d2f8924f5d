"""The report for people: grouped by file, each finding in its line, with the proposed text and the evidence."""

from __future__ import annotations

import os
from collections import Counter
from typing import Protocol, TextIO

from cleaner.findings import Applicability, Finding
from cleaner.pipeline import Checked
from cleaner.text.document import CONTEXT, Context, Document
from cleaner.text.visible import visible

_AROUND = CONTEXT - 2
_COLOURS = {
    "typo": "red",
    "name": "magenta",
    "wording": "yellow",
    "role": "yellow",
    "layout": "blue",
    "typography": "cyan",
    "grammar": "green",
    "style": "green",
}


Pieces = tuple[tuple[str, str], ...]
"""The pieces of a line with their styles."""


class Printer(Protocol):
    """Where lines go."""

    def line(self, pieces: Pieces, first: int = 0, others: int = 0, *, whole: bool = False) -> None:
        """Print a line with so many spaces before it, or, where it is wrapped, before its first and its other lines; `whole` is never wrapped."""


class _Plain:
    """A file or a pipe: no styles, and each finding whole."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, pieces: Pieces, first: int = 0, others: int = 0, *, whole: bool = False) -> None:
        """Print a line."""
        text = "".join(text for text, _ in pieces)
        self._stream.write(" " * first + text.expandtabs() + "\n")


def _printer(stream: TextIO) -> Printer:
    if not stream.isatty() and not os.environ.get("FORCE_COLOR"):
        return _Plain(stream)
    from cleaner.reports.terminal import Terminal  # rich takes longer to load than an article to check

    return Terminal(stream)


class TextReport:
    """Coloured where the stream is a terminal; NO_COLOR is respected. Why a rule holds is said once."""

    def __init__(self, stream: TextIO) -> None:
        self._printer = _printer(stream)
        self._kinds: Counter[str] = Counter()
        self._files = 0
        self._checked = 0
        self._safe = 0
        self._hidden = 0
        self._explained: set[str] = set()

    def add(self, result: Checked) -> None:
        """The findings of one document under its path."""
        self._checked += 1
        self._hidden += len(result.overlapped)
        if not result.findings:
            return
        self._files += 1
        self._printer.line(((visible(result.document.path), "bold underline"),), whole=True)
        for finding in result.findings:
            self._kinds[finding.kind.value] += 1
            self._safe += sum(each.applicability is Applicability.SAFE for each in finding.singly)
            self._describe(result.document, finding)
        self._print()

    def _describe(self, document: Document, finding: Finding) -> None:
        position = document.position(finding.core.start)
        kind = finding.kind.value
        safe = ", safe" if finding.applicability is Applicability.SAFE else ""
        head = (
            (f"{position.line}:{position.column}", "bold"),
            ("  ", ""),
            (kind, _COLOURS[kind]),
            (f"  {visible(finding.message)}  ", ""),
            (f"{finding.confidence:.0%}{safe}", "dim"),
            (f"  [{finding.rule_id}]", "dim"),
        )
        self._print(*head, first=2, others=4)
        if finding.matched or finding.fixes:
            self._print(*in_context(document.context(finding.core), finding), first=6, others=6)
        *reasons, why = finding.evidence
        if finding.rule_id not in self._explained:
            self._explained.add(finding.rule_id)
            reasons.append(why)
        for line in reasons:
            self._print((f"· {visible(line)}", "dim"), first=6, others=8)

    def _print(self, *pieces: tuple[str, str], first: int = 0, others: int = 0) -> None:
        self._printer.line(pieces, first, others)

    def fail(self, path: str, what: str) -> None:
        """Failures are said on the standard error."""

    def close(self) -> None:
        """The summary."""
        total = sum(self._kinds.values())
        if not self._checked:
            return
        if not total:
            self._print((f"{_counted(self._checked, 'article')} checked: nothing found", "bold green"))
            return
        kinds = ", ".join(f"{count} {kind}" for kind, count in self._kinds.most_common())
        summary = f"{_counted(total, 'finding')} in {self._files} of {_counted(self._checked, 'article')}"
        self._print((summary, "bold"), (f": {kinds}", ""))
        if self._hidden:
            what = f"{_counted(self._hidden, 'further finding')} in text that another finding replaces or removes"
            self._print((what, "dim"))
        if self._safe:
            self._print((f"{self._safe} can be applied unattended: cleaner fix --safe", "dim"))


def in_context(context: Context, finding: Finding) -> Pieces:
    """The line around a finding with the change in place, marked as ``[-old-]{+new+}`` so that no colour is needed."""
    before = _last_line(context.before[-_AROUND:])
    after = _first_line(context.after[:_AROUND])
    cut_before = len(context.before) > len(before) and context.before[-len(before) - 1] not in "\r\n"
    cut_after = len(context.after) > len(after) and context.after[len(after)] not in "\r\n"
    before = before.partition(" ")[2] if cut_before and " " in before[:-1] else before
    after = after.rpartition(" ")[0] if cut_after and " " in after[1:] else after
    old = " ".join(context.within.split())
    if len(old) > 2 * _AROUND:
        old = f"{old[:_AROUND]} … {old[-_AROUND:]}"
    pieces = [("…" if cut_before else "", "dim"), (visible(before, keep="\t"), ""), (f"[-{visible(old)}-]", "red")]
    replacements = finding.replacements[:3]
    if any(replacements):
        pieces.append(("{+" + " | ".join(map(_in_line, replacements)) + "+}", "bold green"))
    return (*pieces, (visible(after, keep="\t"), ""), ("…" if cut_after else "", "dim"))


def _in_line(text: str) -> str:
    return visible(" ".join(text.split())) or ("(space)" if text else "(nothing)")


def _last_line(text: str) -> str:
    return text.replace("\r", "\n").rsplit("\n", 1)[-1]


def _first_line(text: str) -> str:
    return text.replace("\r", "\n").split("\n", 1)[0]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


create = TextReport
