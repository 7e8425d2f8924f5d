"""What the review looks like, as lines of text: small and large, dialogs, the names."""

from __future__ import annotations

import html
import re
from collections import defaultdict

import pytest
from support import settled
from syrupy.assertion import SnapshotAssertion

from cleaner.tui.app import ReviewApp

_TEXT = re.compile(r'<text class="[^"]*" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>')


def lines(app: ReviewApp) -> list[str]:
    """The rows of the screen; a space stands for each gap between differently styled parts."""
    rows: dict[float, list[tuple[float, str]]] = defaultdict(list)
    for x, y, text in _TEXT.findall(app.export_screenshot()):
        rows[float(y)].append((float(x), html.unescape(text).replace("\xa0", " ")))
    return ["".join(text for _, text in sorted(row)).rstrip() for _, row in sorted(rows.items())]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_the_review(app: ReviewApp, size: tuple[int, int], snapshot: SnapshotAssertion):
    async with app.run_test(size=size) as pilot:
        await pilot.press("j", "j", "y")
        await settled(pilot)
        assert lines(app) == snapshot


@pytest.mark.parametrize("keys", [["question_mark"], ["a", "2"], ["f"], ["l"]], ids=["help", "scope", "filter", "names"])
async def test_what_opens_over_it(app: ReviewApp, keys: list[str], snapshot: SnapshotAssertion):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        assert lines(app) == snapshot
