import os
from pathlib import Path

import msgspec
import pytest
from support import RULE, wrong_with

from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.examples import ExampleError, parse_example
from cleaner.rulebook.load import load


def load_text(folder: Path, text: str, name: str = "wording/test.yaml") -> RuleBook:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load([folder], cached=False)


def test_a_rule_is_known_with_its_place(tmp_path: Path):
    book = load_text(tmp_path, RULE)
    assert not book.errors
    assert book.places["wording.test"] == (str(tmp_path / "wording/test.yaml"), 2)


BROKEN = [
    ("unknown key", RULE.replace("    why: w", "    whi: w"), 7, 5, "unknown key 'whi': did you mean 'why'?"),
    ("missing key", RULE.replace("    why: w\n", ""), 2, 5, "the key 'why' is missing"),
    ("twice", RULE.replace("    why: w", "    why: w\n    why: v"), 8, 5, "the key 'why' stands twice"),
    ("wrong type", RULE.replace("0.9", "high"), 9, 5, "'confidence' cannot be 'high': it must be a number from 0 to 1"),
    ("out of range", RULE.replace("0.9", "9"), 9, 5, "'confidence' cannot be 9: it must be a number from 0 to 1"),
    ("no bad", RULE.replace('    bad: ["a [foo -> bar]"]\n', ""), 2, 5, "has no 'bad' example"),
    ("no good", RULE.replace('    good: ["a bar"]\n', ""), 2, 5, "has no 'good' example"),
    ("unmarked", RULE.replace("a [foo -> bar]", "a foo"), 10, 11, "no defect is marked"),
    ("pattern", RULE.replace("[foo]", "[foo"), 4, 13, "a '[' without its ']'"),
    ("only optional", RULE.replace("[foo]", "[foo?]"), 4, 13, "a pattern needs a word"),
    ("class", RULE.replace("[foo]", "[<nothing>]"), 4, 13, "there is no class <nothing>"),
    ("slot", RULE.replace("[bar]", '["$2"]'), 5, 15, "the pattern has no part for $2"),
    ("agreement", RULE.replace("[bar]", "[bar/n]"), 5, 15, "the pattern has no /n"),
    ("no form", RULE.replace('    match: ["[foo]"]\n    replace: [bar]\n', ""), 2, 5, "exactly one of the keys"),
    ("empty condition", RULE.replace("    message", "    requires: [{}]\n    message"), 6, 16, "an empty condition"),
    ("not yaml", "rules: [", 1, 9, "not valid YAML"),
    ("tab", "rules:\n\t- x", 2, 1, "not valid YAML"),
    ("bad id", RULE.replace("wording.test", "Wording"), 2, 5, "'id' cannot be 'Wording': Family and name in small letters"),
    ("nul", RULE + "# \0", 12, 3, "a character that YAML forbids (U+0000)"),
    ("tag", RULE.replace("why: w", "why: !foo w"), 7, 10, "an unknown tag '!foo'"),
    ("tag of a list", RULE.replace("why: w", "why: !!set {a}"), 7, 10, "an unknown tag '!!set'"),
    ("no number", RULE.replace("0.9", "!!float x"), 9, 17, "not a value of its type: 'x'"),
    ("list as key", RULE.replace("why: w", "[a]: w"), 7, 5, "a key must be a word"),
    ("recursive alias", "rules: &a [*a]", 1, 8, "contains itself by an alias"),
    ("half a character", RULE.replace("why: w", 'why: "\\ud800"'), 7, 10, "half of a character"),
    ("deep", "rules: " + "[" * 5000, 1, 1, "nested too deeply"),
    ("list", "- a", 1, 1, "the file cannot be a list: it must be keys with values"),
    ("number as text", RULE.replace("why: w", "why: 3"), 7, 5, "'why' cannot be 3: put it in quotes"),
    ("empty text", RULE.replace("why: w", 'why: ""'), 7, 5, "'why' cannot be an empty text: it must be a text that is not empty"),
    ("enumeration", RULE.replace("kind: wording", "kind: wordin"), 3, 5, "'kind' cannot be 'wordin': did you mean 'wording'?"),
    ("nested key", RULE.replace("    why", "    requires: [{sentense: [a]}]\n    why"), 7, 17, "did you mean 'sentence'?"),
    ("default", RULE.replace("rules:", "defaults: {why: 3}\nrules:").replace("    why: w\n", ""), 1, 12, "'why' cannot be 3"),
    ("slot 0", RULE.replace("[bar]", '["$0"]'), 5, 15, "the pattern has no part for $0"),
    ("gap of none", RULE.replace("[foo]", "foo *0 bar"), 4, 13, "a '*' that takes no word"),
    ("language", RULE.replace("why: w", "why: w\n    language: xx"), 8, 5, "no support for articles in 'xx': choose one of en"),
    ("good", RULE.replace("a bar", "a [ -> bar]"), 11, 12, "an empty mark"),
]


@pytest.mark.parametrize(("text", "line", "column", "what"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_named_with_its_place(tmp_path: Path, text: str, line: int, column: int, what: str):
    (error,) = load_text(tmp_path, text).errors
    assert (error.line, error.column) == (line, column), str(error)
    assert what in str(error)
    assert str(error).startswith(f"{tmp_path}/wording/test.yaml:{line}:{column}: ")


OTHER_FORMS = [
    ("check: mojibak", "a [x -> y]", 3, 5, "did you mean 'mojibake'?"),
    ('lines: ["<x>"]', "[x -> ]", 3, 13, "lines hold no classes"),
    ("pattern: '[[a]'", "[a -> b]", 3, 5, "an ambiguous regular expression: Possible nested set"),
    ("pattern: 'a{99999999999}'", "[a -> b]", 3, 5, "repeats something more than 50,000 times"),
    ("pattern: '((a{900}){900}){900}'", "[a -> b]", 3, 5, "repeats something more than 50,000 times"),
    ("pattern: 'a*'", "[a -> b]", 3, 5, "matches the empty text"),
    ("pattern: 'a('", "[a -> b]", 3, 5, "not a regular expression: missing )"),
    ("pattern: 'a'\n    replace: ['\\1']", "[a -> b]", 4, 15, "invalid group reference"),
    ("pattern: 'a'\n    replace: ['\\g<b>']", "[a -> b]", 4, 15, "unknown group name"),
    ("patterns: ['(?i)a']", "[a -> ]", 3, 16, "leave out (?i): case is ignored"),
    ("name: '--'\n    type: other", "[a -> b]", 3, 5, "'--' has no word in it"),
    ("name: Foo\n    type: other\n    variants: [Fo, '’']", "[Fo -> Foo]", 5, 20, "'’' has no word in it"),
    ("name: Foo Bar\n    type: other\n    variants: [foo bar]", "[x -> y]", 5, 16, "is the right spelling 'Foo Bar'"),
    ("name: Foo\n    type: thing", "[x -> y]", 4, 5, "'type' cannot be 'thing': choose one of event, "),
    ("terms: ['!']", "[a -> b]", 3, 13, "'!' has no word in it"),
    ("terms: [a]\n    names: {usa: [b]}", "[a -> b]", 4, 13, "unknown key 'usa': A country by ISO 3166-1"),
    ("words: none.tsv", "[a -> b]", 3, 5, "there is no file"),
]


@pytest.mark.parametrize(("form", "bad", "line", "column", "what"), OTHER_FORMS, ids=[case[0][:30] for case in OTHER_FORMS])
def test_other_forms_are_named_with_their_place(tmp_path: Path, form: str, bad: str, line: int, column: int, what: str):
    """The file has a good rule below the broken one, which must work."""
    rest = "    kind: wording\n    message: m\n    why: w\n    source: s\n    confidence: 0.9\n"
    broken = f"rules:\n  - id: wording.odd\n    {form}\n{rest}    bad: ['{bad}']\n    good: [x]\n"
    book = load_text(tmp_path, broken + RULE.removeprefix("rules:\n"))
    (error,) = book.errors
    assert (error.line, error.column) == (line, column), str(error)
    assert what in str(error)
    assert list(book.rules) == ["wording.test"]


def test_aliases_are_read_but_not_a_bomb(tmp_path: Path):
    book = load_text(tmp_path, RULE.replace("message: m", "message: &m m").replace("why: w", "why: *m"))
    assert book.rules["wording.test"].why == "m"
    bomb = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 10)}]\n" for n in range(12))
    (error,) = load_text(tmp_path, bomb).errors
    assert "aliases repeat this too often" in str(error)


def test_texts_that_look_like_dates_are_texts(tmp_path: Path):
    assert load_text(tmp_path, RULE.replace("why: w", "why: 2021-03-27")).rules["wording.test"].why == "2021-03-27"


def test_files_that_cannot_be_read_are_named_and_the_others_work(tmp_path: Path):
    load_text(tmp_path, RULE)
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "latin.yaml").write_bytes(b"rules: []\n# caf\xe9")
    os.mkfifo(tmp_path / "pipe.yaml")
    for _ in range(2):  # the second time with a cache
        book = load([tmp_path])
        assert list(book.rules) == ["wording.test"]
        assert sorted(str(error).removeprefix(f"{tmp_path}/") for error in book.errors) == [
            "folder.yaml: not a file, though named like a file of rules: rename it",
            "gone.yaml: cannot be read: No such file or directory",
            "latin.yaml:2:6: not valid UTF-8: save the file as UTF-8",
            "pipe.yaml: not a file, though named like a file of rules: rename it",
        ]


def test_a_folder_without_rules_is_named(tmp_path: Path):
    (error,) = load([tmp_path], cached=False).errors
    assert str(error) == f"{tmp_path}: no rules in this folder: put files ending in .yaml into it"


def test_a_rule_of_another_form_replaces_all_of_the_first(tmp_path: Path):
    load_text(tmp_path / "first", RULE)
    load_text(tmp_path / "second", RULE.replace('match: ["[foo]"]', "pattern: foo"))
    book = load([tmp_path / "first", tmp_path / "second"], cached=False)
    assert not book.errors
    assert not book.phrases


SWAPS = (
    RULE.replace("wording.test", "wording.own")
    .replace('["[foo]"]', '["[~prime ~minister/n]"]')
    .replace("[foo -> bar]", "[head minister -> prime minister]")
)


@pytest.mark.parametrize(
    "files",
    [
        {"x.yaml": RULE.replace("wording.test", "wording.own").replace('"[foo]"', '"[entrepreneur]", "<country> [foo]"')},
        {"x.yaml": RULE.replace("wording.test", "wording.own").replace('match: ["[foo]"]', "pattern: foo")},
        {"x.yaml": RULE.replace("wording.test", "names.kataib-hezbollah")},
        {"x.yaml": SWAPS},
        {"classes/x.yaml": "country: [Utopia]\n", "x.yaml": RULE},
        {"x.yaml": RULE + RULE.replace("rules:\n", "").replace("wording.test", "wording.bad").replace("[bar]", "[$7]")},
        {"x.yaml": RULE.replace("[bar]", "[$7]")},
    ],
)
def test_rules_upon_a_compiled_book_make_the_same_book_as_all_together(tmp_path: Path, few_rules: Path, files: dict[str, str]):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    folders = [few_rules / "rules", tmp_path]
    upon, together = load(folders), load(folders, cached=False)
    assert upon.sign == together.sign
    assert dict(upon.places) == dict(together.places)
    assert dict(upon.expressions).keys() == dict(together.expressions).keys()
    assert list(map(str, upon.errors)) == list(map(str, together.errors))


def test_all_broken_rules_are_named_and_the_others_work(tmp_path: Path):
    text = RULE + RULE.removeprefix("rules:\n").replace("wording.test", "wording.other").replace("[foo]", "[")
    text += RULE.removeprefix("rules:\n").replace("wording.test", "wording.third").replace("    why: w\n", "")
    book = load_text(tmp_path, text)
    assert list(book.rules) == ["wording.test"]
    assert len(book.errors) == 2


def test_yaml_12_has_no_surprises(tmp_path: Path):
    book = load_text(tmp_path, RULE.replace("[bar]", "[no, on, off]"))
    assert book.rules["wording.test"].replace == ["no", "on", "off"]


def test_an_id_is_taken_once_in_a_folder_and_overridden_by_a_later_one(tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    load_text(first, RULE)
    load_text(second, RULE.replace("0.9", "0.5"))
    assert load([first, second], cached=False).rules["wording.test"].confidence == 0.5
    (error,) = load_text(first, RULE, "wording/twice.yaml").errors
    assert "is taken by the rule at" in str(error)


def test_classes_of_a_later_folder_add_to_those_of_the_same_name(tmp_path: Path):
    for folder, word in (("first", "rocket"), ("second", "sling")):
        load_text(tmp_path / folder, f"weapon: [{word}]", "classes/words.yaml")
    classes = load([tmp_path / "first", tmp_path / "second"], cached=False).classes
    assert {"rocket", "rockets", "sling", "slings"} <= classes["weapon"].index.keys()


def test_a_class_that_contains_itself_is_refused(tmp_path: Path):
    (error,) = load_text(tmp_path, "a: [x, <b>]\nb: [<a>]", "classes/words.yaml").errors[:1]
    assert "contains itself" in str(error)


WORD_LIST = [
    ("foo bar\n", 1, 1, "not two columns"),
    ("foo\t\n", 1, 1, "not two columns"),
    ("foo\tbar\tbaz\n", 1, 1, "not two columns"),
    ("foo\t bar\n", 1, 1, "a space before or after"),
    ("# foo\nfoo\tfoo\n", 2, 1, "'foo' is corrected to itself"),
    ("foo bar\tfoobar\n", 1, 1, "'foo bar' is not a single word"),
    ("Foo\tbar\n", 1, 1, "'Foo' has a capital or a curly apostrophe: write 'foo'"),
    ("foo\tbar\n\nfoo\tbaz\n", 3, 1, "'foo' stands in line 1 already"),
    ("foo\tbar\nbar\tbaz\n", 1, 5, "itself listed as wrong"),
]


@pytest.mark.parametrize(("content", "line", "column", "what"), WORD_LIST)
def test_a_broken_line_of_a_word_list_is_named_and_the_others_work(
    tmp_path: Path, content: str, line: int, column: int, what: str
):
    (tmp_path / "wording").mkdir()
    (tmp_path / "wording/list.tsv").write_text(content + "teh\tthe\n")
    book = load_text(tmp_path, RULE.replace('    match: ["[foo]"]\n    replace: [bar]\n', "    words: list.tsv\n"))
    (error,) = book.errors
    assert str(error).startswith(f"{tmp_path}/wording/list.tsv:{line}:{column}: "), str(error)
    assert what in str(error)
    assert book.misspellings["wording.test"]["teh"] == "the"


def test_a_word_list_in_another_encoding_is_named_with_its_place(tmp_path: Path):
    (tmp_path / "wording").mkdir()
    (tmp_path / "wording/list.tsv").write_bytes("teh\tthe\ncafe\tcafé\n".encode("cp1252"))
    (error,) = load_text(tmp_path, RULE.replace('    match: ["[foo]"]\n    replace: [bar]\n', "    words: list.tsv\n")).errors
    assert str(error).startswith(f"{tmp_path}/wording/list.tsv:2:9: not valid UTF-8")


def test_a_single_file_has_the_word_lists_beside_it(tmp_path: Path):
    (tmp_path / "list.tsv").write_text("teh\tthe\n")
    load_text(tmp_path, RULE.replace('    match: ["[foo]"]\n    replace: [bar]\n', "    words: list.tsv\n"), "one.yaml")
    assert load([tmp_path / "one.yaml"], cached=False).misspellings == {"wording.test": {"teh": "the"}}


def test_the_cache_gives_the_same_book(tmp_path: Path):
    load_text(tmp_path, RULE)
    first, second = load([tmp_path]), load([tmp_path])
    assert first.rules == second.rules
    assert first.phrases == second.phrases
    (tmp_path / "wording/test.yaml").write_text(RULE.replace("0.9", "0.4"))
    assert load([tmp_path]).rules["wording.test"].confidence == 0.4


def test_switched_off_by_id_or_family(book: RuleBook):
    without = book.without(["typography", "wording.envoy-for-proxy"])
    assert not [rule_id for rule_id in without.rules if rule_id.startswith("typography.")]
    assert "wording.envoy-for-proxy" not in without.phrases
    assert "wording.agents-for-proxies" in without.phrases


def test_examples():
    example = parse_example("A [foo  -> bar | baz] and [x -> ] [note].\n=====\nOther.")
    assert example.text == "A foo  and x note.\n"
    assert [(mark.span.of(example.text), mark.replacements) for mark in example.marks] == [
        ("foo ", ("bar", "baz")),
        ("x", ("",)),
        ("note", ()),
    ]
    assert example.corrected == "A bar and  note.\n"
    assert example.others == ("Other.",)
    with pytest.raises(ExampleError):
        parse_example("[ -> x]")


def test_a_replacement_agrees_with_alternatives_of_one_part_of_speech(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text(
        RULE.replace("[foo]", "[(entrepreneur/n|undertaker/n)]")
        .replace("replace: [bar]", "replace: [contractor/n]")
        .replace("a [foo -> bar]", "two [undertakers -> contractors] and one [entrepreneur -> contractor]")
    )
    assert wrong_with(file) == ([], [[]])


def test_a_term_of_a_condition_has_no_part_of_speech(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text(RULE.replace("    message: m", "    requires: [{sentence: [kill/v]}]\n    message: m"))
    (error,) = load([file], cached=False).errors
    assert "a term takes no part of speech: write 'kill'" in str(error)
    assert ":6:" in str(error)


def test_a_phrase_of_many_words_is_found_with_its_hyphens(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text(
        RULE.replace("[foo]", "[(body to body|hand on heart to hand)] combat").replace(
            "a [foo -> bar]", "the [body-to-body -> bar] combat, the [hand-on-heart-to-hand -> bar] combat"
        )
    )
    assert wrong_with(file) == ([], [[]])


def test_a_phrase_of_many_words_has_no_possessive_among_them(tmp_path: Path):
    file = tmp_path / "x.yaml"
    file.write_text(
        RULE.replace("[foo]", "[(courier brother|rider brother)]")
        .replace("a [foo -> bar]", "the [courier brother -> bar]'s van, a [rider brother -> bar]")
        .replace('good: ["a bar"]', 'good: ["the courier\'s brother", "the riders\' brother"]')
    )
    assert wrong_with(file) == ([], [[]])


def test_rules_are_decoded_as_they_were_checked(book: RuleBook):
    for rule in book.rules.values():
        checked = msgspec.convert(msgspec.to_builtins(rule), type(rule))
        assert repr(rule) == repr(checked)
