"""The log of decisions: nothing confirmed is lost, nothing is overwritten, two reviewers merge."""

import json
import multiprocessing
import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.decisions import (
    Decision,
    DecisionLog,
    Retraction,
    Scope,
    Subject,
    Verdict,
    Verdicts,
    history,
    lines,
    merge,
    read_rows,
    statistics,
)
from cleaner.errors import LocatedError, UsageError
from cleaner.findings import Applicability, Finding, Fix, Kind, Span


def subject(key: str, rule: str = "names.x", text: str = "Kirbry", replacement: str | None = "Kirby") -> Subject:
    return Subject(key, rule, "a.txt", text, replacement)


def decision(key: str, verdict: Verdict = Verdict.ACCEPT, scope: Scope = Scope.FINDING, **row: str) -> Decision:
    return Decision(verdict=verdict, scope=scope, subjects=[subject(key)], **row)


@pytest.fixture
def log(tmp_path: Path) -> DecisionLog:
    return DecisionLog(tmp_path / "decisions.jsonl", "Ann")


def test_a_row_is_on_the_disk_with_id_time_and_reviewer(log: DecisionLog):
    row = log.append(decision("k"))
    (line,) = log.path.read_text().splitlines()
    stored = json.loads(line)
    assert stored["type"] == "decision"
    assert (stored["reviewer"], stored["verdict"], stored["subjects"][0]["key"]) == ("Ann", "accept", "k")
    assert stored["id"] == row.id
    assert stored["at"].startswith("20")
    assert log.rows() == [row]


def test_a_later_verdict_supersedes_and_a_retraction_restores(log: DecisionLog):
    log.append(decision("k"))
    second = log.append(decision("k", Verdict.REJECT))
    assert Verdicts.of(log.rows()).by_key["k"].verdict is Verdict.REJECT
    log.append(Retraction(of=second.id))
    assert Verdicts.of(log.rows()).by_key["k"].verdict is Verdict.ACCEPT
    assert len(log.rows()) == 3
    assert len(list(lines(log.rows()))) == 1
    assert len(list(history(log.rows(), "k"))) == 3


@pytest.mark.parametrize("cut", [1, 20, 80])
def test_a_line_cut_short_is_passed_over_and_the_next_one_whole(log: DecisionLog, cut: int):
    log.append(decision("k"))
    log.append(decision("l"))
    data = log.path.read_bytes()
    log.path.write_bytes(data[: len(data) - cut])
    kept = ["k"] if cut > 1 else ["k", "l"]  # only the line end is missing
    log.append(decision("m"))
    assert list(Verdicts.of(log.rows()).by_key) == [*kept, "m"]


def test_a_line_that_somebody_broke_is_named(log: DecisionLog):
    log.append(decision("k"))
    with log.path.open("a") as file:
        file.write('{"type": "decision", "verdict": "maybe", "subjects": []}\n')
    with pytest.raises(LocatedError, match=r"decisions\.jsonl:2:1: not a decision: Invalid enum value 'maybe'"):
        log.rows()


def test_a_full_disk_takes_no_decision_and_breaks_no_row(log: DecisionLog):
    log.append(decision("k"))
    size = log.path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, hard))  # a file may not grow any further, as on a full disk
    try:
        with pytest.raises(UsageError, match="not saved and not taken"):
            log.append(decision("l"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert log.path.stat().st_size == size
    log.append(decision("m"))
    assert list(Verdicts.of(log.rows()).by_key) == ["k", "m"]


def append_many(path: Path, name: str) -> None:
    log = DecisionLog(path, name)
    for number in range(60):
        log.append(decision(f"{name}{number}"))


def test_two_processes_write_at_once_and_no_row_is_torn(tmp_path: Path):
    path = tmp_path / "decisions.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(path, name)) for name in ("Ann", "Ben")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    rows = list(read_rows(path))
    assert sorted(row.reviewer for row in rows) == ["Ann"] * 60 + ["Ben"] * 60
    for name in ("Ann", "Ben"):
        assert [row.subjects[0].key for row in rows if row.reviewer == name] == [f"{name}{i}" for i in range(60)]


def finding(key: str = "new", rule: str = "names.x", matched: str = "Kirbry") -> Finding:
    span = Span(0, len(matched))
    return Finding(rule, Kind.NAME, span, matched, "", (Fix.replacing(span, "Kirby"),), 0.9, ("",), Applicability.REVIEW, (), key)


@pytest.mark.parametrize(
    ("scope", "silent", "shown"),
    [
        (Scope.FINDING, [finding("k")], [finding()]),
        (Scope.DOCUMENT, [finding("k")], [finding()]),
        (Scope.FIX, [finding("k"), finding()], [finding(rule="names.y"), finding(matched="Kirbyy")]),
        (Scope.RULE, [finding("k"), finding(), finding(matched="Kirbyy")], [finding(rule="names.y")]),
    ],
)
def test_rejections_reach_as_far_as_their_scope(scope: Scope, silent: list[Finding], shown: list[Finding]):
    silence = Verdicts.of([decision("k", Verdict.REJECT, scope, id="1")]).silence()
    assert all(silence.covers(each, each.matched) for each in silent)
    assert not any(silence.covers(each, each.matched) for each in shown)
    accepted = Verdicts.of([decision("k", Verdict.ACCEPT, scope, id="1")]).silence()
    assert not any(accepted.covers(each, each.matched) for each in [*silent, *shown])


def test_merging_takes_each_row_once_by_time_and_names_conflicts():
    ann = decision("k", id="1", at="2026-01-01", reviewer="Ann")
    both = decision("l", id="2", at="2026-01-02", reviewer="Ann")
    ben = decision("k", Verdict.REJECT, id="3", at="2026-01-03", reviewer="Ben")
    agreed = decision("l", id="4", at="2026-01-04", reviewer="Ben")
    rows, conflicts = merge([[ann, both], [agreed, both, ben]])
    assert [row.id for row in rows] == ["1", "2", "3", "4"]
    (conflict,) = conflicts
    assert "'Kirbry' [names.x]: Ann: accept 'Kirby' (2026-01-01); Ben: reject (2026-01-03); the later one stands" in conflict.line
    assert Verdicts.of(rows).by_key["k"].verdict is Verdict.REJECT


VERDICTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(list(Verdict)), st.booleans()), max_size=12)


@given(VERDICTS)
def test_the_last_verdict_that_was_not_taken_back_stands(history: list[tuple[str, Verdict, bool]]):
    rows, expected = [], {}
    for number, (key, verdict, taken_back) in enumerate(history):
        rows.append(decision(key, verdict, id=str(number)))
        if taken_back:
            rows.append(Retraction(of=str(number), id=f"r{number}"))
        else:
            expected[key] = verdict
    assert {key: standing.verdict for key, standing in Verdicts.of(rows).by_key.items()} == expected


def test_statistics_and_the_proposal_to_switch_a_rule_off():
    rows = [decision(str(n), Verdict.REJECT if n else Verdict.ACCEPT, id=str(n)) for n in range(10)]
    (each,) = statistics(Verdicts.of(rows)).values()
    assert (each.accepted, each.rejected, each.unwelcome) == (1, 9, True)
    (each,) = statistics(Verdicts.of(rows[:-1])).values()
    assert not each.unwelcome
