"""Which spellings of a folder are one name, and which of them is the right one.

Spellings that share a block are compared as strings and by how the folder uses them. Each goes to the likeliest of the names that have more
votes than it; what leads to one root is a cluster.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum

import msgspec

from cleaner.expressions import expression
from cleaner.facts import sample
from cleaner.facts.names import NameCount
from cleaner.languages.lexicon import Lexicon
from cleaner.names import places
from cleaner.names.model import load_weights, probability
from cleaner.names.pairs import same_name
from cleaner.names.spelling import derived, of_place
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton
from cleaner.text.tokens import fold

LEAST = 0.5
"""Spellings that are less likely one name than this are kept apart."""
_LEAST_AS_STRINGS = 0.3
_COMMON_WORD = 4.2  # Zipf
_DIGITS = expression(r"\d+")
_KNOWN = 0.93
"""Two spellings of one gazetteer entry are one name, but for namesakes."""
_NAMESAKES = 3
"""A word that stands before so many different names is a given name or a title: others may bear it in another spelling."""


class Authority(IntEnum):
    """Who vouches for a spelling; the greater overrules the lesser, whatever the numbers."""

    FOLDER = 0
    GAZETTEER = 1
    REVIEWER = 2


AUTHORITIES = {
    Authority.GAZETTEER: "the gazetteer has it",
    Authority.REVIEWER: "a reviewer chose it",
}
"""Why a spelling is right where the folder alone does not decide."""


class Spelling(msgspec.Struct, frozen=True):
    """One spelling of a name with its counts, the authority that vouches for it, and whether the house style prefers it."""

    form: str
    count: NameCount
    authority: Authority = Authority.FOLDER
    preferred: bool = False

    @property
    def votes(self) -> tuple[int, bool, int, int, int]:
        """What decides: authority, house style, articles (copies of one text count once), sources, occurrences."""
        return self.authority, self.preferred, self.count.documents, len(self.count.sources), self.count.total


class Variant(msgspec.Struct, frozen=True):
    """A spelling that is taken for another one of its name."""

    spelling: Spelling
    canonical: Spelling
    probability: float
    tied: bool = False
    """Whether no vote decides between the two: a person must."""


class Cluster(msgspec.Struct):
    """The spellings of one name: the canonical one and the others, the most used first."""

    canonical: Spelling
    variants: list[Variant] = msgspec.field(default_factory=list)


Relation = Callable[[str, str], bool | None]
"""What is known of two spellings: True for one name, False for two, None where nothing is."""


def find_variants(
    pairs: Iterable[tuple[str, str]], spellings: Mapping[str, Spelling], lexicon: Lexicon, relation: Relation
) -> dict[str, Variant]:
    """What each spelling that is not the canonical one of its name is a variant of, judged by the candidate `pairs`."""
    best = _likeliest(pairs, spellings, lexicon, relation)
    return {form: _rooted(form, best, lexicon, relation) for form in best}


def find_variants_of(
    forms: Iterable[str],
    pairs_of: Callable[[Iterable[str]], Iterable[tuple[str, str]]],
    spellings: Mapping[str, Spelling],
    lexicon: Lexicon,
    relation: Relation,
) -> dict[str, Variant]:
    """What `find_variants` says of `forms`; `pairs_of` gives the candidate pairs that some forms are in."""
    done: set[str] = set()
    best: dict[str, Variant] = {}
    todo = wanted = set(forms) & spellings.keys()
    while todo:  # what they are variants of may be a variant itself
        open_ = (pair for pair in pairs_of(todo) if any(_open(*each, lexicon, relation) for each in (pair, pair[::-1])))
        found = _likeliest(open_, spellings, lexicon, relation)
        best |= {form: found[form] for form in todo & found.keys()}
        done |= todo
        todo = {best[form].canonical.form for form in todo & best.keys()} - done
    return {form: _rooted(form, best, lexicon, relation) for form in wanted & best.keys()}


def _likeliest(
    pairs: Iterable[tuple[str, str]], spellings: Mapping[str, Spelling], lexicon: Lexicon, relation: Relation
) -> dict[str, Variant]:
    """For each spelling the likeliest of those with more votes."""
    best: dict[str, Variant] = {}
    for pair in pairs:
        rare, common = by_votes((spellings[form] for form in pair), lexicon)
        likely = _judge(rare, common, lexicon, relation)
        if likely >= LEAST and (rare.form not in best or _rank(likely, common) > _rank_of(best[rare.form])):
            best[rare.form] = Variant(rare, common, likely, rare.votes == common.votes)
    return best


def by_votes(spellings: Iterable[Spelling], lexicon: Lexicon) -> list[Spelling]:
    """The spellings, the likeliest canonical one last; where no vote decides, by how well known they are."""
    return sorted(spellings, key=lambda each: (each.votes, lexicon.zipf(letters(each.form)), each.form))


def explain(variant: Variant) -> list[str]:
    """The votes for both spellings, the canonical one first, and what decided."""
    lines = [f"{each.form}: {counted(each.count)}" for each in (variant.canonical, variant.spelling)]
    if variant.tied:
        return [*lines, "as many votes for either: which is right is for you to decide"]
    return [*lines, *reasons(variant.canonical, variant.spelling)]


def reasons(canonical: Spelling, other: Spelling) -> list[str]:
    """What speaks for `canonical` but numbers."""
    if canonical.authority > other.authority:
        return [AUTHORITIES[canonical.authority]]
    return ["the house style prefers it"] if canonical.preferred > other.preferred else []


def counted(count: NameCount) -> str:
    """The counts in words: ``9 times in 2 files``."""
    return f"{count.total} time{'s' * (count.total != 1)} in {count.documents} file{'s' * (count.documents != 1)}"


def clusters(found: Iterable[Variant]) -> list[Cluster]:
    """The clusters of these variants, the most used name first."""
    by_form: dict[str, Cluster] = {}
    for variant in sorted(found, key=lambda each: (-each.spelling.count.total, each.spelling.form)):
        cluster = by_form.setdefault(variant.canonical.form, Cluster(variant.canonical))
        cluster.variants.append(variant)
    return sorted(by_form.values(), key=lambda each: (-each.canonical.count.total, each.canonical.form))


def _open(rare: str, common: str, lexicon: Lexicon, relation: Relation) -> bool:
    """Whether the strings alone leave it open that the first is a spelling of what the second names: counts may be worth their while."""
    known = relation(rare, common)
    return _as_strings(rare, common, lexicon) > 0 if known is None else known


def _as_strings(a: str, b: str, lexicon: Lexicon) -> float:
    """How likely two spellings are one name as strings; 0 where that excludes it."""
    likely = same_name(a, b, lexicon) if comparable(a, b, lexicon) else 0.0
    return likely if likely >= _LEAST_AS_STRINGS else 0.0


def _judge(rare: Spelling, common: Spelling, lexicon: Lexicon, relation: Relation) -> float:
    """The probability that `rare` is a spelling of what `common` names."""
    known = relation(rare.form, common.form)
    if known is not None:
        return _KNOWN if known else 0.0
    features = variant_features(rare, common, lexicon)
    return probability(features, load_weights("variant")) if features else 0.0


def variant_features(rare: Spelling, common: Spelling, lexicon: Lexicon) -> dict[str, float]:
    """What speaks for and against two spellings being one name in this folder; empty where the strings alone exclude it."""
    as_strings = _as_strings(rare.form, common.form, lexicon) if rare.count.firm and common.count.firm else 0.0
    if not as_strings:
        return {}
    a, b = rare.count, common.count
    same_before, other_before = _company(a.before, b.before)
    same_after, other_after = _company(a.after, b.after)
    x, y = letters(rare.form), letters(common.form)
    same_skeleton = skeleton(x) == skeleton(y)
    return {
        "as strings": math.log(as_strings / (1 - min(as_strings, 0.999))) / 6,
        "skeleton": float(same_skeleton),
        "skeleton, both unknown": float(same_skeleton and not (lexicon.zipf(x) or lexicon.zipf(y))),
        "one place": float(bool(places.relation(x, y))),
        "equal letters": float(x == y),
        "derived": float(x != y and derived(x, y)),
        "in one article": sample.contained(a.articles, b.articles),
        "same before": same_before,
        "other before": other_before,
        "same after": same_after,
        "other after": other_after,
        "another's given name": float(bool(a.after and b.before) and not (a.before or b.after)),
        "another's surname": float(bool(a.before and b.after) and not (a.after or b.before)),
        "same company": float(sample.contained(a.company, b.company) > 0),
        "other company": float(bool(a.company and b.company) and not sample.contained(a.company, b.company)),
        "namesakes": float(min(len(a.after), len(b.after)) >= _NAMESAKES),
        "namesakes of the common": float(len(b.after) >= _NAMESAKES),
        "both placed": min(_placed(a), _placed(b)),
        "one placed": abs(_placed(a) - _placed(b)),
        "articles": min(math.log2(a.documents), 5) / 5,
        "articles of the common": min(math.log2(b.documents), 7) / 7,
        "known": lexicon.zipf(x) / 5,
        "known, common": lexicon.zipf(y) / 5,
        "word": float(lexicon.is_word(x)),
        "short": float(min(len(x), len(y)) < 6),
        "length": (min(len(x), len(y), 12) - 5) / 7,
    }


def comparable(a: str, b: str, lexicon: Lexicon) -> bool:
    """Whether two forms can be spellings of one name at all.

    They cannot where one is the plural of the other or the people of it (Illinois, Illinoians), where they differ only in capitals or in a number
    (G7, G20), where a dictionary has both (Centre, Center) or `a` is a common word, or where the parts of a compound begin with different letters
    (US-Russian and Russian, MERS-CoV and SARS-CoV).
    """
    x, y = letters(a), letters(b)
    if x + "s" == y or y + "s" == x or fold(a) == fold(b) or of_place(x, y) or _DIGITS.findall(x) != _DIGITS.findall(y):
        return False
    if lexicon.is_word(x) and (lexicon.is_word(y) or lexicon.zipf(x) > _COMMON_WORD):
        return False
    if x == y or " " in a or "-" not in a + b:
        return True
    parts = [[letters(part) for part in form.split("-")] for form in (a, b)]
    return len(parts[0]) == len(parts[1]) and all(
        m == n or (m[:1] == n[:1] and not (lexicon.is_word(m) and lexicon.is_word(n))) for m, n in zip(*parts, strict=True)
    )


def _placed(count: NameCount) -> float:
    return count.placed / count.total


def _company(a: sample.Sample, b: sample.Sample) -> tuple[float, float]:
    """Whether two names share a neighbor, and whether they have neighbors but none in common."""
    shared = sample.contained(a, b) > 0
    return float(shared), float(bool(a and b) and not shared)


def _rank(likely: float, common: Spelling) -> tuple[float, tuple[int, bool, int, int, int], str]:
    return round(likely, 1), common.votes, common.form


def _rank_of(variant: Variant) -> tuple[float, tuple[int, bool, int, int, int], str]:
    return _rank(variant.probability, variant.canonical)


def _rooted(form: str, best: Mapping[str, Variant], lexicon: Lexicon, relation: Relation) -> Variant:
    """`form` as a variant of the spelling at the end of its chain, or of the last one on the way that may be its name."""
    variant = best[form]
    while following := best.get(variant.canonical.form):
        root = following.canonical
        likely = min(variant.probability, following.probability, _judge(variant.spelling, root, lexicon, relation))
        if likely < LEAST:
            break
        variant = Variant(variant.spelling, root, likely, variant.tied and following.tied)
    return variant
