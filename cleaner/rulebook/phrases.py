"""Phrases: the small language in which rules say which words they are about.

A *term* (of a condition or a word class) is a word, a phrase or ``<class>``; a lemma stands for all its forms. A *pattern*
(of a phrase rule) is a row of elements: ``word``, ``lemma/n``, ``lemma/v``, ``lemma/a``, ``(one|other)``, ``<class>``, ``*``, ``*3``,
each with ``'s`` where a possessive is required (``'s?``: it may stand) and ``?`` where the element may be missing, and ``[`` ``]`` around the
part to replace. ``~word`` is for terms with words exchanged (`swaps`). ``<Name>`` is any word with a capital (outside headlines), ``<Noun>`` any word that is a noun and nothing else.

Everything here is compiled once and kept in the rule book's cache: matching only looks words up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from cleaner.expressions import expression
from cleaner.languages import Language
from cleaner.languages.lexicon import Flag, Lexicon
from cleaner.text.case import has_capitals_of
from cleaner.text.tokens import Token, fold

_ELEMENT = expression(
    r"(?P<open>\[)?(?:<(?P<cls>[\w.-]+)>|\((?P<alts>[^()]+)\)|(?P<gap>\*\d?)|(?P<word>[^\s\[\]<>()*?/]+?)(?:/(?P<pos>[nva]))?)"
    r"(?P<clitic>'s\??)?(?P<optional>\?)?(?P<close>\])?(?P<outer>'s\??)?(?:\s+|(?=[\[(<])|$)"
)
_SLOT = expression(r"\$(\d)")


class PhraseError(ValueError):
    """A term or pattern that cannot be read; the message says why."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One way to write an element: its words, capitals where they are required, and the tags of its inflection."""

    words: tuple[str, ...]
    tags: tuple[str, ...] = ()


_COMPUTED = Entry(("",))


class Terms(msgspec.Struct, frozen=True, array_like=True):
    """A set of words and phrases, by their first word, folded; and the names of the classes that belong to it."""

    index: dict[str, list[Entry]] = {}
    classes: tuple[str, ...] = ()


class Element(msgspec.Struct, frozen=True, array_like=True):
    """One element of a pattern."""

    terms: Terms
    gap: int = 0
    """The most words that a ``*`` takes; 0 for other elements."""
    pos: str = ""
    slot: bool = False
    """Whether a replacement may refer to it as ``$n``."""
    possessive: bool = False
    optional: bool = False


class Pattern(msgspec.Struct, frozen=True, array_like=True):
    """A row of elements, of which ``[first, last]`` are to be replaced; the rarest one, `anchor`, is looked for first."""

    elements: tuple[Element, ...]
    first: int
    last: int
    anchor: int
    reach: int = 0
    """How many tokens before the anchor the first element may begin, hyphens counted."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """A piece of a replacement: a text, the forms of a lemma by tag, or the number of a slot."""

    text: str = ""
    pos: str = ""
    forms: dict[str, str] = {}
    slot: int = 0


Classes = Mapping[str, Terms]

COMPUTED = frozenset({"Name", "Noun"})
"""Classes that no file lists: they are known by the text and the lexicon."""
_NOUN = Flag.SINGULAR | Flag.PLURAL
_NO_NOUN = Flag.VERB | Flag.ADJECTIVE | Flag.ADVERB


# --- compiling


def compile_terms(terms: Iterable[str], language: Language, classes: Iterable[str]) -> Terms:
    """The terms with all forms of their lemmas; PhraseError for a class that is not among `classes`."""
    index: dict[str, list[Entry]] = {}
    used = []
    for term in terms:
        if named := re.fullmatch(r"<([\w.-]+)>", term):
            if named.group(1) not in classes and named.group(1) not in COMPUTED:
                raise PhraseError(f"there is no class <{named.group(1)}>")
            used.append(named.group(1))
            continue
        if re.search(r"/[nva]$", term):
            raise PhraseError(f"a term takes no part of speech: write '{term[:-2]}', which stands for all its forms")
        for words in sorted(_written_forms(term, language)):
            entries = index.setdefault(fold(words[0]), [])
            entries.append(Entry(words))
    return Terms(index, tuple(used))


def union(parts: Iterable[Terms]) -> Terms:
    """All terms of `parts`."""
    index: dict[str, list[Entry]] = {}
    classes: list[str] = []
    for part in parts:
        classes += part.classes
        for form, entries in part.index.items():
            index.setdefault(form, []).extend(entries)
    return Terms(index, tuple(classes))


def _written_forms(term: str, language: Language) -> set[tuple[str, ...]]:
    """All ways to write `term`: ``=word`` only as it stands, otherwise with its first or last word inflected."""
    words = tuple(re.split(r"[\s-]+", term.removeprefix("=").strip()))
    if not all(words):
        raise PhraseError(f"not a term: {term!r}")
    forms = {words}
    if not term.startswith("="):
        for i in {0, len(words) - 1}:
            forms |= {(*words[:i], form, *words[i + 1 :]) for form in _forms_of(words[i], language)}
    return forms


def _forms_of(word: str, language: Language) -> set[str]:
    if any(char.isupper() for char in word[1:]) or not word.replace("'", "").isalpha():
        return {word}
    forms = {form for form in language.all_forms(word.lower()) if "-" not in form and " " not in form}
    return {form[0].upper() + form[1:] for form in forms} if word[0].isupper() else forms


def compile_pattern(source: str, language: Language, classes: Iterable[str]) -> Pattern:
    """The pattern written as `source`; PhraseError where it cannot be read."""
    elements: list[Element] = []
    first = last = None
    at = 0
    while at < len(source):
        match = _ELEMENT.match(source, at)
        if not match or match.end() == at:
            raise PhraseError(f"cannot read the pattern at {source[at:]!r}")
        if match["open"]:
            if first is not None:
                raise PhraseError("two '[' in one pattern")
            first = len(elements)
        elements += _elements(match, language, classes)
        if match["close"]:
            if first is None or last is not None:
                raise PhraseError("a ']' without its '['")
            last = len(elements) - 1
        at = match.end()
    if (first is None) != (last is None):
        raise PhraseError("a '[' without its ']'")
    fixed = [
        i
        for i, element in enumerate(elements)
        if not (element.optional or element.gap or COMPUTED.intersection(element.terms.classes)) and is_word(element)
    ]
    if not fixed:
        raise PhraseError("a pattern needs a word or class that is neither optional nor '*'")
    anchor = min(fixed, key=lambda i: _commonness(elements[i], language))
    reach = sum(2 * _longest(element) + 2 for element in elements[:anchor])
    return Pattern(tuple(elements), first or 0, len(elements) - 1 if last is None else last, anchor, reach)


def _longest(element: Element) -> int:
    """The most words that `element` may take; those of classes are rarely more than two."""
    return max(
        element.gap, 2 * bool(element.terms.classes), *(len(e.words) for each in element.terms.index.values() for e in each), 1
    )


def _elements(match: re.Match[str], language: Language, classes: Iterable[str]) -> list[Element]:
    possessive, optional = "'s" in (match["clitic"], match["outer"]), bool(match["optional"])
    if match["gap"]:
        most = int(match["gap"][1:] or 1)
        if not most:
            raise PhraseError("a '*' that takes no word: write * or *2 to *9")
        return [Element(Terms(), gap=most, slot=True, optional=optional)]
    if match["cls"] or match["alts"]:
        terms = [f"<{match['cls']}>"] if match["cls"] else match["alts"].split("|")
        exact = [term if term.startswith("<") or "/" in term else f"={term}" for term in terms]
        compiled = union(_alternative(term, language, classes) for term in exact)
        parts_of_speech = {term.partition("/")[2] for term in exact}
        pos = parts_of_speech.pop() if len(parts_of_speech) == 1 else ""  # of one kind, a replacement can agree with them
        return [Element(compiled, pos=pos, slot=True, possessive=possessive, optional=optional)]
    *before, head = match["word"].split("-")
    elements = [_word(word, "", language) for word in before if word]
    tail = _word(head, match["pos"] or "", language)
    return [*elements, msgspec.structs.replace(tail, possessive=possessive, optional=optional)]


def _alternative(term: str, language: Language, classes: Iterable[str]) -> Terms:
    word, _, pos = term.partition("/")
    if pos and pos not in ("n", "v", "a"):
        raise PhraseError(f"no part of speech: '/{pos}' in '{term}': write /n, /v or /a at the end of a word")
    return _inflected(word, pos, language) if pos else compile_terms([term], language, classes)


def _word(word: str, pos: str, language: Language) -> Element:
    if not word:
        raise PhraseError("an element without a word")
    if not pos:
        return Element(Terms({fold(word): [Entry((word,))]}))
    return Element(_inflected(word, pos, language), pos=pos)


def _inflected(term: str, pos: str, language: Language) -> Terms:
    """The forms of `term`, whose last word is inflected, with their tags."""
    *before, head = re.split(r"[\s-]+", term)
    tags: dict[str, list[str]] = {}
    for tag, form in language.inflect(head, pos).items():
        tags.setdefault(form, []).append(tag)
    index: dict[str, list[Entry]] = {}
    for form, names in tags.items():
        index.setdefault(fold((*before, form)[0]), []).append(Entry((*before, form), tuple(names)))
    return Terms(index)


def _commonness(element: Element, language: Language) -> float:
    """How many hits to expect from an element: its most frequent form; classes come last."""
    frequency = max((language.lexicon.zipf(form) for form in element.terms.index), default=0.0)
    return frequency + 10 * bool(element.terms.classes)


def compile_replacement(source: str, pattern: Pattern, language: Language) -> tuple[Part, ...]:
    """The parts of a replacement; PhraseError for a slot or part of speech that the bracketed pattern does not have."""
    target = pattern.elements[pattern.first : pattern.last + 1]
    parts: list[Part] = []
    for piece in re.split(r"(\$\d|[^\s\"'()]+/[nva]\b)", source):
        if slot := _SLOT.fullmatch(piece):
            if not 1 <= int(slot.group(1)) <= sum(element.slot for element in target):
                raise PhraseError(f"the pattern has no part for {piece} in its brackets")
            parts.append(Part(slot=int(slot.group(1))))
        elif re.search(r"/[nva]$", piece):
            lemma, pos = piece[:-2], piece[-1]
            if not any(element.pos == pos for element in target):
                raise PhraseError(f"the pattern has no /{pos} in its brackets for {piece!r} to agree with")
            parts.append(Part(pos=pos, forms=language.inflect(lemma, pos)))
        elif piece:
            parts.append(Part(text=piece))
    return tuple(parts)


# --- matching


class Match(msgspec.Struct, frozen=True):
    """Where a pattern matches: for each element the range of tokens it took, and the entry it was."""

    pattern: Pattern
    ranges: tuple[tuple[int, int], ...]
    entries: tuple[Entry | None, ...]

    @property
    def target(self) -> tuple[int, int]:
        """The half-open range of tokens to replace; empty where all of them were optional and are missing."""
        taken = [r for r in self.ranges[self.pattern.first : self.pattern.last + 1] if r[0] < r[1]]
        return (taken[0][0], taken[-1][1]) if taken else (0, 0)


class Matcher:
    """Finds terms and patterns among the tokens of one sentence.

    `text` is the article's text: required capitals are looked up in it.
    """

    def __init__(self, classes: Classes, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self._classes = classes
        self._text = text
        self._tokens = tokens
        self._lexicon = lexicon

    @cached_property
    def _is_headline(self) -> bool:
        """Whether most words have a capital, so that one says nothing."""
        words = [token for token in self._tokens if token.is_word]
        return sum(self._text[token.start].isupper() for token in words) > 0.6 * len(words)

    def _is_computed(self, name: str, at: int) -> bool:
        token = self._tokens[at]
        if name == "Name":
            return self._text[token.start].isupper() and not self._is_headline
        flags = self._lexicon.flags(token.form)
        return bool(flags & _NOUN) and not flags & _NO_NOUN

    def find_terms(self, terms: Terms, tokens: range) -> Iterator[range]:
        """The tokens of each of `terms` that begins within `tokens`, in order."""
        for i in tokens:
            for end, _ in self._ends(terms, i):
                yield range(i, end)

    def find_term(self, terms: Terms, tokens: range) -> range | None:
        """The tokens of the first of `terms` that begins within `tokens`."""
        return next(self.find_terms(terms, tokens), None)

    def match(self, pattern: Pattern, anchor: int) -> Match | None:
        """The match of `pattern` whose anchor element begins at token number `anchor`."""
        for start in range(max(0, anchor - pattern.reach), anchor + 1):
            taken = self._match_from(pattern, 0, start, anchor)
            if taken is not None:
                ranges, entries = zip(*taken, strict=True)
                return Match(pattern, ranges, entries)
        return None

    def _match_from(
        self, pattern: Pattern, number: int, at: int, anchor: int
    ) -> list[tuple[tuple[int, int], Entry | None]] | None:
        if number == len(pattern.elements):
            return []
        element = pattern.elements[number]
        if number <= pattern.anchor and at > anchor:
            return None
        for begin in self._begins(at, number):
            for end, entry in self._element_ends(element, begin):
                if number == pattern.anchor and begin != anchor:
                    continue
                rest = self._match_from(pattern, number + 1, end, anchor)
                if rest is not None:
                    return [((begin, end), entry), *rest]
        if element.optional:
            rest = self._match_from(pattern, number + 1, at, anchor)
            if rest is not None:
                return [((at, at), None), *rest]
        return None

    def _begins(self, at: int, number: int) -> Iterator[int]:
        """Where the next element may begin: here, or after a hyphen within a compound or the apostrophe of a plural."""
        yield at
        if number and (self.hyphen(at) or self._plural_apostrophe(at)):
            yield at + 1

    def _plural_apostrophe(self, at: int) -> bool:
        """Whether token number `at` is the apostrophe of a plural possessive: the States' agents."""
        if not 0 < at < len(self._tokens):
            return False
        left, mark = self._tokens[at - 1], self._tokens[at]
        return mark.form == "'" and left.end == mark.start and left.form.endswith("s")

    def hyphen(self, at: int) -> bool:
        """Whether token number `at` is a hyphen between two words."""
        tokens = self._tokens
        if not 0 < at < len(tokens) - 1 or tokens[at].form not in "-‐‑":
            return False
        return tokens[at - 1].end == tokens[at].start and tokens[at].end == tokens[at + 1].start and tokens[at + 1].is_word

    def _element_ends(self, element: Element, at: int) -> Iterator[tuple[int, Entry | None]]:
        if element.gap:
            end = at
            while end - at < element.gap and end < len(self._tokens) and self._tokens[end].is_word:
                end += 1
                yield end, None
            return
        for end, entry in self._ends(element.terms, at):
            if not element.possessive or self._tokens[end - 1].clitic or self._plural_apostrophe(end):
                yield end, entry

    def _ends(self, terms: Terms, at: int) -> Iterator[tuple[int, Entry]]:
        if at >= len(self._tokens):
            return
        form = self._tokens[at].form
        for entry in terms.index.get(form, ()):
            end = self._end_of(entry.words, at)
            if end:
                yield end, entry
        for name in terms.classes:
            if name not in COMPUTED:
                yield from self._ends(self._classes[name], at)
            elif self._is_computed(name, at):
                yield at + 1, _COMPUTED

    def _end_of(self, words: tuple[str, ...], at: int) -> int:
        """The token number after `words` if they stand at `at`, with their capitals and no ``'s`` among them; or 0."""
        for number, word in enumerate(words):
            if number and self.hyphen(at):
                at += 1
            if at >= len(self._tokens):
                return 0
            token = self._tokens[at]
            if number and (token.form != fold(word) or self._tokens[at - 1].clitic):  # the first word was looked up
                return 0
            if not (word.islower() or has_capitals_of(self._text[token.start : token.end], word)):
                return 0
            at += 1
        return at


def is_word(element: Element) -> bool:
    """Whether `element` is of words or classes, and not of punctuation marks, which are not looked up."""
    return bool(element.terms.classes) or all(first[:1].isalnum() for first in element.terms.index)


def first_words(terms: Terms, classes: Classes) -> Iterator[str]:
    """The folded words by which `terms` may begin, those of their classes included."""
    for part in _with_classes(terms, classes):
        yield from part.index


def beginnings(terms: Terms, classes: Classes) -> frozenset[str] | None:
    """The folded words by which `terms` begin, those of their classes included; None where that may be any word, or a mark."""
    words = _at_edge([Element(terms)], lambda part: part.index, classes)
    return words if words is not None and all(word[:1].isalnum() for word in words) else None


def _last_words(part: Terms) -> Iterable[str]:
    return [fold(entry.words[-1]) for entries in part.index.values() for entry in entries]


def _with_classes(terms: Terms, classes: Classes) -> list[Terms]:
    parts = [terms]
    for part in parts:  # which grows
        if part.classes:
            parts += [classes[name] for name in part.classes if name not in COMPUTED]
    return parts


def before_anchor(pattern: Pattern, classes: Classes) -> frozenset[str] | None:
    """The folded words and the marks of which one stands right before the anchor wherever `pattern` matches; None where anything may."""
    return _at_edge(reversed(pattern.elements[: pattern.anchor]), _last_words, classes)


def after_anchor(pattern: Pattern, word: str, classes: Classes) -> frozenset[str] | None:
    """The folded words and the marks of which one stands right after the anchor's first `word` wherever `pattern` matches; None as above."""
    anchor = pattern.elements[pattern.anchor].terms
    entries = [entry for part in _with_classes(anchor, classes) for entry in part.index.get(word, ())]
    words = {fold(entry.words[1]) for entry in entries if len(entry.words) > 1}
    if all(len(entry.words) > 1 for entry in entries):
        return frozenset(words)
    beyond = _at_edge(pattern.elements[pattern.anchor + 1 :], lambda part: part.index, classes)
    return None if beyond is None else beyond | words


def _at_edge(elements: Iterable[Element], ends: Callable[[Terms], Iterable[str]], classes: Classes) -> frozenset[str] | None:
    """What a row of elements begins (or, reversed, ends) with, where `ends` says it of terms; None where that may be anything, or nothing."""
    words: set[str] = set()
    for element in elements:
        if element.gap:
            return None
        for part in _with_classes(element.terms, classes):
            if not COMPUTED.isdisjoint(part.classes):
                return None
            words.update(ends(part))
        if not element.optional:
            return frozenset(words)
    return None
