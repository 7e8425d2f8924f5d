"""Words and their folded forms.

A token is a word with its inner apostrophes (``Kait’ib``, ``don’t``), an abbreviation with its dots (``U.S.``), a number, or
a single punctuation mark; hyphens part words. Folding lower-cases and unifies apostrophes without changing the length, so
that offsets in the folded text are offsets in the text.
"""

from __future__ import annotations

from unicodedata import category

import msgspec

from cleaner.expressions import expression

# The marks that stand for an apostrophe, ayn or hamza in news: ’ ‘ ʼ ʻ ʿ ʾ ` ´
APOSTROPHES = "'’‘ʼʻʿʾ`´"

_WORD = r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:'[^\W_]+)*"
WORD = expression(_WORD)
"""A word in text whose apostrophes are unified."""
_TOKEN = expression(rf"{_WORD}|[^\w\s]|_")


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token of a text: `[start, end)` in code points, without a possessive ``'s``, which is in `clitic`.

    `form` is folded (lower case, plain apostrophe).
    """

    start: int
    end: int
    form: str
    clitic: str = ""

    @property
    def is_word(self) -> bool:
        """Whether this is a word or number, not a punctuation mark."""
        return self.form[0].isalnum()


def plain(text: str) -> str:
    """`text` with every apostrophe as ``'``; of the same length."""
    for mark in "`" if text.isascii() else APOSTROPHES[1:]:
        text = text.replace(mark, "'")
    return text


def lower(text: str) -> str:
    """`text` in lower case, of the same length (the few letters that would become two stay)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def fold(text: str) -> str:
    """`text` in lower case with plain apostrophes; of the same length."""
    return lower(plain(text))


def bare_line(line: str) -> str:
    """A line without the marks, spaces and brackets around it, and single spaces within."""
    bare = " ".join(line.strip(_AROUND).split())
    return bare.strip(_BRACKETS).strip(_AROUND) if bare[:1] in _BRACKETS or bare[-1:] in _BRACKETS else bare


_AROUND = " \t\xa0-–—*•·|>»›<«‹:_#=~▶►▸→←↓….،"
_BRACKETS = "[]()"
_UNSEEN = frozenset({"Cf", "Mn", "Mc", "Me"})  # invisible characters and combining marks
_DAMAGED = "\ufffd"


def goes_on(text: str, offset: int) -> bool:
    """Whether a word goes on across `offset` by characters that part words for a program but not for a reader.

    They are combining marks and damaged characters beside a letter, and invisible ones between two letters: a soft hyphen.
    """
    start = end = offset
    while start and _is_unseen(text[start - 1]):
        start -= 1
    while end < len(text) and _is_unseen(text[end]):
        end += 1
    left, right = text[start - 1 : start].isalnum(), text[end : end + 1].isalnum()
    beside = text[start:end]
    return bool(beside) and ((left and right) or ((left or right) and any(category(char) != "Cf" for char in beside)))


def _is_unseen(char: str) -> bool:
    return char == _DAMAGED or (char > "\x7f" and category(char) in _UNSEEN)


def tokenize(folded: str, start: int = 0) -> list[Token]:
    """The tokens of a text that comes from `fold`, and that stands at `start`."""
    tokens = []
    for match in _TOKEN.finditer(folded):
        form, at = match.group(), start + match.start()
        if form.endswith("'s") and len(form) > 2:
            tokens.append(Token(at, at + len(form) - 2, form[:-2], "'s"))
        else:
            tokens.append(Token(at, at + len(form), form))
    return tokens
