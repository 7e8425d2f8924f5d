"""Words that are wrong in their company: the phrase rules, with their conditions, inflection and agreement."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property

import msgspec

from cleaner.detectors.base import Detector, Evidence, known_from, make_finding, question
from cleaner.facts.company import CompanyFacts, neighbours, observe_company, pairs
from cleaner.findings import Edit, Finding, Fix, Span
from cleaner.languages import Language
from cleaner.languages.lexicon import Lexicon
from cleaner.names.model import logit, sigmoid
from cleaner.rulebook.book import Anchored, CompiledPhrase, RuleBook
from cleaner.rulebook.model import PhraseRule
from cleaner.rulebook.phrases import Classes, Match, Matcher, Part, Pattern, Terms, before_anchor, first_words, is_word
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import fold
from cleaner.text.words import Words

_BEFORE_AFTER = 3
_NEAR = 8
_USE = 0.5
"""The weight of the folder's usage: log-odds for the logarithm of how often it has the one wording and the other in this company."""
_MOST = 1.5
_SUREST = 0.97


@question
def articles_with_pair(evidence: Evidence, pair: str) -> int:
    """In how many articles a pair of words stands, which is a key of `CompanyFacts`."""
    return evidence.facts.section(CompanyFacts).articles[pair]


class WordingDetector(Detector):
    """Looks for the rarest word of each rule's patterns, then at the rest of the pattern, then at its company."""

    name = "wording"

    def __init__(self, book: RuleBook, language: Language) -> None:
        super().__init__(book, language)
        self.observes = (self._observe_company,)
        self._leads = _Leads(book)

    def _observe_company(self, article: Article) -> CompanyFacts:
        return observe_company(article, self.book.confusable)

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of all phrase rules; of a rule and target the one of its first pattern."""
        found: dict[tuple[str, Span], tuple[int, Finding]] = {}
        company = _Company(article, self.book.classes, self.language.lexicon)
        for number, lead in self._leads.fitting(article):
            offset = article.row.starts[number]
            sentence = article.sentence_at(offset)
            if sentence is None:
                continue
            matcher = company.matcher(sentence)
            match = matcher.match(lead.pattern, sentence.index_at(offset))
            hit = _Hit(article, sentence, matcher, match) if match else None
            finding = self._judge(company, hit, lead.phrase, lead.number, evidence) if hit else None
            if finding:
                place = finding.rule_id, finding.span
                if place not in found or lead.number < found[place][0]:
                    found[place] = lead.number, finding
        yield from (finding for _, finding in found.values())

    def _judge(self, company: _Company, hit: _Hit, phrase: CompiledPhrase, number: int, evidence: Evidence) -> Finding | None:
        rule = self.book.rules[phrase.rule_id]
        assert isinstance(rule, PhraseRule)
        if not hit.target or hit.in_compound or any(company.word_for(hit, condition) for condition in phrase.forbids):
            return None
        reasons = []
        for condition in phrase.requires:
            word = company.word_for(hit, condition)
            if word is None:
                return None
            reasons.append(f"“{word}”")
        original = hit.span.of(hit.article.text)
        texts = [self._filled(hit, parts) for parts in phrase.replacements[number]]
        wanted = [text for text in texts if text is not None and text != original]
        if texts and not wanted:
            return None
        fixes = [self._agreeing(hit, text) for text in wanted]
        whole = Span(min([hit.span.start, *(fix.edits[0].span.start for fix in fixes)]), hit.span.end)
        beside = [f"beside it: {', '.join(dict.fromkeys(reasons))}"] if reasons else []
        confidence, custom = _by_usage(hit, wanted, evidence, rule.confidence)
        return make_finding(
            hit.article, rule, whole, fixes, confidence=confidence, evidence=[*beside, *known_from(rule), *custom]
        )

    def _filled(self, hit: _Hit, parts: tuple[Part, ...]) -> str | None:
        """The replacement in the inflection and capitals of the match; None where a form is missing."""
        match, tokens = hit.match, hit.sentence.tokens
        pattern = match.pattern
        numbers = range(pattern.first, pattern.last + 1)
        slots = [i for i in numbers if pattern.elements[i].slot]
        agreeing = {pos: [i for i in numbers if pattern.elements[i].pos == pos] for pos in "nva"}
        texts = []
        for part in parts:
            if part.pos:
                # the first lemma of a part of speech agrees with the first such element, the last element serves the rest
                element = agreeing[part.pos].pop(0) if len(agreeing[part.pos]) > 1 else agreeing[part.pos][0]
                entry, begin = match.entries[element], match.ranges[element][0]
                before = [token.form for token in tokens[max(0, begin - 3) : begin]]
                form = part.forms.get(self.language.choose_tag(entry.tags if entry else (), before))
                if form is None:
                    return None
                texts.append(form)
            elif part.slot:
                begin, end = match.ranges[slots[part.slot - 1]]
                texts.append(hit.article.text[tokens[begin].start : tokens[end - 1].end] if begin < end else "")
            else:
                texts.append(part.text)
        text = " ".join("".join(texts).split())
        original = hit.span.of(hit.article.text)
        written = next((entry for entry in match.entries[pattern.first :] if entry), None)
        if written and written.words[0][0].isupper() and hit.target.start and not original.isupper():
            return text  # the capital belongs to the word that goes
        return carry_case(original, text)

    def _agreeing(self, hit: _Hit, text: str) -> Fix:
        """The fix, with the indefinite article before it if that must change too."""
        edit = Edit(hit.span, text)
        before = hit.sentence.tokens[hit.target.start - 1] if hit.target.start else None
        if before is None or before.form not in {"a", "an"} or not text:
            return Fix((edit,))
        wanted = self.language.article_for(text.split(maxsplit=1)[0])
        if wanted is None or wanted == before.form:
            return Fix((edit,))
        span = Span(before.start, before.end)
        return Fix((Edit(span, carry_case(span.of(hit.article.text), wanted)), edit))


class _Lead:
    """A pattern that a word leads to; what it is made of is looked at when what must stand beside the word does."""

    def __init__(self, book: RuleBook, anchored: Anchored) -> None:
        self._book = book
        self._anchored = anchored
        self.number = anchored.number

    @cached_property
    def phrase(self) -> CompiledPhrase:
        """What the rule compiles to."""
        return self._book.phrases[self._anchored.rule_id]

    @cached_property
    def pattern(self) -> Pattern:
        """The pattern."""
        return self.phrase.patterns[self.number]

    @cached_property
    def _before(self) -> frozenset[str] | None:
        """What must stand before the anchor, too, where the pattern was found by what stands after it; None where anything may."""
        return before_anchor(self.pattern, self._book.classes) if self._anchored.after else None

    @cached_property
    def _needed(self) -> list[frozenset[str]]:
        others = (each for i, each in enumerate(self.pattern.elements) if i != self.pattern.anchor and not each.optional)
        return [frozenset(each.terms.index) for each in others if is_word(each) and not (each.gap or each.terms.classes)]

    def fits(self, row: Words, number: int) -> bool:
        """Whether what stands before word number `number` of a row may stand before the anchor."""
        if self._before is None or row.marks[0][number] in self._before:
            return True
        return number > 0 and row.bare[number - 1] in self._before

    def is_possible(self, vocabulary: AbstractSet[str]) -> bool:
        """Whether an article of these words has one for each element that the pattern cannot do without."""
        return not any(map(vocabulary.isdisjoint, self._needed))


class _Leads:
    """The patterns of the phrase rules by their anchors and what must stand right beside these; each is made when an article has its anchor."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._known: set[str] = set()
        self._beside: dict[tuple[str, str], list[tuple[_Lead, int]]] = {}
        """By two neighbours, words or marks: the patterns, each with the number of the neighbour that is its anchor."""
        self._anywhere: dict[str, list[_Lead]] = {}
        """By the anchor the patterns that tell nothing of what stands beside it."""

    def fitting(self, article: Article) -> Iterator[tuple[int, _Lead]]:
        """The patterns that may match, each with the number of the word that is its anchor."""
        for word, anchored in self._book.anchors.among(article.vocabulary - self._known):
            self._add(word, anchored)
        for number, lead in self._candidates(article.row):
            if lead.fits(article.row, number) and lead.is_possible(article.vocabulary):
                yield number, lead

    def _add(self, word: str, anchored: list[Anchored]) -> None:
        """Make the patterns that `word` leads to, but those of rules that are switched off."""
        self._known.add(word)
        for each in anchored:
            if each.rule_id in self._book.off:
                continue
            lead = _Lead(self._book, each)
            if each.beside is None:
                self._anywhere.setdefault(word, []).append(lead)
            elif each.after:
                for text in each.beside:
                    self._beside.setdefault((word, text), []).append((lead, 0))
            else:
                for text in each.beside:
                    self._beside.setdefault((text, word), []).append((lead, 1))

    def _candidates(self, row: Words) -> Iterator[tuple[int, _Lead]]:
        bare, (before, after) = row.bare, row.marks
        known = map(self._beside.__contains__, itertools.pairwise(bare))
        for number in itertools.compress(itertools.count(), known):
            yield from ((number + anchor, lead) for lead, anchor in self._beside[bare[number], bare[number + 1]])
        for number in itertools.compress(itertools.count(), before):
            yield from ((number, lead) for lead, _ in self._beside.get((before[number], bare[number]), ()))
        for number in itertools.compress(itertools.count(), after):
            yield from ((number, lead) for lead, _ in self._beside.get((bare[number], after[number]), ()))
        for word in sorted(self._anywhere.keys() & row.known):
            yield from itertools.product(row.places(word), self._anywhere[word])


class _Hit(msgspec.Struct, frozen=True, dict=True):
    """A match of a pattern in a sentence of an article."""

    article: Article
    sentence: Sentence
    matcher: Matcher
    match: Match

    @cached_property
    def target(self) -> range:
        """The numbers of the tokens to replace."""
        return range(*self.match.target)

    @cached_property
    def span(self) -> Span:
        """What is to be replaced."""
        return _span(self.sentence, self.target)

    @property
    def in_compound(self) -> bool:
        """Whether the target is a part of a hyphenated compound."""
        return self.matcher.hyphen(self.target.start - 1) or self.matcher.hyphen(self.target.stop)


def _by_usage(hit: _Hit, wanted: list[str], evidence: Evidence, confidence: float) -> tuple[float, list[str]]:
    """The confidence by what the folder's other articles say in the company of the target, and the reason if it has one.

    Only single words are weighed: of others their ends would say little.
    """
    original = fold(hit.span.of(hit.article.text))
    best = fold(wanted[0]) if wanted else ""
    if not (original.isalpha() and best.isalpha()):
        return confidence, []
    before, after = neighbours(hit.article, hit.article.row.within(hit.span).start)
    here = {pair: articles_with_pair(evidence, pair) - 1 for pair in pairs(before, original, after)}
    instead = {pair: articles_with_pair(evidence, pair) for pair in pairs(before, best, after)}
    elsewhere, others = max(here.values(), default=0), max(instead.values(), default=0)
    if elsewhere <= 0 and not others:
        return confidence, []
    gain = _USE * math.log((others + 1) / (max(elsewhere, 0) + 1))
    moved = round(sigmoid(logit(confidence) + max(-_MOST, min(_MOST, gain))), 3)
    stands = [f"“{pair}” stands in {_articles(count)}" for pair, count in instead.items() if count]
    stands += [f"“{pair}” in {_articles(count)} more" if count > 0 else f"“{pair}” only here" for pair, count in here.items()]
    return (min(moved, max(confidence, _SUREST)) if gain > 0 else moved), [f"in this folder {', '.join(stands)}"]


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


class _Places:
    """Where terms stand in some part of an article, searched once and no further than is asked for."""

    def __init__(self, spans: Iterator[Span]) -> None:
        self._found: list[Span] = []
        self._rest = spans

    def apart_from(self, target: Span) -> Span | None:
        """The first place that shares nothing with `target`."""
        return next((span for span in self._all() if not span.overlaps(target)), None)

    def _all(self) -> Iterator[Span]:
        yield from self._found
        for span in self._rest:
            self._found.append(span)
            yield span


class _Company:
    """The words around a target, by scope; the target's own words do not count."""

    def __init__(self, article: Article, classes: Classes, lexicon: Lexicon) -> None:
        self._article = article
        self._classes = classes
        self._lexicon = lexicon
        self._matchers: dict[Span, Matcher] = {}
        self._places: dict[tuple[int, Span], _Places] = {}
        """By the id of the terms, which live as long as the rule book, and the part of the article."""

    def word_for(self, hit: _Hit, condition: list[tuple[str, Terms]]) -> str | None:
        """The words in the text that make `condition` hold; None if it does not."""
        for scope, terms in condition:
            span: Span | None = getattr(self, f"_in_{scope}")(hit, terms)
            if span is not None:
                return span.of(self._article.text)
        return None

    def _among(self, hit: _Hit, terms: Terms, start: int, stop: int) -> Span | None:
        """The first of `terms` that begins among the tokens ``[start, stop)`` of the sentence."""
        inside = range(max(0, start), min(len(hit.sentence.tokens), stop))
        return _Places(self._in(hit.sentence, terms, inside)).apart_from(hit.span)

    def _in_sentence(self, hit: _Hit, terms: Terms) -> Span | None:
        sentence = hit.sentence
        return self._kept(terms, sentence.span, self._in(sentence, terms, range(len(sentence.tokens)))).apart_from(hit.span)

    def _in_before(self, hit: _Hit, terms: Terms) -> Span | None:
        return self._among(hit, terms, hit.target.start - _BEFORE_AFTER, hit.target.start)

    def _in_after(self, hit: _Hit, terms: Terms) -> Span | None:
        return self._among(hit, terms, hit.target.stop, hit.target.stop + _BEFORE_AFTER)

    def _in_previous(self, hit: _Hit, terms: Terms) -> Span | None:
        for length in range(1, _BEFORE_AFTER + 1):
            start = hit.target.start - length
            found = self._among(hit, terms, start, start + 1)
            if found and found.end == hit.sentence.tokens[hit.target.start - 1].end:
                return found
        return None

    def _in_next(self, hit: _Hit, terms: Terms) -> Span | None:
        return self._among(hit, terms, hit.target.stop, hit.target.stop + 1)

    def _in_near(self, hit: _Hit, terms: Terms) -> Span | None:
        return self._among(hit, terms, hit.target.start - _NEAR, hit.target.stop + _NEAR)

    def _in_paragraph(self, hit: _Hit, terms: Terms) -> Span | None:
        number = hit.sentence.paragraph
        places = (
            span
            for sentence in self._article.sentences(number)
            for span in self._in(sentence, terms, range(len(sentence.tokens)))
        )
        kept = self._kept(terms, self._article.paragraphs[number], places)
        return self._in_sentence(hit, terms) or kept.apart_from(hit.span)

    def _in_document(self, hit: _Hit, terms: Terms) -> Span | None:
        kept = self._kept(terms, Span(0, len(self._article.text)), self._in_all(terms))
        return self._in_sentence(hit, terms) or kept.apart_from(hit.span)

    def _kept(self, terms: Terms, part: Span, places: Iterator[Span]) -> _Places:
        """The places of `terms` in a part of the article: `places`, or what is known of them."""
        return self._places.setdefault((id(terms), part), _Places(places))

    def _in(self, sentence: Sentence, terms: Terms, tokens: range) -> Iterator[Span]:
        return (_span(sentence, found) for found in self.matcher(sentence).find_terms(terms, tokens))

    def _in_all(self, terms: Terms) -> Iterator[Span]:
        words = set(first_words(terms, self._classes)) & self._article.vocabulary
        for word in sorted(words):
            for offset in self._article.occurrences(word):
                sentence = self._article.sentence_at(offset)
                if sentence:
                    at = sentence.index_at(offset)
                    yield from self._in(sentence, terms, range(at, at + 1))

    def matcher(self, sentence: Sentence) -> Matcher:
        """What finds terms and patterns in a sentence of the article."""
        if sentence.span not in self._matchers:
            self._matchers[sentence.span] = Matcher(self._classes, self._article.text, sentence.tokens, self._lexicon)
        return self._matchers[sentence.span]


def _span(sentence: Sentence, tokens: range) -> Span:
    return Span(sentence.tokens[tokens.start].start, sentence.tokens[tokens.stop - 1].end)
