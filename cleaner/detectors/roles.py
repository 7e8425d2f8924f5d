"""Offices and titles that go by another name in a person's country, or for a person's gender."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Finding, Fix, Span
from cleaner.names.gazetteer import Gazetteer, name_words
from cleaner.rulebook.model import NameRule, RoleRule
from cleaner.rulebook.phrases import Matcher, Terms
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import Token

_BETWEEN = 3
_SPEAKERS = "speakers"
"""The class of words that may stand between an office and the name of who speaks for it or holds it."""


class RolesDetector(Detector):
    """Decides by the country next to the office, or by the gazetteer's person after it."""

    name = "roles"

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer(self.book)

    @cached_property
    def _index(self) -> dict[str, list[tuple[tuple[str, ...], RoleRule]]]:
        """The terms of all role rules by their first word, longest first."""
        index: dict[str, list[tuple[tuple[str, ...], RoleRule]]] = {}
        for rule in self.book.of_form(RoleRule):
            for term in rule.terms:
                words = name_words(term)
                index.setdefault(words[0], []).append((words, rule))
        return {first: sorted(terms, key=lambda term: -len(term[0])) for first, terms in index.items()}

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """At most one finding for each office in the text."""
        for first in article.vocabulary & self._index.keys():
            for offset in article.occurrences(first):
                sentence = article.sentence_at(offset)
                if sentence is None:
                    continue
                at = sentence.index_at(offset)
                for words, rule in self._index[first]:
                    if tuple(token.form for token in sentence.tokens[at : at + len(words)]) == words:
                        found = self._judge(article, sentence, rule, at, at + len(words))
                        if found:
                            yield found
                        break

    def _judge(self, article: Article, sentence: Sentence, rule: RoleRule, start: int, end: int) -> Finding | None:
        person = self._person_after(article, sentence, end)
        if rule.genders:
            return self._gendered(article, sentence, rule, start, end, person)
        beside = self._country_before(article, sentence, start)
        country, reason = beside, f"“{self._text(article, sentence, start - 1, start)}” stands before it" if beside else ""
        if beside is None and person is not None:
            country = person.country
            reason = _offices(person) or f"{person.name} stands for {self._country_name(country)}" if country else ""
        if country is None or country not in rule.names:
            return None
        span = Span(sentence.tokens[start].start, sentence.tokens[end - 1].end)
        original = span.of(article.text)
        wanted = [carry_case(original, name) for name in rule.names[country]]
        return make_finding(article, rule, span, [name for name in wanted if name.lower() != original.lower()], evidence=[reason])

    def _gendered(
        self, article: Article, sentence: Sentence, rule: RoleRule, start: int, end: int, person: NameRule | None
    ) -> Finding | None:
        if person is None or person.gender is None or person.gender not in rule.genders:
            return None
        span = Span(sentence.tokens[start].start, sentence.tokens[end - 1].end)
        wanted = [*self._titles(sentence, start, person), *rule.genders[person.gender]]
        fixes: list[str | Fix] = [carry_case(span.of(article.text), title) for title in wanted]
        reason = f"{person.name} is {'a woman' if person.gender == 'f' else 'a man'}"
        return make_finding(article, rule, span, fixes, evidence=[reason, *filter(None, [_offices(person)])])

    @staticmethod
    def _titles(sentence: Sentence, start: int, person: NameRule) -> Iterator[str]:
        """What follows the words before the title in the names of the person's offices: White House → press secretary."""
        for office in person.offices:
            words = name_words(office.title)
            for cut in range(1, len(words)):
                if tuple(token.form for token in sentence.tokens[max(0, start - cut) : start]) == words[:cut]:
                    yield " ".join(office.title.split()[cut:])

    def _person_after(self, article: Article, sentence: Sentence, end: int) -> NameRule | None:
        """The gazetteer's person named right after token `end`, or after a word for who speaks or acts for the office."""
        speakers = self.book.classes.get(_SPEAKERS, Terms())
        matcher = Matcher(self.book.classes, article.text, sentence.tokens)
        at = end
        while at < min(end + _BETWEEN, len(sentence.tokens)):
            if article.text[sentence.tokens[at].start].isupper():
                places = self._gazetteer.right.at(sentence.tokens, at)
                return next((place.entry for place in places if place.entry.type == "person"), None)
            between = matcher.find_term(speakers, range(at, at + 1))
            if not between and sentence.tokens[at].form != ",":
                return None
            at = between.stop if between else at + 1
        return None

    def _country_before(self, article: Article, sentence: Sentence, start: int) -> str | None:
        """The country whose name or adjective stands right before token `start`."""
        matcher = Matcher(self.book.classes, article.text, sentence.tokens)
        for country, terms in self._countries.items():
            for begin in range(max(0, start - 3), start):
                found = matcher.find_term(terms, range(begin, begin + 1))
                if found and found.stop == start:
                    return country
        return None

    @cached_property
    def _countries(self) -> dict[str, Terms]:
        """The classes of country names and adjectives, called by their ISO codes."""
        return {name: terms for name, terms in self.book.classes.items() if len(name) == 2 and name.isupper()}

    def _country_name(self, country: str) -> str:
        entries = next(iter(self._countries[country].index.values())) if country in self._countries else []
        return " ".join(entries[0].words) if entries else country

    @staticmethod
    def _text(article: Article, sentence: Sentence, start: int, end: int) -> str:
        tokens: tuple[Token, ...] = sentence.tokens
        return article.text[tokens[start].start : tokens[end - 1].end] if start >= 0 else ""


def _offices(person: NameRule) -> str:
    """The offices of a person with their years, in a line; empty if none is known."""
    held = [office.title + (f" {office.since[:4]}–{office.until[:4]}" if office.since else "") for office in person.offices]
    return f"{person.name}: {', '.join(held)}" if held else ""
