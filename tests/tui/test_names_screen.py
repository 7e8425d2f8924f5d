"""The names screen: groups of spellings are confirmed, merged and split, and every decision is on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml
from support import logged
from textual.widgets import OptionList

from cleaner.facts.names import NameCount
from cleaner.names.variants import Cluster, Spelling, Variant
from cleaner.reviewing import Review
from cleaner.tui.app import ReviewApp
from cleaner.tui.clusters import NamesState
from cleaner.tui.names import NamesScreen
from cleaner.tui.state import Status


def groups(app: ReviewApp) -> list[tuple[str, ...]]:
    assert app._names is not None
    return [tuple(member.form for member in group.members) for group in app._names.groups]


def open_names(app: ReviewApp) -> None:
    """Two names of three spellings beside those that the findings tell of."""
    spellings = {
        form: Spelling(form, NameCount(firm=count))
        for form, count in {"Idlib": 9, "Idleb": 2, "Edleb": 1, "Raqqa": 5, "Raqa": 1}.items()
    }
    clusters = [
        Cluster(spellings["Idlib"], [Variant(spellings[each], spellings["Idlib"], 0.9) for each in ("Idleb", "Edleb")]),
        Cluster(spellings["Raqqa"], [Variant(spellings["Raqa"], spellings["Raqqa"], 0.9)]),
    ]
    app._names = NamesState.of(app.state, clusters)


async def test_findings_about_names_are_groups_too(app: ReviewApp):
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("l")
        assert isinstance(app.screen, NamesScreen)
        assert ("Kirby", "Kirbry") in groups(app)
        assert app.screen.query_one(OptionList).option_count == sum(map(len, groups(app)))


async def test_confirming_accepts_its_findings_and_becomes_a_rule(app: ReviewApp, folder: Path):
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("l")
        before = [form for group in groups(app) for form in group]
        for _ in range(before.index("Kirbry")):
            await pilot.press("j")
        await pilot.press("y")
        item = next(item for item in app.state.items if item.finding.matched == "Kirbry")
        assert app.state.status(item) is Status.ACCEPTED
        (row,) = logged(folder)
        assert (row["type"], row["canonical"], row["variants"]) == ("cluster", "Kirby", ["Kirbry"])
        assert "variants:" in (folder / ".cleaner/rules.yaml").read_text()
        await pilot.press("u")
        assert app.state.status(item) is Status.OPEN
        assert "variants:" not in (folder / ".cleaner/rules.yaml").read_text()
        await pilot.press("escape")
        assert not isinstance(app.screen, NamesScreen)


async def test_choose_drop_split_merge_and_undo(app: ReviewApp, folder: Path):
    async with app.run_test(size=(80, 24)) as pilot:
        open_names(app)
        await pilot.press("l", "j", "c")
        assert groups(app)[0] == ("Idleb", "Idlib", "Edleb")
        await pilot.press("j", "x")
        assert groups(app)[0] == ("Idleb", "Idlib")
        assert logged(folder)[-1]["apart"] == ["Edleb"]
        await pilot.press("k", "k", "m", "j", "j", "m")
        assert groups(app)[0] == ("Idleb", "Idlib", "Raqqa", "Raqa")
        await pilot.press("k", "p")
        assert groups(app)[0] == ("Idleb",)
        assert logged(folder)[-1]["apart"] == ["Edleb", "Idlib", "Raqa", "Raqqa"]
        await pilot.press("u", "u", "u", "u")
        assert groups(app)[:2] == [("Idlib", "Idleb", "Edleb"), ("Raqqa", "Raqa")]
        await pilot.press("u")
        assert [row["type"] for row in logged(folder)] == ["cluster"] * 4 + ["retraction"] * 4


async def test_of_several_steps_on_one_name_the_last_is_the_rule(app: ReviewApp, folder: Path):
    rules = folder / ".cleaner/rules.yaml"
    async with app.run_test(size=(80, 24)) as pilot:
        open_names(app)
        await pilot.press("l", "y", "y")
        assert len(logged(folder)) == 1
        confirmed = rules.read_text()
        await pilot.press("j", "x")
        (entry,) = yaml.safe_load(rules.read_text())["rules"]
        assert (entry["name"], entry["variants"], entry["never"]) == ("Idlib", ["Edleb"], ["Idleb"])
        await pilot.press("u")
        assert rules.read_text() == confirmed


async def test_what_was_decided_is_remembered(app: ReviewApp, folder: Path, make_review: Callable[[Path], Review]):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("l")
        assert app._names is not None
        app._names.confirm(next(number for number, forms in enumerate(groups(app)) if "Kirbry" in forms))
    state = make_review(folder).state
    (item,) = (item for item in state.items if item.finding.matched == "Kirbry")
    assert state.status(item) is Status.ACCEPTED
    assert [group.canonical.form for group in NamesState.of(state, ()).groups if group.decided] == ["Kirby"]


async def test_the_canonical_spelling_cannot_be_dropped(app: ReviewApp, folder: Path):
    async with app.run_test(size=(80, 24)) as pilot:
        open_names(app)
        await pilot.press("l", "x")
        assert groups(app)[0] == ("Idlib", "Idleb", "Edleb")
        assert not (folder / ".cleaner/decisions.jsonl").exists()


async def test_no_key_reaches_the_findings_below(app: ReviewApp, folder: Path):
    async with app.run_test(size=(80, 24)) as pilot:
        open_names(app)
        await pilot.press("l", "a", "d", "n", "e", "w", "i")
        assert isinstance(app.screen, NamesScreen)
        assert not (folder / ".cleaner/decisions.jsonl").exists()
