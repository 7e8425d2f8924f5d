"""Runs: litter that stands together is one finding, which can be opened into its lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from cleaner.findings import Applicability, Finding, Fix
from cleaner.keys import with_keys
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article


def with_runs(article: Article, findings: Iterable[Finding], rule: Rule) -> tuple[Finding, ...]:
    """`findings`, which come in order and do not conflict, with those of lines that follow each other as one finding of `rule`.

    What repeats another place (a headline, a paragraph) stays for itself.
    """
    return tuple(_as_one(article, run, rule) if len(run) > 1 else run[0] for run in _runs(article, findings))


def may_run(finding: Finding) -> bool:
    """Whether a finding is of a line that may stand in a run with others."""
    return finding.is_removal and not finding.related


def _runs(article: Article, findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    run: list[Finding] = []
    last = -1
    for finding in findings:
        number = article.paragraph_at(finding.core.start) if may_run(finding) else None
        if run and number is not None and number == last + 1:
            run.append(finding)
        else:
            if run:
                yield run
            run = [finding]
        last = -2 if number is None else number
    if run:
        yield run


def _as_one(article: Article, lines: list[Finding], rule: Rule) -> Finding:
    """The removal of `lines`, as sure as the least sure of them, and safe where all of them are."""
    numbers = [article.paragraph_at(line.core.start) for line in (lines[0], lines[-1])]
    assert numbers[0] is not None
    span = article.removal(numbers[0], numbers[1])
    safe = all(line.applicability is Applicability.SAFE for line in lines)
    first = article.document.position(lines[0].core.start).line
    last = article.document.position(lines[-1].core.start).line
    counts = Counter(line.message for line in lines)
    evidence = [f"{message}: {count} line{'' if count == 1 else 's'}" for message, count in counts.items()]
    run = Finding(
        rule_id=rule.id,
        kind=rule.kind,
        span=span,
        matched=span.of(article.text),
        message=rule.message.replace("{count}", str(len(lines))),
        fixes=(Fix.replacing(span, ""),),
        confidence=min(line.confidence for line in lines),
        evidence=(f"{len(lines)} lines that follow each other, {first} to {last}", *evidence, rule.why),
        applicability=Applicability.SAFE if safe else Applicability.REVIEW,
        parts=tuple(lines),
    )
    return msgspec.structs.replace(run, key=with_keys(article, [run])[0].key)
