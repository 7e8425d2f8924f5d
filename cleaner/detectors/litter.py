"""What a site left in an article: stock lines, teasers, blurbs, recurring lines, headlines of other stories.

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
from cleaner.findings import Finding, Span
from cleaner.languages import Language
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import LineRule, Rule
from cleaner.rulebook.phrases import Matcher, Terms
from cleaner.rulebook.regexes import SECONDS, Expression
from cleaner.text.article import Article
from cleaner.text.tokens import WORD, fold, lower, plain

_AROUND = " \t\xa0-–—*•·|>»›<«‹:_#=~▶►▸→…."
_BRACKETS = "[]()"
_SENTENCE_END = re.compile(r"[.!?…:;,][\"”’')\]]*\s*\Z")
_CUT_OFF = re.compile(r"\w,? ?(?:\.\.\.|…|\[(?:\.\.\.|…)\])(?P<more>\s*(?:»|›|>|[\w ]{4,20})?)\s*\Z")
_OPENING_QUOTES = '“"‘«„'
_FULL_PARAGRAPH = 80  # code points
_SHORT = 220
_LONGEST_LINE = 500
_CUT_WORDS = 7
_HEADLINE_WORDS = range(3, 25)
_STRAY_WORDS = range(5, 20)
_TITLE_CASE = 0.7
_RECURRENT = 3
_SIGNALS = 2


class LitterDetector(Detector):
    """Judges the lines of an article by their words, shape and place, and by the folder."""

    name = "litter"
    observes = (observe_lines,)

    def __init__(self, book: RuleBook, language: Language) -> None:
        super().__init__(book, language)
        self._too_slow: set[str] = set()

    @cached_property
    def _literal(self) -> dict[str, LineRule]:
        return {_bare(fold(line)): rule for rule in self.book.of_form(LineRule) for line in rule.lines}

    @cached_property
    def _expressions(self) -> list[tuple[LineRule, Expression]]:
        """The patterns of the line rules, those of one rule beside each other."""
        return [
            (rule, Expression(pattern, needs, ignore_case=True))
            for rule in self.book.of_form(LineRule)
            for pattern, needs in zip(rule.patterns, self.book.needs[rule.id], strict=True)
        ]

    def _possible(self, article: Article) -> list[tuple[LineRule, Expression]]:
        """The patterns that some line of `article` may match."""
        text = " ".join(article.folded.split())
        return [(rule, expression) for rule, expression in self._expressions if expression.possible(text)]

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the line rules and of the checks; one a line."""
        lines = _Lines(article, self)
        taken: set[int] = set()
        for check in (
            self._boilerplate(article, lines),
            self._teasers(article, lines),
            self._recurrent(article, evidence.facts.section(LineFacts)),
            self._stray_headlines(article, lines),
        ):
            for number, finding in check:
                if number not in taken:
                    taken.add(number)
                    yield finding

    def rule_for(self, article: Article, paragraph: Span) -> LineRule | None:
        """The line rule that `paragraph` matches."""
        if len(paragraph) > _LONGEST_LINE:
            return None
        line = paragraph.of(article.text)
        bare = _bare(plain(line))
        literal = self._literal.get(fold(bare))
        if literal:
            return literal
        return self._by_pattern(article, plain(line)) or self._by_pattern(article, bare)

    def _by_pattern(self, article: Article, line: str) -> LineRule | None:
        folded = lower(line)
        for rule, expression in article.once(self._possible):
            if expression.possible_as_whole(folded) and rule.id not in self._too_slow:
                try:
                    if expression.compiled.fullmatch(line, timeout=SECONDS):
                        return rule
                except TimeoutError:
                    self._too_slow.add(rule.id)
                    article.errors.append(self.book.too_slow(rule, article.document.path))
        return None

    def about_words(self, article: Article, number: int) -> list[str]:
        """The words by which a paragraph is a blurb on a site or an author; none where it is a part of the story."""
        if (
            not self.book.check("about-line")
            or len(article.paragraphs[number]) > _LONGEST_LINE
            or self._is_story(article, number)
        ):
            return []
        found = [self._word_of(article, number, f"newsroom-{signal}") for signal in ("job", "outlet", "work", "life")]
        words = [word for word in found if word]
        return words if len(words) >= _SIGNALS else []

    def _is_story(self, article: Article, number: int) -> bool:
        """Whether a paragraph tells what happened, quotes, or speaks of someone who is known from the article."""
        span = article.paragraphs[number]
        if article.quoted(span) or self._word_of(article, number, "newsroom-story"):
            return True
        found = article.once(mentions)
        start, end = (bisect_left(found, offset, key=lambda mention: mention.span.start) for offset in (span.start, span.end))
        names = (fold(mention.form) for mention in found[start:end])
        first = next((name for name in names if name not in self.language.function_words), "")
        # A byline names the author, too.
        own = article.once(_counts_of_short_lines)[first]
        if len(span) >= _FULL_PARAGRAPH:
            own += WORD.findall(article.folded, span.start, span.end).count(first)
        return bool(first) and article.word_counts[first] > own

    def _word_of(self, article: Article, number: int, name: str) -> str:
        """The first words of class `name` in a paragraph."""
        terms = self.book.classes.get(name, Terms())
        for sentence in article.sentences(number):
            matcher = Matcher(self.book.classes, article.text, sentence.tokens, self.language.lexicon)
            found = matcher.find_term(terms, range(len(sentence.tokens)))
            if found:
                return article.text[sentence.tokens[found.start].start : sentence.tokens[found.stop - 1].end]
        return ""

    def _boilerplate(self, article: Article, lines: _Lines) -> Iterator[tuple[int, Finding]]:
        for number, rule in enumerate(lines.rules):
            if rule and (
                rule.where == "any"
                or (rule.where == "tail" and number >= lines.tail)
                or (rule.where == "head" and number < lines.head)
            ):
                yield number, self._removal(article, rule, number)
        about = self.book.check("about-line")
        for number, words in lines.blurbs.items():
            yield (
                number,
                self._removal(article, about, number, [f"below the text, with {', '.join(f'“{word}”' for word in words)}"]),
            )

    def _teasers(self, article: Article, lines: _Lines) -> Iterator[tuple[int, Finding]]:
        """Headlines followed by a cut-off first sentence, several of them or after a section heading in the tail."""
        rule = self.book.check("teaser")
        if rule is None:
            return
        tail = range(lines.tail, len(article.paragraphs))
        cut = [number for number in tail if lines.is_cut_off(number)]
        heading = next((number for number in tail if lines.is_section(number)), None)
        sure = len(cut) > 1 or heading is not None or any(lines.leads_on(number) for number in cut)
        reason = f"{len(cut)} cut-off text{'s' if len(cut) != 1 else ''} at the end" + (
            ", after a section heading" if heading is not None else ""
        )
        for number in cut if sure else []:
            yield number, self._removal(article, rule, number, [reason])
            above = lines.headline_of(number)
            if above is not None and above in tail:
                yield above, self._removal(article, rule, above, [f"the headline of a cut-off text; {reason}"])
        for number in range(heading, len(article.paragraphs)) if heading is not None else ():
            if lines.is_headline(number):
                yield number, self._removal(article, rule, number, ["a headline after a section heading at the end"])
        for number in range(2, lines.tail):
            above = lines.headline_of(number)
            if above is not None and lines.is_cut_off(number) and lines.is_title_case(above):
                for each in (above, number):
                    yield each, self._removal(article, rule, each, ["a headline with a cut-off text below it"], 0.8)

    def _recurrent(self, article: Article, facts: LineFacts) -> Iterator[tuple[int, Finding]]:
        """Short lines that stand in several articles, unless most of the article does (a copy of another)."""
        rule = self.book.check("recurrent-line")
        if rule is None:
            return
        counts = [facts.articles[line_key(paragraph.of(article.text))] for paragraph in article.paragraphs]
        if sum(count > 1 for count in counts) > 0.6 * len(counts):
            return
        for number, (paragraph, count) in enumerate(zip(article.paragraphs, counts, strict=True)):
            if count >= _RECURRENT and number and len(paragraph) <= _SHORT and not article.quoted(paragraph):
                yield number, self._removal(article, rule, number, [f"this line stands in {count} articles"])

    def _stray_headlines(self, article: Article, lines: _Lines) -> Iterator[tuple[int, Finding]]:
        """Lines with a verb and no full stop, between two full paragraphs, that tell of names and things found nowhere else here."""
        rule = self.book.check("stray-headline")
        if rule is None:
            return
        for number in range(1, len(article.paragraphs) - 1):
            text = article.paragraphs[number].of(article.text)
            if (
                len(text.split()) not in _STRAY_WORDS
                or lines.rules[number]
                or text[0] in '-•*–—“"('
                or not lines.is_unended(number)
            ):
                continue
            if not (lines.is_full(number - 1) and lines.is_full(number + 1) and lines.has_verb(number)):
                continue
            strange, names = self._strangers(article, number)
            if len(names) >= 2 and strange >= 0.6:
                yield number, self._removal(article, rule, number, [f"{', '.join(names)}: named nowhere else in this article"])

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
        article: Article, rule: Rule, number: int, evidence: Sequence[str] = (), confidence: float | None = None
    ) -> Finding:
        return make_finding(article, rule, article.removal(number), [""], evidence=evidence, confidence=confidence)


class _Lines:
    """The paragraphs of an article as lines of a page: their rules and shapes, and which stand before and after its text."""

    def __init__(self, article: Article, detector: LitterDetector) -> None:
        self._article = article
        self._language = detector.language
        self.rules = [detector.rule_for(article, paragraph) for paragraph in article.paragraphs]
        self.blurbs: dict[int, list[str]] = {}
        """The lines of the tail that tell of a site or an author, with the words that show it."""
        self.tail = count = len(self.rules)
        while self.tail:
            number = self.tail - 1
            about = detector.about_words(article, number) if self.rules[number] is None else []
            if about:
                self.blurbs[number] = about
            elif self._is_text(number):
                break
            self.tail = number
        if not self.tail:
            self.blurbs = {}  # of no article
        self.head = next((number for number in range(count) if self._is_text(number)), count)

    def _text(self, number: int) -> str:
        return self._article.paragraphs[number].of(self._article.text)

    def _is_text(self, number: int) -> bool:
        return self.rules[number] is None and self.is_full(number)

    def is_full(self, number: int) -> bool:
        """Whether a paragraph has the length, the end and the capitals of running text."""
        text = self._text(number)
        return (
            len(text) >= _FULL_PARAGRAPH
            and bool(_SENTENCE_END.search(text))
            and not _CUT_OFF.search(text)
            and not self.is_title_case(number)
        )

    def is_unended(self, number: int) -> bool:
        """Whether a line does not end as a statement does; a headline may be a question."""
        text = self._text(number)
        return text.endswith("?") or not _SENTENCE_END.search(text)

    def is_title_case(self, number: int) -> bool:
        """Whether nearly all words of a line have a capital."""
        words = [word for word in WORD.findall(self._article.plain, *self._bounds(number)) if word[0].isalpha() and len(word) > 3]
        return len(words) > 1 and sum(word[0].isupper() for word in words) >= _TITLE_CASE * len(words)

    def _bounds(self, number: int) -> tuple[int, int]:
        span = self._article.paragraphs[number]
        return span.start, span.end

    def is_headline(self, number: int) -> bool:
        """Whether a line looks like the headline of another story."""
        words = len(self._text(number).split())
        return (
            self.rules[number] is None
            and words in _HEADLINE_WORDS
            and (words >= 5 or self.is_title_case(number))
            and (self.is_unended(number) or (len(self._text(number)) >= _FULL_PARAGRAPH and self.is_title_case(number)))
            and not self.is_cut_off(number)
        )

    def is_cut_off(self, number: int) -> bool:
        """Whether a text breaks off: a whole clause or a phrase without its noun, not a voice that trails away."""
        text = self._text(number)
        found = _CUT_OFF.search(text)
        if not found or self.rules[number] or text[0] in _OPENING_QUOTES:
            return False
        words = WORD.findall(fold(text[: found.start() + 1]))
        return len(words) >= _CUT_WORDS or (len(words) > 2 and words[-1] in self._language.function_words)

    def leads_on(self, number: int) -> bool:
        """Whether a cut-off text ends with a link to the rest: … Read more."""
        found = _CUT_OFF.search(self._text(number))
        return found is not None and bool(found["more"].strip())

    def is_section(self, number: int) -> bool:
        """Whether a line is a heading of the site."""
        rule = self.rules[number]
        return rule is not None and rule.id == "layout.section-heading"

    def headline_of(self, number: int) -> int | None:
        """The number of the headline above a cut-off text, past lines of rules (its date)."""
        above = number - 1
        while above > 0 and self.rules[above] is not None and not self.is_section(above):
            above -= 1
        return above if above > 0 and self.is_headline(above) else None

    def has_verb(self, number: int) -> bool:
        """Whether a line tells of an event: after its first word it has a verb in the third person or the past."""
        words = WORD.findall(self._article.plain, *self._bounds(number))[1:]
        title = self.is_title_case(number)
        return any(self._language.is_finite(fold(word)) for word in words if title or not word[0].isupper())


def _counts_of_short_lines(article: Article) -> Counter[str]:
    """How often each folded word stands in lines that are no full paragraphs."""
    short = (span for span in article.paragraphs if len(span) < _FULL_PARAGRAPH)
    return Counter(word for span in short for word in WORD.findall(article.folded, span.start, span.end))


def _bare(line: str) -> str:
    """A line without the marks, spaces and brackets around it, and single spaces within."""
    bare = " ".join(line.strip(_AROUND).split())
    return bare.strip(_BRACKETS).strip(_AROUND) if bare[:1] in _BRACKETS or bare[-1:] in _BRACKETS else bare
