"""What expressions need: never more than what they match has."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.literals import Needs, needs, sought
from cleaner.rulebook.load import load
from cleaner.rulebook.model import LineRule, PatternRule
from cleaner.rulebook.regexes import Expression, Prefilter
from cleaner.text.tokens import fold
from tests.support import RULE


@pytest.mark.parametrize(
    ("source", "starts", "holds"),
    [
        ("read more", ("read more",), ("read more",)),
        (r"(?:please )?(?:follow|like) us\b.{0,9}", ("follow us", "like us", "please "), ("follow us", "like us")),
        (r"[A-Z]\w+ contributed to this story", (), (" contributed to this story",)),
        (r"(?:a|bc)?d*", (), ()),
        (r"(?=.*Foo)\w+", (), ("foo",)),
        (r"(?!Foo)bar|baz", ("bar", "baz"), ("bar", "baz")),
        (r"It’s|Is", ("i",), ("it's", "is")),
        (r"a  b\xa0c", (), ("a b c",)),
        (r"(?:xyz)+q?", ("xyz",), ("xyz",)),
        (r"\d+ ?/ ?\d+", (), ("/0", "/ 0")),
        (r"\bat ([01]?\d|2[0-3]) ?[hH] ?[0-5]\d\b", ("at ",), ("at 0h", "at 00h", "at 0 h", "at 00 h")),
        (r"\$\d{2}(?= (?:million|billion)\b)", ("$",), ("$00 million", "$00 billion")),
        (r"\w+es\nthe", (), ("the",)),
    ],
)
def test_needs(source: str, starts: tuple[str, ...], holds: tuple[str, ...]):
    found = needs(source)
    assert (set(found.starts), set(found.holds)) == (set(starts), set(holds))


@given(st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_a_shipped_expression_matches_is_possible(book: RuleBook, data: st.DataObject):
    rules = [*book.of_form(LineRule), *book.of_form(PatternRule)]
    rule = data.draw(st.sampled_from(rules))
    sources = rule.patterns if isinstance(rule, LineRule) else [rule.pattern]
    number = data.draw(st.integers(0, len(sources) - 1)) if sources else 0
    for source, expression in list(zip(sources, book.expressions[rule.id], strict=True))[number : number + 1]:
        text = data.draw(st.from_regex(source, fullmatch=isinstance(rule, LineRule)))
        holds = expression.needs.holds
        assert not holds or any(sought(each) in f" {sought(fold(text)).strip()} " for each in holds)
        assert not isinstance(rule, LineRule) or expression.possible_as_whole(fold(text))


def test_an_expression_is_asked_where_it_is_possible():
    expression = Expression(Needs(("foo",), ("foo",)), b"")
    assert not expression.possible_as_whole("a foo")
    assert expression.possible_as_whole("foo a")
    assert Prefilter([Expression(Needs(), b""), expression]).possible({"bar"}) == [0]
    assert Prefilter([Expression(Needs(), b""), expression]).possible({"bar", "foo"}) == [0, 1]


def test_what_a_rule_needs_is_found_whatever_its_spaces(tmp_path: Path):
    rule = RULE.replace('match: ["[foo]"]', "pattern: '[$]\\xa0(?=\\d)'\n    needs: [\"$\\xa0\"]")
    (tmp_path / "test.yaml").write_text(rule, "utf-8")
    pipeline = Pipeline(load([tmp_path], cached=False), Selection())
    assert [finding.rule_id for finding in pipeline.check_text("It costs $\xa05.").findings] == ["wording.test"]
