"""Agreement that needs no parser: the indefinite article, "there is" with a plural, and words written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Edit, Finding, Fix, Span
from cleaner.languages.lexicon import Flag
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import Token

_ARTICLE = re.compile(r"(?<![\w.'&/-])(?P<article>[Aa]n?) +(?P<word>(?:[A-Za-z]\.){2,}|[A-Za-z0-9](?:[\w'-]|[.,](?=\w))*)")
_PLURAL_OF = {"is": "are", "was": "were", "has": "have"}
_MANY = frozenset(
    "no many several few numerous various two three four five six seven eight nine ten dozens hundreds thousands".split()
)
_DOUBLED = re.compile(r"(?<![\w'-])(?P<first>[^\W\d_]+)(?P<again>\s+(?P=first))(?![\w'-])", re.IGNORECASE)
# Words that English does write twice, and names that are (Duran Duran, Boutros Boutros-Ghali) by their capital.
_TWICE = frozenset(
    "had that her is was do so very really bye knock ha no yes far many long blah hear there now well out in on win night such tut you who what".split()
)


class AgreementDetector(Detector):
    """The checks of agreement."""

    name = "agreement"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the three checks."""
        if rule := self.book.check("indefinite-article"):
            yield from self._articles(article, rule)
        if (rule := self.book.check("there-is-plural")) and "there" in article.vocabulary:
            yield from self._there_is(article, rule)
        if rule := self.book.check("doubled-word"):
            yield from self._doubled(article, rule)

    def _articles(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in _ARTICLE.finditer(article.plain):
            written = match["article"]
            wanted = self.language.article_for(match["word"])
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
        return written.lower() == "a" and match["word"].lower() in {"a", "e", "o", "i", "is", "and", "or"}

    def _there_is(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for offset in article.occurrences("there"):
            sentence = article.sentence_at(offset)
            found = sentence and self._plural_after(sentence, sentence.index_at(offset))
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
        at += 1
        if verb.form == "has":
            if at >= len(tokens) or tokens[at].form != "been":
                return None
            at += 1
        if at >= len(tokens) or tokens[at].form not in _MANY:
            return None
        at += 1
        lexicon = self.language.lexicon
        for noun in tokens[at : at + 3]:
            flags = lexicon.flags(noun.form)
            if Flag.PLURAL in flags:
                follows = tokens[tokens.index(noun) + 1] if noun is not tokens[-1] else None
                alone = Flag.SINGULAR not in flags
                modifier = (
                    follows is not None and follows.is_word and bool(lexicon.flags(follows.form) & (Flag.SINGULAR | Flag.PLURAL))
                )
                return (verb, noun) if alone and not modifier and not noun.clitic else None
            if Flag.ADJECTIVE not in flags:
                return None
        return None

    def _doubled(self, article: Article, rule: Rule) -> Iterator[Finding]:
        for match in _DOUBLED.finditer(article.plain):
            word = match["first"].lower()
            again = match["again"].strip()
            if word in _TWICE or again[0].isupper() or "\n" in match["again"] or "\r" in match["again"] or len(word) < 2:
                continue
            if not self.language.lexicon.is_word(word):
                continue
            yield make_finding(article, rule, Span(*match.span()), [match["first"]])
