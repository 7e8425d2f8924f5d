"""The parts of a text: lines, paragraphs and quotations, as spans."""

from __future__ import annotations

from cleaner.expressions import expression
from cleaner.findings import Span

_LINE = expression(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_SENTENCE_END = expression(r"[.!?…:;][\"”’')\]]*\s*\Z")
# A quotation in double marks of any style. It ends with its mark or, as a quotation over several paragraphs does,
# with the paragraph.
_QUOTATION = expression(r'“[^”“]*(?:”|\Z)|„[^”“]*(?:[”“]|\Z)|«[^»]*(?:»|\Z)|"[^"]*(?:"|\Z)')
# Single marks quote only where they open after a space and close after punctuation or before a space; an apostrophe
# stands between letters or at the end of a word, so that the text in between is kept short and on one line.
_SINGLE_QUOTATION = expression(r"(?<![\w’'])[‘'](?=\w)[^‘\"“”]{1,400}?[\w.,!?][’'](?!\w)")


def line_spans(text: str) -> list[Span]:
    """All lines without their ends; an empty text has one empty line."""
    spans = []
    for match in _LINE.finditer(text):
        line = match.group()
        spans.append(Span(match.start(), match.start() + len(line.rstrip("\r\n"))))
        if match.end() == len(text):
            break
    return spans


def paragraph_spans(text: str, lines: list[Span]) -> list[Span]:
    """The paragraphs: every line that is not blank, or every run of such lines where the text is hard-wrapped.

    News is kept one paragraph a line, with or without blank lines between; mail and old wire copy are wrapped at
    50 to 100 columns, which shows in lines that stop in mid-sentence.
    """
    filled = [(i, line) for i, line in enumerate(lines) if line.of(text).strip()]
    runs: list[list[Span]] = []
    for n, (i, line) in enumerate(filled):
        if n and filled[n - 1][0] == i - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    groups = runs if _hard_wrapped(text, runs) else [[line] for _, line in filled]
    return [_stripped(text, Span(group[0].start, group[-1].end)) for group in groups]


def _hard_wrapped(text: str, runs: list[list[Span]]) -> bool:
    inner = [line.of(text) for run in runs for line in run[:-1]]
    if len(inner) < 4:
        return False
    unfinished = sum(not _SENTENCE_END.search(line) for line in inner)
    return 50 <= _median([len(line) for line in inner]) <= 100 and unfinished > 0.7 * len(inner)


def _median(numbers: list[int]) -> float:
    ordered = sorted(numbers)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _stripped(text: str, span: Span) -> Span:
    part = span.of(text)
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))


def quotation_spans(text: str, paragraph: Span) -> list[Span]:
    """The quotations of a paragraph, marks included, in order; a quotation inside another is part of it."""
    part = paragraph.of(text)
    spans = [Span(*match.span()).shifted(paragraph.start) for match in _QUOTATION.finditer(part)]
    for match in _SINGLE_QUOTATION.finditer(part):
        span = Span(*match.span()).shifted(paragraph.start)
        if not any(span.overlaps(other) for other in spans):
            spans.append(span)
    return sorted(spans)
