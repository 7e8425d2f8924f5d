"""Loading the rule book: YAML to checked, compiled rules, and to a cache from which they load in milliseconds.

A folder of rules holds ``classes/*.yaml`` (word classes) and, in any other subfolder, files of rules. Folders come in order: a
rule replaces the one with the same id of an earlier folder, and a class adds to the one of the same name. A rule that cannot
be used is left out and named in `RuleBook.errors`; the others work.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

import cleaner
from cleaner import languages
from cleaner.cache import cache_folder, write_aside
from cleaner.errors import RuleError
from cleaner.languages import Language
from cleaner.rulebook import yaml
from cleaner.rulebook.examples import ExampleError, parse_example
from cleaner.rulebook.model import FORMS, AnyRule, Condition, LineRule, NameRule, PatternRule, PhraseRule, Rule, WordListRule
from cleaner.rulebook.phrases import (
    Part,
    Pattern,
    PhraseError,
    Terms,
    compile_pattern,
    compile_replacement,
    compile_terms,
)
from cleaner.rulebook.yaml import Located

_BOOKS_KEPT = 16
SCOPES = tuple(field.name for field in msgspec.structs.fields(Condition))


class CompiledPhrase(msgspec.Struct, frozen=True):
    """What a phrase rule compiles to; conditions are lists of (scope, terms)."""

    rule_id: str
    patterns: list[Pattern]
    replacements: list[list[tuple[Part, ...]]]
    """For each pattern the replacements, best first."""
    requires: list[list[tuple[str, Terms]]]
    forbids: list[list[tuple[str, Terms]]]


class RuleBook(msgspec.Struct):
    """All rules of a run, by id, with what they compile to and where they are written."""

    language: str
    rules: dict[str, AnyRule] = {}
    places: dict[str, tuple[str, int]] = {}
    """File and line of each rule."""
    classes: dict[str, Terms] = {}
    phrases: dict[str, CompiledPhrase] = {}
    misspellings: dict[str, dict[str, str]] = {}
    """For each word-list rule: wrong to right, folded."""
    errors: list[RuleError] = []

    def of_form(self, form: type[Rule]) -> list[Any]:
        """The rules of one form, in the order of their ids."""
        return [rule for _, rule in sorted(self.rules.items()) if isinstance(rule, form)]

    def check(self, name: str) -> Any:
        """The rule of the check called `name`; None where it is switched off."""
        return next((rule for rule in self.rules.values() if getattr(rule, "check", None) == name), None)

    def without(self, disabled: Iterable[str]) -> RuleBook:
        """The book without the rules whose id, or family (`wording` or `wording.military`), is in `disabled`."""
        off = tuple(disabled)
        kept = {
            rule_id: rule
            for rule_id, rule in self.rules.items()
            if not any(rule_id == name or rule_id.startswith(f"{name}.") for name in off)
        }
        return msgspec.structs.replace(
            self,
            rules=kept,
            phrases={rule_id: phrase for rule_id, phrase in self.phrases.items() if rule_id in kept},
            misspellings={rule_id: words for rule_id, words in self.misspellings.items() if rule_id in kept},
        )

    def only(self, rule_id: str) -> RuleBook:
        """The book with one rule; gazetteer and classes stay, since others lean on them."""
        return self.without(other for other, rule in self.rules.items() if other != rule_id and not isinstance(rule, NameRule))


class _Stored(msgspec.Struct):
    """A rule book in the cache: msgpack cannot tell the forms of rules apart, so they stand by form."""

    rules: dict[str, list[msgspec.Raw]]
    places: dict[str, tuple[str, int]]
    classes: dict[str, Terms]
    phrases: dict[str, CompiledPhrase]
    misspellings: dict[str, dict[str, str]]


def shipped_rules() -> Path:
    """The folder of the rules that come with the program: in the package, or beside it in a checkout."""
    package = Path(cleaner.__file__).parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent / "rules"


def load(folders: Sequence[Path], language: str = "en", *, cached: bool = True) -> RuleBook:
    """The rules of `folders` (or single files) for articles in `language`, from the cache where nothing has changed since."""
    files = [path for folder in folders for path in _rule_files(folder)]
    contents = {path: path.read_bytes() for path in files}
    key = _digest(language, contents)
    store = cache_folder() / f"rules-{key}.msgpack"
    if cached:
        try:
            return _restore(store.read_bytes(), language)
        except (OSError, msgspec.MsgspecError):
            pass
    book = _Loader(language, contents, folders).load()
    if cached and not book.errors:
        write_aside(store, _store(book))
        for stale in sorted(cache_folder().glob("rules-*.msgpack"), key=lambda path: path.stat().st_mtime)[:-_BOOKS_KEPT]:
            stale.unlink(missing_ok=True)
    return book


def _rule_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml", ".tsv"})


def _digest(language: str, contents: dict[Path, bytes]) -> str:
    state = hashlib.blake2b(digest_size=12)
    for version in (cleaner.__version__, metadata.version("lemminflect"), metadata.version("wordfreq"), language):
        state.update(version.encode() + b"\0")
    for path, data in contents.items():
        state.update(str(path).encode() + b"\0" + hashlib.blake2b(data).digest())
    for module in (Path(__file__), Path(__file__).with_name("phrases.py"), Path(__file__).with_name("model.py")):
        state.update(module.read_bytes())
    return state.hexdigest()


def _store(book: RuleBook) -> bytes:
    by_form: dict[str, list[msgspec.Raw]] = {}
    for rule in book.rules.values():
        by_form.setdefault(type(rule).__name__, []).append(msgspec.Raw(msgspec.msgpack.encode(rule)))
    return msgspec.msgpack.encode(_Stored(by_form, book.places, book.classes, book.phrases, book.misspellings))


def _restore(data: bytes, language: str) -> RuleBook:
    stored = msgspec.msgpack.decode(data, type=_Stored)
    forms = {form.__name__: msgspec.msgpack.Decoder(form) for form in set(FORMS.values())}
    rules = [forms[name].decode(raw) for name, raws in stored.rules.items() for raw in raws]
    return RuleBook(
        language, {rule.id: rule for rule in rules}, stored.places, stored.classes, stored.phrases, stored.misspellings
    )


class _RuleFile(msgspec.Struct, forbid_unknown_fields=True):
    rules: list[dict[str, Any]]
    family: str = ""
    defaults: dict[str, Any] = {}


class _Loader:
    def __init__(self, language: str, contents: dict[Path, bytes], folders: Sequence[Path]) -> None:
        self._language: Language = languages.get(language)
        self._contents = contents
        self._folders = folders
        self._book = RuleBook(language)
        self._terms: dict[str, list[tuple[Located, yaml.Path, str]]] = {}

    def load(self) -> RuleBook:
        parsed = [(path, self._parse(path)) for path in self._contents if path.suffix != ".tsv"]
        for path, located in parsed:
            if located and path.parent.name == "classes":
                self._guard(lambda located=located: self._add_classes(located))
        self._compile_classes()
        for path, located in parsed:
            if located and path.parent.name != "classes":
                self._guard(lambda path=path, located=located: self._add_rules(path, located))
        return self._book

    def _guard(self, action: Callable[[], None]) -> None:
        try:
            action()
        except RuleError as error:
            self._book.errors.append(error)

    def _parse(self, path: Path) -> Located | None:
        try:
            return yaml.parse(str(path), self._contents[path].decode("utf-8-sig"))
        except UnicodeDecodeError:
            self._book.errors.append(RuleError(str(path), 0, 0, "not valid UTF-8: save the rule file as UTF-8"))
        except RuleError as error:
            self._book.errors.append(error)
        return None

    # --- classes

    def _add_classes(self, located: Located) -> None:
        classes = located.convert((), located.data or {}, dict[str, list[str]])
        for name, terms in classes.items():
            if not re.fullmatch(r"[\w.-]+", name):
                raise located.error((name,), f"not a class name: '{name}': use letters, digits, '.', '-' and '_'")
            places = self._terms.setdefault(name, [])
            places += [(located, (name, i), term) for i, term in enumerate(terms)]

    def _compile_classes(self) -> None:
        for name, places in self._terms.items():
            index: dict[str, list[Any]] = {}
            named: list[str] = []
            for located, path, term in places:
                try:
                    compiled = compile_terms([term], self._language, self._terms)
                except PhraseError as error:
                    self._book.errors.append(located.error(path, str(error)))
                    continue
                named += compiled.classes
                for form, entries in compiled.index.items():
                    index.setdefault(form, []).extend(entries)
            self._book.classes[name] = Terms(index, tuple(named))
        for name in self._terms:
            self._refuse_circle(name)

    def _refuse_circle(self, name: str) -> None:
        todo, seen = [name], set()
        while todo:
            for inner in self._book.classes[todo.pop()].classes:
                if inner == name:
                    located, path, _ = self._terms[name][0]
                    self._book.errors.append(located.error(path[:1], f"the class <{name}> contains itself"))
                    self._book.classes[name] = Terms(self._book.classes[name].index)
                    return
                if inner not in seen:
                    seen.add(inner)
                    todo.append(inner)

    # --- rules

    def _add_rules(self, path: Path, located: Located) -> None:
        if located.data is None:
            return
        file = located.convert((), located.data, _RuleFile)
        for number, fields in enumerate(file.rules):
            self._guard(
                lambda number=number, fields=fields: self._add_rule(path, located, number, {**file.defaults, **fields}, file.family)
            )

    def _add_rule(self, path: Path, located: Located, number: int, fields: dict[str, Any], family: str) -> None:
        place: yaml.Path = ("rules", number)
        forms = {FORMS[field] for field in fields if field in FORMS}
        if len(forms) != 1:
            wanted = ", ".join(f"'{field}'" for field in FORMS)
            raise located.error(place, f"a rule has exactly one of the keys {wanted}: this one has {len(forms) or 'none'}")
        rule = located.convert(place, {"family": family, **fields}, forms.pop())
        if rule.language != self._language.code:
            return
        self._check_examples(located, place, rule)
        known = self._book.places.get(rule.id)
        if known and self._folder(Path(known[0])) == self._folder(path):
            raise located.error((*place, "id"), f"the id '{rule.id}' is taken by the rule at {known[0]}:{known[1]}: choose another")
        self._compile(path, located, place, rule)
        self._book.rules[rule.id] = rule
        self._book.places[rule.id] = (str(path), located.marks[place][0])

    def _folder(self, path: Path) -> Path | None:
        return next((folder for folder in self._folders if path.is_relative_to(folder)), None)

    def _check_examples(self, located: Located, place: yaml.Path, rule: Rule) -> None:
        without_bad = isinstance(rule, NameRule) and not rule.variants
        if not rule.bad and not without_bad:
            raise located.error(place, f"the rule '{rule.id}' has no 'bad' example: add a text with the defect marked")
        if not rule.good and not isinstance(rule, NameRule):
            raise located.error(place, f"the rule '{rule.id}' has no 'good' example: add a text in which it stays silent")
        for i, example in enumerate(rule.bad):
            try:
                if not parse_example(example).marks:
                    raise ExampleError("no defect is marked: write it as [wrong -> right]")
            except ExampleError as error:
                raise located.error((*place, "bad", i), str(error)) from error

    def _compile(self, path: Path, located: Located, place: yaml.Path, rule: Rule) -> None:
        if isinstance(rule, PhraseRule):
            self._book.phrases[rule.id] = self._compiled_phrase(located, place, rule)
        elif isinstance(rule, WordListRule):
            self._book.misspellings[rule.id] = self._word_list(path.parent / rule.words, located, (*place, "words"))
        elif isinstance(rule, PatternRule):
            self._check_regex(located, (*place, "pattern"), rule.pattern)
        elif isinstance(rule, LineRule):
            for i, pattern in enumerate(rule.patterns):
                self._check_regex(located, (*place, "patterns", i), pattern)

    @staticmethod
    def _check_regex(located: Located, path: yaml.Path, pattern: str) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            raise located.error(path, f"not a regular expression: {error}") from error

    def _compiled_phrase(self, located: Located, place: yaml.Path, rule: PhraseRule) -> CompiledPhrase:
        patterns, replacements = [], []
        for i, source in enumerate(rule.match):
            pattern = self._located(located, (*place, "match", i), lambda source=source: compile_pattern(source, self._language, self._terms))
            patterns.append(pattern)
            replacements.append(
                [
                    self._located(
                        located,
                        (*place, "replace", n),
                        lambda wanted=wanted, pattern=pattern: compile_replacement(wanted, pattern, self._language),
                    )
                    for n, wanted in enumerate(rule.replace)
                ]
            )
        conditions = [
            [self._condition(located, (*place, name, i), condition) for i, condition in enumerate(getattr(rule, name))]
            for name in ("requires", "forbids")
        ]
        return CompiledPhrase(rule.id, patterns, replacements, *conditions)

    def _condition(self, located: Located, path: yaml.Path, condition: Condition) -> list[tuple[str, Terms]]:
        compiled = []
        for scope in SCOPES:
            terms = getattr(condition, scope)
            if terms:
                compiled.append(
                    (scope, self._located(located, (*path, scope), lambda terms=terms: compile_terms(terms, self._language, self._terms)))
                )
        if not compiled:
            raise located.error(path, f"an empty condition: give it at least one of {', '.join(SCOPES)}")
        return compiled

    @staticmethod
    def _located(located: Located, path: yaml.Path, compile_: Callable[[], Any]) -> Any:
        try:
            return compile_()
        except PhraseError as error:
            raise located.error(path, str(error)) from error

    def _word_list(self, path: Path, located: Located, place: yaml.Path) -> dict[str, str]:
        if path not in self._contents:
            raise located.error(place, f"there is no file {path}")
        words: dict[str, str] = {}
        for number, line in enumerate(self._contents[path].decode("utf-8").splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            wrong, tab, right = line.partition("\t")
            if not (tab and wrong and right) or wrong == right or wrong in words:
                raise RuleError(str(path), number, 1, "a line of a word list is wrong<TAB>right, each wrong word once")
            words[wrong] = right
        for wrong, right in words.items():
            if right in words:
                raise RuleError(str(path), 0, 0, f"'{wrong}' is corrected to '{right}', which is itself listed as wrong")
        return words
