"""Drafts of rules from what was mined, in the form of rule files, each proved by its own examples."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from cleaner.findings import Span
from cleaner.languages import Language
from cleaner.mining.substitutions import Substitution
from cleaner.pipeline import Pipeline, Selection
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.examples import parse_example
from cleaner.rulebook.load import load
from cleaner.rulebook.model import PhraseRule
from cleaner.selftest import rule_failures
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case

_EXAMPLES = 3
_PAIRS = 3
_TELLING = 5.4  # Zipf: a neighbour above it is no company
_COMPANY = 6  # words
_LEAST, _EACH, _MOST = 0.5, 0.05, 0.8  # confidence: of a draft, for each further support, and the most
_HEAD = """\
# Drafts, mined from articles that report the same event. Read each: keep what holds for the whole family, take out the others,
# and say in `why` and `source` what you know. `cleaner rules try FILE PATH…` shows what they find.
"""


def as_yaml(drafts: Sequence[dict[str, Any]]) -> str:
    """The drafts as a rule file."""
    body = yaml.safe_dump({"rules": list(drafts)}, sort_keys=False, allow_unicode=True, width=150)
    return _HEAD + body


def drafts_of(found: Iterable[Substitution], language: Language, book: RuleBook) -> list[dict[str, Any]]:
    """The rules that `found` speaks for, those with most support first; only such as their own examples prove, and that `book` has not.

    A substitution of an article that reads as spun is enough; any other must be found between several pairs of articles.
    """
    groups: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, Substitution]] = defaultdict(dict)
    for each in found:
        groups[each.wrong, each.right].setdefault(_text(each.article, each.sentence), each)
    opposed = {(right, wrong) for wrong, right in groups}
    drafts = [
        _draft(list(group.values()), language)
        for words, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        if words not in opposed and _is_enough(list(group.values()), language)
    ]
    known = Pipeline(book, Selection(min_confidence=0))
    drafts = [draft for draft in drafts if not any(_is_known(known, example) for example in draft["bad"])]
    proved = _proved(drafts, language) if drafts else set()
    return [draft for draft in drafts if draft["id"] in proved]


def _is_enough(group: Sequence[Substitution], language: Language) -> bool:
    """Writers differ without being wrong: where nothing else speaks against an article, a neighbour must tell, and several articles agree."""
    telling = [each for each in group if _pattern(each, language) != f"[{' '.join(each.wrong)}]"]
    pairs = {
        frozenset(_place(article, article.paragraphs[0]) for article in (each.article, each.parallel[0])) for each in telling
    }
    return any(each.spun for each in group) or len(pairs) >= _PAIRS


def _draft(group: Sequence[Substitution], language: Language) -> dict[str, Any]:
    first = group[0]
    wrong, right = " ".join(first.wrong), " ".join(first.right)
    patterns = list(dict.fromkeys(_pattern(each, language) for each in group))
    shown = group[:_EXAMPLES]
    draft: dict[str, Any] = {
        "id": f"wording.mined-{wrong}-for-{right}".replace(" ", "-"),
        "kind": "wording",
        "match": patterns,
        "replace": [right],
    }
    if f"[{wrong}]" in patterns:
        company = [word for each in group for word in _shared_words(each, language)]
        draft["requires"] = [{"sentence": list(dict.fromkeys(f"={word}" for word in company))[: _COMPANY * len(group)]}]
    return draft | {
        "message": "“{matched}” where others who report the same write “{fix}”",
        "why": f"Articles that say the same have “{right}” between the same words, {_counted(group)}.",
        "source": "; ".join(
            f"{_place(each.article, each.span)} beside {_place(each.parallel[0], each.parallel[1].span)}" for each in shown
        ),
        "confidence": round(min(_MOST, _LEAST + _EACH * (len(group) - 1)), 2),
        "bad": list(dict.fromkeys(_marked(each) for each in shown)),
        "good": list(dict.fromkeys(_text(*each.parallel) for each in shown)),
    }


def _counted(group: Sequence[Substitution]) -> str:
    spun = sum(each.spun for each in group)
    return f"in {len(group)} sentence{'' if len(group) == 1 else 's'}" + (
        f", {spun} of which {'stand' if spun > 1 else 'stands'} in an article that reads as spun" if spun else ""
    )


def _pattern(each: Substitution, language: Language) -> str:
    """The suspect with the neighbours that only the right words are known beside; alone if they are too common to tell."""
    pairs = language.collocations
    before, after = each.before, each.after
    keep = (
        before if before and (before, each.right[0]) in pairs and (before, each.wrong[0]) not in pairs else "",
        after if after and (each.right[-1], after) in pairs and (each.wrong[-1], after) not in pairs else "",
    )
    left, right = (word if word.isalpha() and language.lexicon.zipf(word) < _TELLING else "" for word in keep)
    return " ".join(part for part in (left, f"[{' '.join(each.wrong)}]", right) if part)


def _shared_words(each: Substitution, language: Language) -> Iterator[str]:
    """The small telling words that both sentences have."""
    theirs = {token.form for token in each.parallel[1].tokens}
    for token in each.sentence.tokens:
        known = token.form.isalpha() and token.form in theirs and each.article.text[token.start].islower()
        if known and 0 < language.lexicon.zipf(token.form) < _TELLING:
            yield token.form


def _text(article: Article, sentence: Sentence) -> str:
    return " ".join(sentence.span.of(article.text).split())


def _marked(each: Substitution) -> str:
    text, span = each.article.text, each.span
    right = carry_case(span.of(text), " ".join(each.right))
    whole = each.sentence.span
    return " ".join(f"{text[whole.start : span.start]}[{span.of(text)} -> {right}]{text[span.end : whole.end]}".split())


def _place(article: Article, span: Span) -> str:
    """The file and the line that a part of an article begins in."""
    out = article.outside(span) or Span(0, 0)
    return f"{article.document.path}:{article.document.position(out.start).line}"


def _is_known(pipeline: Pipeline, bad: str) -> bool:
    """Whether the rules find what an example marks."""
    example = parse_example(bad)
    checked = pipeline.check_text(example.text)
    return any(finding.span.overlaps(mark.span) for finding in checked.findings for mark in example.marks)


def _proved(drafts: Sequence[dict[str, Any]], language: Language) -> set[str]:
    """The ids of the drafts that load, find what their bad examples mark and are silent on the others."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "drafts.yaml")
        file.write_text(as_yaml(drafts), "utf-8")
        book = load((file,), language.code, cached=False)
    return {rule.id for rule in book.of_form(PhraseRule) if not any(_failures(book, rule))}


def _failures(book: RuleBook, rule: PhraseRule) -> Iterator[str]:
    return rule_failures(Pipeline(book, Selection(min_confidence=0)), rule)
