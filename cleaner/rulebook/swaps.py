"""Fixed terms whose words a tool exchanged for synonyms: ``[~prime ~minister/n]``.

``~word`` stands for `word` or one of the class ``swapped-word``. The pattern matches where at least one such word of the term was
exchanged, and the term is its own replacement. What is left of a term of two words is let pass where it is a known collocation itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cleaner.expressions import expression
from cleaner.languages import Language
from cleaner.rulebook.phrases import PhraseError

_SOURCE = expression(r"(?P<before>[^\[\]~]*)\[(?P<term>[^\[\]]+)\](?P<after>[^\[\]~]*)")
_WORD = expression(r"(?P<swap>~)?(?P<word>[^\s~()<>*?/]+)(?P<pos>/[nva])?")


def unswapped(source: str, classes: Mapping[str, Sequence[str]], language: Language) -> Iterator[tuple[str, str]]:
    """The patterns that `source` stands for, each with the words that it puts back; `source` itself and "" where it has no ``~``.

    `classes` are the terms of the word classes. PhraseError where it cannot be read.
    """
    if "~" not in source:
        yield source, ""
        return
    parts = _SOURCE.fullmatch(source)
    words = [_WORD.fullmatch(word) for word in parts["term"].split()] if parts else []
    if not parts or not all(words):
        raise PhraseError(
            f"cannot read {source!r}: '~' stands before the words of a term in square brackets, without gaps and choices"
        )
    term = [_choices(word, classes) for word in words if word]
    for rows in _patterns(term, language):
        choices = (row[0] if len(row) == 1 else f"({'|'.join(row)})" for row in rows)
        yield f"{parts['before']}[{' '.join(choices)}]{parts['after']}", " ".join(own for own, *_ in term)


def _choices(word: re.Match[str], classes: Mapping[str, Sequence[str]]) -> list[str]:
    """The word itself and, after it, its synonyms, with its capital and its part of speech."""
    name, pos = word["word"], word["pos"] or ""
    if not word["swap"]:
        return [name + pos]
    if f"swapped-{name.lower()}" not in classes:
        raise PhraseError(f"there is no class <swapped-{name.lower()}>")
    others = (term.removeprefix("=") for term in classes[f"swapped-{name.lower()}"])
    if name[0].isupper():
        others = (" ".join(part[0].upper() + part[1:] for part in other.split()) for other in others)
    return [name + pos, *(other + pos for other in others)]


def _patterns(term: Sequence[list[str]], language: Language) -> Iterator[list[list[str]]]:
    """The choices for each word, with no original alone: by the first word that is exchanged."""
    for number, (_, *others) in enumerate(term):
        before = [[own] for own, *_ in term[:number]]
        if not others:
            continue
        if len(term) != 2:
            yield [*before, others, *term[number + 1 :]]
        elif number:
            if fresh := [other for other in others if not _is_known(before[0][0], other, language)]:
                yield [before[0], fresh]
        else:
            allowed: dict[tuple[str, ...], list[str]] = {}
            for other in others:
                beside = tuple(each for each in term[1] if not _is_known(other, each, language))
                allowed.setdefault(beside, []).append(other)
            yield from ([left, list(right)] for right, left in allowed.items() if right)


def _is_known(left: str, right: str, language: Language) -> bool:
    """Whether the two words stand side by side in usual English; of what is more than a word that is not known."""
    word, _, pos = right.lower().partition("/")
    forms = set(language.inflect(word, pos).values()) if pos and " " not in word else {word}
    return any((left.lower().partition("/")[0], form) in language.collocations for form in forms)
