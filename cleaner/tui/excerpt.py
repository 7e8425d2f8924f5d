"""The article around a finding, with the change in place; also for terminals without a screen."""

from __future__ import annotations

from rich.text import Text

from cleaner.findings import Applicability
from cleaner.text.visible import printable, visible
from cleaner.tui.state import Item, ReviewState, Status

_AROUND = 1500  # code points on either side
SIGNS = {Status.OPEN: "·", Status.ACCEPTED: "✓", Status.REJECTED: "✗", Status.RETIRED: "≡"}
"""What stands for a status, so that no colour is needed."""
STYLES = {Status.OPEN: "", Status.ACCEPTED: "green", Status.REJECTED: "red", Status.RETIRED: "dim"}


def marked(text: str, state: ReviewState, item: Item) -> tuple[Text, int]:
    """The text around `item`, and the number of its line in it.

    The change is shown as ``[-old-]{+new+}``; what else was accepted nearby is shown in the same marks, but dim; other open findings
    are underlined.
    """
    core = item.finding.core
    start = text.rfind("\n", 0, max(0, core.start - _AROUND)) + 1
    end = text.find("\n", min(len(text), core.end + _AROUND))
    end = len(text) if end < 0 else end
    result, at, line = Text(), start, 0
    for other in _nearby(state, item, start, end):
        span = other.finding.core
        if span.start < at:
            continue
        result.append(printable(text[at : span.start]))
        if other is item:
            line = result.plain.count("\n")
        result.append_text(_change(text, state, other, current=other is item))
        at = span.end
    return result.append(printable(text[at:end])), line


def _nearby(state: ReviewState, item: Item, start: int, end: int) -> list[Item]:
    """The findings to show between two offsets, in order: `item`, and others that do not overlap it."""
    others = (
        other
        for other in state.of_document(item.path)
        if start <= other.finding.core.start
        and other.finding.core.end <= end
        and not other.finding.conflicts(item.finding)
        and state.status(other) in {Status.OPEN, Status.ACCEPTED}
    )
    return sorted([item, *others], key=lambda each: each.finding.core)


def _change(text: str, state: ReviewState, item: Item, *, current: bool) -> Text:
    old = printable(item.finding.core.of(text))
    status = state.status(item)
    if status is Status.OPEN and not current:
        return Text(old, "underline")
    if status is Status.REJECTED:
        return Text(old, "bold reverse")
    chosen = item.chosen.replacement if item.chosen else None
    new = printable((item.fix or "") if chosen is None else chosen)
    weight = "bold" if current else "dim"
    gone = "dim" if item.finding.is_removal else f"{weight} red strike"
    result = Text.assemble(("[-", f"{weight} red"), (old, gone), ("-]", f"{weight} red"))
    if new.strip() or (new and not old.strip()):
        result.append("{+" + (new.strip("\n") if "\n" in new else new) + "+}", f"{weight} green")
    return result


def evidence(state: ReviewState, item: Item) -> Text:
    """What speaks for a finding, and what can be done about it."""
    finding, status = item.finding, state.status(item)
    result = Text()
    result.append(f"{SIGNS[status]} {status.value}", f"bold {STYLES[status]}".strip())
    result.append(f"  {finding.kind.value}  ", "bold").append(f"{finding.confidence:.0%}")
    if finding.applicability is not Applicability.REVIEW:
        result.append(f", {finding.applicability.value}")
    result.append(f"  [{finding.rule_id}]\n", "dim").append(f"{visible(finding.message)}\n")
    rival = state.retired_by(item) if status is Status.RETIRED else None
    if rival:
        verb = "was accepted" if rival.chosen else "is surer"
        result.append(f"retired: {rival.finding.rule_id} has this text and {verb}\n", "italic")
    for number, replacement in enumerate(item.replacements[:9], 1):
        wanted = item.chosen is not None and item.chosen.replacement == replacement
        label = "remove" if not replacement.strip() and finding.matched.strip() else replacement.strip() or "(space)"
        result.append(f" {number} ", "reverse").append(f" {short(label)}" + ("  ✓" if wanted else "") + "\n", "green")
    if item.chosen and item.chosen.replacement is not None and item.chosen.replacement not in item.replacements:
        result.append(f" your own: {short(item.chosen.replacement)}  ✓\n", "green")
    if item.parts:
        result.append(f"a run of {len(item.parts)} lines, to be decided as one or opened into its lines\n", "italic")
    elif item.run:
        result.append(f"line {item.run.parts.index(item) + 1} of a run of {len(item.run.parts)}\n", "italic")
    for line in finding.evidence:
        result.append(f"· {visible(line)}\n", "dim")
    accepted, rejected = state.statistics.get(finding.rule_id, (0, 0))
    if accepted + rejected:
        result.append(f"· this rule so far: {accepted} accepted, {rejected} rejected\n", "dim")
    return result


def short(text: str) -> str:
    """`text` in a few words of one line."""
    text = visible(" ".join(text.split()))
    return text if len(text) <= 70 else f"{text[:34]} … {text[-34:]}"


def title(item: Item, width: int) -> str:
    """A finding in a line of `width` columns."""
    old = short(item.finding.matched.strip() or "␣")
    new = short(item.fix.strip()) if item.fix else ("␡" if item.replacements else "")
    line = f"{old} → {new}" if new else old
    return line if len(line) <= width else line[: max(0, width - 1)] + "…"
