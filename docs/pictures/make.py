"""Draws the pictures of the documentation from the program itself: ``python docs/pictures/make.py``."""

import asyncio
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console

from cleaner.engines.local import Job, LocalEngine
from cleaner.pipeline import Pipeline, Selection
from cleaner.reports import create
from cleaner.reports.text import TextReport
from cleaner.reviewing import Review
from cleaner.rulebook.load import load, shipped_rules
from cleaner.tui.app import ReviewApp
from cleaner.workspace import Workspace

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ARTICLE = ROOT / "seeds" / "003_9fb19f931f20fa75.txt"
WIDTH = 112
SHOWN = slice(0, 10)


def pipeline() -> Pipeline:
    """All detectors over the shipped rules."""
    return Pipeline(load([shipped_rules()]), Selection())


def without_web_fonts(svg: str) -> str:
    """A picture that loads nothing from elsewhere: the viewer's monospace font will do."""
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def draw_report() -> None:
    """The first findings in a seed article, with those that the other one gives the evidence for."""
    writer = TextReport(io.StringIO())
    writer.console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    paths = [str(path) for path in sorted(ARTICLE.parent.iterdir())]
    for result in LocalEngine(Job(pipeline, max_file_size=10**6, processes=1)).run(paths):
        if result.document.path == str(ARTICLE):
            result.document.path = str(ARTICLE.relative_to(ROOT))
            writer.add(msgspec.structs.replace(result, findings=result.findings[SHOWN]))
    svg = writer.console.export_svg(title="cleaner report seeds/")
    (HERE / "report.svg").write_text(without_web_fonts(svg), "utf-8")


def draw_review() -> None:
    """The review of the seed articles, with the slip of a name before it is decided."""
    with tempfile.TemporaryDirectory() as temporary:
        os.chdir(temporary)
        shutil.copytree(ARTICLE.parent, "seeds")
        paths = [f"seeds/{path.name}" for path in sorted(Path("seeds").iterdir())]
        review = Review(Workspace.of(paths, None), load([shipped_rules()]), paths)
        for result in LocalEngine(Job(pipeline, max_file_size=10**6, processes=1)).run(paths):
            review.state.add(result)
        svg = asyncio.run(screen_at(ReviewApp(review, None, len(paths)), "Kirbry"))
    (HERE / "review.svg").write_text(without_web_fonts(svg), "utf-8")


def draw_page() -> None:
    """The HTML report on the seed articles, at the findings that a translation leaves behind; by the browser that the tests use."""
    sys.path.insert(0, str(ROOT / "tests"))
    from browser import Browser  # noqa: PLC0415 - it is of the tests, and only this needs it

    with tempfile.TemporaryDirectory() as temporary:
        os.chdir(ROOT)
        page = Path(temporary, "report.html")
        with page.open("w", encoding="utf-8") as stream:
            engine = LocalEngine(Job(pipeline, max_file_size=10**6, processes=1))
            report = create("html", stream, engine.pipeline.book)
            for result in engine.run([f"seeds/{path.name}" for path in sorted(ARTICLE.parent.iterdir())]):
                report.add(result)
            report.close()
        browser = Browser(width=1240, height=860)
        browser.look()
        browser.open(page)
        browser.run("document.querySelector('#kinds button[title=wording]').click()")
        browser.run("document.querySelector('#kinds button[title=name]').click()")
        browser.run("document.activeElement.blur()")
        browser.picture(HERE / "html.png")
        browser.close()


async def screen_at(app: ReviewApp, matched: str) -> str:
    """The screen with the cursor on the first finding of the text `matched`."""
    async with app.run_test(size=(120, 34)) as pilot:
        place = next(number for number, item in enumerate(app.state.visible(), 1) if item.finding.matched == matched)
        for key in ("g", *str(place), "enter"):
            await pilot.press(key)
        await pilot.pause()
        return app.export_screenshot(title="cleaner review seeds/")


if __name__ == "__main__":
    draw_report()
    draw_review()
    draw_page()
