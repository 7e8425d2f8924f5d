"""How findings are scored against what people marked. A finding is a dict as in the JSON Lines report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Finding = Mapping
Mark = Mapping


def plain(text: str) -> str:
    """`text` with one kind of apostrophe."""
    for mark in "’‘ʿʻ":
        text = text.replace(mark, "'")
    return text


def overlaps(finding: Finding, mark: Mark) -> bool:
    """Whether the two share a character."""
    return finding["start"] < mark["end"] and mark["start"] < finding["end"]


def same_edit(text: str, finding: Finding, mark: Mark, accepted: Sequence[str], first: int) -> bool:
    """Whether one of the `first` replacements gives what an accepted one gives, on the span of both."""
    low, high = min(finding["start"], mark["start"]), max(finding["end"], mark["end"])
    wanted = {plain(text[low : mark["start"]] + each + text[mark["end"] : high]).strip() for each in accepted}
    offered = [
        plain(text[low : finding["start"]] + each + text[finding["end"] : high]).strip()
        for each in finding["replacements"][:first]
    ]
    if wanted & set(offered):
        return True
    covered = max(0, min(finding["end"], mark["end"]) - max(finding["start"], mark["start"])) / max(
        1, mark["end"] - mark["start"]
    )
    return "" in accepted and "" in finding["replacements"] and covered >= 0.8


def seeds(texts: Mapping[str, str], marks: Iterable[Mark], found: Mapping[str, list[Finding]]) -> dict[str, str]:
    """Marks corrected by level, and findings that meet no mark."""
    marks = list(marks)
    of, corrected = Counter(), Counter()
    for mark in marks:
        of[mark["level"]] += 1
        hits = [finding for finding in found.get(mark["file"], []) if overlaps(finding, mark)]
        corrected[mark["level"]] += any(same_edit(texts[mark["file"]], hit, mark, mark["accept"], 3) for hit in hits)
    outside = sum(
        not any(mark["file"] == name and overlaps(finding, mark) for mark in marks)
        for name, all_ in found.items()
        for finding in all_
    )
    return {level: f"{corrected[level]} of {of[level]}" for level in ("must", "should", "reach")} | {
        "outside the marks": str(outside)
    }


def typos(data: list[Mapping], found: Mapping[str, list[Finding]], stem) -> tuple[int, int, list]:
    """Edits corrected by the first replacement, all edits, and the missed ones."""
    corrected, missed = 0, []
    edits = [(row, edit) for row in data for edit in row["edits"]]
    for row, edit in edits:
        hits = [finding for finding in found.get(stem(row), []) if overlaps(finding, edit)]
        if any(same_edit(row["text"], hit, edit, [edit["replacement"]], 1) for hit in hits):
            corrected += 1
        else:
            missed.append((edit["text"], edit["replacement"], [hit["replacements"][:2] for hit in hits]))
    return corrected, len(edits), missed


def slips(data: list[Mapping], found: Mapping[str, list[Finding]], stem) -> tuple[tuple[int, int], tuple[int, int], list]:
    """Slips of names corrected and all; different names merged into the look-alike and all; what went wrong."""
    corrected = merged = 0
    wrong = []
    for row in data:
        spans = [span for span in row["spans"] if span["role"] != "canonical"]
        hits = [finding for finding in found.get(stem(row), []) if any(overlaps(finding, span) for span in spans)]
        to = [plain(hit["replacements"][0]).lower() for hit in hits if hit["replacements"] and hit["replacements"][0]]
        canonical = plain(row["canonical"]).lower()
        meets = any(canonical in each or (each in canonical and len(each) > 3) for each in to)
        corrected += row["same"] and meets
        merged += not row["same"] and bool(to)
        if row["same"] != bool(to) or (row["same"] and not meets):
            wrong.append((row["variant"], row["canonical"], row["same"], to))
    same = sum(row["same"] for row in data)
    return (corrected, same), (merged, len(data) - same), wrong


def per_thousand(data: list[Mapping], found: Mapping[str, list[Finding]]) -> tuple[float, Counter]:
    """Findings a 1,000 words, and their number by kind (or rule, for peers)."""
    words = sum(len(row["text"].split()) for row in data)
    kinds = Counter(finding.get("kind") or "all" for findings in found.values() for finding in findings)
    return 1000 * kinds.total() / words, kinds


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that a positive scores above a negative (ties count half)."""
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return wins / (len(positive) * len(negative))
