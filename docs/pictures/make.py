"""Draws the pictures of the documentation from the program itself: ``python docs/pictures/make.py``."""

import dataclasses
import io
import re
from pathlib import Path

from rich.console import Console

from cleaner.engines.local import Job, LocalEngine
from cleaner.pipeline import Pipeline, Selection
from cleaner.reports.text import TextReport
from cleaner.rulebook.load import load, shipped_rules

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
            writer.add(dataclasses.replace(result, findings=result.findings[SHOWN]))
    svg = writer.console.export_svg(title="cleaner report seeds/")
    (HERE / "report.svg").write_text(without_web_fonts(svg), "utf-8")


if __name__ == "__main__":
    draw_report()
