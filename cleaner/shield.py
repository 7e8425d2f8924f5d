"""The name shield: which words are names and may not be "corrected" by detectors that do not know names.

The best of today's checkers turn Psaki into Saki. Here nothing but the name detector may touch what is a name, by the
gazetteer, by the folder, or by its shape.
"""

from __future__ import annotations

import re

from cleaner.detectors.base import Evidence
from cleaner.detectors.names import is_firm
from cleaner.expressions import expression
from cleaner.findings import Finding, Kind, Span
from cleaner.names.gazetteer import WRITTEN, Gazetteer
from cleaner.rulebook.book import RuleBook
from cleaner.text.article import Article
from cleaner.text.tokens import plain

_GUARDED = frozenset({Kind.TYPO, Kind.GRAMMAR, Kind.STYLE})
# Capitals or digits within a word, or a particle with a hyphen: a name's or a product's shape.
_NAME_SHAPE = expression(r"\w*[a-z][A-Z]\w*|\w*\d\w*|(?:al|el|ul|as|ash|ad|ar|at|an|az)-\w+", re.ASCII)


class Shield:
    """Knows the names of a gazetteer and of a folder."""

    def __init__(self, book: RuleBook, evidence: Evidence) -> None:
        self._gazetteer = Gazetteer.of(book)
        self._evidence = evidence

    def is_name(self, word: str) -> bool:
        """Whether `word`, as written, is to be taken for a name."""
        form = plain(word).removesuffix("'s")
        if self._gazetteer.writes(form) or _NAME_SHAPE.fullmatch(form):
            return True
        return form[:1].isupper() and is_firm(self._evidence, form)

    def blocks(self, article: Article, finding: Finding) -> bool:
        """Whether `finding` would change a name that it has no business with."""
        if finding.kind not in _GUARDED:
            return False
        return any(
            any(self.is_name(word) for word in WRITTEN.findall(_whole(article.plain, edit.span)))
            for fix in finding.fixes
            for edit in fix.edits
        )


def _whole(text: str, span: Span) -> str:
    """What `span` covers, with the rest of words that it only touches behind an apostrophe: of "Ya'alon" not "alon"."""
    start, end = span.start, span.end
    while start > 1 and (text[start - 1].isalpha() or (text[start - 1] == "'" and text[start - 2].isalpha())):
        start -= 1
    while end + 1 < len(text) and (text[end].isalpha() or (text[end] == "'" and text[end + 1].isalpha())):
        end += 1
    return text[start:end]
