"""Pronouns that do not fit the only person they can stand for: “Angela Merkel said that he would not run”."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import ClassVar

import msgspec

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Finding, Span
from cleaner.languages.lexicon import Flag
from cleaner.names.gazetteer import Gazetteer, name_words
from cleaner.rulebook.model import NameRule, Rule
from cleaner.rulebook.phrases import Matcher, Terms
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case
from cleaner.text.tokens import Token

_GENDER = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_OPPOSITE = {"he": "she", "his": "her", "himself": "herself", "she": "he", "her": "his", "herself": "himself"}
"""What may stand for the subject of its sentence; “him” hardly does, and “her” where it is a possessive."""
_FAR = 12
_NEAR = 4
_BEFORE = 2
"""Sentences in which another one may be named, to whom the pronoun belongs."""
_SURE_OF_NAME = 0.9
_CLASSES = {"f": "woman-name", "m": "man-name"}
_TITLES = dict.fromkeys(("queen", "princess", "empress", "mrs", "ms"), "f") | dict.fromkeys(
    ("king", "prince", "emperor", "pope", "mr"), "m"
)
_CIVIL = frozenset({"mr", "mrs", "ms"})
"""Titles before any name; the others are also names of singers and universities, and stand before a first name."""
_OTHERS = {"f": "woman", "m": "man"}
_HUMAN = "human"
_NO_PERSON = ("weekday", "month", "country", "nationality", "public-body")
_RELATIVES = "relative-of-note"
_STAFF = "own-staff"
"""Those whom one meets as their head: “Angela Merkel met his ministers”."""
_APART = frozenset('"“”„;:()—–-')
_CLAUSE = frozenset(
    "that because after before when while if as until since though although where how why whether once said says".split()
)


class _Person(msgspec.Struct, frozen=True):
    """Someone named at tokens `[start, end)`, of gender "f" or "m"; known from the gazetteer, perhaps for an office, or only by a first name."""

    start: int
    end: int
    name: str
    gender: str
    known: bool
    office: bool = False


class GenderDetector(Detector):
    """Looks at sentences whose subject is a person of known gender and nobody else is named before the pronoun."""

    name: ClassVar[str] = "gender"

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer.of(self.book)

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """At most one finding a person and sentence."""
        rule = self.book.check("pronoun-gender")
        written = {_GENDER[form] for form in _OPPOSITE.keys() & article.vocabulary}
        if rule is None or not written:
            return
        names, pronouns = article.row.capitalized, sorted(offset for form in _OPPOSITE for offset in article.occurrences(form))
        for word in sorted((names & self._first_names.keys()) | self._gazetteer.right.beginning(names)):
            for offset in article.occurrences(word):
                following = bisect_right(pronouns, offset)
                if following == len(pronouns) or not article.text[offset].isupper():
                    continue
                paragraph = article.paragraph_at(offset)
                if paragraph is None or pronouns[following] >= article.paragraphs[paragraph].end:
                    continue
                sentence = article.sentence_at(offset)
                if sentence is None or pronouns[following] >= sentence.span.end:
                    continue
                person = self._person_at(article, sentence, sentence.index_at(offset))
                if person and written - {person.gender}:
                    yield from self._judge(article, sentence, person, rule)

    def _judge(self, article: Article, sentence: Sentence, person: _Person, rule: Rule) -> Iterator[Finding]:
        tokens = sentence.tokens
        at = self._pronoun_after(article, sentence, person)
        if at is None or not self._is_subject(article, sentence, person) or not self._alone(article, sentence, person):
            return
        if self._is_relative(article, sentence, person) and not (
            tokens[at].form.endswith("self") or tokens[at - 1].form == "and"
        ):
            return
        span = Span(tokens[at].start, tokens[at].end)
        right = carry_case(span.of(article.text), _OPPOSITE[tokens[at].form])
        reason = f"{person.name} is {'a woman' if person.gender == 'f' else 'a man'}"
        sure = rule.confidence if person.known else round(rule.confidence * _SURE_OF_NAME, 2)
        yield make_finding(article, rule, span, [right], evidence=[reason], confidence=sure)

    # --- who is named

    @cached_property
    def _first_names(self) -> dict[str, str]:
        """The gender of those who bear a folded first name or title."""
        return _TITLES | {word: gender for gender, name in _CLASSES.items() for word in self._terms(name).index}

    def _terms(self, name: str) -> Terms:
        return self.book.classes.get(name, Terms())

    def _person_at(self, article: Article, sentence: Sentence, at: int) -> _Person | None:
        """The person of the gazetteer, or of a known first name and a capitalised second one, that is named at token `at`."""
        tokens = sentence.tokens
        for place in self._gazetteer.right.at(tokens, at):
            if place.entry.type != "person":
                return None
            if place.entry.gender:
                return _Person(at, place.end, place.entry.name, place.entry.gender, known=True, office=bool(place.entry.offices))
        gender, end = self._first_names.get(tokens[at].form), at + 1
        if tokens[at].form in _TITLES.keys() - _CIVIL and (
            end == len(tokens) or self._first_names.get(tokens[end].form) != gender
        ):
            return None
        while end < len(tokens) and (_is_capital(article, tokens[end]) or (tokens[end].form in "-." and end + 1 < len(tokens))):
            if tokens[end - 1].clitic or (tokens[end].form in "-." and not _is_capital(article, tokens[end + 1])):
                break
            end += 1
        if gender is None or end == at + 1:
            return None
        return _Person(at, end, article.text[tokens[at].start : tokens[end - 1].end], gender, known=False)

    @cached_property
    def _bearers(self) -> set[tuple[str, str]]:
        """The folded last names of the gazetteer's persons with an office, each with the bearer's gender."""
        persons = (rule for rule in self.book.of_form(NameRule) if rule.type == "person" and rule.offices)
        return {(name_words(person.name)[-1], person.gender) for person in persons if person.gender}

    def _is_relative(self, article: Article, sentence: Sentence, person: _Person) -> bool:
        """Whether the person is known for someone of the other gender, whom the pronoun may stand for: Jill Biden said that he was ready."""
        other = "m" if person.gender == "f" else "f"
        shared = not person.office and (sentence.tokens[person.end - 1].form, other) in self._bearers
        named = range(max(0, person.start - 1), person.start + 1)
        return shared or self._matcher(article, sentence).find_term(self._terms(_RELATIVES), named) is not None

    # --- the sentence

    def _pronoun_after(self, article: Article, sentence: Sentence, person: _Person) -> int | None:
        """The number of the first pronoun after the person, if its gender is the other one and nobody stands between."""
        tokens = sentence.tokens
        start = self._after_apposition(tokens, person.end)
        if start >= len(tokens) or not (tokens[start].form == "and" or self._is_verb(tokens, start)):
            return None
        for at in range(start, min(start + _FAR, len(tokens))):
            form = tokens[at].form
            if form in _GENDER:
                fits = _GENDER[form] == person.gender or form not in _OPPOSITE
                return None if fits or not self._may_be_subjects(tokens, start, at) else at
            if self._is_someone(article, sentence, at):
                return None
        return None

    def _after_apposition(self, tokens: Sequence[Token], end: int) -> int:
        """The number of the token after an age or a description between commas that begins at token `end`."""
        if (
            end + 1 < len(tokens)
            and tokens[end].form == ","
            and (tokens[end + 1].form in {"the", "a", "an"} or tokens[end + 1].form.isdigit())
        ):
            for at in range(end + 2, min(end + _FAR, len(tokens))):
                if tokens[at].form == ",":
                    return at + 1
        return end

    def _is_verb(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a verb begins at token `at`, perhaps after an adverb."""
        form, flags = tokens[at].form, self.language.lexicon.flags(tokens[at].form)
        if self.language.is_finite(form) or (
            Flag.VERB in flags and (form.endswith("ed") or not flags & (Flag.SINGULAR | Flag.PLURAL))
        ):
            return True
        return at + 1 < len(tokens) and Flag.ADVERB in flags and self.language.is_finite(tokens[at + 1].form)

    def _may_be_subjects(self, tokens: Sequence[Token], start: int, at: int) -> bool:
        """Whether the pronoun at token `at` stands for the subject of the verb at `start`, if nobody else is there."""
        form, between = tokens[at].form, [token.form for token in tokens[start:at]]
        if form.endswith("self"):
            return len(between) <= _NEAR and not {"the", "a", "an", "and", "that", "by"}.intersection(between)
        if form in {"he", "she"}:
            return between[-1] in _CLAUSE or between[-1] in self.language.reporting_verbs
        if between == ["and"]:
            return True
        after = tokens[at + 1].form if at + 1 < len(tokens) else ""
        noun = bool(self.language.lexicon.flags(after) & (Flag.SINGULAR | Flag.PLURAL | Flag.ADJECTIVE))
        if between == ["met"] and after in self._terms(_STAFF).index:
            return True
        somebody_elses = {between[-1], *between[-2:-1] * (between[-1] == "that")} & self._turned_outward(form)
        return noun and between[0] != "and" and after not in self.language.function_words and not somebody_elses

    def _turned_outward(self, form: str) -> frozenset[str]:
        """The verbs after which the pronoun `form` is most often about somebody else than their subject."""
        verbs = self.language.reporting_verbs | self.language.judging_verbs
        return verbs | self.language.giving_verbs if form == "her" else verbs

    def _is_subject(self, article: Article, sentence: Sentence, person: _Person) -> bool:
        """Whether the person is the subject of the sentence or clause: only titles and descriptions stand before the name."""
        tokens = sentence.tokens
        if tokens[person.end - 1].clitic:
            return False
        for at in range(person.start - 1, -1, -1):
            token = tokens[at]
            if token.form == ",":
                return not any(self._is_someone(article, sentence, number) for number in range(at))
            if _is_capital(article, token) and at:
                if token.clitic and not self._is_no_person(article, sentence, at):
                    return False
                continue
            flags = self.language.lexicon.flags(token.form)
            describes = flags & (Flag.SINGULAR | Flag.ADJECTIVE) and not (
                Flag.VERB in flags and self.language.is_finite(token.form)
            )
            first = at == 0 and token.form not in _GENDER and (not token.clitic or self._is_no_person(article, sentence, at))
            if token.form in {"the", "a", "an"} or (token.is_word and (first or describes) and token.form not in _PREPOSITIONS):
                continue
            return False
        return not any(self._names_other(article, sentence, at, person) for at in range(person.start))

    def _names_other(self, article: Article, sentence: Sentence, at: int, person: _Person) -> bool:
        other = self._person_at(article, sentence, at) if _is_capital(article, sentence.tokens[at]) else None
        return other is not None and other.end <= person.start

    def _alone(self, article: Article, sentence: Sentence, person: _Person) -> bool:
        """Whether the sentences before name nobody of the other gender, and nobody whose gender is not known."""
        number, paragraph = 0, sentence.paragraph
        before = [each for each in article.sentences(paragraph) if each.span.start < sentence.span.start][::-1]
        while len(before) < _BEFORE and paragraph:
            paragraph -= 1
            before += article.sentences(paragraph)[::-1]
        for other in before[:_BEFORE]:
            while number < len(other.tokens):
                named = self._person_at(article, other, number) if _is_capital(article, other.tokens[number]) else None
                if named and named.gender == person.gender:
                    number = named.end
                    continue
                form = other.tokens[number].form
                if _GENDER.get(form, person.gender) != person.gender or (
                    form not in _GENDER and self._is_someone(article, other, number)
                ):
                    return False
                number += 1
            number = 0
        return True

    def _is_someone(self, article: Article, sentence: Sentence, at: int) -> bool:
        """Whether token `at` may be someone, or begins what someone says."""
        token = sentence.tokens[at]
        if token.form in _APART:
            return True
        if at and _is_capital(article, token):
            return not self._is_no_person(article, sentence, at)
        matcher = self._matcher(article, sentence)
        return any(matcher.find_term(self._terms(name), range(at, at + 1)) for name in (_HUMAN, *_OTHERS.values()))

    def _is_no_person(self, article: Article, sentence: Sentence, at: int) -> bool:
        """Whether the capitalised token `at` is a day, a month or a place rather than someone: "on Sunday", "in Berlin"."""
        matcher = self._matcher(article, sentence)
        if any(matcher.find_term(self._terms(name), range(at, at + 1)) for name in _NO_PERSON):
            return True
        place = next(self._gazetteer.right.at(sentence.tokens, at), None)
        return place is not None and place.entry.type != "person"

    def _matcher(self, article: Article, sentence: Sentence) -> Matcher:
        return Matcher(self.book.classes, article.text, sentence.tokens, self.language.lexicon)


def _is_capital(article: Article, token: Token) -> bool:
    return article.text[token.start].isupper()


_PREPOSITIONS = frozenset(
    "of for to with by from about behind against like at in on after before and or but that when while if as than what who which".split()
)
