"""What a folder shows about names: which capitalised words stand where, and how often."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, cast

import msgspec

from cleaner import languages
from cleaner.expressions import expression, regex_expression
from cleaner.facts import sample
from cleaner.facts.joined import Joined
from cleaner.facts.parts import parted
from cleaner.facts.sample import Sample
from cleaner.facts.spelled import Spelled
from cleaner.findings import Span
from cleaner.languages.lexicon import Flag
from cleaner.shelf import Shelf, decoder
from cleaner.text.article import Article
from cleaner.text.sites import site_of
from cleaner.text.tokens import fold

# A capitalised word with its apostrophes (Kait'ib, O'Neill) and its capitalised compounds (Abdul-Mahdi); tags and handles are no names.
_NAME = r"(?<![\p{L}\d'#@])\p{Lu}[\p{L}\p{M}\d]*(?:'[\p{L}\p{M}]+|-\p{Lu}[\p{L}\p{M}\d]*)*"
# What joins the words of a name: a space, or a particle.
_JOINING = "al el ul as ash ad ar at an az bin ben ibn bint abu von van der den de del della da dos du di la le".split()
_PARTICLES = f"(?:{'|'.join(_JOINING)})"
_LINK = expression(rf" (?:{_PARTICLES}[ -]){{0,2}}")
BESIDE = expression(rf"(?: [A-Z]\.){{0,2}} (?:{_PARTICLES}[ -]){{0,2}}")
"""What stands between two words of one name: a space, particles, initials."""
_PARTICLE_BEFORE = expression(r"(?<![\w'-])(?:al|el)[ -]\Z")
_LONGEST_PARTICLE = 4
_LAST_WORD = expression(rf"\b(?P<word>[a-z]+) (?:{_PARTICLES}[ -])?\Z")
_WORD_AFTER = expression(r"(?:'s)? (?P<word>[a-z]{4,})\b")
_BETWEEN = frozenset({*_JOINING, "of", "the"})
_WORDS_BEFORE = expression(rf"\b(?P<word>[a-z]{{4,}})(?: of)?(?: the)? (?:{_PARTICLES}[ -])?\Z")
_DESCRIBING = Flag.SINGULAR | Flag.ADJECTIVE
_COMMONEST = 5.4  # Zipf
_REACH = 24
_OPENING = "\"“”'‘([«„—–-*•"
_ENDING = ".!?:…\n\r"


class NameCount(msgspec.Struct, array_like=True):
    """How often a name string stands where only a name has a capital (`firm`), or where any word has one (`loose`), and in what company.

    `articles` samples the articles that have it, copies of one text counting once; `sources` the sites that these come from;
    `before` and `after` the name words that stand right beside it; `placed` counts the occurrences after "in", "near" and the like; `company`
    the small nouns and adjectives beside it: Idlib *province*, *eastern* Ghouta, the *town of* Binnish.
    """

    firm: int = 0
    loose: int = 0
    placed: int = 0
    articles: Sample = ()
    sources: Sample = ()
    before: Sample = ()
    after: Sample = ()
    company: Sample = ()

    @property
    def total(self) -> int:
        """All occurrences."""
        return self.firm + self.loose

    @property
    def documents(self) -> int:
        """The articles that have it."""
        return sample.distinct(self.articles)

    def merge(self, other: NameCount) -> None:
        """Add the occurrences of `other`."""
        self.firm += other.firm
        self.loose += other.loose
        self.placed += other.placed
        self.articles = sample.union(self.articles, other.articles)
        self.sources = sample.union(self.sources, other.sources)
        self.before = sample.union(self.before, other.before)
        self.after = sample.union(self.after, other.after)
        self.company = sample.union(self.company, other.company)


class PackedNames(msgspec.Struct, array_like=True, frozen=True):
    """Names on two shelves."""

    tokens: memoryview
    phrases: memoryview


class NameFacts(msgspec.Struct, dict=True):
    """Counts of capitalized words and of names of several words, written with plain apostrophes and without a possessive ``'s``."""

    tokens: dict[str, NameCount] = msgspec.field(default_factory=dict)
    phrases: dict[str, NameCount] = msgspec.field(default_factory=dict)

    def merge(self, other: NameFacts) -> None:
        """Add the counts of `other`."""
        self.__dict__.pop("spelled", None)
        for mine, others in ((self.tokens, other.tokens), (self.phrases, other.phrases)):
            for form, count in others.items():
                if form in mine:
                    mine[form].merge(count)
                else:
                    mine[form] = count

    @cached_property
    def spelled(self) -> tuple[Sequence[Spelled], Sequence[Spelled]]:
        """How the capitalized words and the names of several words are spelled, and maybe some that nobody has any more."""
        return [Spelled.of(self.tokens)], [Spelled.of(self.phrases)]

    def parted(self, number: int) -> list[NameFacts]:
        """These facts in so many parts."""
        return [NameFacts(*pair) for pair in zip(parted(self.tokens, number), parted(self.phrases, number), strict=True)]

    @classmethod
    def joined(cls, parts: Sequence[NameFacts]) -> NameFacts:
        """The sum of these facts, worked out as it is asked for."""
        return cls(Joined([part.tokens for part in parts], _sum), Joined([part.phrases for part in parts], _sum))

    def packed(self) -> PackedNames:
        """These facts as two shelves."""
        encode = msgspec.msgpack.encode
        shelves = (Shelf.pack({form: encode(count) for form, count in counts.items()}) for counts in (self.tokens, self.phrases))
        return PackedNames(*(memoryview(shelf) for shelf in shelves))

    @classmethod
    def unpacked(cls, data: PackedNames) -> NameFacts:
        """The facts on two shelves."""
        return cls(*(cast(Any, Shelf(each, decoder(NameCount))) for each in (data.tokens, data.phrases)))

    def settle(self) -> None:
        """Nothing can go: what stands once may be a slip of what stands often."""

    def count(self, token: str) -> NameCount:
        """The counts of `token`, zeros if it was never seen."""
        return self.tokens.get(token) or NameCount()


def _sum(counts: Sequence[NameCount]) -> NameCount:
    """The sum of these counts, as `NameCount.merge` makes it."""
    if len(counts) == 1:
        return counts[0]
    firm, loose, placed, *samples = zip(*map(msgspec.structs.astuple, counts), strict=True)
    return NameCount(sum(firm), sum(loose), sum(placed), *map(sample.union_of, samples))


class Mention(msgspec.Struct, frozen=True):
    """A capitalised word in a text: its span and form (plain apostrophes, no possessive), and whether its place is firm."""

    span: Span
    form: str
    firm: bool


def mentions(article: Article) -> list[Mention]:
    """The capitalised words of an article in order."""
    text = article.plain
    loose = [span for span in article.paragraphs if _headline_like(span.of(text))]
    found, block = [], 0
    for match in regex_expression(_NAME).finditer(text):
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


def mentions_in(article: Article, span: Span) -> list[Mention]:
    """The capitalised words that begin in `span`."""
    found = article.once(mentions)
    first, last = (bisect_left(found, offset, key=lambda mention: mention.span.start) for offset in (span.start, span.end))
    return found[first:last]


def _uncapitalized(form: str) -> str:
    """A word in capitals as it would stand in running text, so that headlines and datelines count: ``KYIV`` is ``Kyiv``.

    Abbreviations lose their capitals too; that makes no difference to their counts.
    """
    return re.sub(r"[^\W\d_]+", lambda part: part.group().capitalize(), form) if form.isupper() and len(form) > 3 else form


def phrases(article: Article) -> list[Mention]:
    """The names of two words, one of them possibly a particle, that overlap where a name has more: ``al-Qaeda``, ``Jaish al-Islam``."""
    text, found = article.plain, article.once(mentions)
    lead = languages.get(article.language).titles
    phrases_: list[Mention] = []
    for i, mention in enumerate(found):
        particle = _PARTICLE_BEFORE.search(text, max(mention.span.start - _LONGEST_PARTICLE, 0), mention.span.start)
        if particle:
            span = Span(particle.start(), mention.span.end)
            phrases_.append(Mention(span, text[particle.start() : mention.span.start] + mention.form, mention.firm))
        if i + 1 < len(found) and mention.form not in lead:
            link = text[mention.span.end : found[i + 1].span.start]
            if _LINK.fullmatch(link):
                span = Span(mention.span.start, found[i + 1].span.end)
                first = mention.form.lower() if mention.form in ("Al", "El") else mention.form
                firm = mention.firm or found[i + 1].firm
                phrases_.append(Mention(span, f"{first}{link}{found[i + 1].form}", firm))
    return phrases_


def observe_names(article: Article) -> NameFacts:
    """The name facts of one article."""
    facts, prepositions = NameFacts(), languages.get(article.language).place_prepositions
    articles, sources = sample.of([_signature(article)]), sample.of([article.once(site_of)])
    found, named = article.once(mentions), article.once(phrases)
    placed = {start: _last_word(article, start) in prepositions for start in {each.span.start for each in (*found, *named)}}
    for target, each in ((facts.tokens, found), (facts.phrases, named)):
        for mention in each:
            count = target.get(mention.form)
            if count is None:
                count = target[mention.form] = NameCount(articles=articles, sources=sources)
            if mention.firm:
                count.firm += 1
            else:
                count.loose += 1
            count.placed += placed[mention.span.start]
    _observe_neighbors(article, found, facts.tokens)
    _observe_company(article, found, facts.tokens)
    return facts


def _observe_neighbors(article: Article, found: list[Mention], counts: dict[str, NameCount]) -> None:
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    titles = languages.get(article.language).titles
    for left, right in itertools.pairwise(found):
        if left.form not in titles and BESIDE.fullmatch(article.plain, left.span.end, right.span.start):
            after[left.form].add(fold(right.form))
            before[right.form].add(fold(left.form))
    for form, words in before.items():
        counts[form].before = sample.of(words)
    for form, words in after.items():
        counts[form].after = sample.of(words)


def _observe_company(article: Article, found: list[Mention], counts: dict[str, NameCount]) -> None:
    company: dict[str, set[str]] = defaultdict(set)
    for mention in found:
        for match in (_WORD_AFTER.match(article.plain, mention.span.end), _before(article, mention.span.start, _WORDS_BEFORE)):
            if match and _describes(article.language, match["word"]):
                company[mention.form].add(match["word"])
    for form, described in company.items():
        counts[form].company = sample.of(described)


def _last_word(article: Article, offset: int) -> str:
    """The small word before `offset`, particles of names left out; empty where there is none."""
    found = _before(article, offset, _LAST_WORD)
    return found["word"] if found else ""


def _before(article: Article, offset: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The match of a pattern of small words that ends at `offset`: it begins at the last word, unless this may stand between."""
    row = article.row
    number = bisect_left(row.starts, offset) - 1
    if number < 0 or row.written[number].istitle():
        return None
    first = 0 if row.written[number] in _BETWEEN else row.starts[number]
    return pattern.search(article.plain, max(offset - _REACH, first), offset)


@lru_cache(maxsize=1 << 16)
def _describes(language: str, word: str) -> bool:
    lexicon = languages.get(language).lexicon
    return bool(_DESCRIBING & lexicon.flags(word)) and lexicon.zipf(word) < _COMMONEST


def _signature(article: Article) -> str:
    """What syndicated copies of one text have in common: their longest paragraph."""
    longest = max(article.paragraphs, key=len, default=Span(0, 0))
    return " ".join(longest.of(article.folded).split())


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
