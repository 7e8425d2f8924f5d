"""Offices and titles that go by another name in a person's country, or for a person's gender."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, known_from, make_finding
from cleaner.findings import Finding, Fix, Span
from cleaner.names.gazetteer import Gazetteer, Place, name_words
from cleaner.rulebook.model import NameRule, Office, RoleRule
from cleaner.rulebook.phrases import Matcher, Terms
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import Token

_BETWEEN = 3
_BACK = 8
_LONGEST_NAME = 4
_UNSURE = 0.6
_DETERMINERS = frozenset("a an the its his her their then".split())
_PARTS_OF_CONTINENTS = frozenset("latin south central north".split())
_POSSESSIVES = frozenset({"his", "her", "its"})
_HEADS = "head-of-government"
_SPEAKERS = "speakers"
"""The class of words that may stand between an office and the name of who speaks for it or holds it."""


class RolesDetector(Detector):
    """Decides by the country next to the office, or by the gazetteer's person after it."""

    name = "roles"

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer.of(self.book)

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
        person = self._person_after(article, sentence, start, end) or self._person_before(article, sentence, start, end)
        if rule.genders:
            return self._gendered(article, sentence, rule, start, end, person)
        beside, word = self._country_of(article, sentence, start, end)
        country, reason = beside, f"“{word}” stands beside it" if beside else ""
        if beside is None and person is None:
            beside, word = self._country_of_head(article, sentence, start)
            country, reason = beside, f"“{word}” stands before it" if beside else ""
        elif beside is None and person is not None:
            country = person.country
            reason = _offices(person) or f"{person.name} stands for {self._country_name(country)}" if country else ""
        if country is None or country not in rule.names:
            return None
        span = Span(sentence.tokens[start].start, sentence.tokens[end - 1].end)
        original = span.of(article.text)
        wanted = [_titled(original, name) for name in rule.names[country]]
        offered = [name for name in wanted if name.lower() != original.lower()]
        # Where junior ministers bear the title, too, a name that is not known may be one of theirs.
        unsure = country in rule.juniors and person is None and self._name_follows(article, sentence, end)
        confidence = round(rule.confidence * _UNSURE, 2) if unsure else rule.confidence
        return make_finding(article, rule, span, offered, evidence=[reason, *known_from(rule)], confidence=confidence)

    @staticmethod
    def _name_follows(article: Article, sentence: Sentence, end: int) -> bool:
        return end < len(sentence.tokens) and article.text[sentence.tokens[end].start].isupper()

    def _gendered(
        self, article: Article, sentence: Sentence, rule: RoleRule, start: int, end: int, person: NameRule | None
    ) -> Finding | None:
        if person is None or person.gender is None or person.gender not in rule.genders:
            return None
        span = Span(sentence.tokens[start].start, sentence.tokens[end - 1].end)
        wanted = [*self._titles(sentence, start, person), *rule.genders[person.gender]]
        fixes: list[str | Fix] = [_titled(span.of(article.text), title) for title in wanted]
        reason = f"{person.name} is {'a woman' if person.gender == 'f' else 'a man'}"
        return make_finding(article, rule, span, fixes, evidence=[reason, *filter(None, [_offices(person)]), *known_from(rule)])

    @staticmethod
    def _titles(sentence: Sentence, start: int, person: NameRule) -> Iterator[str]:
        """What follows the words before the title in the names of the person's offices: White House → press secretary."""
        for office in person.offices:
            words = name_words(office.title)
            for cut in range(1, len(words)):
                if tuple(token.form for token in sentence.tokens[max(0, start - cut) : start]) == words[:cut]:
                    yield " ".join(office.title.split()[cut:])

    def _person_after(self, article: Article, sentence: Sentence, start: int, end: int) -> NameRule | None:
        """The gazetteer's person named right after token `end`, or after a word for who speaks or acts for the office.

        After a comma the name must be set off by another: "the spokesman, Jen Psaki, said"; and the office must not be the one of a name
        before it, in a list: "Jay Carney, White House spokesman, Susan Rice, …".
        """
        tokens = sentence.tokens
        listed = self._comma_before(sentence, start) > 0
        at, set_off = end, False
        while at < min(end + _BETWEEN, len(tokens)):
            if article.text[tokens[at].start].isupper():
                place = self._person_at(tokens, at)
                if place is None or tokens[place.end - 1].clitic:
                    return None
                closed = place.end >= len(tokens) or tokens[place.end].form in {",", "(", "."}
                return place.entry if not set_off or (closed and not listed) else None
            between = self._matcher(article, sentence).find_term(self._speakers, range(at, at + 1))
            set_off = tokens[at].form == ","
            if not between and not set_off:
                return None
            at = between.stop if between else at + 1
        return None

    @staticmethod
    def _comma_before(sentence: Sentence, start: int) -> int:
        """The number of the last comma before token `start`, not far from it; -1 if there is none."""
        return next((at for at in range(start - 1, max(-1, start - _BACK), -1) if sentence.tokens[at].form == ","), -1)

    def _person_before(self, article: Article, sentence: Sentence, start: int, end: int) -> NameRule | None:
        """The gazetteer's person who is said to be the office's: "Ned Price, a spokesman for the Foreign Ministry"."""
        tokens, comma = sentence.tokens, self._comma_before(sentence, start)
        between = [token.form for token in tokens[comma + 1 : start]]
        if comma < 1 or not between or between[0] not in _DETERMINERS:
            return None
        if end < len(tokens) and tokens[end].form in self.language.reporting_verbs:
            return None  # it is the office that speaks: "Biden, the Foreign Ministry said, was wrong"
        for at in range(max(0, comma - _LONGEST_NAME), comma):
            place = self._person_at(tokens, at)
            if place and place.end == comma and article.text[tokens[at].start].isupper():
                return place.entry
        return None

    def _person_at(self, tokens: Sequence[Token], at: int) -> Place | None:
        """The longest name of a person that begins at token `at`."""
        return next((place for place in self._gazetteer.right.at(tokens, at) if place.entry.type == "person"), None)

    @cached_property
    def _speakers(self) -> Terms:
        return self.book.classes.get(_SPEAKERS, Terms())

    def _matcher(self, article: Article, sentence: Sentence) -> Matcher:
        return Matcher(self.book.classes, article.text, sentence.tokens, self.language.lexicon)

    def _country_of(self, article: Article, sentence: Sentence, start: int, end: int) -> tuple[str | None, str]:
        """The country whose name stands after the office and "of", or whose name or adjective stands right before it; and this word."""
        matcher, tokens = self._matcher(article, sentence), sentence.tokens
        after = end + 1 if end + 1 < len(tokens) and tokens[end].form == "of" else 0
        after += bool(after) and after + 1 < len(tokens) and tokens[after].form == "the"
        for country, terms in self._countries.items():
            found = matcher.find_term(terms, range(after, after + 1)) if after else None
            if found:
                return country, self._text(article, sentence, found.start, found.stop)
        for country, terms in self._countries.items():
            for begin in range(max(0, start - 3), start):
                found = matcher.find_term(terms, range(begin, begin + 1))
                if found and found.stop == start - (tokens[start - 1].form == "'"):
                    part = begin and tokens[begin - 1].form in _PARTS_OF_CONTINENTS
                    return (None, "") if part else (country, self._text(article, sentence, found.start, found.stop))
        return None, ""

    def _country_of_head(self, article: Article, sentence: Sentence, start: int) -> tuple[str | None, str]:
        """The country of the head of state or government whose office it is: "British Prime Minister Liz Truss dismissed her foreign minister"."""
        matcher, tokens = self._matcher(article, sentence), sentence.tokens
        heads = self.book.classes.get(_HEADS, Terms())
        if not start or tokens[start - 1].form not in _POSSESSIVES:
            return None, ""
        named = [
            (country, found)
            for at in range(start)
            for country, terms in self._countries.items()
            if (found := matcher.find_term(terms, range(at, at + 1)))
        ]
        persons = (self._person_at(tokens, at) for at in range(start))
        others = {place.entry.country for place in persons if place and place.entry.country}
        if (
            len(named) != 1
            or others - {named[0][0]}
            or not matcher.find_term(heads, range(named[0][1].stop, named[0][1].stop + 1))
        ):
            return None, ""
        country, found = named[0]
        return country, self._text(article, sentence, found.start, found.stop)

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


def _titled(original: str, title: str) -> str:
    """`title` with capitals if `original` stands with one: a title before a name."""
    if not original[:1].isupper():
        return title
    return carry_case("Foreign Minister" if original[1:] != original[1:].upper() else original, title)


def _offices(person: NameRule) -> str:
    """The offices of a person with their years, in a line; empty if none is known."""
    held = [office.title + _years(office) for office in person.offices]
    return f"{person.name}: {', '.join(held)}" if held else ""


def _years(office: Office) -> str:
    if not office.since:
        return ""
    return f" {office.since[:4]}–{office.until[:4]}" if office.until else f" since {office.since[:4]}"
