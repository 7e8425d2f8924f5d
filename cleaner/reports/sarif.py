"""SARIF 2.1.0: the findings for code scanning services and editors, with their rules and fixes.

The results come first, as they are found; the rules that they name and the failures follow them.
"""

from __future__ import annotations

from typing import Any, TextIO

import cleaner
from cleaner.findings import Finding, Fix, Span
from cleaner.jsonlines import dump
from cleaner.pipeline import Checked
from cleaner.reports.array import Array
from cleaner.reports.places import Region, matters, uri
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import Rule
from cleaner.text.document import Document

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Sarif:
    """Writes one log of one run."""

    def __init__(self, stream: TextIO, book: RuleBook) -> None:
        self._book = book
        self._rules: dict[str, int] = {}
        self._failures: list[dict[str, Any]] = []
        head = {"columnKind": "unicodeCodePoints", "newlineSequences": ["\r\n", "\n", "\r"]}
        start = {"$schema": _SCHEMA, "version": "2.1.0"}
        self._results = Array(stream, f'{dump(start)[:-1]}, "runs": [{dump(head)[:-1]}, "results": [')

    def add(self, result: Checked) -> None:
        """The results of one document."""
        for finding in result.findings:
            self._results.add(self._result(result.document, finding))

    def fail(self, path: str, what: str) -> None:
        """Keep the failure for the end."""
        location = {"physicalLocation": {"artifactLocation": {"uri": uri(path)}}}
        self._failures.append({"level": "error", "message": {"text": what}, "locations": [location]})

    def close(self) -> None:
        """The rules, and whether all could be checked."""
        rules = [_rule(self._book.rules[rule_id]) for rule_id in self._rules]
        driver = {"name": "cleaner", "version": cleaner.__version__, "semanticVersion": cleaner.__version__, "rules": rules}
        invocation = {"executionSuccessful": not self._failures, "toolExecutionNotifications": self._failures}
        self._results.close(f'], "tool": {dump({"driver": driver})}, "invocations": {dump([invocation])}}}]}}')

    def _result(self, document: Document, finding: Finding) -> dict[str, Any]:
        result: dict[str, Any] = {
            "ruleId": finding.rule_id,
            "ruleIndex": self._rules.setdefault(finding.rule_id, len(self._rules)),
            "level": "warning" if matters(finding) else "note",
            "rank": round(100 * finding.confidence, 1),
            "message": {"text": "\n".join([finding.message, *finding.evidence])},
            "locations": [_location(document, finding.core)],
            "partialFingerprints": {"cleaner/v1": finding.key},
            "properties": {"kind": finding.kind.value, "applicability": finding.applicability.value},
        }
        if finding.fixes:
            result["fixes"] = [_fix(document, fix) for fix in finding.fixes]
        return result


def _location(document: Document, span: Span) -> dict[str, Any]:
    region = {**_region(document, span), "snippet": {"text": span.of(document.readable)}}
    return {"physicalLocation": {"artifactLocation": {"uri": uri(document.path)}, "region": region}}


def _region(document: Document, span: Span) -> dict[str, Any]:
    region = Region.of(document, span)
    return {
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
    }


def _fix(document: Document, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(document, edit.span), "insertedContent": {"text": edit.replacement}}
        for edit in sorted(fix.edits)
    ]
    return {"artifactChanges": [{"artifactLocation": {"uri": uri(document.path)}, "replacements": replacements}]}


def _rule(rule: Rule) -> dict[str, Any]:
    help_text = f"{rule.why}\n\nSource: {rule.source}"
    return {
        "id": rule.id,
        "shortDescription": {"text": _first_sentence(rule.why)},
        "fullDescription": {"text": rule.why},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": [rule.kind.value], "precision": _precision(rule.confidence)},
    }


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def _precision(confidence: float) -> str:
    """The confidence in the words of code scanning services."""
    steps = ((0.95, "very-high"), (0.8, "high"), (0.5, "medium"))
    return next((name for least, name in steps if confidence >= least), "low")


create = Sarif
