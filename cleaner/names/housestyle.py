"""House styles: which of several right spellings of a name a house writes, as the rule book tells for the style that was chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
from rapidfuzz.distance import OSA

from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import NameRule, Rule
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton
from cleaner.text.tokens import plain

_ALIKE = 0.5


def styles(book: RuleBook) -> frozenset[str]:
    """The styles that any entry of the book knows."""
    entries: list[NameRule] = book.of_form(NameRule)
    return frozenset(style for rule in entries for style in rule.styles)


def in_style(book: RuleBook, style: str) -> RuleBook:
    """The book with the spellings of `style` as the right ones, and the other right spellings of the same words as their variants."""
    rules: dict[str, Rule] = {}
    places: dict[str, tuple[str, int]] = {}
    entries: list[NameRule] = book.of_form(NameRule)
    for rule in entries:
        for each in _entries(rule, style) if style in rule.styles else ():
            rules[each.id] = each
            places[each.id] = book.places[rule.id]
    named = hashlib.blake2b(style.encode(), digest_size=4).hexdigest()
    return book.replacing(rules, places, book.key and f"{book.key}{named}")


def _entries(rule: NameRule, style: str) -> Iterable[NameRule]:
    """The entry without the spellings of other styles, and an entry for each spelling of this one."""
    ours = rule.styles[style]
    spellings = dict.fromkeys((rule.name, *rule.accepted, *(each for theirs in rule.styles.values() for each in theirs)))
    right_ones = {plain(each) for each in ours}

    def others_of(number: int, right: str) -> list[str]:
        beside = {theirs[number] for theirs in rule.styles.values() if number < len(theirs)} | (
            {rule.name} if not number else set()
        )
        return [each for each in spellings if plain(each) not in right_ones and (each in beside or _same_words(each, right))]

    others = {right: others_of(number, right) for number, right in enumerate(ours)}
    gone = {each for alike in others.values() for each in alike}
    accepted = [each for each in spellings if each not in gone and each != ours[0]]
    yield msgspec.structs.replace(rule, name=ours[0], accepted=accepted)
    for number, (right, variants) in enumerate(others.items(), 1):
        if variants:
            yield msgspec.structs.replace(
                rule,
                id=f"{rule.id}.style-{number}",
                name=right,
                accepted=[],
                variants=variants,
                message=f"{{matched}}: in {style} style {{fix}}",
                why=f"The house style is {style}; {rule.why}",
                bad=[],
                good=[],
            )


def _same_words(a: str, b: str) -> bool:
    """Whether two spellings are word by word spellings of one name, particles and their hyphens left out.

    Of single words none that differ in their particle only: a surname may stand with it or without.
    """
    mine, others = _words(a), _words(b)
    if len(mine) == 1 and mine == others:
        return False
    return len(mine) == len(others) and all(
        skeleton(x) == skeleton(y) or OSA.normalized_similarity(letters(x), letters(y)) >= _ALIKE
        for x, y in zip(mine, others, strict=True)
    )


def _words(name: str) -> list[str]:
    words = plain(name).replace("-", " ").split()
    return [word for word in words if word.lower() not in _PARTICLES] or words


_PARTICLES = frozenset("al el ar as ash az ad an abd abdel bin ez".split())
