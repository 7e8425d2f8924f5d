"""The rule book as a run has it: compiled, in one piece of bytes, of which a rule is decoded when an article leads to it."""

from __future__ import annotations

import hashlib
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from cleaner.errors import RuleError, UsageError
from cleaner.findings import Applicability, Kind
from cleaner.rulebook.literals import sought
from cleaner.rulebook.model import FORMS, CheckRule, Condition, LineRule, Office, PhraseRule, Rule
from cleaner.rulebook.phrases import Part, Pattern, Terms
from cleaner.rulebook.regexes import SECONDS, Expression
from cleaner.shelf import Shelf, decoder
from cleaner.text.article import Article
from cleaner.text.tokens import bare_line, fold

_TOGETHER = 500
T = TypeVar("T")


class CompiledPhrase(msgspec.Struct, frozen=True, array_like=True):
    """What a phrase rule compiles to; conditions are lists of (scope, terms)."""

    rule_id: str
    patterns: list[Pattern]
    replacements: list[list[tuple[Part, ...]]]
    """For each pattern the replacements, best first."""
    requires: list[list[tuple[str, Terms]]]
    forbids: list[list[tuple[str, Terms]]]


class Anchored(msgspec.Struct, frozen=True, array_like=True):
    """That a word leads to a pattern: `beside` it, after it or before it, must stand one of these words and marks; None: whatever it be."""

    rule_id: str
    number: int
    """The pattern's, in its rule."""
    beside: list[str] | None
    after: bool


class RuleBook:
    """All rules of a run, by id, with what they compile to and where they are written.

    `data` comes from `pack`; `key` is what it is called in the cache, empty where it is not there; `errors` are of rules left out.
    """

    def __init__(self, language: str, data: bytes | memoryview, key: str = "", errors: Iterable[UsageError] = ()) -> None:
        self.language = language
        self.key = key
        self.errors = list(errors)
        self.off: frozenset[str] = frozenset()
        """The ids of the rules that are switched off."""
        self.preferred: frozenset[str] = frozenset()
        """The spellings of names that the house style prefers."""
        self.apostrophe = ""
        """The apostrophe that the house style has in names; none where the article's own is kept."""
        parts = msgspec.msgpack.decode(data, type=dict[str, memoryview])
        self.parts = parts
        """The shelves, as bytes."""
        self._all = Shelf(parts["rules"], _decoded_rule)
        self.rules: Mapping[str, Rule] = self._all
        self.places: Mapping[str, tuple[str, int]] = Shelf(parts["places"], decoder(tuple[str, int]))
        """File and line of each rule."""
        self.classes: Mapping[str, Terms] = Shelf(parts["classes"], decoder(Terms))
        self._phrases = Shelf(parts["phrases"], decoder(CompiledPhrase))
        self.phrases: Mapping[str, CompiledPhrase] = self._phrases
        self.misspellings: Mapping[str, dict[str, str]] = Shelf(parts["misspellings"], decoder(dict[str, str]))
        """For each word-list rule: wrong to right, folded."""
        self.expressions: Mapping[str, list[Expression]] = Shelf(parts["expressions"], decoder(list[Expression]))
        """For each rule of expressions: these, compiled."""
        self.anchors = Shelf(parts["anchors"], decoder(list[Anchored]))
        """By the words that the rarest element of a pattern may begin with."""
        self.by_form = Shelf(parts["forms"], decoder(list[str]))
        self.by_kind = Shelf(parts["kinds"], decoder(list[str]))
        """The ids of rules."""

    @cached_property
    def confusable(self) -> frozenset[str]:
        """The single words that phrase rules replace, and those that they offer, folded."""
        return msgspec.msgpack.decode(self.parts["confusable"], type=frozenset[str])

    def of_form(self, form: type[Rule], *, whole: bool = False) -> list[Any]:
        """The rules of one form, in the order of their ids; of the `whole` book those that are switched off, too."""
        ids = self.by_form.find(form.__name__) or ()
        return [self._all[rule_id] for rule_id in ids if whole or rule_id not in self.off]

    def check(self, name: str) -> Any:
        """The rule of the check called `name`; None where it is switched off."""
        return self._checks.get(name)

    @cached_property
    def _checks(self) -> dict[str, CheckRule]:
        return {rule.check: rule for rule in self.of_form(CheckRule)}

    def literals_by_paragraph(self, article: Article) -> list[set[str]]:
        """The texts that expressions hold which stand in each paragraph: found in one pass, however many there are."""
        paragraphs = [f" {sought(paragraph.of(article.folded))} " for paragraph in article.paragraphs]
        found: list[set[str]] = [set() for _ in paragraphs]
        literals, automaton = self._automaton
        for first in range(0, len(paragraphs), _TOGETHER):  # what is found in a very long text takes fifty times its space
            some = paragraphs[first : first + _TOGETHER]
            ends = list(itertools.accumulate(len(paragraph) + 1 for paragraph in some))
            for number, start, _ in automaton.find_matches_as_indexes("\n".join(some), overlapping=True):
                found[first + bisect_right(ends, start)].update(literals[number])
        return found

    @cached_property
    def literals(self) -> dict[str, list[str]]:
        """The texts that expressions hold, by what is looked for in their place (`sought`)."""
        return msgspec.msgpack.decode(self.parts["literals"], type=dict[str, list[str]])

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The ids of the rules for each whole line that is written in one, folded and bare."""
        return msgspec.msgpack.decode(self.parts["lines"], type=dict[str, list[str]])

    @cached_property
    def _automaton(self) -> tuple[list[list[str]], Any]:
        """The texts that expressions hold, those together that are looked for as one; and what finds these by their numbers."""
        from ahocorasick_rs import AhoCorasick, Implementation

        soonest_made = Implementation.NoncontiguousNFA
        return list(self.literals.values()), AhoCorasick(list(self.literals), implementation=soonest_made)

    def too_slow(self, rule: Rule, path: str) -> RuleError:
        """The error of a rule whose search of the article at `path` was stopped."""
        file, line = self.places.get(rule.id, ("", 0))
        what = f"'{rule.id}' took more than {SECONDS:.0f} seconds in {path} and is left out from there on: make its expression simpler"
        return RuleError(file, line, 1, what)

    # --- what stands for the rules: it is another where findings may be others

    @cached_property
    def sign(self) -> bytes:
        """What stands for all rules and the house style; compiled expressions differ from process to process, and their sources are in the rules."""
        parts = (self.parts[name] for name in sorted(self.parts.keys() - {"places", "expressions"}))
        return self._signed(self.off, *parts)

    @cached_property
    def sign_of_facts(self) -> bytes:
        """What stands for as much of the rules as the facts depend on that articles show."""
        return self._signed((), self.parts["confusable"])

    @cached_property
    def sign_of_rest(self) -> bytes:
        """What stands for all but the phrase rules, which `leads` tells of."""
        ids = [rule_id for form in self.by_form if form != PhraseRule.__name__ for rule_id in self.by_form[form]]
        parts = (self.parts[name] for name in ("classes", "misspellings"))
        return self._signed(self.off.intersection(ids), *map(self._all.raw, ids), *parts)

    @cached_property
    def leads(self) -> Mapping[str, bytes]:
        """What stands for the phrase rules that each word, folded, leads to; empty where there are none."""
        return _Leads(self._lead)

    def _lead(self, word: str) -> bytes:
        anchored = self.anchors.find(word) or ()
        ids = [each.rule_id for each in anchored]
        raw = (shelf.raw(rule_id) for rule_id in ids for shelf in (self._all, self._phrases))
        return self._signed(self.off.intersection(ids), self.anchors.raw(word), *raw) if anchored else b""

    def _signed(self, off: Iterable[str], *parts: bytes | memoryview) -> bytes:
        state = hashlib.blake2b(
            repr((self.language, sorted(off), sorted(self.preferred), self.apostrophe)).encode(), digest_size=16
        )
        for part in parts:
            state.update(len(part).to_bytes(8))
            state.update(part)
        return state.digest()

    @cached_property
    def names(self) -> frozenset[str]:
        """What rules can be switched off by, and those that are go by: ids, families (`wording`, `wording.folder`) and kinds."""
        families = {
            ".".join(parts[:n]) for rule_id in self._all for parts in [rule_id.split(".")] for n in range(1, len(parts) + 1)
        }
        return frozenset(families | set(Kind))

    def replacing(self, rules: Mapping[str, Rule], places: Mapping[str, tuple[str, int]], key: str) -> RuleBook:
        """The book with `rules`, which compile to nothing, beside its own or in their place; `key` is what it is called in the cache."""
        parts = (self.classes, self.phrases, self.misspellings, self.expressions, self.anchors)
        book = RuleBook(self.language, pack({**self._all, **rules}, {**self.places, **places}, *parts), key, self.errors)
        book.preferred, book.apostrophe = self.preferred, self.apostrophe
        return book

    def without(self, disabled: Iterable[str]) -> RuleBook:
        """The book without the rules whose id, family or kind is in `disabled`."""
        off = tuple(disabled)
        if not off:
            return self
        families = tuple(f"{name}." for name in off)
        named = {rule_id for rule_id in self.rules if f"{rule_id}.".startswith(families)}
        rest = object.__new__(RuleBook)
        rest.__dict__.update(self.__dict__)
        for made in ("_checks", "sign", "sign_of_facts", "sign_of_rest", "leads"):
            rest.__dict__.pop(made, None)
        rest.off = self.off.union(named, *(self.by_kind.find(name) or () for name in off))
        rest.rules = _Rest(self.rules, rest.off)
        rest.phrases = _Rest(self.phrases, rest.off)
        rest.misspellings = _Rest(self.misspellings, rest.off)
        return rest


class _Leads(dict[str, bytes]):
    """What `lead` says of each word, once: millions of words are looked up, most of them again."""

    def __init__(self, lead: Callable[[str], bytes]) -> None:
        self._lead = lead

    def __missing__(self, word: str) -> bytes:
        lead = self[word] = self._lead(word)
        return lead


class _Rest(Mapping[str, T]):
    """What is left of `whole` without the keys `off`."""

    def __init__(self, whole: Mapping[str, T], off: frozenset[str]) -> None:
        self._whole = whole
        self._off = off

    def __getitem__(self, key: str) -> T:
        if key in self._off:
            raise KeyError(key)
        return self._whole[key]

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._whole if key not in self._off)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def pack(
    rules: Mapping[str, Rule],
    places: Mapping[str, tuple[str, int]],
    classes: Mapping[str, Terms],
    phrases: Mapping[str, CompiledPhrase],
    misspellings: Mapping[str, Mapping[str, str]],
    expressions: Mapping[str, list[Expression]],
    anchors: Mapping[str, list[Anchored]],
    upon: RuleBook | None = None,
) -> bytes:
    """The bytes of a rule book; of one that has the rules of `upon`, too, none of which has the id of another."""
    forms: dict[str, list[str]] = {}
    kinds: dict[str, list[str]] = {}
    for rule_id, rule in rules.items():
        forms.setdefault(type(rule).__name__, []).append(rule_id)
        kinds.setdefault(str(rule.kind), []).append(rule_id)
    confusable = _confusable(phrases)
    lines = _lines(rules)
    literals = {text for each in itertools.chain.from_iterable(expressions.values()) for text in each.needs.holds}
    if upon:
        literals.update(*upon.literals.values())
        lines = upon.lines | _after(upon.lines, lines)
        confusable |= upon.confusable
        anchors, forms, kinds = _after(upon.anchors, anchors), _after(upon.by_form, forms), _after(upon.by_kind, kinds)
    parts: dict[str, Mapping[str, object]] = {
        # Nothing in a rule says of which form it is.
        "rules": {rule_id: (type(rule).__name__, rule) for rule_id, rule in rules.items()},
        "places": places,
        "classes": classes,
        "phrases": phrases,
        "misspellings": misspellings,
        "expressions": expressions,
        "anchors": anchors,
        "forms": {form: sorted(ids) for form, ids in forms.items()},
        "kinds": {kind: sorted(ids) for kind, ids in kinds.items()},
    }
    encode = msgspec.msgpack.encode
    shelves = {}
    for name, part in parts.items():
        below = Shelf.unpack(upon.parts[name]) if upon else {}
        shelves[name] = Shelf.pack({**below, **{key: encode(value) for key, value in part.items()}})
    together: dict[str, list[str]] = {}
    for text in sorted(literals):
        together.setdefault(sought(text), []).append(text)
    whole = {
        "confusable": sorted(confusable),
        "literals": together,
        "lines": {line: sorted(lines[line]) for line in sorted(lines)},
    }
    return encode({name: encode(part) for name, part in whole.items()} | shelves)


def _after(below: Mapping[str, list[T]], lists: Mapping[str, list[T]]) -> dict[str, list[T]]:
    """The lists, each with the members that it has `below` before its own."""
    return {key: [*below.get(key, ()), *values] for key, values in lists.items()}


def _lines(rules: Mapping[str, Rule]) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = {}
    for rule in rules.values():
        for line in rule.lines if isinstance(rule, LineRule) else ():
            lines.setdefault(bare_line(fold(line)), []).append(rule.id)
    return lines


def _confusable(phrases: Mapping[str, CompiledPhrase]) -> set[str]:
    words: set[str] = set()
    for phrase in phrases.values():
        for pattern, replacements in zip(phrase.patterns, phrase.replacements, strict=True):
            if pattern.first == pattern.last:
                words.update(pattern.elements[pattern.first].terms.index)
                for part in (parts[0] for parts in replacements if len(parts) == 1):
                    words.update(map(fold, part.forms.values() or [part.text]))
    return {word for word in words if word.isalpha()}


_FORMS = {form.__name__: form for form in FORMS.values()}
_ENUMS = {"kind": Kind, "applicability": Applicability}
_STRUCTS = {"requires": Condition, "forbids": Condition, "offices": Office}
"""Fields that hold lists of structs."""


def _decoded_rule(data: memoryview) -> Rule:
    """A rule, which was checked when the book was made; to learn how a form is checked takes longer than to decode all rules of it."""
    name, fields = msgspec.msgpack.decode(data)
    fields.update({field: kind(fields[field]) for field, kind in _ENUMS.items() if field in fields})
    fields.update({field: [struct(**each) for each in fields[field]] for field, struct in _STRUCTS.items() if field in fields})
    return _FORMS[name](**fields)
