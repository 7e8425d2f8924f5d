"""The words of a text in a row: each with its place, found in one pass that all detectors share."""

from __future__ import annotations

import operator
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate, islice

from cleaner.expressions import expression
from cleaner.findings import Span
from cleaner.text.tokens import WORD, Token, lower, tokenize

_APART = expression(f"({WORD.pattern})")
_PIECE = 1 << 20


class Words:
    """The words of a text in order, by number: `written` as they stand, `forms` folded, `starts` their offsets.

    `gaps` are what stands before each word, and after the last. The apostrophes of the text, `plain`, are unified. Equal words are one
    string, so that a row is small beside its text.
    """

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self.written: list[str] = []
        self.starts = array("L")
        self.gaps: list[str] = [""]
        own: dict[str, str] = {}
        gaps: dict[str, str] = {}
        start = 0
        while start < len(plain):
            end = _gap(plain, start + _PIECE)
            parts = _APART.split(plain[start:end])
            self.starts.extend(list(accumulate(map(len, parts), initial=start))[1:-1:2])
            words, parts[0] = parts[1::2], self.gaps.pop() + parts[0]
            self.written += map(own.setdefault, words, words)
            self.gaps += map(gaps.setdefault, parts[::2], parts[::2])
            start = end
        forms = list(map(str.lower, own))
        if sum(map(len, forms)) > sum(map(len, own)):  # of a letter that becomes two
            forms = list(map(lower, own))
        self.distinct = dict(zip(own, forms, strict=True))
        """The distinct words as written, with their folded forms."""
        self.forms = list(map(self.distinct.__getitem__, self.written))

    @cached_property
    def known(self) -> frozenset[str]:
        """The distinct folded words."""
        return frozenset(self.distinct.values())

    def within(self, span: Span) -> range:
        """The numbers of the words that begin in `span`."""
        return range(bisect_left(self.starts, span.start), bisect_left(self.starts, span.end))

    def forms_in(self, span: Span) -> list[str]:
        """The folded words that begin in `span`."""
        numbers = self.within(span)
        return self.forms[numbers.start : numbers.stop]

    def written_in(self, span: Span) -> list[str]:
        """The words as written that begin in `span`."""
        numbers = self.within(span)
        return self.written[numbers.start : numbers.stop]

    def tokens(self, span: Span) -> list[Token]:
        """The tokens of a part of the text: its words, and the marks between them."""
        numbers, at, found = self.within(span), span.start, list[Token]()
        if (numbers.start and self._end(numbers.start - 1) > at) or (numbers and self._end(numbers[-1]) > span.end):
            return tokenize(lower(span.of(self._plain)), span.start)  # a part of a word
        for number in numbers:
            start, form, bare = self.starts[number], self.forms[number], self.bare[number]
            if self.gaps[number] != " ":
                found += self._marks(at, start)
            end = start + len(bare)
            found.append(Token(start, end, bare) if len(form) == len(bare) else Token(start, end, bare, "'s"))
            at = start + len(form)
        return [*found, *self._marks(at, span.end)]

    def _end(self, number: int) -> int:
        return self.starts[number] + len(self.forms[number])

    def _marks(self, start: int, end: int) -> list[Token]:
        """The tokens of a part of the text without words."""
        return [Token(at, at + 1, lower(self._plain[at])) for at in range(start, end) if not self._plain[at].isspace()]

    def again(self, number: int) -> Iterator[int]:
        """The numbers of the words from which on so many words stand that come again at once."""
        same, sign = bytes(map(operator.eq, self.forms, islice(self.forms, number, None))), b"\1" * number
        at = same.find(sign)
        while at >= 0:
            yield at
            at = same.find(sign, at + 1)

    def places(self, form: str) -> list[int]:
        """The numbers of the words that are the folded `form`, with or without a possessive ``'s``, in order."""
        bare, possessive = self._numbers.get(form, []), self._numbers.get(f"{form}'s", [])
        return sorted(bare + possessive) if possessive else bare

    @cached_property
    def capitalized(self) -> frozenset[str]:
        """The distinct words that begin with a capital, folded and without a possessive ``'s``."""
        return frozenset(form.removesuffix("'s") for word, form in self.distinct.items() if word[0].isupper())

    @cached_property
    def bare(self) -> list[str]:
        """The folded words without a possessive ``'s``."""
        bare = {form: form.removesuffix("'s") for form in self.known}
        return list(map(bare.__getitem__, self.forms))

    @cached_property
    def marks(self) -> tuple[list[str], list[str]]:
        """The mark right before each word, spaces aside, and the one right after it; empty where there is none up to the next word."""
        sides = ({gap: gap.strip()[side] for gap in set(self.gaps)} for side in (slice(-1, None), slice(1)))
        before, after = (list(map(marks.__getitem__, self.gaps)) for marks in sides)
        return before[:-1], after[1:]

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(self.forms):
            numbers[form].append(number)
        return dict(numbers)


def _gap(text: str, offset: int) -> int:
    """The first space at or after `offset`, which no word spans, or the end of the text."""
    while offset < len(text) and not text[offset].isspace():
        offset += 1
    return min(offset, len(text))
