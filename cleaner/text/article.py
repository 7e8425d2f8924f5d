"""An article: a document with the parts that detectors ask for, each worked out once and only when asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from cleaner.errors import CleanerError
from cleaner.findings import Finding, Span
from cleaner.text import blocks
from cleaner.text.document import Document
from cleaner.text.prose import Prose
from cleaner.text.tokens import Token, lower, plain
from cleaner.text.words import Words

_KEPT = 500_000
"""Code points of a document of which all that is worked out is kept as long as the document is."""
_START, _SPAN_START = attrgetter("start"), attrgetter("span.start")
T = TypeVar("T")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence: its span, the number of its paragraph and its tokens in order."""

    span: Span
    paragraph: int
    tokens: tuple[Token, ...]

    def index_at(self, offset: int) -> int:
        """The number of the token that holds `offset`, or of the last one before it."""
        return bisect_right(self.tokens, offset, key=_START) - 1


class Article:
    """A document in `language` (an ISO 639 code), or the `prose` of one that is more than prose, parsed on demand.

    `origin` is where a record says that it comes from: a URL, the name of a site.
    """

    def __init__(self, document: Document, language: str, prose: Prose | None = None, origin: str = "") -> None:
        self.document = document
        self.language = language
        self.prose = prose
        self.origin = origin
        self.text = prose.text if prose else document.readable
        self.errors: list[CleanerError] = []
        """What kept a detector from searching all of it."""
        self._sentences: dict[int, list[Sentence]] = {}
        self._once: dict[Any, Any] = {}

    def outward(self, finding: Finding) -> Finding | None:
        """A finding of this article as one of its document; None where it is about nothing that stands there."""
        return self.prose.outward(finding, self.document.readable) if self.prose else finding

    def inward(self, finding: Finding) -> Finding | None:
        """A finding of the document as one of this article, without its fixes; None where it is about another one."""
        if not self.prose:
            return finding
        span = self.prose.inward(finding.span)
        return msgspec.structs.replace(finding, span=span, matched=span.of(self.text), fixes=()) if span else None

    def outside(self, span: Span) -> Span | None:
        """Where a part of this article stands in the document."""
        return self.prose.out(span) if self.prose else span

    def once(self, function: Callable[[Article], T]) -> T:
        """What `function` makes of this article, worked out once."""
        if function not in self._once:
            self._once[function] = function(self)
        result: T = self._once[function]
        return result

    def forget(self) -> None:
        """Let go of all that was worked out: it is worked out again where it is asked for. What is, takes some hundred times the space of the text."""
        for name in [name for name in self.__dict__ if isinstance(getattr(Article, name, None), cached_property)]:
            del self.__dict__[name]
        self._sentences.clear()
        self._once.clear()

    @cached_property
    def plain(self) -> str:
        """The text with every apostrophe as ``'``; same offsets."""
        return plain(self.text)

    @cached_property
    def folded(self) -> str:
        """The text in lower case with plain apostrophes; same offsets."""
        return lower(self.plain)

    @cached_property
    def row(self) -> Words:
        """The words in order, with their places."""
        return Words(self.plain)

    @cached_property
    def words(self) -> frozenset[str]:
        """The distinct words as written, with plain apostrophes."""
        return frozenset(self.row.distinct)

    @cached_property
    def word_counts(self) -> Counter[str]:
        """How often each folded word stands in the text."""
        return Counter(self.row.forms)

    @cached_property
    def apostrophe(self) -> str:
        """The apostrophe that the text uses most: ``’`` or ``'``."""
        return "’" if self.text.count("’") > self.text.count("'") else "'"

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words, folded, those with a possessive ``'s`` also without it."""
        folded = set(self.row.distinct.values())
        return frozenset(folded | {word[:-2] for word in folded if word.endswith("'s")})

    @cached_property
    def lines(self) -> list[Span]:
        """All lines, without their ends."""
        return blocks.line_spans(self.text)

    def line_start(self, offset: int) -> int:
        """The start of the line that holds `offset`."""
        return self.lines[bisect_right(self.lines, offset, key=_START) - 1].start

    def next_line(self, offset: int) -> int:
        """The start of the line after the one that holds `offset`, or the end of the text."""
        number = bisect_right(self.lines, offset, key=_START)
        return self.lines[number].start if number < len(self.lines) else len(self.text)

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The paragraphs in order, without surrounding space."""
        return blocks.paragraph_spans(self.text, self.lines)

    def removal(self, number: int, last: int | None = None) -> Span:
        """Paragraph `number`, or those to `last`, as whole lines, with the blank lines after them if there are some before them, too.

        So their removal leaves no gap. The last paragraph goes with the blank lines before it instead.
        """
        paragraphs, length = self.paragraphs, len(self.text)
        last = number if last is None else last
        if number == 0:
            return Span(0, self.line_start(paragraphs[last + 1].start) if last + 1 < len(paragraphs) else length)
        start, gap = self.line_start(paragraphs[number].start), self.next_line(paragraphs[number - 1].end)
        if last + 1 == len(paragraphs):
            return Span(gap, length)
        after = self.line_start(paragraphs[last + 1].start)
        return Span(start, after if gap < start else self.next_line(paragraphs[last].end))

    @cached_property
    def quotations(self) -> list[Span]:
        """The quotations in order, marks included; none holds another."""
        return [span for paragraph in self.paragraphs for span in blocks.quotation_spans(self.text, paragraph)]

    def quoted(self, span: Span) -> bool:
        """Whether `span` touches a quotation: someone's words."""
        at = bisect_right(self.quotations, span.end, key=_START)
        return any(quotation.overlaps(span) for quotation in self.quotations[max(0, at - 2) : at])

    def paragraph_at(self, offset: int) -> int | None:
        """The number of the paragraph that holds `offset`."""
        number = bisect_right(self.paragraphs, offset, key=_START) - 1
        return number if number >= 0 and offset < self.paragraphs[number].end else None

    def sentences(self, paragraph: int) -> list[Sentence]:
        """The sentences of paragraph number `paragraph`."""
        found = self._sentences.get(paragraph)
        if found is None:
            found = self._sentences[paragraph] = self._split(paragraph)
        return found

    def _split(self, paragraph: int) -> list[Sentence]:
        import sentencex  # only articles with a hit are split

        span = self.paragraphs[paragraph]
        sentences, start = [], span.start
        for piece in sentencex.segment(self.language, span.of(self.text)):
            end = start + len(piece.rstrip())
            if end > start:
                sentence = Span(start, end)
                sentences.append(Sentence(sentence, paragraph, tuple(self.row.tokens(sentence))))
            start += len(piece)
        return sentences

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds `offset`, or the one before the space that does."""
        paragraph = self.paragraph_at(offset)
        if paragraph is None:
            return None
        sentences = self.sentences(paragraph)
        number = bisect_right(sentences, offset, key=_SPAN_START) - 1
        return sentences[max(number, 0)]

    def occurrences(self, form: str) -> Iterator[int]:
        """Where the folded word `form` stands in the text, alone or with a possessive ``'s``, as offsets of its first letter, in order."""
        return (self.row.starts[number] for number in self.row.places(form))


def in_turn(articles: Sequence[Article]) -> Iterator[Article]:
    """The articles of a document; of a large one each forgets what was worked out of it when the next one is taken."""
    large = sum(len(article.text) for article in articles) > _KEPT
    for article in articles:
        yield article
        if large:
            article.forget()
