"""What stands twice in one article: its headline, or a paragraph in the same or nearly the same words.

All findings are removals of whole lines; the earlier of the two stays.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.expressions import expression
from cleaner.findings import Finding, Related, Span
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article
from cleaner.text.repeats import near_repeats
from cleaner.text.tokens import fold

_MARKS = " \t\xa0*#•·.!?…-–—"
_LABEL = expression(r"[^\W\d]+(?: [^\W\d]+)?: +(?=\w)")  # Breaking: …
_SITE = expression(r" +[|–—-] +[^|]{2,40}\Z")  # … | Daily Post
_LONGEST_HEADLINE = 220  # code points
_HEAD = 4  # paragraphs
_TEXT = 80
_QUOTES = "“\"„«‘'"
_NEAR = 70
_SAME = 30
_SAME_WORDS = 6
_JACCARD = 0.6
"""Of the stems; two paragraphs that are less alike than `_SURE` must have all names and numbers of one in the other."""
_SURE = 0.7
_DOUBT = 0.75
_STEM = 5


class RepeatsDetector(Detector):
    """Compares the headline with the lines below it, and each paragraph with the earlier ones."""

    name = "repeats"

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of both checks."""
        headline, paragraph = self.book.check("repeated-headline"), self.book.check("repeated-paragraph")
        if headline and article.paragraphs:
            yield from self._headline(article, headline)
        if paragraph:
            yield from self._paragraphs(article, paragraph)

    def _headline(self, article: Article, rule: Rule) -> Iterator[Finding]:
        """The headline again, above the first full paragraph: verses repeat their first line, too."""
        spans = article.paragraphs
        first = spans[0].of(article.text)
        if len(first) > _LONGEST_HEADLINE or (first[0] in _QUOTES and first[-1] in "”\"»’'"):
            return
        for number in range(1, min(_HEAD, len(spans) - 1)):
            again = spans[number].of(article.text)
            if number > 1 and spans[number - 1].of(article.text)[-1] in ".!?":
                return  # not a date or a byline: a verse, an interview
            if len(spans[number + 1]) >= _TEXT and _are_one_headline(first, again):
                same = _headline_key(first) == _headline_key(again)
                line = article.document.position(spans[0].start).line
                reason = f"the same as line {line}" + ("" if same else ", but for a label, the name of the site or dots")
                confidence = rule.confidence if same else round(0.9 * rule.confidence, 2)
                yield self._removal(article, rule, number, 0, reason, confidence)

    def _paragraphs(self, article: Article, rule: Rule) -> Iterator[Finding]:
        spans = [span for span in article.paragraphs if len(span) >= _SAME]
        words = [article.row.forms_in(span) for span in spans]
        numbers = {span: number for number, span in enumerate(article.paragraphs)}
        stems = {form: _stem(form) for form in article.row.known}
        for later, (earlier, _) in near_repeats([frozenset(map(stems.__getitem__, each)) for each in words], _JACCARD).items():
            first, second = spans[earlier], spans[later]
            line = article.document.position(first.start).line
            if _is_same(first.of(article.text), second.of(article.text)):
                if len(second) >= _NEAR or (len(words[later]) >= _SAME_WORDS and _is_statement(second.of(article.text))):
                    reason, factor = f"the same as line {line}", 1.0
                else:
                    continue  # a verse, a question of an interview
            else:
                likeness, factor = self._likeness(article, first, second)
                if min(len(first), len(second)) < _NEAR or not factor:
                    continue
                reason = f"shares {likeness:.0%} of its words with line {line}"
            confidence = round(rule.confidence * factor, 2)
            yield self._removal(article, rule, numbers[second], numbers[first], reason, confidence)

    def _likeness(self, article: Article, first: Span, second: Span) -> tuple[float, float]:
        """The Jaccard similarity of the words of two paragraphs; and how far they say the same, 0 where they don't.

        Where each has names or numbers that the other has not, the same form may tell of two things: polls in two states.
        """
        one, other = (frozenset(article.row.forms_in(span)) for span in (first, second))
        facts, others = (self._facts(article, span) for span in (first, second))
        alike = len(one & other) / len(one | other)
        factor = 0.8 + 0.2 * alike
        if facts <= others or others <= facts:
            return alike, factor
        return alike, 0 if alike < _SURE or one ^ other <= facts ^ others else _DOUBT * factor

    def _facts(self, article: Article, span: Span) -> frozenset[str]:
        """The names and numbers of a paragraph, folded."""
        found = article.row.written_in(span)
        return frozenset(
            fold(word).replace(".", "").removesuffix("'s")
            for number, word in enumerate(found)
            if any(char.isdigit() for char in word)
            or fold(word) in self.language.numerals
            or (word[0].isupper() and (number or not self.language.lexicon.is_word(fold(word))))
        )

    @staticmethod
    def _removal(article: Article, rule: Rule, number: int, kept: int, reason: str, confidence: float) -> Finding:
        related = [Related(article.document.path, article.paragraphs[kept])]
        return make_finding(
            article, rule, article.removal(number), [""], evidence=[reason], related=related, confidence=confidence
        )


def _stem(word: str) -> str:
    """The beginning of a word, in which its inflected forms are one."""
    return word.replace(".", "").replace("'", "")[:_STEM]


def _is_same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _is_statement(text: str) -> bool:
    return text[-1] in ".!)" and text[0] not in _QUOTES


def _headline_key(line: str) -> str:
    """What two prints of a headline have in common: letters, and dots only within words."""
    return " ".join(fold(line).replace(".", "").strip(_MARKS).split())


def _are_one_headline(one: str, other: str) -> bool:
    """Whether two lines are the same headline, one of them perhaps with a label before it or the name of the site after it."""
    keys = _headline_key(one), _headline_key(other)
    shorter = [
        {_headline_key(cut) for cut in (_LABEL.sub("", line, count=1), _SITE.sub("", line)) if cut} for line in (one, other)
    ]
    key = keys[1] if keys[0] == keys[1] or keys[1] in shorter[0] else keys[0] if keys[0] in shorter[1] else ""
    return len(key.split()) >= 2
