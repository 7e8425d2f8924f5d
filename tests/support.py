"""What several tests need and is no fixture."""

from pathlib import Path

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
