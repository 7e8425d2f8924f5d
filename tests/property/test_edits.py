"""Properties of edits: what is not to be changed never changes, and what is applied stays applied."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cleaner.apply import apply_fixes, write_document
from cleaner.errors import DocumentError
from cleaner.findings import Applicability, Edit, Finding, Fix, Kind, Span
from cleaner.resolve import distinct, resolve
from cleaner.text.document import Document

TEXTS = st.text(alphabet="ab \n’é", max_size=60)


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of it that do not overlap."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Edit(Span(start, end), draw(st.text(alphabet="xy ", max_size=4))) for start, end in pairs]


@given(texts_and_edits())
def test_fixes_change_their_spans_and_nothing_else(case: tuple[str, list[Edit]]):
    text, edits = case
    result = apply_fixes(text, [Fix((edit,)) for edit in edits])
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.span.start] + edit.replacement + expected[edit.span.end :]
    assert result == expected


@given(texts_and_edits())
def test_one_fix_of_many_edits_is_many_fixes_of_one(case: tuple[str, list[Edit]]):
    text, edits = case
    assert apply_fixes(text, [Fix(tuple(edits))]) == apply_fixes(text, [Fix((edit,)) for edit in reversed(edits)])


def test_no_fix_changes_nothing():
    assert apply_fixes("a\r\nb", []) == "a\r\nb"


def test_overlapping_fixes_are_refused_unless_they_remove_the_same_blank():
    text = "a\n\nb\n\nc"
    removals = [Fix.replacing(Span(1, 5), ""), Fix.replacing(Span(4, 6), "")]
    assert apply_fixes(text, removals) == "ac"[:1] + text[6:]
    with pytest.raises(ValueError, match="want the same text"):
        apply_fixes(text, [Fix.replacing(Span(0, 4), "x"), Fix.replacing(Span(3, 5), "y")])


def finding(start: int, end: int, confidence: float, kind: Kind = Kind.TYPO) -> Finding:
    """A finding without content."""
    return Finding("typo.x", kind, Span(start, end), "x" * (end - start), "", (), confidence, (), Applicability.REVIEW)


FINDINGS = st.lists(
    st.builds(lambda start, length, confidence: finding(start, start + length, confidence), st.integers(0, 30), st.integers(1, 8), st.floats(0.1, 1)),
    max_size=9,
)  # fmt: skip


@given(FINDINGS)
def test_resolution_is_the_heaviest_set_without_overlap(findings: list[Finding]):
    resolution = resolve(findings)
    kept = resolution.kept
    assert all(left.span.end <= right.span.start for left, right in zip(kept, kept[1:], strict=False))
    assert len(kept) + len(resolution.overlapped) == len(findings)
    assert all(loser.winner.span.overlaps(loser.finding.span) and loser.winner in kept for loser in resolution.overlapped)
    best = 0.0
    for choice in range(1 << len(findings)):
        chosen = [each for i, each in enumerate(findings) if choice >> i & 1]
        if all(not a.span.overlaps(b.span) for i, a in enumerate(chosen) for b in chosen[:i]):
            best = max(best, sum(each.confidence for each in chosen))
    assert sum(each.confidence for each in kept) == pytest.approx(best)


def test_the_outer_two_of_a_chain_stand():
    chain = [finding(0, 5, 0.6), finding(4, 9, 0.9), finding(8, 12, 0.6)]
    assert [each.span.start for each in resolve(chain).kept] == [0, 8]


def test_of_findings_that_say_the_same_one_stands():
    text = "The Kaitib Hezbollah men"
    whole = replace(finding(4, 20, 0.9), matched=text[4:20], fixes=(Fix.replacing(Span(4, 20), "Kataib Hezbollah"),))
    part = replace(finding(4, 10, 0.8), matched=text[4:10], fixes=(Fix.replacing(Span(4, 10), "Kataib"),))
    other = replace(part, fixes=(Fix.replacing(Span(4, 10), "Katib"),))
    assert whole.effect == part.effect != other.effect
    assert distinct([part, whole]) == [whole]
    assert len(distinct([whole, other])) == 2


def test_a_removal_beats_what_it_contains():
    inside = [finding(2, 4, 0.99), finding(5, 7, 0.99)]
    removal = finding(0, 10, 0.7, Kind.LAYOUT)
    resolution = resolve([*inside, removal])
    assert resolution.kept == (removal,)
    assert all("overlaps" in loser.reason for loser in resolution.overlapped)


@st.composite
def texts_and_findings(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """A text of lines, and removals and corrections of any parts of it."""
    text = draw(st.text(alphabet="ab \n", min_size=1, max_size=12))
    findings = []
    for _ in range(draw(st.integers(2, 4))):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        kind = draw(st.sampled_from([Kind.LAYOUT, Kind.TYPOGRAPHY]))
        right = "" if kind is Kind.LAYOUT else draw(st.sampled_from(["", "x", "\n"]))
        one = finding(start, end, draw(st.sampled_from([0.5, 0.9])), kind)
        findings.append(replace(one, matched=text[start:end], fixes=(Fix.replacing(one.span, right),)))
    return text, findings


@given(texts_and_findings())
def test_what_stands_can_be_applied_together(case: tuple[str, list[Finding]]):
    text, findings = case
    resolution = resolve(findings)
    apply_fixes(text, [each.fixes[0] for each in resolution.kept])
    assert len(resolution.kept) + len(resolution.overlapped) == len(findings)
    assert all(loser.finding.conflicts(loser.winner) for loser in resolution.overlapped)


class TestWriting:
    """Writing a document back."""

    def test_an_owner_that_cannot_be_kept_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        path = tmp_path / "a.txt"
        path.write_bytes(b"a")
        monkeypatch.setattr("os.chown", refuse)
        for mine, who in ((os.getuid() + 1, "owner"), (os.getuid(), "group")):
            monkeypatch.setattr("os.getuid", lambda mine=mine: mine)
            monkeypatch.setattr("os.getgid", lambda: -1)
            with pytest.raises(DocumentError, match=f"not allowed to keep its {who}"):
                write_document(Document.from_bytes(str(path), b"a"), "b")
        assert [*tmp_path.iterdir()] == [path]
        assert path.read_bytes() == b"a"

    @pytest.mark.parametrize(
        "data", ["Ä\r\nb".encode("utf-16"), "x “é”\r\n".encode("cp1252"), b"\xef\xbb\xbfa\rb", b"no newline"]
    )
    def test_an_unchanged_text_gives_the_same_bytes(self, tmp_path: Path, data: bytes):
        path = tmp_path / "a.txt"
        path.write_bytes(data)
        path.chmod(0o640)
        document = Document.from_bytes(str(path), data)
        write_document(document, document.text)
        assert path.read_bytes() == data
        assert path.stat().st_mode & 0o777 == 0o640
        assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]

    def test_through_a_link_the_file_is_written(self, tmp_path: Path):
        (tmp_path / "a.txt").write_bytes(b"old")
        (tmp_path / "b.txt").symlink_to("a.txt")
        write_document(Document.from_bytes(str(tmp_path / "b.txt"), b"old"), "new")
        assert (tmp_path / "a.txt").read_bytes() == b"new"
        assert (tmp_path / "b.txt").is_symlink()

    @pytest.mark.parametrize(
        ("spoil", "what"),
        [
            (lambda path: path.write_bytes(b"changed"), "changed since it was read"),
            (lambda path: path.unlink(), "removed since it was read"),
            (lambda path: path.chmod(0o444), "read-only"),
        ],
    )
    def test_a_file_that_is_not_as_it_was_read_stays_as_it_is(self, tmp_path: Path, spoil, what: str):
        path = tmp_path / "a.txt"
        path.write_bytes(b"old")
        document = Document.from_bytes(str(path), b"old")
        spoil(path)
        before = path.read_bytes() if path.exists() else None
        with pytest.raises(DocumentError, match=what):
            write_document(document, "new")
        assert (path.read_bytes() if path.exists() else None) == before
