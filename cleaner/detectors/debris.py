"""What failing decoders and converters leave: words over and over, letters and words of another script, a text that stops short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Span
from cleaner.languages.lexicon import Flag
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article

_W = r"[^\W\d_]+(?:'[^\W\d_]+)*"
_MOST_AGAIN = 5
_AGAIN = expression(rf"(?<![\w'-])(?P<once>(?P<first>{_W})(?: {_W}){{0,{_MOST_AGAIN - 1}}}?)(?P<more>(?: (?P=once))+)(?![\w'-])")
_JOINED = expression(rf" and (?P<once>{_W}(?: {_W}){{1,5}})(?: and (?P=once))+(?![\w'-])")
_BEFORE_THE_REST = expression(r"(?<![\w'-])(?P<once>that)(?P<more> that)(?= (?:the|an?|he|she|it|they|we|there|these|those)\b)")
_PARTED = expression(r"(?<![\w'-])(?P<left>[A-Za-z][a-z]+)-(?:[ ]|[ ]?(?:\r?\n){1,2})(?P<right>[a-z]{2,})(?![\w'-])")
_LATIN_LETTER = expression(r"[A-Za-z]")
# Runs of scripts that news in English spells names from: Greek, Cyrillic, Hebrew, Arabic, Thai, Georgian, Devanagari, Japanese, Chinese, Korean.
_FOREIGN = "Ͱ-ϿЀ-ԯ֐-׿؀-ۿݐ-ݿऀ-ॿ฀-๿Ⴀ-ჿ぀-ヿ㐀-䶿一-鿿가-힯"
_RANGES = tuple(zip(_FOREIGN[::3], _FOREIGN[2::3], strict=True))
# Compiled where such a letter stands: that takes as long as the rest of an article.
_MIXED = r"(?<!\w)(?=\w*[A-Za-z])(?=\w*[Ͱ-ϿЀ-ԯ])[A-Za-zͰ-ϿЀ-ԯ]{2,}(?!\w)"
_RUN = f"[{_FOREIGN}]{{2,}}(?:[^\\w\\n]{{1,3}}[{_FOREIGN}]+)*"
_MOST_WORDS = 3  # more of them are a quotation
_MENTION = (
    r"\b(?:(?:words?|terms?|names?|phrases?|letters?|characters?|ideograms?|slogans?|signs?|banners?|placards?|posters?|inscriptions?|graffiti|hashtags?|labels?|tattoos?|titles?|logos?|spellings?|prefix|suffix)"
    r"(?: \S+){0,5}|(?:called|named|reads?|reading|spell(?:ed|s|t)?|written|writes?|wrote|means?|meaning|titled|entitled|known as|pronounced|translated as)(?: \S+){0,2}) $"
)
_GLOSS = r",? (?:or|meaning|means?|which means|literally|that is|the \w+ (?:word|term|name)|in (?:English|Russian|Chinese|Arabic|Greek))\b|,? ?[“\"‘'(]"
"""What stands before and after a word that a text speaks about: "the word перестройка, or restructuring"."""
_LOOKALIKES = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaesijopcyxdhABEZHIKMNOPTYXo")
_MOST_FOREIGN = 0.4
_TEXT = 8
"""A last line of fewer words may be a headline or a caption."""
_LAST_WORD = expression(r"(?<=[ ,])[a-z]+(?:-[a-z]+)?(?=\s*\Z)")
_KNOWN = 3.3
"""How frequent (Zipf) a word is that a text may end with though no dictionary has it."""
_SHORT = 5.0
"""How frequent a word of two letters must be: rarer ones are the beginnings of words."""


@lru_cache(maxsize=1 << 12)
def _is_foreign(char: str) -> bool:
    return any(first <= char <= last for first, last in _RANGES)


def _has_repeats(article: Article) -> bool:
    """Whether up to `_MOST_AGAIN` words in a row are the same again after a space."""
    row = article.row
    return any(
        article.folded.startswith(" ".join(row.forms[at : at + 2 * number]), row.starts[at])
        for number in range(1, _MOST_AGAIN + 1)
        for at in row.again(number)
    )


class DebrisDetector(Detector):
    """Looks for words that begin again at once, and for letters of other scripts among Latin ones."""

    name: ClassVar[str] = "debris"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of all checks."""
        if rule := self.book.check("repeated-words"):
            yield from self._repeated(article, rule)
            yield from self._joined(article, rule)
        if (rule := self.book.check("parted-word")) and any(sign in article.text for sign in ("- ", "-\n", "-\r")):
            yield from self._parted(article, rule)
        if rule := self.book.check("cut-off-end"):
            yield from self._cut_off(article, rule)
        if article.text.isascii() or not any(map(_is_foreign, set(article.text))):
            return
        if rule := self.book.check("mixed-script"):
            yield from self._mixed(article, rule)
        if rule := self.book.check("stray-script"):
            yield from self._stray(article, rule)

    def _repeated(self, article: Article, rule: Rule) -> Iterator[Finding]:
        if not _has_repeats(article):
            return
        for pattern in (_AGAIN, _BEFORE_THE_REST):
            for match in pattern.finditer(article.folded):
                words, times = match["once"].split(), match.end("more") - match.start("once")
                times = (times + 1) // (len(match["once"]) + 1)
                span = Span(*match.span())
                if pattern is _AGAIN and not self._is_debris(article, words, times, span):
                    continue
                kept = article.text[match.start("once") : match.end("once")]
                yield make_finding(article, rule, span, [kept])

    def _joined(self, article: Article, rule: Rule) -> Iterator[Finding]:
        """A phrase that stands three times or more, joined by "and"."""
        for match in _JOINED.finditer(article.folded):
            once = match["once"]
            span = Span(match.start() - len(once), match.end())
            begins = (
                article.folded.endswith(once, 0, match.start())
                and not article.folded[max(0, span.start - 1) : span.start].isalnum()
            )
            if begins and "and" not in once.split() and not article.quoted(span):
                yield make_finding(article, rule, span, [article.text[span.start : match.start()]])

    def _is_debris(self, article: Article, words: list[str], times: int, span: Span) -> bool:
        """Whether words that stand so many times in a row are no emphasis, idiom or name."""
        once = article.text[span.start : span.start + len(" ".join(words))]
        if article.quoted(span) or (len(words) <= 2 and once.istitle()) or not self.language.doubling.isdisjoint(words):
            return False
        if len(words) == 1:
            return times > 2 and words[0] in self.language.function_words
        return times > 2 or len(words) > 2 or words[0] in self.language.function_words - self.language.pronouns

    def _parted(self, article: Article, rule: Rule) -> Iterator[Finding]:
        """Words that a line's end has parted: "gover- nment"; not "pre- and post-war"."""
        lexicon = self.language.lexicon
        for match in _PARTED.finditer(article.text):
            left, right = match["left"].lower(), match["right"]
            whole = lexicon.is_word(left + right) and lexicon.zipf(left + right) > _KNOWN
            if whole and min(lexicon.zipf(left), lexicon.zipf(right)) < _KNOWN and right not in self.language.function_words:
                yield make_finding(article, rule, Span(*match.span()), [match["left"] + right])

    def _cut_off(self, article: Article, rule: Rule) -> Iterator[Finding]:
        """The last word, where no text ends with it: a piece of a word, or one that another must follow."""
        if not article.paragraphs:
            return
        paragraph = article.paragraphs[-1]
        text = paragraph.of(article.text)
        if len(text.split()) < _TEXT or not (match := _LAST_WORD.search(text)):
            return
        word, lexicon = match.group().rpartition("-")[2], self.language.lexicon
        foreign = len(word) <= 3 and Flag.FOREIGN in lexicon.flags(word) and lexicon.zipf(word) < _SHORT
        known = lexicon.zipf(word) > _SHORT if len(word) < 3 else lexicon.is_word(word) or lexicon.zipf(word) > _KNOWN
        if foreign or not known or word in self.language.function_words:
            yield make_finding(article, rule, Span(*match.span()).shifted(paragraph.start))

    def _mixed(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in re.finditer(_MIXED, article.text):
            right = match.group().translate(_LOOKALIKES)
            if right.isascii() and len(_LATIN_LETTER.findall(match.group())) * 2 >= len(right):
                yield make_finding(article, rule, Span(*match.span()), [right])

    def _stray(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in re.finditer(_RUN, article.text):
            span = Span(*match.span())
            number = article.paragraph_at(span.start)
            if number is None or len(match.group().split()) > _MOST_WORDS:
                continue
            paragraph = article.paragraphs[number]
            before, text = article.text[paragraph.start : span.start], paragraph.of(article.text)
            after = article.text[span.end : span.end + 1]
            begins = before[-2:-1] == "," and after == " "  # ", сообщает the agency"
            amid = before[-1:] == " " and (begins or before[-2:-1].isalnum()) and (not after or after in " ,.;\r\n")
            mentioned = re.search(_MENTION, before, re.IGNORECASE) or re.match(_GLOSS, article.text[span.end : paragraph.end])
            in_brackets = before.count("(") > before.count(")") or before.count("[") > before.count("]")
            foreign = sum(map(_is_foreign, text)) / len(text)
            if amid and not mentioned and not in_brackets and not article.quoted(span) and foreign <= _MOST_FOREIGN:
                yield make_finding(article, rule, span)
