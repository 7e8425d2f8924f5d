"""The report for people: grouped by file, each finding in its line, with the proposed text and the evidence."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from rich.console import Console
from rich.text import Text

from cleaner.findings import Applicability, Finding
from cleaner.pipeline import Checked
from cleaner.text.document import Document
from cleaner.text.visible import visible

_AROUND = 38
_UNWRAPPED = 100_000
_USUAL, _NARROWEST = 80, 24  # columns of a terminal that does not say, and that is too small
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


class _Console(Console):
    """A console that leaves it to the program what happens when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Go on with the error that is being handled."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error


class TextReport:
    """Coloured where the stream is a terminal; NO_COLOR is respected. Why a rule holds is said once."""

    def __init__(self, stream: TextIO) -> None:
        self.console = _Console(file=stream, highlight=False)
        # Lines are wrapped for a terminal only: a file or pipe gets each finding whole.
        self.console.width = max(self.console.width or _USUAL, _NARROWEST) if stream.isatty() else _UNWRAPPED
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
        self.console.print(Text(visible(result.document.path), "bold underline"), soft_wrap=True)
        for finding in result.findings:
            self._kinds[finding.kind.value] += 1
            self._safe += finding.applicability is Applicability.SAFE
            self._print(result.document, finding)
        self.console.print()

    def _print(self, document: Document, finding: Finding) -> None:
        position = document.position(finding.core.start)
        kind = finding.kind.value
        head = Text.assemble(
            (f"{position.line}:{position.column}", "bold"),
            "  ",
            (kind, _COLOURS[kind]),
            f"  {visible(finding.message)}  ",
            (f"{finding.confidence:.0%}" + (", safe" if finding.applicability is Applicability.SAFE else ""), "dim"),
            (f"  [{finding.rule_id}]", "dim"),
        )
        self._indented(head, 2, 4)
        self._indented(in_context(document.readable, finding), 6, 6)
        *reasons, why = finding.evidence
        if finding.rule_id not in self._explained:
            self._explained.add(finding.rule_id)
            reasons.append(why)
        for line in reasons:
            self._indented(Text(f"· {visible(line)}", "dim"), 6, 8)

    def _indented(self, text: Text, first: int, others: int) -> None:
        """Print `text` with so many spaces before its first line and before the others."""
        indent = first
        for line in text.wrap(self.console, self.console.width - others):
            self.console.print(Text(" " * indent).append_text(line), no_wrap=True, overflow="ignore", crop=False)
            indent = others

    def close(self) -> None:
        """The summary."""
        total = sum(self._kinds.values())
        if not self._checked:
            return
        if not total:
            self.console.print(Text(f"{_counted(self._checked, 'article')} checked: nothing found", "bold green"))
            return
        kinds = ", ".join(f"{count} {kind}" for kind, count in self._kinds.most_common())
        summary = f"{_counted(total, 'finding')} in {self._files} of {_counted(self._checked, 'article')}"
        self.console.print(Text.assemble((summary, "bold"), f": {kinds}"))
        if self._hidden:
            self.console.print(
                Text(f"{_counted(self._hidden, 'further finding')} in text that another finding replaces or removes", "dim")
            )
        if self._safe:
            self.console.print(Text(f"{self._safe} can be applied unattended: cleaner fix --safe", "dim"))


def in_context(text: str, finding: Finding) -> Text:
    """The line around a finding with the change in place, marked as ``[-old-]{+new+}`` so that no colour is needed."""
    start, end = finding.core.start, finding.core.end
    before = _last_line(text[max(0, start - _AROUND) : start])
    after = _first_line(text[end : end + _AROUND])
    cut_before = start > len(before) and text[start - len(before) - 1] not in "\r\n"
    cut_after = end + len(after) < len(text) and text[end + len(after)] not in "\r\n"
    before = before.partition(" ")[2] if cut_before and " " in before[:-1] else before
    after = after.rpartition(" ")[0] if cut_after and " " in after[1:] else after
    old = " ".join(text[start:end].split())
    if len(old) > 2 * _AROUND:
        old = f"{old[:_AROUND]} … {old[-_AROUND:]}"
    shown = Text.assemble(("…" if cut_before else "", "dim"), visible(before, keep="\t"))
    shown.append(f"[-{visible(old)}-]", "red")
    replacements = finding.replacements(text)[:3]
    if any(replacements):
        shown.append("{+" + " | ".join(map(_in_line, replacements)) + "+}", "bold green")
    return shown.append(visible(after, keep="\t")).append("…" if cut_after else "", "dim")


def _in_line(text: str) -> str:
    return visible(" ".join(text.split())) or ("(space)" if text else "(nothing)")


def _last_line(text: str) -> str:
    return text.replace("\r", "\n").rsplit("\n", 1)[-1]


def _first_line(text: str) -> str:
    return text.replace("\r", "\n").split("\n", 1)[0]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


create = TextReport
