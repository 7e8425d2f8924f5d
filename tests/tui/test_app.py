"""Every key of the review, by Textual's pilot."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import logged, settled, shipped_pipeline
from textual.widgets import Input, Static

from cleaner.decisions import Scope, Verdict
from cleaner.engines.background import BackgroundScan
from cleaner.engines.local import Job, LocalEngine
from cleaner.findings import Kind
from cleaner.reviewing import Review
from cleaner.tui.app import KEYS, ReviewApp
from cleaner.tui.dialogs import ChoiceDialog, FilterDialog, HelpDialog, ScopeDialog, TextDialog
from cleaner.tui.list import FindingList
from cleaner.tui.state import Grouping, Item, Order, Status
from cleaner.workspace import Workspace


def current(app: ReviewApp) -> Item:
    item = app.query_one(FindingList).current
    assert item is not None
    return item


def find(app: ReviewApp, text: str) -> Item:
    return next(item for item in app.state.items if item.finding.matched.strip() == text)


def go_to(app: ReviewApp, text: str) -> Item:
    item = find(app, text)
    assert app.query_one(FindingList).move_to_item(item)
    return item


def shown(app: ReviewApp, widget: str) -> str:
    return str(app.query_one(widget, Static).content)


async def test_accept_moves_on_and_is_on_the_disk(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        first = current(app)
        await pilot.press("y")
        assert app.state.status(first) is Status.ACCEPTED
        assert current(app) is not first
        (row,) = logged(folder)
        assert (row["verdict"], row["reviewer"], row["subjects"][0]["key"]) == ("accept", "Ann", first.finding.key)


async def test_reject_undo_redo(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        first = current(app)
        await pilot.press("n")
        assert app.state.status(first) is Status.REJECTED
        await pilot.press("u")
        assert app.state.status(first) is Status.OPEN
        assert current(app) is first
        await pilot.press("ctrl+r")
        assert app.state.status(first) is Status.REJECTED
        await pilot.press("u", "u")
        assert app.state.status(first) is Status.OPEN
        assert [row["type"] for row in logged(folder)] == ["decision", "retraction", "decision", "retraction"]


async def test_another_alternative(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "reduce")
        await pilot.press("2")
        assert item.chosen is not None
        assert item.chosen.replacement == "defuse"
        item = go_to(app, "Kirbry")
        await pilot.press("7")
        assert item.chosen is None


async def test_a_text_of_ones_own_takes_every_key_and_escape_cancels(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "Kirbry")
        await pilot.press("e")
        assert isinstance(app.screen, TextDialog)
        app.screen.query_one(Input).value = ""
        await pilot.press(*"ynqusjkw 1")
        assert app.screen.query_one(Input).value == "ynqusjkw 1"
        assert app.state.done_count == 0
        await pilot.press("enter")
        assert item.chosen is not None
        assert item.chosen.replacement == "ynqusjkw 1"
        await pilot.press("u", "e", "escape")
        assert item.chosen is None


async def test_skip_comes_back_at_the_end(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        first = current(app)
        await pilot.press("s")
        assert app.state.status(first) is Status.OPEN
        assert current(app) is not first
        while app.state.open_count > 1:
            await pilot.press("n")
        assert current(app) is first


async def test_moving(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        findings = app.query_one(FindingList)
        await pilot.press("j", "down", "k")
        assert findings.place == 1
        await pilot.press("up", "k")
        assert findings.place == 0
        await pilot.press("J")
        assert current(app).path.endswith("003_9fb19f931f20fa75.txt")
        await pilot.press("j", "K")
        assert current(app).path.endswith("003_9fb19f931f20fa75.txt")
        await pilot.press("K")
        assert findings.place == 0
        await pilot.press("pagedown")
        assert findings.place > 5
        await pilot.press("pageup")
        assert findings.place == 0
        await pilot.press("right_square_bracket", "left_square_bracket")


@pytest.mark.parametrize(("key", "scope"), [("1", Scope.DOCUMENT), ("2", Scope.FIX), ("3", Scope.RULE)])
@pytest.mark.parametrize(("verdict", "opener"), [(Verdict.ACCEPT, "a"), (Verdict.REJECT, "d")])
async def test_a_wider_scope_shows_a_count_and_asks(app: ReviewApp, key: str, scope: Scope, verdict: Verdict, opener: str):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "agents")
        reached = app.state.within(item, scope)
        assert len(reached) > 1
        await pilot.press(opener)
        assert isinstance(app.screen, ScopeDialog)
        await pilot.press("y")
        assert isinstance(app.screen, ScopeDialog)  # nothing chosen yet
        await pilot.press(key)
        assert f"{len(reached):,} findings" in str(app.screen.query_one("#question", Static).content)
        assert app.state.done_count == 0
        await pilot.press("y")
        expected = Status.ACCEPTED if verdict is Verdict.ACCEPT else Status.REJECTED
        assert {app.state.status(each) for each in reached} == {expected}
        await pilot.press("u")
        assert app.state.done_count == 0
        await pilot.press(opener, key, "n")
        assert app.state.done_count == 0


async def test_a_name_of_the_folder_becomes_a_rule_that_undo_takes_out(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "Kirbry")
        await pilot.press("i")
        assert app.state.status(item) is Status.REJECTED
        rules = (folder / ".cleaner/rules.yaml").read_text()
        assert "name: Kirbry" in rules
        assert "Decided by Ann" in rules
        await pilot.press("u")
        assert "Kirbry" not in (folder / ".cleaner/rules.yaml").read_text()


async def test_two_different_names(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "Kirbry")
        await pilot.press("m")
        assert app.state.status(item) is Status.REJECTED
        rules = (folder / ".cleaner/rules.yaml").read_text()
        assert "name: Kirbry" in rules
        assert "- Kirby" in rules


async def test_search_and_filter(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        findings = app.query_one(FindingList)
        total = len(findings.items)
        await pilot.press("slash", *"agents", "enter")
        assert {item.finding.matched for item in findings.items} == {"agents"}
        await pilot.press("slash")
        app.screen.query_one(Input).value = ""
        await pilot.press("enter")
        assert len(findings.items) == total
        await pilot.press("f")
        assert isinstance(app.screen, FilterDialog)
        app.screen.query_one("#kinds", Input).value = "name, rol"
        await pilot.press("enter")
        assert isinstance(app.screen, FilterDialog)  # no such kind: told, and asked again
        app.screen.query_one("#kinds", Input).value = "name role"
        app.screen.query_one("#confidence", Input).value = "90"
        await pilot.press("enter")
        assert {item.finding.kind for item in findings.items} == {Kind.NAME, Kind.ROLE}
        assert all(item.finding.confidence >= 0.9 for item in findings.items)


async def test_decided_findings_are_shown_on_demand(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        findings = app.query_one(FindingList)
        first = current(app)
        await pilot.press("n")
        assert first in findings.items  # stays in sight until one looks otherwise
        await pilot.press("o", "o", "o", "o")
        assert first not in findings.items
        await pilot.press("f")
        app.screen.query_one("#decided").value = True
        await pilot.click("#rule")
        await pilot.press("enter")
        assert first in findings.items


async def test_order_and_grouping(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        findings = app.query_one(FindingList)
        seen = []
        for _ in Order:
            await pilot.press("o")
            seen.append(app.state.order)
        assert set(seen) == set(Order)
        await pilot.press("v")
        assert app.state.grouping is Grouping.RULE
        headings = [row for row in findings.rows if isinstance(row, str)]
        assert "wording.agents-for-proxies" in headings
        await pilot.press("v")
        assert "agents → proxies" in [row for row in findings.rows if isinstance(row, str)]
        await pilot.press("v")
        assert app.state.grouping is Grouping.FILE


async def test_go_to(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", *"12", "enter")
        assert app.query_one(FindingList).place == 11
        await pilot.press("g", *"9fb19", "enter")
        assert current(app).path.endswith("003_9fb19f931f20fa75.txt")
        await pilot.press("g", *"nowhere", "enter")
        assert current(app).path.endswith("003_9fb19f931f20fa75.txt")


async def test_help_names_every_key_and_the_palette_every_action(app: ReviewApp):
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpDialog)
        text = str(app.screen.query_one(Static).content)
        assert all(what in text for name, _, what in KEYS if not name.startswith("alternative_"))
        await pilot.press("escape")
        commands = {command.title.lower() for command in app.get_system_commands(app.screen)}
        assert all(what.lower() in commands for name, _, what in KEYS if not name.startswith("alternative_"))
        await pilot.press("ctrl+p")
        assert type(app.screen).__name__ == "CommandPalette"


async def test_theme(app: ReviewApp):
    async with app.run_test() as pilot:
        dark = app.current_theme.dark
        await pilot.press("t")
        assert app.current_theme.dark is not dark


async def test_write_changes_the_accepted_words_and_no_other_byte(app: ReviewApp, folder: Path):
    path = folder / "003_9fb19f931f20fa75.txt"
    before = path.read_bytes()
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, "Kirbry")
        await pilot.press("y", "n", "w")
        assert path.read_bytes() == before.replace(b"Kirbry", b"Kirby")
        go_to(app, "Kirbry")
        await pilot.press("n", "w")  # a change of mind after writing
        assert path.read_bytes() == before
        await pilot.press("q")
    assert app.return_value == app.state.open_count


async def test_quit_asks_only_if_something_is_unwritten(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, "Kirbry")
        await pilot.press("y", "q")
        assert isinstance(app.screen, ChoiceDialog)
        await pilot.press("escape")
        assert app.is_running
        await pilot.press("q", "w")
    assert b"Kirbry" not in (folder / "003_9fb19f931f20fa75.txt").read_bytes()


async def test_quitting_without_writing_keeps_the_decisions(app: ReviewApp, folder: Path, make_review: Callable[[Path], Review]):
    async with app.run_test(size=(120, 40)) as pilot:
        item = go_to(app, "Kirbry")
        await pilot.press("y", "q", "q")
    again = make_review(folder)
    (same,) = (each for each in again.state.items if each.finding.key == item.finding.key)
    assert again.state.status(same) is Status.ACCEPTED
    assert again.unwritten() == ["news/003_9fb19f931f20fa75.txt"]


async def test_a_file_that_was_changed_is_refused_in_words(app: ReviewApp, folder: Path):
    path = folder / "003_9fb19f931f20fa75.txt"
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, "Kirbry")
        await pilot.press("y")
        path.write_bytes(path.read_bytes() + b"more")
        await pilot.press("w")
        assert isinstance(app.screen, ChoiceDialog)
        assert any("changed since it was scanned" in str(each.content) for each in app.screen.query(Static))
        await pilot.press("escape")
    assert path.read_bytes().endswith(b"more")
    assert b"Kirbry" in path.read_bytes()


async def test_what_cannot_be_saved_is_said_and_not_done(app: ReviewApp, folder: Path):
    (folder / ".cleaner").mkdir()
    (folder / ".cleaner/decisions.jsonl").mkdir()  # not writable by anybody
    async with app.run_test(size=(120, 40)) as pilot:
        first = current(app)
        await pilot.press("y")
        assert app.state.status(first) is Status.OPEN
        assert current(app) is first


async def test_a_rule_rejected_nine_times_of_ten_is_proposed_for_switching_off(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        teasers = [item for item in app.state.items if item.finding.rule_id == "layout.teaser"]
        app.state.statistics["layout.teaser"] = [1, 8]
        app.query_one(FindingList).move_to_item(teasers[0].run)
        await pilot.press("enter")
        app.query_one(FindingList).move_to_item(teasers[0])
        await pilot.press("n")
        assert any("Switch this rule off?" in note.title for note in app._notifications)


async def test_the_mouse_chooses_a_finding(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.click(FindingList, offset=(5, 4))
        assert app.query_one(FindingList).place > 0


async def test_keys_can_be_changed(folder: Path, make_review: Callable[[Path], Review]):
    app = ReviewApp(make_review(folder), None, 2, keys={"accept": "f5,space", "reject": "y"}, theme="textual-light")
    async with app.run_test(size=(120, 40)) as pilot:
        first = current(app)
        await pilot.press("space")
        assert app.state.status(first) is Status.ACCEPTED
        second = current(app)
        await pilot.press("y")
        assert app.state.status(second) is Status.REJECTED
        assert "f5/space accept" in shown(app, "#keys")
        assert not app.current_theme.dark


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_all_that_is_needed_is_in_sight(app: ReviewApp, size: tuple[int, int]):
    async with app.run_test(size=size) as pilot:
        go_to(app, "Kirbry")
        await settled(pilot)
        screen = "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())
        for text in ("[-Kirbry-]{+Kirby+}", "Kirby: 9 times in 2 files", "0 of 24 done", "y accept", "? help", "Kirbry → Kirby"):
            assert text in screen, text


async def test_an_article_cannot_talk_to_the_terminal(folder: Path, make_review: Callable[[Path], Review]):
    (folder / "evil.txt").write_text("The goverment \x1b]0;owned\x07 fell.\r\nAn medical case." + " More of it." * 60, newline="")
    review = make_review(folder)
    for checked in LocalEngine(Job(shipped_pipeline, 10**7, 1)).run(["news/evil.txt"]):
        review.state.add(checked)
    app = ReviewApp(review, None, 3)
    async with app.run_test(size=(120, 40)) as pilot:
        go_to(app, "An medical")
        await settled(pilot)
        text = shown(app, "#text")
        assert "\x1b" not in text
        assert "\r" not in text
        assert "<U+001B>]0;owned<U+0007>" in text


async def test_it_fills_while_the_scan_goes_on(folder: Path, book):
    for number in range(20):
        (folder / f"{number}.txt").write_text("The goverment fell.\n")
    (folder / "binary.txt").write_bytes(b"\0\1")
    paths = sorted(f"news/{name}" for name in os.listdir(folder))
    scan = BackgroundScan(Job(shipped_pipeline, 10**7, 1), paths)
    app = ReviewApp(Review(Workspace.of(paths, None), book, paths), scan, len(paths))
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await settled(pilot)
        assert app.state.open_count == 44
        assert len(app.query_one(FindingList).items) == 44
        assert "1 not read" in shown(app, "#counts")
    scan.stop()
