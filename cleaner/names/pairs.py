"""The probability that two names, as strings, are spellings of one: without any text around them."""

from __future__ import annotations

import msgspec
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from cleaner.expressions import expression
from cleaner.languages.lexicon import Lexicon
from cleaner.names import places
from cleaner.names.model import load_weights, probability
from cleaner.names.spelling import lexicon_features, spelling_features
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton

_PARTICLES = frozenset(
    "al el ul as ad an ar ash at az bin ben ibn bint de la le del der van von da dos di du the of and und et y".split()
)
_SEPARATORS = expression(r"[\s.,/‐–-]+")
_CONSONANTS, _VOWELS = expression("[aeiouyw]"), expression("[^aeiouyw]")
_RELATED = 0.34
"""Words of less similarity than this are not spellings of one; equal skeletons count as so much more similar."""
_SAME_SOUND = 0.3
_FAMILIAR, _FREQUENT = 2.8, 3.3  # Zipf frequencies


class _Aligned(msgspec.Struct, frozen=True):
    """The words of two names: pairs of spellings that differ, and how many are equal, alone, or in another order."""

    differing: list[tuple[str, str]]
    equal: int
    alone: tuple[int, int]
    reordered: bool
    words: tuple[list[str], list[str]]


def same_name(a: str, b: str, lexicon: Lexicon) -> float:
    """The probability that `a` and `b` are spellings of one name; the order does not matter."""
    return probability(pair_features(a, b, lexicon), load_weights("pair"))


def pair_features(a: str, b: str, lexicon: Lexicon) -> dict[str, float]:
    """What speaks for and against `a` and `b` being one name: of the whole strings, and of the two words that differ most."""
    aligned = _align(_words(a), _words(b))
    left, right = aligned.words
    joined = "".join(left), "".join(right)
    single = len(left) == len(right) == 1
    features = {
        "joined equal": float(joined[0] == joined[1]),
        "joined skeleton": float(skeleton(joined[0]) == skeleton(joined[1])),
        "joined similarity": OSA.normalized_similarity(*joined),
        "sorted similarity": token_sort_ratio(" ".join(left), " ".join(right)) / 100,
        "equal words": min(aligned.equal, 3) / 3,
        "differing words": min(len(aligned.differing), 3) / 3,
        "words alone in both": float(all(aligned.alone)),
        "words alone in one": float(any(aligned.alone) and not all(aligned.alone)),
        "words alone": min(sum(aligned.alone), 4) / 4,
        "one word": float(single),
        "reordered": float(aligned.reordered),
    }
    if aligned.differing:
        worst = _word_features(*min(aligned.differing, key=_likeness), lexicon)
        features |= worst
        if single:
            features |= {f"one word, {name}": worst[name] for name in _TELLING}
    return features


_TELLING = (
    "derived",
    "one place",
    "both known",
    "both familiar",
    "both frequent",
    "skeleton",
    "similarity",
    "first letter",
    "consonants",
    "sounds",
)


def _words(name: str) -> list[str]:
    folded = [letters(word) for word in _SEPARATORS.split(name)]
    words = [word for word in folded if word]
    return [word for word in words if word not in _PARTICLES] or words


def _align(left: list[str], right: list[str]) -> _Aligned:
    """Pair off the words of two names, the most alike first."""
    ranked = sorted(
        ((_alike(a, b) + 0.01 * (i == j), i, j) for i, a in enumerate(left) for j, b in enumerate(right)), reverse=True
    )
    partner: dict[int, int] = {}
    for likeness, i, j in ranked:
        if likeness >= _RELATED and i not in partner and j not in partner.values():
            partner[i] = j
    pairs = [(left[i], right[j]) for i, j in partner.items()]
    differing = [(a, b) for a, b in pairs if a != b]
    order = [partner[i] for i in sorted(partner)]
    alone = len(left) - len(pairs), len(right) - len(pairs)
    return _Aligned(differing, len(pairs) - len(differing), alone, order != sorted(order), (left, right))


def _alike(a: str, b: str) -> float:
    return OSA.normalized_similarity(a, b) + _SAME_SOUND * (skeleton(a) == skeleton(b))


def _likeness(pair: tuple[str, str]) -> float:
    return _alike(*pair)


def _word_features(a: str, b: str, lexicon: Lexicon) -> dict[str, float]:
    """The features of two words that differ, the rarer first."""
    if lexicon.zipf(a) > lexicon.zipf(b):
        a, b = b, a
    zipf_a, zipf_b = lexicon.zipf(a), lexicon.zipf(b)
    known = lexicon_features(a, b, lexicon)
    familiar = float(zipf_a > _FAMILIAR)
    spelling = spelling_features(a, b)
    return {
        **spelling,
        "similarity": OSA.normalized_similarity(a, b),
        "prefix similarity": JaroWinkler.similarity(a, b),
        "consonants": _steps(_CONSONANTS.sub("", a), _CONSONANTS.sub("", b)),
        "vowels": _steps(_VOWELS.sub("", a), _VOWELS.sub("", b)),
        "sounds": _steps(skeleton(a), skeleton(b)),
        "both known": zipf_a / 5,
        "one known": zipf_b / 6,
        "rarer unknown": known["unknown"],
        "both unknown": float(zipf_b == 0),
        "both familiar": familiar,
        "both frequent": float(zipf_a > _FREQUENT),
        "derived, familiar": spelling["derived"] * float(zipf_b > _FREQUENT),
        "one place": float(bool(places.relation(a, b))),
        "both words": float(lexicon.is_word(a) and lexicon.is_word(b)),
        "one a word": float(lexicon.is_word(a) != lexicon.is_word(b)),
        "short": float(min(len(a), len(b)) < 5),
        "familiar, one sound": spelling["skeleton"] * familiar,
        "familiar, one slip": familiar * (OSA.distance(a, b) == 1),
    }


def _steps(a: str, b: str) -> float:
    return min(OSA.distance(a, b), 3) / 3
