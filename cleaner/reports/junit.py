"""JUnit XML: a suite a file, a failed case a finding, for services that show the results of tests."""

from __future__ import annotations

from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from cleaner.pipeline import Checked
from cleaner.reports.places import in_repository, with_evidence
from cleaner.text.visible import visible


class Suites:
    """Writes suite after suite; an article without findings is a case that passed."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cleaner">\n')

    def add(self, result: Checked) -> None:
        """The suite of one document."""
        name = in_repository(result.document.path)
        cases = []
        for finding in result.findings:
            place = result.document.position(finding.core.start)
            title = f"{place.line}:{place.column} {finding.rule_id}"
            cases.append(_case(name, title, _fault("failure", finding.rule_id, finding.message, with_evidence(finding))))
        self._write(name, cases or [_case(name, "no findings", "")], failures=len(cases))

    def fail(self, path: str, what: str) -> None:
        """A suite with an error."""
        name = in_repository(path)
        self._write(name, [_case(name, "not checked", _fault("error", "not checked", what, what))], errors=1)

    def _write(self, name: str, cases: list[str], failures: int = 0, errors: int = 0) -> None:
        counts = f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'
        self._stream.write(f"  <testsuite name={_attribute(name)} {counts}>\n{''.join(cases)}  </testsuite>\n")

    def close(self) -> None:
        """The end of the document."""
        self._stream.write("</testsuites>\n")


def _case(name: str, title: str, fault: str) -> str:
    return f"    <testcase classname={_attribute(name)} name={_attribute(title)}>{fault}</testcase>\n"


def _fault(element: str, kind: str, message: str, text: str) -> str:
    body = escape(visible(text, keep="\n"))
    return f"<{element} type={_attribute(kind)} message={_attribute(message)}>{body}</{element}>"


def _attribute(text: str) -> str:
    """`text` in quotes, without the characters that XML cannot have."""
    return quoteattr(visible(text))


create = Suites
