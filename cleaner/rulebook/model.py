"""The rules as they are written: one struct for each form a rule can take.

All fields are checked on loading; `docs` and the JSON Schema for editors are generated from these types, so every field
is described here and nowhere else.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from cleaner.findings import Applicability, Kind

Text = Annotated[str, Meta(min_length=1)]
RuleId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$",
        description="Family and name in small letters, as `wording.envoy-for-proxy`; unique, and never changed once decided on.",
    ),
]
Probability = Annotated[float, Meta(ge=0, le=1)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="A country by ISO 3166-1: two capitals, as `US`.")]
Date = Annotated[
    str, Meta(pattern=r"^\d{4}(-\d{2}){0,2}$", description="A year, a month or a day: `2021`, `2021-03` or `2021-03-27`.")
]
LanguageCode = Annotated[
    str, Meta(pattern="^[a-z]{2,3}$", description="A language by ISO 639: two or three small letters, as `en`.")
]
Check = Literal[
    "about-line",
    "cut-off-end",
    "detached-contraction",
    "detached-possessive",
    "doubled-word",
    "html-entity",
    "indefinite-article",
    "machine-prose",
    "mixed-script",
    "mixed-spelling",
    "mojibake",
    "myriads",
    "litter-run",
    "name-of-the-folder",
    "number-in-parts",
    "variant-of-the-folder",
    "parted-word",
    "plural-apostrophe",
    "pronoun-gender",
    "recurrent-line",
    "repeated-headline",
    "repeated-paragraph",
    "repeated-words",
    "site-line",
    "split-contraction",
    "stray-headline",
    "stray-script",
    "teaser",
    "there-is-plural",
    "thousands-of-millions",
    "unknown-word",
]
"""The checks of all detectors."""
Terms = Annotated[
    list[Text],
    Meta(
        description="Words, phrases or `<classes>`. A lemma stands for all its forms (`kill`: killed, killing …); capital letters "
        "are required in the text, small ones match either (`US` is not `us`)."
    ),
]
Example = Annotated[
    str,
    Meta(
        description="A text with each defect marked as `[wrong -> right]`, `[wrong -> first | second]`, `[remove -> ]` or `[advice]`."
    ),
]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Condition(_Strict, frozen=True, kw_only=True):
    """Holds when any of its terms stands in its scope; the words to be replaced do not count."""

    sentence: Terms = []
    paragraph: Terms = []
    document: Terms = []
    before: Annotated[Terms, Meta(description="Among the three words before the target, in its sentence.")] = []
    after: Annotated[Terms, Meta(description="Among the three words after the target, in its sentence.")] = []
    previous: Annotated[Terms, Meta(description="Right before the target.")] = []
    next: Annotated[Terms, Meta(description="Right after the target.")] = []
    near: Annotated[Terms, Meta(description="Among the eight words on either side of the target, in its sentence.")] = []


class Rule(_Strict, frozen=True, kw_only=True):
    """What every rule has."""

    id: RuleId
    kind: Kind
    message: Annotated[Text, Meta(description="One line for the reviewer; `{matched}` and `{fix}` are filled in.")]
    why: Annotated[Text, Meta(description="Why this is a defect, for someone who doubts it.")]
    source: Annotated[Text, Meta(description="Where the fact comes from.")]
    confidence: Annotated[Probability, Meta(description="The probability that a finding of this rule is right.")]
    least: Annotated[
        Probability | None, Meta(description="Findings of less confidence are shown only to who asks for less confidence.")
    ] = None
    applicability: Applicability = Applicability.REVIEW
    bad: Annotated[list[Example], Meta(description="Texts with the defect. The corrected text must not trigger the rule.")] = []
    good: Annotated[list[Text], Meta(description="Texts in which the rule must stay silent.")] = []
    family: Annotated[str, Meta(description="The heading under which the documentation lists the rule.")] = ""
    language: Annotated[LanguageCode, Meta(description="The language of the articles it is for.")] = "en"


class PhraseRule(Rule, frozen=True, kw_only=True):
    """A word or phrase that is wrong in some company: translation artifacts, usage, agreement."""

    match: Annotated[
        list[Text],
        Meta(
            min_length=1,
            description="Token patterns, with the part to replace in square brackets (all of it if there are none): `word`; `lemma/n`, "
            "`lemma/v`, `lemma/a` with inflection; `(one|other)`; `<class>`; `*` any word, `*3` up to three words; `?` after an element "
            "makes it optional. `[~prime ~minister/n]` is a term in which at least one word was exchanged for one of its class, as "
            "`swapped-prime`: it is put back, whatever `replace` says.",
        ),
    ]
    replace: Annotated[
        list[str],
        Meta(
            description="The right wordings, best first; `lemma/n` takes the number, `lemma/v` the tense and `lemma/a` the degree of the "
            "match; `$1` is the text of the first alternative, class or `*` within the brackets. None: advice."
        ),
    ] = []
    requires: Annotated[list[Condition], Meta(description="All must hold.")] = []
    forbids: Annotated[list[Condition], Meta(description="None may hold.")] = []
    languages: Annotated[list[LanguageCode], Meta(description="The source languages whose rendering it is.")] = []
    mqm: Annotated[str, Meta(description="Error type of the Multidimensional Quality Metrics.")] = ""


class PatternRule(Rule, frozen=True, kw_only=True):
    """A regular expression over the text, for typography and debris."""

    pattern: Annotated[Text, Meta(description="Python regular expression; the group named `fix`, or all of it, is replaced.")]
    replace: Annotated[list[str], Meta(description="The right texts, best first, with `\\1` and `\\g<name>` for groups.")] = []
    needs: Annotated[
        list[Text], Meta(description="Texts, folded, one of which an article must hold: a cheap test before the search.")
    ] = []


class LineRule(Rule, frozen=True, kw_only=True):
    """Lines that are not part of an article: boilerplate of sites."""

    lines: Annotated[
        list[Text], Meta(description="Whole lines, without marks and spaces around; `<classes>` are not allowed.")
    ] = []
    patterns: Annotated[
        list[Text],
        Meta(description="Python regular expressions that a whole line matches; case is ignored and apostrophes are plain."),
    ] = []
    where: Annotated[
        Literal["any", "head", "tail"],
        Meta(description="head: before the first full paragraph; tail: after the last; any: anywhere."),
    ] = "any"
    alone: Annotated[
        Probability | None,
        Meta(
            description="The confidence where no line of the article is found by a rule without `alone`: a caption may belong to a "
            "photo essay, and stands beside other litter where it does not."
        ),
    ] = None


class CheckRule(Rule, frozen=True, kw_only=True):
    """A defect that a detector works out; the rule gives its words, its confidence and its examples."""

    check: Annotated[Check, Meta(description="The name of the check in its detector.")]


class WordListRule(Rule, frozen=True, kw_only=True):
    """Known misspellings: `words` names a TSV file beside this one with a line `wrong<TAB>right` each."""

    words: Annotated[Text, Meta(description="The name of the TSV file.")]


class RoleRule(Rule, frozen=True, kw_only=True):
    """An office that goes by another name in some countries, or by gender."""

    terms: Annotated[list[Text], Meta(min_length=1, description="The general names of the office, as `Foreign Ministry`.")]
    names: Annotated[
        dict[Country, list[Text]], Meta(description="What the office is called where it goes by another name, best first.")
    ] = {}
    languages: Annotated[list[LanguageCode], Meta(description="The source languages whose rendering it is.")] = []
    juniors: Annotated[list[Country], Meta(description="Countries in which junior ministers bear the title, too.")] = []
    genders: Annotated[dict[Literal["f", "m"], list[Text]], Meta(description="What the title is for a woman or a man.")] = {}


class Office(_Strict, frozen=True, kw_only=True):
    """An office held by a person."""

    title: Text
    country: Country | None = None
    since: Date = ""
    until: Date = ""


class NameRule(Rule, frozen=True, kw_only=True):
    """A gazetteer entry: one name, its right spelling and the spellings that are corrected to it."""

    name: Annotated[Text, Meta(description="The canonical spelling.")]
    type: Literal["person", "organisation", "place", "work", "event", "other"]
    variants: Annotated[list[Text], Meta(description="Spellings to correct.")] = []
    accepted: Annotated[list[Text], Meta(description="Other right spellings and short forms, left alone.")] = []
    never: Annotated[list[Text], Meta(description="Names that look alike and are others.")] = []
    styles: Annotated[
        dict[Text, Annotated[list[Text], Meta(min_length=1)]],
        Meta(description="By house style, as AP or BGN/PCGN: its spellings of this name, the full one first."),
    ] = {}
    country: Country | None = None
    gender: Literal["f", "m"] | None = None
    offices: list[Office] = []


class EngineRule(Rule, frozen=True, kw_only=True):
    """What becomes of what LanguageTool finds: the confidence and the words for some of its rules; off where the confidence is 0.

    A rule that is named goes before its category, a user's rule before a shipped one. LanguageTool has examples of its own.
    """

    languagetool: Annotated[
        list[Text],
        Meta(
            min_length=1,
            description="Names of LanguageTool's rules, as `EN_A_VS_AN` or `*_HYPHEN`, or of its categories, as `category GRAMMAR`.",
        ),
    ]


FORMS: dict[str, type[Rule]] = {
    "match": PhraseRule,
    "pattern": PatternRule,
    "lines": LineRule,
    "patterns": LineRule,
    "check": CheckRule,
    "words": WordListRule,
    "terms": RoleRule,
    "name": NameRule,
    "languagetool": EngineRule,
}
"""The field by which each form of rule is known."""
