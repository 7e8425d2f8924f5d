"""What is no part of an article: boilerplate, teasers, repeated headlines and paragraphs, headlines of other stories.

All findings are removals of whole lines with their blank lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.facts.lines import LineFacts, line_key, observe_lines
from cleaner.facts.names import mentions
from cleaner.findings import Finding, Related, Span
from cleaner.rulebook.model import LineRule, Rule
from cleaner.text.article import Article
from cleaner.text.repeats import near_repeats
from cleaner.text.tokens import WORD, fold

_BULLETS = " \t\xa0-–—*•·|>»›<«‹:_#=~▶►▸→…."
_SENTENCE_END = re.compile(r"[.!?…:;,][\"”’')\]]*\s*\Z")
_TRUNCATED = re.compile(r"\w(?:\.\.\.|…)\s*(?:\[…\]|»)?\s*\Z")
_FULL_PARAGRAPH = 80  # code points
_TEASER = 220
_LONGEST_LINE = 300
_REPEATED = 70
_JACCARD = 0.7
_HEADLINE_WORDS = range(5, 20)
_RECURRENT = 3


class LayoutDetector(Detector):
    """Judges the lines and paragraphs of an article by their words, shape and place, and by the folder."""

    name = "layout"
    observes = (observe_lines,)

    @cached_property
    def _literal(self) -> dict[str, LineRule]:
        return {_bare(fold(line)): rule for rule in self.book.of_form(LineRule) for line in rule.lines}

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], list[LineRule]]:
        """All line patterns as one, and the rule of each of its groups."""
        pairs = [(pattern, rule) for rule in self.book.of_form(LineRule) for pattern in rule.patterns]
        joined = "|".join(f"(?P<r{number}>{pattern})" for number, (pattern, _) in enumerate(pairs))
        return re.compile(joined or r"(?!)"), [rule for _, rule in pairs]

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the line rules and of the checks; one a line."""
        if not article.paragraphs:
            return
        places = _Places(article, [self._rule_for(article, paragraph) for paragraph in article.paragraphs])
        taken: set[int] = set()
        checks = (
            self._repeated_headline(article),
            self._boilerplate(article, places),
            self._teasers(article, places),
            self._recurrent(article, evidence.facts.section(LineFacts)),
            self._repeated_paragraphs(article),
            self._stray_headlines(article, places),
        )
        for check in checks:
            for number, finding in check:
                if number not in taken:
                    taken.add(number)
                    yield finding

    def _rule_for(self, article: Article, paragraph: Span) -> LineRule | None:
        if len(paragraph) > _LONGEST_LINE:
            return None
        line = fold(paragraph.of(article.text))
        literal = self._literal.get(_bare(line))
        if literal:
            return literal
        pattern, rules = self._patterns
        match = pattern.fullmatch(line)
        return rules[int(match.lastgroup[1:])] if match and match.lastgroup else None

    def _repeated_headline(self, article: Article) -> Iterator[tuple[int, Finding]]:
        rule = self.book.check("repeated-headline")
        headline = article.paragraphs[0].of(article.text)
        if rule is None or len(headline) > _TEASER or _SENTENCE_END.search(headline) or len(headline.split()) < 3:
            return
        for number, paragraph in enumerate(article.paragraphs[1:4], 1):
            if _bare(fold(paragraph.of(article.text))) == _bare(fold(headline)):
                related = [Related(article.document.path, article.paragraphs[0])]
                place = article.document.position(article.paragraphs[0].start).line
                yield number, self._removal(article, rule, number, evidence=[f"the same as line {place}"], related=related)

    def _boilerplate(self, article: Article, places: _Places) -> Iterator[tuple[int, Finding]]:
        for number, rule in enumerate(places.rules):
            if rule and (
                rule.where == "any"
                or (rule.where == "tail" and number >= places.tail)
                or (rule.where == "head" and number < places.head)
            ):
                yield number, self._removal(article, rule, number)

    def _teasers(self, article: Article, places: _Places) -> Iterator[tuple[int, Finding]]:
        """In the tail: headlines followed by a cut-off first sentence, with a section heading or another teaser."""
        rule = self.book.check("teaser")
        if rule is None:
            return
        tail = range(places.tail, len(article.paragraphs))
        cut = [n for n in tail if places.rules[n] is None and _TRUNCATED.search(article.paragraphs[n].of(article.text))]
        headed = any(places.rules[n] for n in tail)
        if not cut or (len(cut) < 2 and not headed):
            return
        reason = f"{len(cut)} cut-off texts stand at the end" + (", after a section heading" if headed else "")
        for number in cut:
            yield number, self._removal(article, rule, number, evidence=[reason])
            above = number - 1
            if above in tail and above not in cut and places.rules[above] is None:
                yield above, self._removal(article, rule, above, evidence=[f"the headline of a cut-off text; {reason}"])

    def _recurrent(self, article: Article, facts: LineFacts) -> Iterator[tuple[int, Finding]]:
        """Short lines that stand in several articles, unless most of the article does (a copy of another)."""
        rule = self.book.check("recurrent-line")
        if rule is None:
            return
        counts = [facts.articles[line_key(paragraph.of(article.text))] for paragraph in article.paragraphs]
        if sum(count > 1 for count in counts) > 0.6 * len(counts):
            return
        for number, (paragraph, count) in enumerate(zip(article.paragraphs, counts, strict=True)):
            if count >= _RECURRENT and number and len(paragraph) <= _TEASER and not article.quoted(paragraph):
                yield number, self._removal(article, rule, number, evidence=[f"this line stands in {count} articles"])

    def _repeated_paragraphs(self, article: Article) -> Iterator[tuple[int, Finding]]:
        rule = self.book.check("repeated-paragraph")
        if rule is None:
            return
        long = [
            (n, p, frozenset(WORD.findall(article.folded, p.start, p.end)))
            for n, p in enumerate(article.paragraphs)
            if len(p) >= _REPEATED
        ]
        for later, (earlier, jaccard) in near_repeats([words for _, _, words in long], _JACCARD).items():
            number, paragraph, _ = long[later]
            _, first, _ = long[earlier]
            line = article.document.position(first.start).line
            same = paragraph.of(article.text) == first.of(article.text)
            reason = f"{'the same as' if same else f'{jaccard:.0%} of the words of'} line {line}"
            confidence = rule.confidence if same else round(rule.confidence * (0.8 + 0.2 * jaccard), 2)
            related = [Related(article.document.path, first)]
            yield number, self._removal(article, rule, number, evidence=[reason], related=related, confidence=confidence)

    def _stray_headlines(self, article: Article, places: _Places) -> Iterator[tuple[int, Finding]]:
        """Lines without a full stop between two full paragraphs that speak of names and things found nowhere else here."""
        rule = self.book.check("stray-headline")
        if rule is None:
            return
        for number in range(1, len(article.paragraphs) - 1):
            text = article.paragraphs[number].of(article.text)
            words = text.split()
            if len(words) not in _HEADLINE_WORDS or _SENTENCE_END.search(text) or places.rules[number] or text[0] in '-•*–—"“‘(':
                continue
            if not (places.full(number - 1) and places.full(number + 1)):
                continue
            strange, names = self._strangers(article, number)
            if len(names) >= 2 and strange >= 0.6:
                reason = f"{', '.join(names)}: named nowhere else in this article"
                yield number, self._removal(article, rule, number, evidence=[reason])

    def _strangers(self, article: Article, number: int) -> tuple[float, list[str]]:
        """The share of a paragraph's content words, and its names, that the rest of the article does not have."""
        span = article.paragraphs[number]
        here = Counter(WORD.findall(article.folded, span.start, span.end))
        content = [word for word in here.elements() if len(word) > 3]
        strange = {word for word, count in here.items() if article.word_counts[word] == count}
        found = article.once(mentions)
        first, last = (bisect_left(found, offset, key=lambda mention: mention.span.start) for offset in (span.start, span.end))
        names = [mention.form for mention in found[first:last] if fold(mention.form) in strange]
        return sum(word in strange for word in content) / max(1, len(content)), list(dict.fromkeys(names))

    @staticmethod
    def _removal(
        article: Article,
        rule: Rule,
        number: int,
        *,
        evidence: Sequence[str] = (),
        related: Sequence[Related] = (),
        confidence: float | None = None,
    ) -> Finding:
        span = removal_span(article, number)
        return make_finding(article, rule, span, [""], evidence=evidence, related=related, confidence=confidence)


class _Places:
    """Which paragraphs are the head and the tail of an article: what stands before and after its text."""

    def __init__(self, article: Article, rules: list[LineRule | None]) -> None:
        self._article = article
        self.rules = rules
        count = len(rules)
        self.tail = next((n + 1 for n in range(count - 1, -1, -1) if self._is_text(n)), 0)
        self.head = next((n for n in range(count) if self._is_text(n)), count)

    def _is_text(self, number: int) -> bool:
        return self.rules[number] is None and self.full(number)

    def full(self, number: int) -> bool:
        """Whether a paragraph has the length and the end of running text."""
        text = self._article.paragraphs[number].of(self._article.text)
        return len(text) >= _FULL_PARAGRAPH and bool(_SENTENCE_END.search(text)) and not _TRUNCATED.search(text)


def removal_span(article: Article, number: int) -> Span:
    """A paragraph as whole lines, with the blank lines after it if there are some before it, too; so its removal leaves no gap.

    The last paragraph goes with the blank lines before it instead.
    """
    paragraphs, length = article.paragraphs, len(article.text)
    if number == 0:
        return Span(0, article.line_start(paragraphs[1].start) if len(paragraphs) > 1 else length)
    start, gap = article.line_start(paragraphs[number].start), article.next_line(paragraphs[number - 1].end)
    if number + 1 == len(paragraphs):
        return Span(gap, length)
    after = article.line_start(paragraphs[number + 1].start)
    return Span(start, after if gap < start else article.next_line(paragraphs[number].end))


def _bare(line: str) -> str:
    """A folded line without the marks and spaces around it, and single spaces within."""
    return " ".join(line.strip(_BULLETS).split())
