"""Parts: a text that is too long for one article, as several, so that what is worked out of it has bounds.

No news article has a million characters; such a file is a heap of texts. Its parts end where a blank line or, without one, a line or a word
does, and are never shorter than they need to be: what stands in one article is asked of a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.expressions import expression
from cleaner.findings import Span
from cleaner.text.article import Article
from cleaner.text.prose import Piece, Prose, Sort

_LONGEST = 1_000_000
_PART = 100_000
_BREAKS = (expression(r"(?>\r\n|\n|\r)[^\S\r\n]*[\r\n]\s*"), expression(r"[\r\n]\s*"), expression(r"\s+"))
"""What may stand between two parts, best first."""


def parts(article: Article) -> Sequence[Article]:
    """The article, or its parts in order, of `_PART` code points or somewhat more each."""
    text = article.text
    if len(text) <= _LONGEST:
        return (article,)
    prose = article.prose or Prose(text, (Piece(0, len(text), 0, len(text), Sort.VERBATIM),))
    return [Article(article.document, article.language, prose.part(span), article.origin) for span in _spans(text)]


def _spans(text: str) -> Iterator[Span]:
    """The parts, without the space between them."""
    start = 0
    while len(text) - start > 2 * _PART:
        soonest, latest = start + _PART, start + 2 * _PART
        found = next((match for each in _BREAKS if (match := each.search(text, soonest, latest))), None)
        end, after = found.span() if found else (latest, latest)
        yield Span(start, start + len(text[start:end].rstrip()))
        start = after
    yield Span(start, len(text))
