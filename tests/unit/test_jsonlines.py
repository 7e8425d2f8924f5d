"""Findings whose lines are known are the findings, and are told by their lines without them."""

import pickle

import pytest

from cleaner.findings import Applicability, Finding, Fix, Kind, Span
from cleaner.jsonlines import Written, as_lines
from cleaner.text.document import Document

DOCUMENT = Document.from_text("a.txt", "The goverment\u2028\nfell in Iddlib.\n")


def finding(word: str, right: str) -> Finding:
    start = DOCUMENT.text.index(word)
    span = Span(start, start + len(word))
    fixes = (Fix.replacing(span, right),)
    return Finding("typo.a", Kind.TYPO, span, word, "a\nb", fixes, 0.9, ("why",), Applicability.REVIEW)


FINDINGS = (finding("goverment\u2028\n", "government"), finding("Iddlib", "Idlib"))


def test_lines_and_number_are_told_without_the_findings():
    def read() -> tuple[Finding, ...]:
        raise AssertionError("read")

    for findings in (FINDINGS, FINDINGS[:1], ()):
        written = Written(as_lines(DOCUMENT, findings), read)
        assert as_lines(DOCUMENT, written) == as_lines(DOCUMENT, findings)
        assert (len(written), bool(written)) == (len(findings), bool(findings))
        with pytest.raises(AssertionError, match="read"):
            list(written)


def test_findings_are_what_is_read():
    written = Written("a\nb\n", lambda: FINDINGS)
    assert written == FINDINGS == written == Written("", lambda: FINDINGS)
    assert written != FINDINGS[:1]
    assert (written[0], written[1:], [*written], repr(written)) == (FINDINGS[0], FINDINGS[1:], [*FINDINGS], repr(FINDINGS))
    assert pickle.loads(pickle.dumps(written)) == FINDINGS
