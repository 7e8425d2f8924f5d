"""Properties of the review: all undone is the start, and what is decided is what is written."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cleaner.apply import apply_fixes
from cleaner.decisions import Decision, Retraction, Row, Scope, Verdict, Verdicts
from cleaner.errors import UsageError
from cleaner.findings import Applicability, Finding, Fix, Kind, Span
from cleaner.keys import with_keys
from cleaner.pipeline import Checked
from cleaner.resolve import resolve
from cleaner.rulebook.model import CheckRule
from cleaner.runs import with_runs
from cleaner.text.article import Article
from cleaner.text.document import Document
from cleaner.tui.state import Action, Filter, Item, ReviewState, Status, decisions, perform

TEXT = "one two three four five six seven eight nine ten"


class Rows(list):
    """A log in memory, which can be made to fail."""

    fails = False

    def __call__(self, row: Row) -> Row:
        import msgspec

        if self.fails:
            raise UsageError("the disk is full")
        row = msgspec.structs.replace(row, id=str(len(self)))
        self.append(row)
        return row


@st.composite
def documents(draw: st.DrawFn) -> Checked:
    """A document with findings, some of which overlap."""
    path = draw(st.sampled_from(["a.txt", "b.txt", "c.txt"]))
    document = Document.from_text(path, TEXT)
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(TEXT) - 2))
        span = Span(start, draw(st.integers(start + 1, min(len(TEXT), start + 8))))
        fixes = tuple(
            Fix.replacing(span, text) for text in draw(st.lists(st.sampled_from(["X", "", "YY"]), max_size=2, unique=True))
        )
        confidence = draw(st.floats(0.5, 1))
        rule = draw(st.sampled_from(["names.a", "wording.b"]))
        found.append(Finding(rule, Kind.NAME, span, span.of(TEXT), "m", fixes, confidence, ("why",), Applicability.REVIEW))
    resolution = resolve(with_keys(Article(document, "en"), found))
    return Checked(document, resolution.kept, resolution.overlapped)


PAGE = "\n\n".join(f"Line {number} of a page" for number in range(8))
RUN = CheckRule(
    id="layout.litter-run", kind=Kind.LAYOUT, check="litter-run", message="{count} lines", why="w", source="s", confidence=0.9
)


@st.composite
def pages(draw: st.DrawFn) -> Checked:
    """A document some lines of which are litter, those that stand together as runs; and a slip within one of them."""
    article = Article(Document.from_text(draw(st.sampled_from(["d.txt", "e.txt"])), PAGE), "en")
    spans = [article.removal(number) for number in sorted(draw(st.sets(st.integers(0, 7), max_size=6)))]
    found = [
        Finding(
            "layout.a", Kind.LAYOUT, span, span.of(PAGE), "m", (Fix.replacing(span, ""),), 0.9, ("why",), Applicability.REVIEW
        )
        for span in spans
    ]
    start = article.paragraphs[draw(st.integers(0, 7))].start
    slip = Span(start, start + 4)
    found.append(
        Finding("typos.a", Kind.TYPO, slip, "Line", "m", (Fix.replacing(slip, "X"),), 0.8, ("why",), Applicability.REVIEW)
    )
    resolution = resolve(with_keys(article, found))
    return Checked(article.document, with_runs(article, resolution.kept, RUN), resolution.overlapped)


PLAIN_FOLDERS = st.lists(documents(), min_size=1, max_size=3, unique_by=lambda checked: checked.document.path)
FOLDERS = st.lists(st.one_of(documents(), pages()), min_size=1, max_size=3, unique_by=lambda checked: checked.document.path)
ACTIONS = st.lists(
    st.tuples(
        st.integers(0, 99),
        st.sampled_from(["accept", "reject", "name", "different", "undo", "redo", "skip", "open"]),
        st.sampled_from([None, "own", ""]),
        st.sampled_from(list(Scope)),
    ),
    max_size=60,
)


def state_of(folder: list[Checked], rows: Rows, earlier: list[Row] = ()) -> ReviewState:
    state = ReviewState(rows, Verdicts.of(earlier), lambda path: path)
    for checked in folder:
        state.add(checked)
    return state


def snapshot(state: ReviewState) -> list[tuple[object, ...]]:
    def chosen(item: Item) -> object:
        return item.chosen and (item.chosen.verdict, item.chosen.replacement)

    return [(chosen(item), state.status(item)) for item in state.items] + [(state.open_count, state.done_count)]


def play(state: ReviewState, actions: list[tuple[int, str, str | None, Scope]]) -> None:
    for number, name, replacement, scope in actions:
        if state.items:
            item = state.items[number % len(state.items)]
            try:
                perform(state, item, Action(name, replacement if scope is Scope.FINDING else None, scope))
            except ValueError:
                # Advice has nothing to accept, a run is no name.
                assert item.fix is None or (item.parts and name in {"name", "different"})


@given(FOLDERS, ACTIONS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_all_undone_is_the_start_and_all_redone_the_end(folder: list[Checked], actions: list):
    rows = Rows()
    state = state_of(folder, rows)
    start = snapshot(state)
    play(state, actions)
    end = snapshot(state)
    steps = 0
    while state.undo():
        steps += 1
    assert snapshot(state) == start
    while state.redo():
        steps -= 1
    assert steps == 0 or snapshot(state) != start or not rows
    if steps == 0:
        assert snapshot(state) == end


@given(FOLDERS, ACTIONS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_state_from_the_log_is_the_state_that_wrote_it(folder: list[Checked], actions: list):
    rows = Rows()
    state = state_of(folder, rows)
    play(state, [each for each in actions if each[1] not in {"name", "different", "open"}])
    again = state_of(folder, Rows(), list(rows))
    mine = [(status, chosen) for chosen, status in snapshot(state)[:-1]]
    theirs = [(status, chosen) for chosen, status in snapshot(again)[:-1]]
    standing = Verdicts.of(rows)
    wide = standing.rules or standing.fixes  # a standing rejection reaches findings that were retired when it was taken
    assert mine == theirs or wide


@given(FOLDERS, ACTIONS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_counts_and_overlaps_hold_at_every_moment(folder: list[Checked], actions: list):
    state = state_of(folder, Rows())
    for action in actions:
        play(state, [action])
        statuses = [state.status(item) for item in state.items]
        assert state.open_count == statuses.count(Status.OPEN)
        # A run that is decided as a whole counts as one, and its lines are not shown.
        state.filter = Filter(decided=True)
        shown = [state.status(item) for item in state.visible() if not item.parts or item.parts[0] not in state.visible()]
        state.filter = Filter()
        assert state.done_count == shown.count(Status.ACCEPTED) + shown.count(Status.REJECTED)
        for item in state.items:
            if state.status(item) is Status.ACCEPTED:
                assert all(state.status(rival) is not Status.ACCEPTED for rival in item.rivals)
            if state.status(item) is Status.RETIRED:
                assert item.parts or state.retired_by(item) in [*item.rivals, item.run]


@given(PLAIN_FOLDERS, ACTIONS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_is_accepted_is_what_edits_by_hand_would_give(folder: list[Checked], actions: list):
    state = state_of(folder, Rows())
    play(state, actions)
    for checked in folder:
        accepted = [item for item in state.of_document(checked.document.path) if state.status(item) is Status.ACCEPTED]
        fixes = [Fix.replacing(item.finding.span, item.chosen.replacement or "") for item in accepted]
        expected = TEXT
        for item in sorted(accepted, key=lambda item: item.finding.span, reverse=True):
            expected = expected[: item.finding.span.start] + (item.chosen.replacement or "") + expected[item.finding.span.end :]
        assert apply_fixes(TEXT, fixes) == expected


@given(FOLDERS, ACTIONS)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_cannot_be_saved_is_not_taken(folder: list[Checked], actions: list):
    rows = Rows()
    state = state_of(folder, rows)
    actions = [action for action in actions if action[1] != "open"]  # that is no decision
    half = len(actions) // 2
    play(state, actions[:half])
    before = snapshot(state)
    rows.fails = True
    for action in actions[half:]:
        with contextlib.suppress(UsageError):
            play(state, [action])
    assert snapshot(state) == before


def test_a_thousand_actions_undone_are_the_start():
    import random

    chance = random.Random(7)
    folder = [
        Checked(
            Document.from_text(f"{n}.txt", TEXT),
            tuple(
                Finding("names.a", Kind.NAME, Span(i, i + 3), TEXT[i : i + 3], "m", (Fix.replacing(Span(i, i + 3), "X"),), 0.9, ("w",), Applicability.REVIEW, (), f"{n}{i}")
                for i in range(0, 40, 4)
            ),
        )
        for n in range(10)
    ]  # fmt: skip
    rows = Rows()
    state = state_of(folder, rows)
    start = snapshot(state)
    names = ["accept", "reject", "skip", "undo", "redo", "name", "different"]
    for _ in range(1000):
        item = chance.choice(state.items)
        perform(
            state,
            item,
            Action(chance.choice(names), None, chance.choice(list(Scope)) if chance.random() < 0.1 else Scope.FINDING),
        )
    while state.undo():
        pass
    assert snapshot(state) == start
    assert all(isinstance(row, Retraction) or row.id for row in rows)


@pytest.fixture
def overlapping() -> ReviewState:
    """Two findings that want the same text; the first is surer."""
    document = Document.from_text("a.txt", TEXT)
    make: Callable[[int, int, float], Finding] = lambda start, end, confidence: Finding(  # noqa: E731
        "names.a", Kind.NAME, Span(start, end), TEXT[start:end], "m", (Fix.replacing(Span(start, end), "X"),), confidence, ("w",), Applicability.REVIEW
    )  # fmt: skip
    resolution = resolve(with_keys(Article(document, "en"), [make(0, 7, 0.9), make(4, 9, 0.6)]))
    return state_of([Checked(document, resolution.kept, resolution.overlapped)], Rows())


def test_choosing_one_retires_the_other_and_undo_brings_it_back(overlapping: ReviewState):
    surer, other = overlapping.items
    assert overlapping.status(other) is Status.RETIRED
    assert overlapping.retired_by(other) is surer
    overlapping.reject(surer)
    assert overlapping.status(other) is Status.OPEN
    overlapping.accept(other)
    overlapping.undo()
    assert overlapping.status(other) is Status.OPEN
    overlapping.undo()
    assert overlapping.status(other) is Status.RETIRED
    overlapping.accept(surer)
    overlapping.accept(other, "Y")  # a change of mind: the surer one gives way
    assert (overlapping.status(surer), overlapping.status(other)) == (Status.RETIRED, Status.ACCEPTED)
    overlapping.undo()
    assert (overlapping.status(surer), overlapping.status(other)) == (Status.ACCEPTED, Status.RETIRED)


def test_the_generator_asks_each_open_finding_and_the_skipped_ones_last(overlapping: ReviewState):
    overlapping.add(Checked(Document.from_text("b.txt", TEXT), (replace(overlapping.items[0].finding, key="another"),)))
    asking = decisions(overlapping)
    first = next(asking)
    second = asking.send(Action("skip"))
    assert second is not first
    assert asking.send(Action("reject")) is first
    third = asking.send(Action("reject"))
    assert third.rivals == [first]
    with pytest.raises(StopIteration):
        asking.send(Action("accept"))
    assert overlapping.open_count == 0
    assert overlapping.items[0].chosen is not None
    assert overlapping.items[0].chosen.verdict is Verdict.REJECT


def test_the_same_finding_in_the_same_sentence_is_asked_once(overlapping: ReviewState):
    (twin,) = overlapping.add(Checked(Document.from_text("b.txt", TEXT), (overlapping.items[0].finding,)))
    overlapping.accept(overlapping.items[0], "Z")
    assert twin.chosen is not None
    assert twin.chosen.replacement == "Z"
    overlapping.undo()
    assert overlapping.status(twin) is Status.OPEN


@pytest.fixture
def page() -> ReviewState:
    """Three lines of a page that are one run, and another one by itself."""
    article = Article(Document.from_text("d.txt", PAGE), "en")
    spans = [article.removal(number) for number in (2, 3, 4, 6)]
    found = [
        Finding(
            "layout.a", Kind.LAYOUT, span, span.of(PAGE), "m", (Fix.replacing(span, ""),), 0.9, ("why",), Applicability.REVIEW
        )
        for span in spans
    ]
    kept = with_runs(article, with_keys(article, found), RUN)
    return state_of([Checked(article.document, kept)], Rows())


def test_a_run_is_decided_as_one(page: ReviewState):
    run, *lines, other = page.items
    assert page.visible() == [run, other]
    assert page.accept(run) == [run]
    assert page.status(run) is Status.ACCEPTED
    assert [page.status(line) for line in lines] == [Status.ACCEPTED] * 3
    assert (page.done_count, page.open_count) == (1, 1)
    assert page.undo() == [run]
    assert page.status(run) is Status.OPEN
    page.reject(run)
    assert page.status(run) is Status.REJECTED


def test_a_run_is_opened_into_its_lines_and_closed_by_undo(page: ReviewState):
    run, *lines, other = page.items
    assert page.open_run(run) == lines
    assert page.visible() == [*lines, other]
    page.accept(lines[0])
    page.reject(lines[1])
    assert [page.status(line) for line in lines] == [Status.ACCEPTED, Status.REJECTED, Status.OPEN]
    assert page.accept(run) == [lines[2]]  # the rest of them
    for _ in range(4):
        page.undo()
    assert page.visible() == [run, other]


def test_a_line_of_a_run_is_reached_from_elsewhere(page: ReviewState):
    *_, other = page.items
    assert len(page.within(other, Scope.RULE)) == 4
    page.accept(other, scope=Scope.RULE)
    assert page.open_count == 0


def test_lines_decided_in_an_earlier_review_open_their_run(page: ReviewState):
    run, first, *_ = page.items
    rows = Rows()
    state_of([], rows)
    rows(Decision(verdict=Verdict.ACCEPT, subjects=[first.subject("")]))
    again = state_of([Checked(Document.from_text("d.txt", PAGE), (run.finding,))], Rows(), list(rows))
    assert [again.status(item) for item in again.items] == [Status.RETIRED, Status.ACCEPTED, Status.OPEN, Status.OPEN]
