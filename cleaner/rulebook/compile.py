"""Compiling the rule book: YAML to checked, compiled rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from cleaner import languages
from cleaner.errors import RuleError, UsageError, nearest
from cleaner.languages import Language
from cleaner.misfit import Trail
from cleaner.rulebook import yaml
from cleaner.rulebook.book import Anchored, CompiledPhrase, RuleBook, pack
from cleaner.rulebook.examples import ExampleError, parse_example
from cleaner.rulebook.literals import Needs, needs
from cleaner.rulebook.model import (
    FORMS,
    Condition,
    EngineRule,
    LineRule,
    NameRule,
    PatternRule,
    PhraseRule,
    RoleRule,
    Rule,
    WordListRule,
)
from cleaner.rulebook.phrases import (
    COMPUTED,
    Classes,
    Part,
    Pattern,
    PhraseError,
    Terms,
    after_anchor,
    before_anchor,
    compile_pattern,
    compile_replacement,
    compile_terms,
    first_words,
    union,
)
from cleaner.rulebook.regexes import Expression, RegexError, check_regex, check_template
from cleaner.rulebook.swaps import unswapped
from cleaner.rulebook.yaml import Located
from cleaner.text.tokens import WORD, fold

SCOPES = tuple(each.name for each in msgspec.structs.fields(Condition))


def compile_rules(
    language: str, contents: Mapping[Path, bytes], folders: Sequence[Path], errors: Sequence[UsageError]
) -> tuple[bytes, list[UsageError]]:
    """The bytes of a `RuleBook` of the rule files `contents` of `folders`; and `errors` with those of the rules that were left out."""
    draft = _Compiler(language, contents, folders, errors).compile()
    return draft.packed(), draft.errors


def compile_upon(
    book: RuleBook, contents: Mapping[Path, bytes], errors: Sequence[UsageError]
) -> tuple[bytes, list[UsageError]] | None:
    """The same for a `book` and the files of one more folder; None where these change what the book's own rules compile to, or need that."""
    if any(path.parent.name == "classes" or b"~" in data for path, data in contents.items()):
        return None
    draft = _Compiler(book.language, contents, [], [*book.errors, *errors], book.classes).compile()
    return (draft.packed(book), draft.errors) if book.rules.keys().isdisjoint(draft.rules) else None


@dataclass
class _Draft:
    """What is compiled so far."""

    errors: list[UsageError]
    rules: dict[str, Rule] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    classes: dict[str, Terms] = field(default_factory=dict)
    phrases: dict[str, CompiledPhrase] = field(default_factory=dict)
    misspellings: dict[str, dict[str, str]] = field(default_factory=dict)
    expressions: dict[str, list[Expression]] = field(default_factory=dict)

    def packed(self, upon: RuleBook | None = None) -> bytes:
        """The bytes of the book; with the rules of `upon`, too."""
        parts = (
            self.classes,
            self.phrases,
            self.misspellings,
            self.expressions,
            self._anchors(upon.classes if upon else self.classes),
        )
        return pack(self.rules, self.places, *parts, upon)

    def _anchors(self, classes: Classes) -> dict[str, list[Anchored]]:
        """The patterns by the words that may begin their anchors."""
        anchors: dict[str, list[Anchored]] = {}
        for rule_id, phrase in self.phrases.items():
            for number, pattern in enumerate(phrase.patterns):
                before = before_anchor(pattern, classes)
                for word in set(first_words(pattern.elements[pattern.anchor].terms, classes)):
                    after = after_anchor(pattern, word, classes)
                    beside = before if after is None else after
                    anchored = Anchored(rule_id, number, None if beside is None else sorted(beside), after is not None)
                    anchors.setdefault(word, []).append(anchored)
        return anchors


class _RuleFile(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[dict[str, Any]]
    family: str = ""
    defaults: dict[str, Any] = {}


class _Compiler:
    def __init__(
        self,
        language: str,
        contents: Mapping[Path, bytes],
        folders: Sequence[Path],
        errors: Sequence[UsageError],
        known: Iterable[str] = (),
    ) -> None:
        self._language: Language = languages.get(language)
        self._contents = contents
        self._folders = folders
        self._book = _Draft(list(errors))
        self._terms: dict[str, list[tuple[Located, Trail, str]]] = {}
        self._known = frozenset(known)
        """The names of classes that are compiled already."""

    def compile(self) -> _Draft:
        """Compile all that can be."""
        parsed = [(path, located) for path in self._contents if path.suffix != ".tsv" and (located := self._parse(path))]
        for path, located in parsed:
            if path.parent.name == "classes":
                with self._collected():
                    self._add_classes(located)
        self._compile_classes()
        for path, located in parsed:
            if path.parent.name != "classes":
                with self._collected():
                    self._add_rules(path, located)
        return self._book

    @contextmanager
    def _collected(self) -> Iterator[None]:
        """Goes on after a RuleError, which is kept for the user."""
        try:
            yield
        except RuleError as error:
            if str(error) not in map(str, self._book.errors):  # a default is wrong in every rule of its file
                self._book.errors.append(error)

    def _parse(self, path: Path) -> Located | None:
        with self._collected():
            return yaml.parse(str(path), self._contents[path])
        return None

    # --- classes

    def _add_classes(self, located: Located) -> None:
        for name, terms in located.convert((), {} if located.data is None else located.data, dict[str, Any]).items():
            with self._collected():
                if not re.fullmatch(r"[\w.-]+", name):
                    raise located.error((name,), f"not a class name: '{name}': use letters, digits, '.', '-' and '_'")
                places = self._terms.setdefault(name, [])
                places += [(located, (name, i), term) for i, term in enumerate(located.convert((name,), terms, list[str]))]

    def _compile_classes(self) -> None:
        for name, places in self._terms.items():
            parts = []
            for located, path, term in places:
                with self._collected(), _wrong_at(located, path):
                    parts.append(compile_terms([term], self._language, self._terms))
            self._book.classes[name] = union(parts)
        for name in self._terms:
            self._refuse_circle(name)

    def _refuse_circle(self, name: str) -> None:
        todo, seen = [name], set()
        while todo:
            for inner in set(self._book.classes[todo.pop()].classes) - COMPUTED:
                if inner == name:
                    located, path, _ = self._terms[name][0]
                    self._book.errors.append(located.error(path[:1], f"the class <{name}> contains itself"))
                    self._book.classes[name] = Terms(self._book.classes[name].index)
                    return
                if inner not in seen:
                    seen.add(inner)
                    todo.append(inner)

    @cached_property
    def _class_names(self) -> frozenset[str]:
        return self._known.union(self._terms)

    @cached_property
    def _written(self) -> dict[str, list[str]]:
        """The terms of each class as they are written."""
        return {name: [term for _, _, term in places] for name, places in self._terms.items()}

    # --- rules

    def _add_rules(self, path: Path, located: Located) -> None:
        if located.data is None:
            return
        file = located.convert((), located.data, _RuleFile)
        defaults = [(place[1:], mark) for place, mark in located.marks.items() if place[:1] == ("defaults",)]
        for number, fields in enumerate(file.rules):
            for rest, mark in defaults:
                located.marks.setdefault(("rules", number, *rest), mark)
            with self._collected():
                self._add_rule(path, located, number, {"family": file.family, **file.defaults, **fields})

    def _add_rule(self, path: Path, located: Located, number: int, fields: dict[str, Any]) -> None:
        place: Trail = ("rules", number)
        forms = {FORMS[key] for key in fields if key in FORMS}
        if len(forms) != 1:
            wanted = ", ".join(f"'{key}'" for key in FORMS)
            raise located.error(place, f"a rule has exactly one of the keys {wanted}: this one has {len(forms) or 'none'}")
        rule = located.convert(place, fields, forms.pop())
        if rule.language not in languages.LANGUAGES:
            choices = nearest(rule.language, languages.LANGUAGES)
            raise located.error((*place, "language"), f"no support for articles in '{rule.language}'{choices}")
        if rule.language != self._language.code:
            return
        self._check_examples(located, place, rule)
        known = self._book.places.get(rule.id)
        if known and self._folder(Path(known[0])) == self._folder(path):
            raise located.error(
                (*place, "id"), f"the id '{rule.id}' is taken by the rule at {known[0]}:{known[1]}: choose another"
            )
        self._compile(path, located, place, rule)
        if known and not isinstance(rule, type(self._book.rules[rule.id])):
            self._forget_compiled(self._book.rules[rule.id])
        self._book.rules[rule.id] = rule
        self._book.places[rule.id] = (str(path), located.marks[place][0])

    def _forget_compiled(self, rule: Rule) -> None:
        """Of a rule that one of another form replaces, leave nothing."""
        if isinstance(rule, PhraseRule):
            del self._book.phrases[rule.id]
        elif isinstance(rule, WordListRule):
            del self._book.misspellings[rule.id]
        elif isinstance(rule, PatternRule | LineRule):
            del self._book.expressions[rule.id]

    def _folder(self, path: Path) -> Path | None:
        return next((folder for folder in self._folders if path.is_relative_to(folder)), None)

    @staticmethod
    def _check_examples(located: Located, place: Trail, rule: Rule) -> None:
        if isinstance(rule, EngineRule):
            return
        if not rule.bad and not (isinstance(rule, NameRule) and not rule.variants):
            raise located.error(place, f"the rule '{rule.id}' has no 'bad' example: add a text with the defect marked")
        if not rule.good and not isinstance(rule, NameRule):
            raise located.error(place, f"the rule '{rule.id}' has no 'good' example: add a text in which it stays silent")
        for name, examples in (("bad", rule.bad), ("good", rule.good)):
            for i, example in enumerate(examples):
                with _wrong_at(located, (*place, name, i)):
                    if not parse_example(example).marks and name == "bad":
                        raise ExampleError("no defect is marked: write it as [wrong -> right]")

    def _compile(self, path: Path, located: Located, place: Trail, rule: Rule) -> None:
        if isinstance(rule, PhraseRule):
            self._book.phrases[rule.id] = self._compiled_phrase(located, place, rule)
        elif isinstance(rule, WordListRule):
            self._book.misspellings[rule.id] = self._word_list(path.parent / rule.words, located, (*place, "words"))
        elif isinstance(rule, PatternRule):
            with _wrong_at(located, (*place, "pattern")):
                check_regex(rule.pattern)
            for i, template in enumerate(rule.replace):
                with _wrong_at(located, (*place, "replace", i)):
                    check_template(rule.pattern, template)
            need = Needs(holds=tuple(rule.needs)) if rule.needs else needs(rule.pattern)
            self._book.expressions[rule.id] = [Expression.of(rule.pattern, need)]
        elif isinstance(rule, LineRule):
            _check_lines(located, place, rule)
            self._book.expressions[rule.id] = [Expression.of(source, needs(source), ignore_case=True) for source in rule.patterns]
        elif isinstance(rule, NameRule):
            _check_spellings(located, place, rule)
        elif isinstance(rule, RoleRule):
            _check_words(located, (*place, "terms"), rule.terms)

    def _compiled_phrase(self, located: Located, place: Trail, rule: PhraseRule) -> CompiledPhrase:
        patterns: list[Pattern] = []
        replacements: list[list[tuple[Part, ...]]] = []
        for i, source in enumerate(rule.match):
            with _wrong_at(located, (*place, "match", i)):
                spelled = [
                    (compile_pattern(each, self._language, self._class_names), back)
                    for each, back in unswapped(source, self._written, self._language)
                ]
            for pattern, back in spelled:
                patterns.append(pattern)
                replacements.append([])
                for n, wanted in enumerate([back] if back else rule.replace):
                    with _wrong_at(located, (*place, "replace", n)):
                        replacements[-1].append(compile_replacement(wanted, pattern, self._language))
        requires = [self._condition(located, (*place, "requires", i), each) for i, each in enumerate(rule.requires)]
        forbids = [self._condition(located, (*place, "forbids", i), each) for i, each in enumerate(rule.forbids)]
        return CompiledPhrase(rule.id, patterns, replacements, requires, forbids)

    def _condition(self, located: Located, path: Trail, condition: Condition) -> list[tuple[str, Terms]]:
        compiled = []
        for scope in SCOPES:
            if terms := getattr(condition, scope):
                with _wrong_at(located, (*path, scope)):
                    compiled.append((scope, compile_terms(terms, self._language, self._class_names)))
        if not compiled:
            raise located.error(path, f"an empty condition: give it at least one of {', '.join(SCOPES)}")
        return compiled

    def _word_list(self, path: Path, located: Located, place: Trail) -> dict[str, str]:
        """The usable lines of a word list; what is wrong with the others is kept for the user."""
        if path not in self._contents:
            raise located.error(place, f"there is no file {path}")
        words: dict[str, str] = {}
        lines: dict[str, int] = {}
        for number, line in enumerate(yaml.decode(str(path), self._contents[path]).splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            wrong, _, right = line.partition("\t")
            with self._collected():
                if what := _word_list_fault(wrong, right):
                    raise RuleError(str(path), number, 1, what)
                if wrong in words:
                    raise RuleError(str(path), number, 1, f"'{wrong}' stands in line {lines[wrong]} already: keep one of the two")
                words[wrong], lines[wrong] = right, number
        for wrong in [wrong for wrong, right in words.items() if right in words]:
            with self._collected():
                right = words.pop(wrong)
                what = f"'{wrong}' is corrected to '{right}', which is itself listed as wrong: correct it to the right word"
                raise RuleError(str(path), lines[wrong], len(wrong) + 2, what)
        return words


def _word_list_fault(wrong: str, right: str) -> str:
    """What is wrong with a line of a word list; empty where it can be used."""
    if not right.strip() or "\t" in right or not wrong.strip():
        return "not two columns: write wrong<TAB>right, with one tab"
    if {wrong, right} != {wrong.strip(), right.strip()}:
        return "a space before or after a word: delete it"
    if wrong == right:
        return f"'{wrong}' is corrected to itself: write the right word after the tab"
    if not WORD.fullmatch(wrong):
        return f"'{wrong}' is not a single word: write a rule with 'match' for it"
    return (
        ""
        if wrong == fold(wrong)
        else f"'{wrong}' has a capital or a curly apostrophe: write '{fold(wrong)}', which finds it, too"
    )


@contextmanager
def _wrong_at(located: Located, path: Trail) -> Iterator[None]:
    """Turns what is wrong with a value into a RuleError at its place, `path`."""
    try:
        yield
    except (ExampleError, PhraseError, RegexError) as error:
        raise located.error(path, str(error)) from error


def _check_lines(located: Located, place: Trail, rule: LineRule) -> None:
    for i, line in enumerate(rule.lines):
        if re.search(r"<[\w.-]+>", line):
            raise located.error((*place, "lines", i), f"a class in '{line}': lines hold no classes, write a pattern")
    for i, pattern in enumerate(rule.patterns):
        with _wrong_at(located, (*place, "patterns", i)):
            check_regex(pattern, whole_line=True)


def _check_spellings(located: Located, place: Trail, rule: NameRule) -> None:
    for key, spellings in (
        ("name", [rule.name]),
        ("accepted", rule.accepted),
        ("never", rule.never),
        ("variants", rule.variants),
    ):
        _check_words(located, (*place, key), spellings)
    right = {fold(spelling): spelling for spelling in (rule.name, *rule.accepted)}
    for i, variant in enumerate(rule.variants):
        if fold(variant) in right:
            what = f"the variant '{variant}' is the right spelling '{right[fold(variant)]}', for which capitals do not count: delete it"
            raise located.error((*place, "variants", i), what)


def _check_words(located: Located, path: Trail, texts: Sequence[str]) -> None:
    """Refuses texts without a letter or digit: nothing could be found by them."""
    for i, text in enumerate(texts):
        if not WORD.search(fold(text)):
            raise located.error((*path, i), f"'{text}' has no word in it: delete it, or write one")
