"""What a folder shows about names: which capitalised words stand where, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import regex

from cleaner.findings import Span
from cleaner.text.article import Article

# A capitalised word with its apostrophes (Kait'ib, O'Neill) and its capitalised compounds (Abdul-Mahdi).
_NAME = regex.compile(r"(?<![\p{L}\d'])\p{Lu}[\p{L}\p{M}\d]*(?:'[\p{L}\p{M}]+|-\p{Lu}[\p{L}\p{M}\d]*)*")
_OPENING = "\"“”'‘([«„—–-*•"
_ENDING = ".!?:…\n\r"


@dataclass(slots=True)
class NameCount:
    """How often a name string stands where only a name has a capital (`firm`), or where any word has one (`loose`)."""

    firm: int = 0
    loose: int = 0
    documents: int = 0

    @property
    def total(self) -> int:
        """All occurrences."""
        return self.firm + self.loose


@dataclass(slots=True)
class NameFacts:
    """Counts of capitalised words, written with plain apostrophes and without a possessive ``'s``."""

    tokens: dict[str, NameCount] = field(default_factory=dict)

    def merge(self, other: NameFacts) -> None:
        """Add the counts of `other`."""
        for token, count in other.tokens.items():
            mine = self.tokens.get(token)
            if mine is None:
                self.tokens[token] = count
            else:
                mine.firm += count.firm
                mine.loose += count.loose
                mine.documents += count.documents

    def count(self, token: str) -> NameCount:
        """The counts of `token`, zeros if it was never seen."""
        return self.tokens.get(token) or NameCount()


@dataclass(frozen=True, slots=True)
class Mention:
    """A capitalised word in a text: its span and form (plain apostrophes, no possessive), and whether its place is firm."""

    span: Span
    form: str
    firm: bool


def mentions(article: Article) -> list[Mention]:
    """The capitalised words of an article in order."""
    text = article.plain
    loose = [span for span in article.paragraphs if _headline_like(span.of(text))]
    found, block = [], 0
    for match in _NAME.finditer(text):
        start, end = match.span()
        form = match.group()
        if form.endswith("'s"):
            form, end = form[:-2], end - 2
        if len(form) < 2:
            continue
        form = _uncapitalized(form)
        while block < len(loose) and loose[block].end <= start:
            block += 1
        in_headline = block < len(loose) and loose[block].start <= start
        found.append(Mention(Span(start, end), form, not in_headline and not _starts_sentence(text, start)))
    return found


def _uncapitalized(form: str) -> str:
    """A word in capitals as it would stand in running text, so that headlines and datelines count: ``KYIV`` is ``Kyiv``.

    Abbreviations lose their capitals too; that makes no difference to their counts.
    """
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), form) if form.isupper() and len(form) > 3 else form


def observe_names(article: Article) -> NameFacts:
    """The name facts of one article."""
    facts = NameFacts()
    for mention in article.once(mentions):
        count = facts.tokens.get(mention.form)
        if count is None:
            count = facts.tokens[mention.form] = NameCount(documents=1)
        if mention.firm:
            count.firm += 1
        else:
            count.loose += 1
    return facts


def _starts_sentence(text: str, start: int) -> bool:
    at = start - 1
    while at >= 0 and (text[at] in _OPENING or text[at] in " \t\xa0"):
        if text[at] in "\"“‘'«„" and (at == 0 or not text[at - 1].isalnum()):
            return True
        at -= 1
    return at < 0 or text[at] in _ENDING


def _headline_like(paragraph: str) -> bool:
    """Whether most words have a capital and no full stop ends the paragraph: any word may have a capital there."""
    if len(paragraph) > 250 or paragraph.rstrip("\"”'’)").endswith((".", "!", "?", "…", ":", ";")):
        return False
    words = [word for word in paragraph.split() if word[:1].isalpha() and len(word) > 3]
    return bool(words) and sum(word[:1].isupper() for word in words) > 0.6 * len(words)
