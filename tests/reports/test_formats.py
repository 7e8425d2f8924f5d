"""Every format tells the same findings, whatever stands in the articles, and is what its readers expect."""

import gc
import io
import json
import re
import weakref
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import msgspec
import pytest

from cleaner.engines.local import Job, LocalEngine
from cleaner.findings import Finding
from cleaner.pipeline import Checked, Pipeline, Selection
from cleaner.reports import FORMATS, create
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.load import load, shipped_rules
from cleaner.text.document import Document

ADVICE = """\
rules:
  - id: wording.advice
    kind: wording
    match: ["[nota bene]"]
    message: "“{matched}”, 100%: say it\\nin <English> & plainly"
    why: "It's “Latin”, ::set-output or not: 100%, a,b"
    source: s
    confidence: 0.6
    bad: ["a [nota bene]"]
    good: ["a note"]
"""
HEADLINE = "Militia Leaders Meet in the Northern Province After Weeks of Silence"
STORY = "The ministers of both countries spoke for two hours and agreed on little else, said people who were there."
ARTICLES = {
    "plain.txt": f"{HEADLINE}\n\n{HEADLINE}\n\n{STORY}\n\n- Advertisement -\n",
    "astral 😀, a:b%20 'c' & \"d\" <e>.txt": "😀𝔘 The goverment — said “Kait’ib Hezbollah”.\r\n\r\n𝔘𝔘 It was an medical matter, nota bene.\r\n",
    "crlf.txt": f"{HEADLINE}\r\n\r\n{HEADLINE}\r\n\r\n{STORY}\r\rThe the\r\ngoverment ]]> fell\x1b[31m.\r\n",
    "latin.txt": "A café: the goverment “fell”, nota\nbene.\n".encode("cp1252"),
    "broken.txt": "Zażółć gęślą jaźń. ".encode() + b"\xff the goverment\n",
    "clean.txt": "The government fell.\n",
}
Place = tuple[str, int, int, str]
"""Path, line and column of the text in code points, and rule."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "own").mkdir()
    (folder / "own/advice.yaml").write_text(ADVICE)
    for name, text in ARTICLES.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="module")
def with_advice(folder: Path) -> RuleBook:
    book = load([shipped_rules(), folder / "own"])
    assert book.errors == []
    return book


@pytest.fixture(scope="module")
def results(folder: Path, with_advice: RuleBook) -> list[Checked]:
    paths = [str(folder / name) for name in ARTICLES]
    results = list(LocalEngine(Job(lambda: Pipeline(with_advice, Selection()), 10**6, 1)).run(paths))
    for result in results:
        result.document.path = f"./{Path(result.document.path).name}"
    return results


@pytest.fixture(scope="module")
def report(with_advice: RuleBook, results: list[Checked]) -> Callable[[str], str]:
    """A report in a format, on all articles and two that could not be read."""

    def report(form: str) -> str:
        stream = io.StringIO()
        writer = create(form, stream, with_advice)
        for result in results:
            writer.add(result)
        writer.fail("./lost\n<1>.txt", "no such file, or folder: 100%")
        writer.fail("other.txt", "binary")
        writer.close()
        return stream.getvalue()

    return report


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, worked out anew."""
    before = re.split(r"\r\n|\r|\n", text[:offset])
    return len(before), len(before[-1]) + 1


@pytest.fixture(scope="module")
def expected(results: list[Checked]) -> list[Place]:
    found = []
    for result in results:
        for finding in result.findings:
            text = result.document.text
            start = finding.span.start
            while finding.replacements == ("",) and finding.kind == "layout" and text[start].isspace():
                start += 1
            found.append((result.document.path.removeprefix("./"), *place(text, start), finding.rule_id))
    assert len(found) >= 12
    assert {"layout.repeated-headline", "wording.advice", "typo.known"} <= {rule for *_, rule in found}
    return found


def _text(out: str) -> list[Place]:
    found, path = [], ""
    for line in out.splitlines():
        if match := re.fullmatch(r"  (\d+):(\d+)  .*\[([a-z.-]+)\]", line):
            found.append((path, int(match[1]), int(match[2]), match[3]))
        elif line and not line.startswith(" "):
            path = line.removeprefix("./")
    return found


def _html(out: str) -> list[Place]:
    articles = [json.loads(data) for data in re.findall(r'<script type="application/json" class="article">(.*)</script>', out)]
    return [
        (article["path"].removeprefix("./"), each["line"], each["column"], each["rule"])
        for article in articles
        for each in article["findings"]
    ]


def _of_rows(rows: list[dict], results: list[Checked]) -> list[Place]:
    texts = {result.document.path: result.document.text for result in results}
    found = []
    for row in rows:
        text = texts[row["path"]]
        assert place(text, row["start"]) == (row["line"], row["column"])
        blank = len(row["text"]) - len(row["text"].lstrip()) if row["replacements"] == [""] and row["kind"] == "layout" else 0
        found.append((row["path"].removeprefix("./"), *place(text, row["start"] + blank), row["rule"]))
    return found


def _sarif(out: str) -> list[Place]:
    (run,) = json.loads(out)["runs"]
    found = []
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        region = physical["region"]
        found.append((unquote(physical["artifactLocation"]["uri"]), region["startLine"], region["startColumn"], result["ruleId"]))
    return found


def _decoded(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def _github(out: str) -> list[tuple]:
    found = []
    for line in out.splitlines():
        level, properties, _ = re.fullmatch(r"::(warning|notice|error) ([^:]*)::(.*)", line).groups()
        fields = {key: _decoded(value) for key, _, value in (each.partition("=") for each in properties.split(","))}
        if level != "error":
            column = int(fields["col"]) if "col" in fields else None
            found.append((fields["file"], int(fields["line"]), column, fields["title"]))
    return found


def _codequality(out: str) -> list[Place]:
    rows = [row for row in json.loads(out) if row["check_name"] != "not-checked"]
    begins = [row["location"]["positions"]["begin"] for row in rows]
    return [(row["location"]["path"], at["line"], at["column"], row["check_name"]) for row, at in zip(rows, begins, strict=True)]


def _junit(out: str) -> list[Place]:
    found = []
    for case in ET.fromstring(out).iter("testcase"):
        if case.find("failure") is not None:
            at, rule = case.get("name").split(" ")
            line, column = map(int, at.split(":"))
            found.append((case.get("classname"), line, column, rule))
    return found


def _rdjson(out: str, results: list[Checked]) -> list[Place]:
    texts = {result.document.path.removeprefix("./"): result.document for result in results}
    found = []
    for row in json.loads(out)["diagnostics"]:
        if row["severity"] == "ERROR":
            continue
        name, start = row["location"]["path"], row["location"]["range"]["start"]
        line = re.split(r"\r\n|\r|\n", texts[name].text)[start["line"] - 1].encode("utf-8", "surrogateescape")
        column = len(line[: start["column"] - 1].decode("utf-8", "surrogateescape")) + 1
        found.append((name, start["line"], column, row["code"]["value"]))
    return found


def test_all_formats_tell_the_same(report: Callable[[str], str], results: list[Checked], expected: list[Place]):
    found = {
        "text": _text(report("text")),
        "html": _html(report("html")),
        "jsonl": _of_rows([json.loads(line) for line in report("jsonl").splitlines()], results),
        "json": _of_rows(json.loads(report("json"))["findings"], results),
        "sarif": _sarif(report("sarif")),
        "codequality": _codequality(report("codequality")),
        "junit": _junit(report("junit")),
        "rdjson": _rdjson(report("rdjson"), results),
        "github": _github(report("github")),
    }
    assert set(found) == set(FORMATS)
    for form, places in found.items():
        if form == "github":  # it takes no columns of what spans lines
            assert [(path, line, rule) for path, line, _, rule in places] == [(p, line, rule) for p, line, _, rule in expected]
            assert {(*e[:2], column, e[3]) for e, (_, _, column, _) in zip(expected, places, strict=True) if column} <= set(
                expected
            )
        else:
            assert places == expected, form


def test_what_could_not_be_checked_is_told(report: Callable[[str], str]):
    name, why = "lost\n<1>.txt", "no such file, or folder: 100%"
    assert json.loads(report("json"))["failures"][0] == {"path": f"./{name}", "message": why}
    assert report("github").splitlines()[-2] == "::error file=lost%0A<1>.txt,title=not checked::no such file, or folder: 100%25"
    (run,) = json.loads(report("sarif"))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    first = invocation["toolExecutionNotifications"][0]
    assert unquote(first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) == name
    assert [row["description"] for row in json.loads(report("codequality"))[-2:]] == [why, "binary"]
    assert json.loads(report("rdjson"))["diagnostics"][-2]["location"] == {"path": name}
    errors = list(ET.fromstring(report("junit")).iter("error"))
    assert [error.get("message") for error in errors] == [why, "binary"]
    (data,) = re.findall(r'<script type="application/json" class="run">(.*)</script>', report("html"))
    assert json.loads(data)["failures"][0] == {"path": "./lost<U+000A><1>.txt", "what": why}


def test_evidence_is_told_unharmed(report: Callable[[str], str]):
    message = "“nota bene”, 100%: say it\nin <English> & plainly"
    why = "It's “Latin”, ::set-output or not: 100%, a,b"
    whole = f"{message}\n· {why}"
    assert whole in [_decoded(line.split("::", 2)[2]) for line in report("github").splitlines()]
    assert whole in [row["description"] for row in json.loads(report("codequality"))]
    assert whole in [row["message"] for row in json.loads(report("rdjson"))["diagnostics"]]
    assert whole in [failure.text for failure in ET.fromstring(report("junit")).iter("failure")]
    assert f"{message}\n{why}" in [row["message"]["text"] for row in json.loads(report("sarif"))["runs"][0]["results"]]


# --- SARIF


def test_sarif_is_valid(report: Callable[[str], str]):
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

    log = json.loads(report("sarif"))
    Log.model_validate(log)
    (run,) = log["runs"]
    assert (run["columnKind"], run["newlineSequences"]) == ("unicodeCodePoints", ["\r\n", "\n", "\r"])
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in run["tool"]["driver"]["rules"])
    with pytest.raises(ValueError, match="columnKin"):
        Log.model_validate({**log, "runs": [{**run, "columnKin": "x"}]})


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    return starts[line - 1] + column - 1


def _changed(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _fixed(document: Document, finding: Finding) -> list[str]:
    text, span = document.readable, finding.span
    return [text[: span.start] + new + text[span.end :] for new in finding.replacements]


def test_sarif_fixes_are_the_fixes(report: Callable[[str], str], results: list[Checked]):
    (run,) = json.loads(report("sarif"))["runs"]
    findings = [(result.document, finding) for result in results for finding in result.findings]
    for (document, finding), result in zip(findings, run["results"], strict=True):
        assert result["partialFingerprints"] == {"cleaner/v1": finding.key}
        text = document.readable
        region = result["locations"][0]["physicalLocation"]["region"]
        start = _offset(text, region["startLine"], region["startColumn"])
        end = _offset(text, region["endLine"], region["endColumn"])
        assert region["snippet"]["text"] == text[start:end] == finding.core.of(text)
        fixed = []
        for fix in result.get("fixes", []):
            (change,) = fix["artifactChanges"]
            regions = [(each["deletedRegion"], each["insertedContent"]["text"]) for each in change["replacements"]]
            edits = [
                (_offset(text, r["startLine"], r["startColumn"]), _offset(text, r["endLine"], r["endColumn"]), new)
                for r, new in regions
            ]
            fixed.append(_changed(text, edits))
        assert fixed == _fixed(document, finding)


def test_rdjson_suggestions_are_the_fixes(report: Callable[[str], str], results: list[Checked]):
    rows = json.loads(report("rdjson"))["diagnostics"]
    findings = [(result.document, finding) for result in results for finding in result.findings]
    for (document, finding), row in zip(findings, rows, strict=False):
        data = document.text.encode("utf-8", "surrogateescape")
        starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
        fixed = []
        for suggestion in row["suggestions"]:
            (start, end) = (suggestion["range"][name] for name in ("start", "end"))
            at, to = (starts[place["line"] - 1] + place["column"] - 1 for place in (start, end))
            fixed.append((data[:at] + suggestion["text"].encode() + data[to:]).decode("utf-8", "replace"))
        assert fixed == _fixed(document, finding)


# --- the shapes that readers of the other formats expect, without a field more


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Position(_Strict):
    line: int
    column: int


class _Range(_Strict):
    start: _Position
    end: _Position


class _Suggestion(_Strict):
    range: _Range
    text: str


class _Location(_Strict):
    path: str
    range: _Range | None = None


class _Named(_Strict):
    name: str


class _Code(_Strict):
    value: str


class _Diagnostic(_Strict):
    message: str
    location: _Location
    severity: str
    code: _Code | None = None
    suggestions: list[_Suggestion] = []


class _Diagnostics(_Strict):
    source: _Named
    diagnostics: list[_Diagnostic]


class _Issue(msgspec.Struct):
    type: str
    check_name: str
    description: str
    severity: str
    fingerprint: str
    location: dict


def test_rdjson_has_its_shape(report: Callable[[str], str]):
    decoded = msgspec.json.decode(report("rdjson"), type=_Diagnostics)
    assert {each.severity for each in decoded.diagnostics} <= {"ERROR", "WARNING", "INFO"}


def test_code_quality_has_its_shape(report: Callable[[str], str]):
    rows = msgspec.json.decode(report("codequality"), type=list[_Issue])
    assert {row.severity for row in rows} <= {"info", "minor", "major", "critical", "blocker"}
    assert len({row.fingerprint for row in rows}) == len(rows)


def test_junit_has_its_shape(report: Callable[[str], str]):
    root = ET.fromstring(report("junit"))
    assert root.tag == "testsuites"
    for suite in root:
        assert (suite.tag, set(suite.keys())) == ("testsuite", {"name", "tests", "failures", "errors"})
        cases = list(suite)
        assert all((case.tag, set(case.keys())) == ("testcase", {"classname", "name"}) for case in cases)
        faults = [fault for case in cases for fault in case]
        assert all(fault.tag in {"failure", "error"} and set(fault.keys()) == {"type", "message"} for fault in faults)
        tags = [fault.tag for fault in faults]
        counts = {"tests": len(cases), "failures": tags.count("failure"), "errors": tags.count("error")}
        assert {name: int(suite.get(name)) for name in counts} == counts
    assert [suite.get("tests") for suite in root if suite.get("name") == "clean.txt"] == ["1"]


@pytest.mark.parametrize("form", FORMATS)
def test_articles_are_written_and_forgotten(pipeline: Pipeline, book: RuleBook, form: str):
    stream = io.StringIO()
    report = create(form, stream, book)
    result = pipeline.check_text("The goverment fell.")
    document = weakref.ref(result.document)
    report.add(result)
    del result
    gc.collect()
    assert "goverment" in stream.getvalue()
    assert document() is None


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_found_is_a_whole_report(book: RuleBook, form: str):
    stream = io.StringIO()
    create(form, stream, book).close()
    out = stream.getvalue()
    if form in {"json", "sarif", "codequality", "rdjson"}:
        json.loads(out)
    elif form == "junit":
        ET.fromstring(out)
    elif form == "html":
        assert out.rstrip().endswith("</html>")
    else:
        assert out == ""
