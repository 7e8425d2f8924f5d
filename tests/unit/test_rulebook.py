from pathlib import Path

import pytest

from cleaner.rulebook.examples import ExampleError, parse_example
from cleaner.rulebook.load import RuleBook, load

RULE = """\
rules:
  - id: wording.test
    kind: wording
    match: ["[foo]"]
    replace: [bar]
    message: m
    why: w
    source: s
    confidence: 0.9
    bad: ["a [foo -> bar]"]
    good: ["a bar"]
"""


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
    ("wrong type", RULE.replace("0.9", "high"), 9, 5, "expected `float`"),
    ("out of range", RULE.replace("0.9", "9"), 9, 5, "<= 1.0"),
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
    ("bad id", RULE.replace("wording.test", "Wording"), 2, 5, "matching regex"),
]


@pytest.mark.parametrize(("text", "line", "column", "what"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_rule_is_named_with_its_place(tmp_path: Path, text: str, line: int, column: int, what: str):
    (error,) = load_text(tmp_path, text).errors
    assert (error.line, error.column) == (line, column), str(error)
    assert what in str(error)
    assert str(error).startswith(f"{tmp_path}/wording/test.yaml:{line}:{column}: ")


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


def test_word_lists_are_checked_line_by_line(tmp_path: Path):
    rule = RULE.replace('    match: ["[foo]"]\n    replace: [bar]\n', "    words: list.tsv\n")
    (tmp_path / "wording").mkdir()
    for content, what in (("foo bar\n", "wrong<TAB>right"), ("foo\tbar\nbar\tbaz\n", "itself listed as wrong")):
        (tmp_path / "wording/list.tsv").write_text(content)
        (error,) = load_text(tmp_path, rule).errors
        assert what in str(error)
        assert "list.tsv" in str(error)


def test_the_cache_gives_the_same_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
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
