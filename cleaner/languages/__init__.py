"""What is particular to one language: its lexicon, inflection, articles and first letters.

A language is a module with a `Language` of its own, registered in `get`. All else in the program is written
against this protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from cleaner.errors import UsageError
from cleaner.languages.collocations import Collocations
from cleaner.languages.lexicon import Lexicon

LANGUAGES = ("en",)
NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The English names of languages that articles are translated from."""


class Language(Protocol):
    """A language that articles may be written in."""

    code: str
    """ISO 639-1."""

    alphabet: str
    """The letters that its words are spelt with."""
    vowels: str
    keyboard: tuple[str, ...]
    """The rows of letters of its usual keyboard, from the top."""
    doubling: frozenset[str]
    """Words that go on and on in good prose: by, after, and, very."""
    function_words: frozenset[str]
    """The short words that run into their neighbours when a space is missed."""
    giving_verbs: frozenset[str]
    """Forms of verbs after which a pronoun may be the one to whom something goes: gave her flowers."""
    judging_verbs: frozenset[str]
    """Forms of verbs whose object is most often somebody else's: praised his work."""
    numerals: frozenset[str]
    """Numbers in words, cardinal and ordinal."""
    place_prepositions: frozenset[str]
    """Words before the name of a place rather than a person's."""
    prefixes: tuple[str, ...]
    pronouns: frozenset[str]
    """Words that begin a clause which repetition may stress: he said he said."""
    titles: frozenset[str]
    """Capitalised words before a name that are no part of it."""
    reporting_verbs: frozenset[str]
    """What a person does before or after a quotation: said, told."""
    speech_verbs: frozenset[str]
    """Forms of verbs that introduce a quotation and look like plurals: says, claims."""
    suffixes: tuple[str, ...]
    """What makes new words of any dictionary word."""

    @property
    def lexicon(self) -> Lexicon:
        """The words of the language with their frequencies."""

    @property
    def collocations(self) -> Collocations:
        """The pairs of words that often stand side by side."""

    def inflect(self, lemma: str, pos: str) -> dict[str, str]:
        """The forms of `lemma` by tag: for `pos` "n" the tags sg, pl; "v": base, s, past, part, ing; "a": pos, cmp, sup."""

    def all_forms(self, word: str) -> set[str]:
        """`word` and, where it is a lemma, its forms in all parts of speech."""

    def choose_tag(self, tags: Sequence[str], before: Sequence[str]) -> str:
        """The one of `tags` that a form with several has after the folded words `before`; "" where there are none."""

    def is_finite(self, word: str) -> bool:
        """Whether the folded `word` may be a verb in the third person or the past, as headlines are built on."""

    def article_for(self, word: str) -> str | None:
        """The indefinite article that `word` (as written) calls for, None where usage differs or it is unknown."""


@cache
def get(code: str) -> Language:
    """The language with ISO 639 code `code`; UsageError where there is none."""
    if code == "en":
        from cleaner.languages.english import English

        return English()
    raise UsageError(f"no support for articles in {code!r}: choose one of {', '.join(LANGUAGES)}")
