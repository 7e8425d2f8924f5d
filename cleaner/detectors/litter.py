"""What a site left in an article: stock lines, teasers, blurbs, recurring lines, headlines of other stories, lines that look like a site's.

All findings are removals of whole lines with their blank lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, make_finding, question
from cleaner.facts.lines import LineFacts, line_key, observe_lines
from cleaner.facts.names import mentions_in
from cleaner.facts.sample import hashed
from cleaner.findings import Finding
from cleaner.litter import model
from cleaner.litter.blurbs import Blurbs
from cleaner.litter.lines import Lines, strangeness
from cleaner.litter.stock import StockLines
from cleaner.rulebook.model import Rule
from cleaner.text.article import Article
from cleaner.text.sites import site_of
from cleaner.text.tokens import fold

_SHORT = 220  # code points
_LONGEST_TEASER = 300
_STRAY_WORDS = range(5, 20)
_SURE = 0.5
_CHANCE = 0.6

Found = dict[int, Finding]


@question
def recurrence(evidence: Evidence, key: tuple[int, int]) -> tuple[int, str]:
    """In how many articles a line stands, and in what it recurs, empty where it may be by chance; by the keys of the line and of the site."""
    found = evidence.facts.section(LineFacts).recurrence(*key)
    return found.total, str(found) if found.is_certain else ""


def _recurs(article: Article, evidence: Evidence, line: str) -> tuple[int, str]:
    return recurrence(evidence, (line_key(line), hashed(article.once(site_of))))


class LitterDetector(Detector):
    """Judges the lines of an article by their words, shape and place, and by the folder."""

    name = "litter"
    observes = (observe_lines,)

    @cached_property
    def _stock(self) -> StockLines:
        return StockLines(self.book)

    @cached_property
    def _blurbs(self) -> Blurbs:
        return Blurbs(self.book, self.language)

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the line rules and of the checks; one a line."""
        lines = self.lines(article)
        found = self.known(article, lines, evidence)
        yield from found.values()
        rule = self.book.check("site-line")
        if rule:
            for number, features in self.features(article, lines, evidence, found):
                chance = model.litter_probability(features)
                if chance >= _CHANCE and lines.rules[number] is None and number not in found:
                    yield self._removal(article, rule, number, model.reasons(features), round(chance * rule.confidence, 2))

    def lines(self, article: Article) -> Lines:
        """The lines of an article with the rules that they match."""
        has_blurbs = self.book.check("about-line") is not None
        return Lines(
            article,
            self.language,
            self._stock.rules(article),
            lambda number: self._blurbs.words(article, number) if has_blurbs else [],
        )

    def known(self, article: Article, lines: Lines, evidence: Evidence) -> Found:
        """The findings of the rules and checks that need no model, by line."""
        found: Found = {}
        for check in (
            self._boilerplate(article, lines),
            self._blurb_lines(article, lines),
            self._teasers(article, lines),
            self._recurrent(article, evidence),
            self._stray_headlines(article, lines),
        ):
            for number, finding in check:
                found.setdefault(number, finding)
        return found | dict(self._alone(article, lines, found))

    def features(
        self, article: Article, lines: Lines, evidence: Evidence, found: Found
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """The lines that may be a site's by their shape, each with its features."""
        taken = [number in found and found[number].confidence >= _SURE for number in range(len(article.paragraphs))]
        for number in range(len(article.paragraphs)):
            if model.is_candidate(lines, number):
                recurs, _ = _recurs(article, evidence, lines.text(number))
                yield number, model.features(article, lines, number, recurs, taken)

    def _boilerplate(self, article: Article, lines: Lines) -> Iterator[tuple[int, Finding]]:
        for number, rule in enumerate(lines.rules):
            if rule and (
                rule.where == "any"
                or (rule.where == "tail" and number >= lines.tail)
                or (rule.where == "head" and number < lines.head)
            ):
                yield number, self._removal(article, rule, number)

    def _alone(self, article: Article, lines: Lines, found: Found) -> Iterator[tuple[int, Finding]]:
        """What is no sure sign of a site, where nothing else in the article is one: a caption, a byline."""
        rules = {number: lines.rules[number] for number in found}
        if any(rule is None or rule.alone is None for rule in rules.values()):
            return
        for number, rule in rules.items():
            if rule is not None:
                yield number, self._removal(article, rule, number, ["nothing else in the article is a site’s"], rule.alone)

    def _blurb_lines(self, article: Article, lines: Lines) -> Iterator[tuple[int, Finding]]:
        rule = self.book.check("about-line")
        for number in range(lines.tail, len(lines.rules)) if rule and lines.tail else ():
            words = lines.blurb(number) if lines.rules[number] is None else []
            if rule and words:
                yield (
                    number,
                    self._removal(article, rule, number, [f"below the text, with {', '.join(f'“{word}”' for word in words)}"]),
                )

    def _teasers(self, article: Article, lines: Lines) -> Iterator[tuple[int, Finding]]:
        """Headlines followed by a cut-off first sentence, several of them or after a section heading in the tail."""
        rule = self.book.check("teaser")
        if rule is None:
            return
        tail = range(lines.tail, len(article.paragraphs))
        cut = [number for number in tail if lines.is_cut_off(number) and len(article.paragraphs[number]) < _LONGEST_TEASER]
        heading = next((number for number in tail if lines.is_section(number)), None)
        headed = sum(lines.headline_of(number) is not None for number in cut)
        sure = headed > 1 or heading is not None or any(lines.leads_on(number) for number in cut)
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
            if (
                above is not None
                and len(article.paragraphs[number]) < _LONGEST_TEASER
                and lines.is_cut_off(number)
                and lines.is_title_case(above)
            ):
                for each in (above, number):
                    yield each, self._removal(article, rule, each, ["a headline with a cut-off text below it"], 0.8)

    def _recurrent(self, article: Article, evidence: Evidence) -> Iterator[tuple[int, Finding]]:
        """Short lines that stand in several articles, unless most of the article does (a copy of another)."""
        rule = self.book.check("recurrent-line")
        if rule is None:
            return
        found = [_recurs(article, evidence, paragraph.of(article.text)) for paragraph in article.paragraphs]
        if sum(total > 1 for total, _ in found) > 0.6 * len(found):
            return
        for number, (paragraph, (_, reason)) in enumerate(zip(article.paragraphs, found, strict=True)):
            if (
                reason
                and number
                and len(article.row.within(paragraph)) > 1
                and len(paragraph) <= _SHORT
                and not article.quoted(paragraph)
            ):
                yield number, self._removal(article, rule, number, [reason])

    def _stray_headlines(self, article: Article, lines: Lines) -> Iterator[tuple[int, Finding]]:
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
        words = article.row.forms_in(article.paragraphs[number])
        names = [mention.form for mention in mentions_in(article, article.paragraphs[number])]
        strange = [name for name in names if 0 < article.word_counts[fold(name)] == words.count(fold(name))]
        return strangeness(article, words), list(dict.fromkeys(strange))

    @staticmethod
    def _removal(
        article: Article, rule: Rule, number: int, evidence: Sequence[str] = (), confidence: float | None = None
    ) -> Finding:
        return make_finding(article, rule, article.removal(number), [""], evidence=evidence, confidence=confidence)
