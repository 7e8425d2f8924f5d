"""The report to be read in a browser: one file that loads nothing and runs nothing but its own script.

Each article is written as it comes, as JSON in a script element that is data; the script draws from it what is looked at. Bounds: an
article takes at most `_KEPT` code points between two findings. The policy in the head names the digests of the style and the
script, so that nothing in an article could run even if it were taken for markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

import cleaner
from cleaner.findings import Finding
from cleaner.jsonlines import dump
from cleaner.pipeline import Checked
from cleaner.rulebook.book import RuleBook
from cleaner.text.document import Document
from cleaner.text.visible import printable, visible

_HERE = Path(__file__).parent
_KEPT = 4000
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class HtmlReport:
    """Writes the page around the findings."""

    def __init__(self, stream: TextIO, book: RuleBook) -> None:
        self._stream = stream
        self._book = book
        self._rules: set[str] = set()
        self._failures: list[dict[str, str]] = []
        self._checked = self._hidden = 0
        style, self._script = ((_HERE / name).read_text("utf-8") for name in ("style.css", "script.js"))
        page = (_HERE / "page.html").read_text("utf-8")
        page = page.replace("{policy}", _policy(style, self._script)).replace("{style}", style)
        head, self._tail = page.replace("{version}", cleaner.__version__).split("{data}")
        stream.write(head)

    def add(self, result: Checked) -> None:
        """The data of one article, if anything was found in it."""
        self._checked += 1
        self._hidden += len(result.overlapped)
        if result.findings:
            self._rules.update(finding.rule_id for finding in result.findings)
            self._write("article", _article(result.document, result.findings))

    def fail(self, path: str, what: str) -> None:
        """Keep the failure for the end."""
        self._failures.append({"path": visible(path), "what": visible(what)})

    def close(self) -> None:
        """What the whole run shows, and the script."""
        rules = {
            rule.id: {"kind": rule.kind.value, "why": rule.why, "source": rule.source}
            for rule in (self._book.rules[rule_id] for rule_id in sorted(self._rules))
        }
        run = {"checked": self._checked, "hidden": self._hidden, "failures": self._failures, "rules": rules}
        self._write("run", run)
        self._stream.write(self._tail.replace("{script}", self._script))

    def _write(self, name: str, data: dict[str, Any]) -> None:
        self._stream.write(f'<script type="application/json" class="{name}">{dump(data).translate(_MARKUP)}</script>\n')


def _policy(style: str, script: str) -> str:
    sources = {"style": style, "script": script}
    digests = {name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in sources.items()}
    return "; ".join(
        ["default-src 'none'", "base-uri 'none'", *(f"{name}-src 'sha256-{each}'" for name, each in digests.items())]
    )


def _article(document: Document, findings: Sequence[Finding]) -> dict[str, Any]:
    """An article as its findings and the text around them: one piece more than there are findings."""
    text = document.readable
    ordered = sorted(findings, key=lambda finding: finding.core)
    bounds = [0, *(offset for finding in ordered for offset in (finding.core.start, finding.core.end)), len(text)]
    around = [_shortened(text[start:end]) for start, end in list(pairwise(bounds))[::2]]
    return {
        "path": visible(document.path),
        "around": around,
        "findings": [_finding(document, finding) for finding in ordered],
    }


def _finding(document: Document, finding: Finding) -> dict[str, Any]:
    place = document.position(finding.core.start)
    removed = finding.is_removal
    return {
        "line": place.line,
        "column": place.column,
        "rule": finding.rule_id,
        "kind": finding.kind.value,
        "confidence": round(finding.confidence, 3),
        "applicability": finding.applicability.value,
        "message": visible(finding.message),
        "old": printable(finding.core.of(document.readable)),
        "new": [""] if removed else [printable(each) for each in finding.replacements],
        "evidence": [visible(line) for line in finding.evidence[:-1]],
    }


def _shortened(text: str) -> str:
    """`text` for people; the middle of a long one is left out."""
    if len(text) > _KEPT:
        text = f"{text[: _KEPT // 2]}\n[…]\n{text[-_KEPT // 2 :]}"
    return printable(text)


create = HtmlReport
