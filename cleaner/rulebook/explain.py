"""Rules for readers: a line, a page in the terminal, and the pages of the documentation, all from the rules themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from cleaner.findings import Kind
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.examples import Example, parse_example
from cleaner.rulebook.model import EngineRule, NameRule, Rule


def listing(book: RuleBook, kinds: frozenset[Kind]) -> Iterator[str]:
    """A line for each rule of `kinds`: id, kind, confidence and message."""
    for rule_id, rule in sorted(book.rules.items()):
        if rule.kind in kinds:
            yield f"{rule_id:<44} {rule.kind.value:<10} {rule.confidence:.2f}  {_filled(rule)}"


def _filled(rule: Rule) -> str:
    """The message of a rule, as it is said of its first example."""
    text = parse_example(rule.bad[0]) if rule.bad else Example("", ())
    mark = next(iter(text.marks), None)
    matched = " ".join(mark.span.of(text.text).split()) if mark else "…"
    fix = " ".join(mark.replacements[0].split()) if mark and mark.replacements else "…"
    return rule.message.replace("{matched}", matched).replace("{fix}", fix)


def explanation(book: RuleBook, rule: Rule) -> str:
    """All that is known of a rule, as text."""
    file, line = book.places[rule.id]
    parts = [
        f"{rule.id} ({rule.kind.value}, confidence {rule.confidence:.2f}, {rule.applicability.value})",
        "",
        _filled(rule),
        "",
        f"Why: {rule.why}",
        f"Source: {rule.source}",
        f"Written in {file}:{line}",
    ]
    if isinstance(rule, EngineRule):
        parts += ["", f"LanguageTool's: {', '.join(rule.languagetool)}"]
    if isinstance(rule, NameRule):
        parts += ["", *_name_facts(rule)]
    for title, examples in (("Found:", rule.bad), ("Left alone:", rule.good)):
        if examples:
            parts += ["", title, *(_indented(example) for example in examples)]
    return "\n".join(parts)


def _name_facts(rule: NameRule) -> Iterator[str]:
    yield f"{rule.name}: {rule.type}" + (f", {rule.country}" if rule.country else "")
    for label, spellings in (
        ("Corrected", rule.variants),
        ("Also right", rule.accepted),
        ("Never to be merged with", rule.never),
    ):
        if spellings:
            yield f"{label}: {', '.join(spellings)}"
    for office in rule.offices:
        yield f"{office.title}, {office.since or '…'} to {office.until or 'today'}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip("\n").split("\n"))


def write_pages(book: RuleBook, folder: Path) -> list[Path]:
    """Write a Markdown page for each kind and family of rules, and an index; the paths written."""
    families: dict[tuple[Kind, str], list[Rule]] = defaultdict(list)
    for _, rule in sorted(book.rules.items()):
        families[rule.kind, rule.family or rule.kind.value.capitalize()].append(rule)
    folder.mkdir(parents=True, exist_ok=True)
    index = ["# The rules", "", "Generated from the rule files by `cleaner rules docs`.", ""]
    pages = []
    for (kind, family), rules in sorted(families.items()):
        path = folder / f"{kind.value}-{_slug(family)}.md"
        path.write_text(_page(kind, family, rules), encoding="utf-8")
        pages.append(path)
        index.append(f"- [{kind.value}: {family}]({path.name}) ({len(rules)})")
    start = folder / "README.md"
    start.write_text("\n".join(index) + "\n", encoding="utf-8")
    return [start, *pages]


def _page(kind: Kind, family: str, rules: list[Rule]) -> str:
    lines = [f"# {family}", "", f"Findings of the kind `{kind.value}`."]
    for rule in rules:
        lines += ["", f"## `{rule.id}`", "", _filled(rule), "", rule.why, ""]
        if isinstance(rule, EngineRule):
            lines += [
                f"LanguageTool’s {', '.join(f'`{name}`' for name in rule.languagetool)}{'' if rule.confidence else ': off'}.",
                "",
            ]
        lines.append(f"Confidence {rule.confidence:.2f}, {rule.applicability.value}. Source: {rule.source}.")
        for title, examples in (("Found:", rule.bad), ("Left alone:", rule.good)):
            if examples:
                lines += ["", title, "", "```text", *(example.rstrip("\n") for example in examples), "```"]
    return "\n".join(lines) + "\n"


def _slug(name: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in name.lower()).split())
