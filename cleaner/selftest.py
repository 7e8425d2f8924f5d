"""The rule contract: a rule finds what its bad examples mark, offers what they say, and is silent on the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cleaner.findings import Finding
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.examples import Example, parse_example
from cleaner.rulebook.model import Rule


def check_rules(book: RuleBook, folder: Path | None) -> Iterator[list[str]]:
    """For each rule (written in `folder`, if one is given) what its examples show to be wrong, a line each."""
    pipeline = Pipeline(book, Selection(min_confidence=0))
    for rule_id, rule in sorted(book.rules.items()):
        file, line = book.places[rule_id]
        if folder is None or Path(file).is_relative_to(folder):
            yield [f"{file}:{line}: {rule_id}: {what}" for what in rule_failures(pipeline, rule)]


def rule_failures(pipeline: Pipeline, rule: Rule) -> Iterator[str]:
    """What the examples of one rule show to be wrong, by a pipeline with findings of every confidence."""
    for source in rule.bad:
        yield from _bad_failures(pipeline, rule, parse_example(source))
    for source in rule.good:
        example = parse_example(source)
        for finding in _found(pipeline, rule, example.text, example.others):
            yield f"found {finding.matched!r} in a good example: {source!r}"


def _bad_failures(pipeline: Pipeline, rule: Rule, example: Example) -> Iterator[str]:
    found = _found(pipeline, rule, example.text, example.others)
    for mark in example.marks:
        hits = [
            finding
            for finding in found
            if _is_about(finding, example.text, mark.span.of(example.text)) and finding.span.overlaps(mark.span)
        ]
        if not hits:
            others = [finding.matched for finding in found]
            yield f"did not find {mark.span.of(example.text)!r} in {example.text!r}" + (f", but {others}" if others else "")
            continue
        offered = tuple(" ".join(text.split()) for text in hits[0].replacements)
        wanted = tuple(" ".join(text.split()) for text in mark.replacements)
        if offered[: len(wanted)] != wanted:
            yield f"offers {offered} for {hits[0].matched!r}, not {wanted}"
    for finding in found:
        if not any(finding.span.overlaps(mark.span) for mark in example.marks):
            yield f"found {finding.matched!r}, which is not marked, in {example.text!r}"
    if any(mark.replacements for mark in example.marks):
        for finding in _found(pipeline, rule, example.corrected, example.others):
            if finding.fixes:
                yield f"finds {finding.matched!r} in its own corrected text {example.corrected!r}"


def _is_about(finding: Finding, text: str, marked: str) -> bool:
    """Whether the finding covers what is marked and nothing more; removals take blank lines with them."""
    return finding.span.of(text).strip() == marked.strip()


def _found(pipeline: Pipeline, rule: Rule, text: str, others: Sequence[str]) -> list[Finding]:
    checked = pipeline.check_text(text, others)
    parts = (part for finding in checked.findings for part in finding.parts)
    found = [*checked.findings, *parts, *(loser.finding for loser in checked.overlapped)]
    about = [finding for finding in found if finding.rule_id == rule.id]
    return [finding for finding in about if finding.fixes or finding.confidence >= (rule.least or 0)]
