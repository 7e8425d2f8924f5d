"""A review of the seed articles without a scan beside it, and the screen over it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support import SEEDS, shipped_pipeline

from cleaner.pipeline import Checked
from cleaner.reviewing import Review
from cleaner.rulebook.book import RuleBook
from cleaner.text.document import Document
from cleaner.tui.app import ReviewApp
from cleaner.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the seed articles, in the current folder, with a known reviewer."""
    shutil.copytree(SEEDS, tmp_path / "news")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLEANER_REVIEWER", "Ann")
    return tmp_path / "news"


@pytest.fixture(scope="session")
def seeds_checked() -> list[Checked]:
    """The findings of the seed articles, as if they stood in ``news/``."""
    pipeline = shipped_pipeline()
    documents = [Document.from_bytes(f"news/{path.name}", path.read_bytes()) for path in sorted(SEEDS.iterdir())]
    articles = [pipeline.article(document) for document in documents]
    evidence = pipeline.conclude(pipeline.merge(map(pipeline.observe, articles)))
    return [pipeline.find(article, evidence) for article in articles]


@pytest.fixture
def make_review(book: RuleBook, seeds_checked: list[Checked]) -> Callable[[Path], Review]:
    """The review of a copy of the seed articles, as a new start of the program would have it."""

    def make(folder: Path) -> Review:
        paths = [f"{folder.name}/{path.name}" for path in sorted(folder.glob("*.txt"))]
        review = Review(Workspace.of(paths, None), book, paths)
        for checked in seeds_checked:
            review.state.add(checked)
        return review

    return make


@pytest.fixture
def app(folder: Path, make_review: Callable[[Path], Review]) -> ReviewApp:
    """The screen over a scanned review."""
    return ReviewApp(make_review(folder), None, 2)
