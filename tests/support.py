"""What several tests need and is no fixture."""

import os
import signal
from pathlib import Path

from cleaner.facts import Facts
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.load import load, shipped_rules
from cleaner.text.article import Article
from cleaner.text.document import Document

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"


def article(text: str) -> Article:
    """An English article."""
    return Article(Document.from_text("a.txt", text), "en")


def shipped_pipeline() -> Pipeline:
    """A pipeline over the shipped rules, at default settings; may be sent to another process."""
    return Pipeline(load([shipped_rules()]), Selection())


class DeadlyPipeline(Pipeline):
    """Kills its process, as the system does when memory is short, over an article that asks for it."""

    def observe(self, *articles: Article) -> Facts:
        for each in articles:
            if "Memory is short" in each.text:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().observe(*articles)


def deadly_pipeline() -> Pipeline:
    """The pipeline over the shipped rules, which some articles kill; may be sent to another process."""
    return DeadlyPipeline(load([shipped_rules()]), Selection())


def write_articles(folder: Path, number: int) -> list[str]:
    """Paths of so many articles of one folder, with a name in two spellings and a line that all have."""
    folder.mkdir(parents=True)
    sources = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))[:2]]
    for i in range(number):
        name = "Kirbyy" if i % 5 == 0 else "Kirby"
        text = f"{sources[i % 2]}\n\nArticle number {i}, as Mr. {name} said.\n\nAll rights of the Daily Times belong to it.\n"
        (folder / f"{i:04}.txt").write_text(text, "utf-8", newline="")
    return sorted(map(str, folder.iterdir()))


RULE = """\
rules:
  - id: wording.test
    kind: wording
    match: ["[foo]"]
    replace: [bar]
    message: m
    why: w
    source: s
    confidence: 0.9
    bad: ["a [foo -> bar]"]
    good: ["a bar"]
"""
"""A file with one rule."""
