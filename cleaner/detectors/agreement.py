"""Agreement that needs no parser: the indefinite article, "there is" with a plural, and words written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Edit, Finding, Fix, Span
from cleaner.languages.lexicon import Flag
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import Token

_ARTICLE = expression(
    r"(?<![\w.'&/-])(?P<article>[Aa]n?) +[\"“$£€]?(?P<word>(?:[A-Za-z]\.){2,}|[A-Za-z0-9](?:[\w'-]|[.,](?=\w))*)"
)
_PLURAL_OF = {"is": "are", "was": "were", "has": "have", "isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't"}
_ADVERBS = frozenset(
    "also still now already reportedly currently only just never always often probably apparently clearly once again".split()
)
_MANY = frozenset(
    "no many several few numerous various some other more two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty dozens "
    "hundreds thousands scores millions any multiple countless".split()
)
_ABOUT = (
    ("at", "least"),
    ("more", "than"),
    ("fewer", "than"),
    ("up", "to"),
    ("as", "many", "as"),
    ("about",),
    ("nearly",),
    ("over",),
    ("almost",),
    ("around",),
)
# Amounts are one thing: "there was two weeks between the strikes".
_AMOUNTS = frozenset(
    "days weeks months years hours minutes seconds dollars euros pounds cents percent miles kilometers kilometres metres meters feet inches acres tons tonnes degrees times".split()
)
_PARTS = Flag.SINGULAR | Flag.PLURAL | Flag.VERB | Flag.ADJECTIVE | Flag.ADVERB
_AFTER_BARE = frozenset("of that from in on about to who which".split())
_DOUBLED = expression(r"(?<![\w'-])(?P<first>[^\W\d_]+)(?P<again>\s+(?P=first))(?![\w'-])", re.IGNORECASE)
# Words that English does write twice, and names that are (Duran Duran, Boutros Boutros-Ghali) by their capital.
_TWICE = frozenset(
    "had that her is was do so very really bye knock ha no yes far many long blah hear there now well out in on win night such tut you who what does did has are were can good plus".split()
)


_UNSAID = expression("X[a-z]|Ng[a-z]")  # names that English says in several ways
_COMMON = 5.0
"""No name is as frequent (Zipf) as the words that join clauses."""


class AgreementDetector(Detector):
    """The checks of agreement."""

    name = "agreement"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the three checks."""
        if rule := self.book.check("indefinite-article"):
            yield from self._articles(article, rule)
        if (rule := self.book.check("there-is-plural")) and "there" in article.vocabulary:
            yield from self._there_is(article, rule)
        if (rule := self.book.check("doubled-word")) and any(True for _ in article.row.again(1)):
            yield from self._doubled(article, rule)

    def _articles(self, article: Article, rule: Rule) -> Iterator[Finding]:
        end = 0
        for offset in sorted([*article.occurrences("a"), *article.occurrences("an")]):
            match = _ARTICLE.match(article.plain, offset) if offset >= end else None
            if match is None:
                continue
            written, end = match["article"], match.end()
            wanted = self.language.article_for(match["word"]) if not _UNSAID.match(match["word"]) else None
            if wanted is None or wanted == written.lower() or self._is_letter(article, match):
                continue
            span = Span(match.start(), match.end("word"))
            fix = Fix.replacing(Span(*match.span("article")), carry_case(written, wanted))
            yield make_finding(article, rule, span, [fix])

    @staticmethod
    def _is_letter(article: Article, match: re.Match[str]) -> bool:
        """Whether the "a" is a letter, a grade or a foreign word: "Vitamin A is", "Hepatitis A", "A e B"."""
        written = match["article"]
        before = article.plain[: match.start()].rstrip(" ")
        starts = not before or before[-1] in ".!?:;\n\r\"“”'(—–-•*"
        if written[0] == "A" and not starts:
            return True
        return match["word"].lower() in {"a", "an"} or (
            written.lower() == "a" and match["word"].lower() in {"e", "o", "i", "is", "and", "or"}
        )

    def _there_is(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for offset in article.occurrences("there"):
            sentence = article.sentence_at(offset)
            found = self._plural_after(sentence, sentence.index_at(offset)) if sentence else None
            if not found:
                continue
            verb, last = found
            span = Span(offset, last.end)
            if not article.quoted(span):
                edit = Edit(Span(verb.start, verb.end), _PLURAL_OF[verb.form])
                yield make_finding(
                    article, rule, span, [Fix((edit,))], evidence=[f"“{Span(last.start, last.end).of(article.text)}” is a plural"]
                )

    def _plural_after(self, sentence: Sentence, there: int) -> tuple[Token, Token] | None:
        """The singular verb after "there" and the plural noun that it stands for."""
        tokens = sentence.tokens
        at = there + 1
        if at >= len(tokens) or tokens[at].form not in _PLURAL_OF:
            return None
        verb = tokens[at]
        at = self._after(tokens, at + 1, _ADVERBS | {"not"})
        if verb.form in {"has", "hasn't"}:
            if at >= len(tokens) or tokens[at].form != "been":
                return None
            at = self._after(tokens, at + 1, _ADVERBS)
        quantity = self._quantity(tokens, at)
        noun = self._plural_noun(sentence, quantity or at, bare=quantity is None)
        return (verb, noun) if noun else None

    @staticmethod
    def _after(tokens: Sequence[Token], at: int, words: AbstractSet[str]) -> int:
        while at < len(tokens) and tokens[at].form in words:
            at += 1
        return at

    @staticmethod
    def _quantity(tokens: Sequence[Token], at: int) -> int | None:
        """The number of the token after a word for more than one: several, 30, at least 12, hundreds of."""
        for words in _ABOUT:
            if tuple(token.form for token in tokens[at : at + len(words)]) == words:
                at += len(words)
                break
        if at >= len(tokens):
            return None
        number = tokens[at].form.replace(",", "")
        if number not in _MANY and not (number.isdecimal() and number != "1"):
            return None
        at += 1
        while at + 1 < len(tokens) and tokens[at].form == "," and tokens[at + 1].form.isdecimal():  # 2,000
            at += 2
        return at + 1 if at < len(tokens) and tokens[at].form == "of" else at

    def _plural_noun(self, sentence: Sentence, at: int, *, bare: bool) -> Token | None:
        """The plural noun from token `at` on, after adjectives; a bare one must be followed by what belongs to it."""
        tokens, lexicon = sentence.tokens, self.language.lexicon
        for number in range(at, min(at + (1 if bare else 4), len(tokens))):
            noun = tokens[number]
            flags = lexicon.flags(noun.form)
            follows = tokens[number + 1] if number + 1 < len(tokens) else None
            if self._is_plural(noun.form) and noun.form not in _AMOUNTS:
                if noun.clitic or (follows is not None and (follows.form == "'" or self._is_noun(follows))):
                    return None  # a possessive, or the first part of a compound: an arms embargo
                return noun if not bare or (follows is not None and follows.form in _AFTER_BARE) else None
            named = noun.is_word and not flags & (Flag.SINGULAR | Flag.PLURAL | Flag.VERB) and lexicon.zipf(noun.form) < _COMMON
            if Flag.ADJECTIVE not in flags and not named:
                return None
        return None

    def _is_plural(self, form: str) -> bool:
        lexicon = self.language.lexicon
        flags, stem = lexicon.flags(form), lexicon.flags(form[:-1])
        if flags & Flag.SINGULAR:
            return False
        return bool(flags & Flag.PLURAL) or (form.endswith("s") and Flag.DICTIONARY in stem and not flags & _PARTS)

    def _is_noun(self, token: Token) -> bool:
        flags = self.language.lexicon.flags(token.form)
        return token.is_word and bool(flags & (Flag.SINGULAR | Flag.PLURAL)) and Flag.ADVERB not in flags

    def _doubled(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in _DOUBLED.finditer(article.plain):
            word = match["first"].lower()
            again = match["again"].strip()
            if word in _TWICE or again[0].isupper() or "\n" in match["again"] or "\r" in match["again"] or len(word) < 2:
                continue
            if not self.language.lexicon.is_word(word):
                continue
            yield make_finding(article, rule, Span(*match.span()), [match["first"]])
