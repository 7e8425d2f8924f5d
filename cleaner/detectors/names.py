"""Names: known variants of the gazetteer, and spellings that the folder itself shows to be slips."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial

import msgspec
from rapidfuzz.distance import OSA

from cleaner.detectors.base import Detector, Evidence, make_finding, question
from cleaner.expressions import expression
from cleaner.facts import Facts
from cleaner.facts.names import Mention, NameCount, NameFacts, mentions, observe_names, phrases
from cleaner.findings import REVIEWED, Finding, Span
from cleaner.names.blocking import Neighborhood, candidate_pairs
from cleaner.names.gazetteer import Gazetteer, name_words
from cleaner.names.model import load_weights, probability
from cleaner.names.slips import slip_features
from cleaner.names.spelling import derived
from cleaner.names.usage import Usages
from cleaner.names.variants import (
    LEAST,
    Cluster,
    Spelling,
    Variant,
    clusters,
    comparable,
    counted,
    explain,
    find_variants,
    find_variants_of,
)
from cleaner.rulebook.model import NameRule, Rule
from cleaner.text.article import Article, Sentence
from cleaner.text.letters import letters
from cleaner.text.romanization import skeleton
from cleaner.text.sieve import Sieve
from cleaner.text.tokens import Token, fold

_SLIP = 2
_KNOWN = 2.5
"""A name of this Zipf frequency is somebody else's."""
_UNDECIDED = 0.6
"""The most that a finding is sure of where no vote decides."""
_LIKELY, _NAMESAKE = 0.85, 0.4
"""How sure it is that the person of the gazetteer is meant, by a slip that is nobody's name, and by one that may be."""
_DISTINCTIVE = 6  # letters
_HOUSE_STYLE = 0.95
_CONTRACTION = expression(r"'(?:s|t|d|m|ll|re|ve)$")
_REACH = 12
"""So many tokens on either side of a word may be of one name with it."""

Pair = tuple[str, str]


class Conclusions(msgspec.Struct, frozen=True):
    """What a folder shows about its names."""

    candidates: dict[str, list[tuple[str, NameCount]]]
    words: dict[str, Variant]
    phrases: dict[str, Variant]


class Slip(msgspec.Struct, frozen=True):
    """The name that a form of an article may be a slip of: how likely, its counts in the folder and its occurrences in the article."""

    canonical: str
    probability: float
    count: NameCount
    here: int


class _Asked(Mapping[str, Spelling]):
    """The spellings of `forms`, each made when it is asked for."""

    def __init__(self, forms: Mapping[str, object], spelling: Callable[[str], Spelling]) -> None:
        self._forms = forms
        self._spelling = cache(spelling)

    def __getitem__(self, form: str) -> Spelling:
        return self._spelling(form)

    def __contains__(self, form: object) -> bool:
        return form in self._forms

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)


class _Proposal(msgspec.Struct, frozen=True):
    """A spelling to exchange, and what speaks for it."""

    span: Span
    right: str
    confidence: float
    evidence: list[str]

    def joined(self, following: _Proposal) -> _Proposal | None:
        """This and the next one as one where the last word of this is the first of that: Jabhat Fatah, Fatah al Sham."""
        shared = min(len(self.right), len(following.right)) if self.span.overlaps(following.span) else 0
        while shared and not self.right.endswith(following.right[:shared]):
            shared -= 1
        if not shared:
            return None
        evidence = [*self.evidence, *(line for line in following.evidence if line not in self.evidence)]
        return _Proposal(
            Span(self.span.start, max(self.span.end, following.span.end)),
            self.right + following.right[shared:],
            min(self.confidence, following.confidence),
            evidence,
        )


@question
def slip_of(evidence: Evidence, form: str) -> list[tuple[str, NameCount]]:
    """The more frequent names that a name may be a slip of, with their counts."""
    return _concluded(evidence).candidates.get(form, [])


@question
def variant_of(evidence: Evidence, form: str) -> Variant | None:
    """What a capitalized word is a variant of."""
    return _concluded(evidence).words.get(form)


@question
def phrase_variant_of(evidence: Evidence, form: str) -> Variant | None:
    """What a name of two words is a variant of."""
    return _concluded(evidence).phrases.get(form)


@question
def name_count(evidence: Evidence, form: str) -> NameCount:
    """The counts of a capitalized word."""
    return evidence.facts.section(NameFacts).count(form)


@question
def is_firm(evidence: Evidence, form: str) -> bool:
    """Whether a capitalized word stands where only a name has a capital."""
    return evidence.facts.section(NameFacts).count(form).firm > 0


def _concluded(evidence: Evidence) -> Conclusions:
    conclusions: Conclusions = evidence.conclusions[NamesDetector.name]
    return conclusions


class NamesDetector(Detector):
    """One spelling for one name: the gazetteer's, otherwise the folder's."""

    name = "names"
    observes = (observe_names,)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer.of(self.book)

    def conclude(self, facts: Facts) -> Conclusions:
        """What the folder shows: which names may be slips of which, and which spellings are one name."""
        names = facts.section(NameFacts)
        # In order of the names: that of the facts is another where a folder was observed in other parts.
        pairs, lexicon = sorted(candidate_pairs(names.tokens)), self.language.lexicon
        words = self._spellings(names, itertools.chain.from_iterable(pairs))
        phrases_ = self._phrase_spellings(names)
        return Conclusions(
            self.candidates(names, pairs),
            find_variants(pairs, words, lexicon, self._word_relation),
            find_variants(sorted(candidate_pairs(phrases_)), phrases_, lexicon, self._phrase_relation),
        )

    def conclude_for(self, articles: Sequence[Article], facts: Facts) -> Conclusions:
        """What the folder shows of the names in these articles."""
        names, lexicon = facts.section(NameFacts), self.language.lexicon
        forms = {mention.form for article in articles for mention in article.once(mentions)}
        among = Neighborhood(names.spelled[0], names.tokens)
        words = _Asked(names.tokens, lambda form: self._spellings(names, [form])[form])
        phrases_ = _Asked(names.phrases, lambda form: self._phrase_spelling(names, form))
        return Conclusions(
            self.candidates(names, sorted(pair for pair in among.pairs(forms) if self._are_open(pair, forms))),
            find_variants_of(forms, among.pairs, words, lexicon, self._word_relation),
            find_variants_of(
                {mention.form for article in articles for mention in article.once(phrases)},
                Neighborhood(names.spelled[1], names.phrases).pairs,
                phrases_,
                lexicon,
                self._phrase_relation,
            ),
        )

    def candidates(self, names: NameFacts, pairs: Iterable[Pair]) -> dict[str, list[tuple[str, NameCount]]]:
        """For each name that may be a slip, the more frequent names that it may be a slip of, with their counts."""
        counts = names.tokens
        zipf = self.language.lexicon.zipf
        candidates: dict[str, list[tuple[str, NameCount]]] = {}
        for pair in pairs:
            form, canonical = sorted(
                pair, key=lambda name: (counts[name].total, counts[name].documents, zipf(letters(name)), name)
            )
            if counts[canonical].firm and self._is_open(form, canonical):
                candidates.setdefault(form, []).append((canonical, counts[canonical]))
        return candidates

    def _is_open(self, form: str, canonical: str) -> bool:
        """Whether the strings alone leave it open that one is a slip of the other."""
        return not self._gazetteer.is_right(fold(form)) and comparable(form, canonical, self.language.lexicon)

    def _are_open(self, pair: Pair, forms: Container[str]) -> bool:
        """Whether one of a pair is one of `forms` and may be a slip of the other: counts may be worth their while."""
        return any(form in forms and self._is_open(form, other) for form, other in (pair, pair[::-1]))

    def _spellings(self, names: NameFacts, forms: Iterable[str]) -> dict[str, Spelling]:
        """Capitalized words as spellings, by their form."""
        authority, preferred = self._gazetteer.authority, self.book.preferred
        return {form: Spelling(form, names.tokens[form], authority(fold(form)), form in preferred) for form in forms}

    def _word_relation(self, a: str, b: str) -> bool | None:
        return self._gazetteer.relation(fold(a), fold(b))

    def _phrase_spellings(self, names: NameFacts) -> dict[str, Spelling]:
        return {form: self._phrase_spelling(names, form) for form in names.phrases}

    def _phrase_spelling(self, names: NameFacts, form: str) -> Spelling:
        return Spelling(form, names.phrases[form], preferred=form in self.book.preferred)

    def _phrase_relation(self, a: str, b: str) -> bool | None:
        """Names of two words are romanized or joined otherwise elsewhere, or they are two names."""
        ours, others = _words_of(a), _words_of(b)
        if len(ours) != len(others) or (ours[0].islower() and fold(ours[-1]) != fold(others[-1])):
            return False  # what stands after a mere particle is a word of its own
        return None if all(map(self._alike, ours, others)) else False

    def _alike(self, a: str, b: str) -> bool:
        x, y = fold(a), fold(b)
        is_word = self.language.lexicon.is_word
        return x == y or (skeleton(a) == skeleton(b) and min(len(a), len(b)) > 3 and not (is_word(x) and is_word(y)))

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the gazetteer first; a name of the folder is judged where the gazetteer was silent."""
        found = [*self._known_variants(article), *self._near_phrases(article)]
        yield from found
        # What a reviewer's entry finds was found by the folder before, and was decided under that key: both come, and are settled later.
        taken = [finding.span for finding in found if REVIEWED not in finding.rule_id]
        slips = self._judge_slips(article, evidence)
        if rule := self.book.check("name-of-the-folder"):
            yield from self._slips(article, rule, slips, taken)
        if rule := self.book.check("variant-of-the-folder"):
            found = list(self._variants(article, rule, article.once(phrases), partial(phrase_variant_of, evidence), taken))
            taken += [finding.span for finding in found]
            # Where both spellings stand in one article, what it says of them decides.
            doubted = {form for form, slip in slips.items() if slip.here and slip.probability < LEAST}
            named = [mention for mention in article.once(mentions) if mention.form not in doubted]
            found += self._variants(article, rule, named, partial(variant_of, evidence), taken)
            yield from (*found, *self._apostrophes(article, rule, [*taken, *(finding.span for finding in found)]))

    # --- the gazetteer

    def _known_variants(self, article: Article) -> Iterator[Finding]:
        variants = self._gazetteer.variants
        for word in variants.beginning(article.row.capitalized):
            for number in article.row.places(word):
                offset, after = article.row.starts[number], next(iter(article.row.bare[number + 1 : number + 2]), "")
                is_possible = article.text[offset].isupper() and variants.begins_before(word, after)
                sentence = article.sentence_at(offset) if is_possible else None
                if sentence is None:
                    continue
                for place in variants.at(sentence.tokens, sentence.index_at(offset)):
                    span = _span(sentence.tokens[place.start : place.end])
                    if not _has_capitals_of(span.of(article.text), place.spelling):
                        continue
                    yield self._finding(article, place.entry, span, place.entry.name, [f"a known variant of {place.entry.name}"])
                    break

    def _near_phrases(self, article: Article) -> Iterator[Finding]:
        """Names of several words of which one is misspelt and the others are right: "Kait'ib Hezbollah"."""
        found: dict[Span, dict[str, tuple[NameRule, float]]] = {}
        for form in self._possible_slips.among(article.row.capitalized):
            for offset in article.occurrences(form):
                sentence = article.sentence_at(offset) if article.text[offset].isupper() else None
                if sentence is None:
                    continue
                around, here = _words_around(sentence, sentence.index_at(offset))
                for number, token in enumerate(around):
                    for place, (rule_id, words, spelling) in self._gazetteer.inside(token.form) if number != here else ():
                        first = number - place
                        tokens = around[max(first, 0) : first + len(words)] if first <= here else ()
                        wrong = self._one_slip(article, tokens, words)
                        if wrong is not None and tokens[wrong] is around[here]:
                            entry = self.book.rules[rule_id]
                            assert isinstance(entry, NameRule)
                            span = Span(tokens[wrong].start, tokens[wrong].end)
                            canonical = entry.name if len(name_words(entry.name)) == len(words) else spelling
                            right = _word_of(canonical, name_words(canonical)[wrong])
                            confidence = self._certainty(article, entry, tokens[wrong].form, words, words[wrong])
                            found.setdefault(span, {}).setdefault(right, (entry, confidence))
        for span, rights in found.items():
            if len(rights) == 1:  # of two names that are as near nobody can tell which is meant
                (right, (entry, confidence)), *_ = rights.items()
                reason = f"{entry.name} is a known name ({entry.type})"
                yield self._finding(article, entry, span, right, [reason], confidence)

    def _certainty(self, article: Article, entry: NameRule, written: str, words: tuple[str, ...], right: str) -> float:
        """How sure it is that a known name is meant: another person may bear the same given name and a similar surname."""
        if entry.type != "person" or len(words) > 2 or right in article.vocabulary:
            return entry.confidence
        return _LIKELY if self.language.lexicon.zipf(letters(written)) == 0 and len(written) > _DISTINCTIVE else _NAMESAKE

    @cached_property
    def _possible_slips(self) -> Sieve:
        return Sieve(self._may_be_slip)

    def _may_be_slip(self, form: str) -> bool:
        """Whether the folded `form` is nobody's name and no word that is known."""
        written = letters(form)
        return len(written) > 3 and not self._gazetteer.is_right(form) and self.language.lexicon.zipf(written) <= _KNOWN

    def _one_slip(self, article: Article, tokens: Sequence[Token], words: tuple[str, ...]) -> int | None:
        """The number of the one token that is a slip of its word while all others are right."""
        if len(tokens) != len(words):
            return None
        wrong = [i for i, (token, word) in enumerate(zip(tokens, words, strict=True)) if token.form != word]
        if len(wrong) != 1:
            return None
        token, word = tokens[wrong[0]], words[wrong[0]]
        written, right = letters(token.form), letters(word)
        if written == right or not article.text[token.start].isupper() or not self._may_be_slip(token.form):
            return None
        if written[0] != right[0] or derived(written, right):
            return None
        close = OSA.distance(written, right) <= (1 if len(right) < 6 else _SLIP)
        sounds_alike = skeleton(written) == skeleton(right) and min(len(written), len(right)) > 4
        return wrong[0] if close or sounds_alike else None

    def _finding(
        self, article: Article, entry: Rule, span: Span, right: str, evidence: list[str], confidence: float | None = None
    ) -> Finding:
        return make_finding(article, entry, span, [self._styled(article, span, right)], confidence=confidence, evidence=evidence)

    def _styled(self, article: Article, span: Span, right: str) -> str:
        return _in_style(article, span, right, self.book.apostrophe)

    # --- the folder

    def _variants(
        self, article: Article, rule: Rule, named: list[Mention], meant: Callable[[str], Variant | None], taken: list[Span]
    ) -> Iterator[Finding]:
        particles = {phrase.span.end: phrase.span.start for phrase in article.once(phrases) if phrase.form[0].islower()}
        proposals: list[_Proposal] = []
        for mention in named:
            variant = meant(mention.form)
            if variant and not any(mention.span.overlaps(span) for span in taken):
                right = self._styled(article, mention.span, variant.canonical.form)
                start = min(particles.get(mention.span.end, mention.span.start), mention.span.start)
                right = article.text[start : mention.span.start] + right
                confidence = min(variant.probability, _UNDECIDED) if variant.tied else variant.probability
                proposal = _Proposal(Span(start, mention.span.end), right, confidence, explain(variant))
                joined = proposals[-1].joined(proposal) if proposals else None
                if joined:
                    proposals[-1] = joined
                else:
                    proposals.append(proposal)
        for each in proposals:
            yield make_finding(
                article, rule, each.span, [each.right], confidence=round(each.confidence, 2), evidence=each.evidence
            )

    def _apostrophes(self, article: Article, rule: Rule, taken: Sequence[Span]) -> Iterator[Finding]:
        """Names with another apostrophe than the house style has."""
        wanted = self.book.apostrophe
        for mention in article.once(mentions) if wanted else ():
            written = mention.span.of(article.text)
            right = "".join(
                wanted if plain_char == "'" else char
                for char, plain_char in zip(written, mention.span.of(article.plain), strict=True)
            )
            if (
                right != written
                and not _CONTRACTION.search(mention.form)
                and not any(mention.span.overlaps(span) for span in taken)
            ):
                finding = make_finding(
                    article, rule, mention.span, [right], confidence=_HOUSE_STYLE, evidence=["the house style of apostrophes"]
                )
                yield msgspec.structs.replace(finding, message=f"“{written}” is {right} in the house style")

    def _judge_slips(self, article: Article, evidence: Evidence) -> dict[str, Slip]:
        """The names of this article that may be slips, with the likeliest right one."""
        found = article.once(mentions)
        candidates = {form: slip_of(evidence, form) for form in {mention.form for mention in found}}
        suspects = {form: names for form, names in candidates.items() if names}
        if not suspects:
            return {}
        wanted = suspects.keys() | {canonical for names in suspects.values() for canonical, _ in names}
        usages = Usages(article, found, self.language, wanted)
        return {form: self._best(form, names, usages, name_count(evidence, form)) for form, names in suspects.items()}

    def _slips(self, article: Article, rule: Rule, slips: dict[str, Slip], taken: list[Span]) -> Iterator[Finding]:
        for mention in article.once(mentions):
            if mention.form not in slips or any(mention.span.overlaps(span) for span in taken):
                continue
            slip = slips[mention.form]
            reason = f"{slip.canonical}: {counted(slip.count)}"
            right = self._styled(article, mention.span, slip.canonical)
            yield make_finding(article, rule, mention.span, [right], confidence=round(slip.probability, 2), evidence=[reason])

    def _best(self, form: str, candidates: list[tuple[str, NameCount]], usages: Usages, rare: NameCount) -> Slip:
        """The likeliest of the names that `form` may be a slip of."""
        usage, weights, lexicon = usages.of(form, rare), load_weights("slip"), self.language.lexicon

        def judged(canonical: str, count: NameCount) -> Slip:
            common = usages.of(canonical, count)
            features = slip_features(form, canonical, usage, common, lexicon, known=fold(canonical) in self._gazetteer)
            return Slip(canonical, probability(features, weights), count, common.here)

        slips = [judged(canonical, count) for canonical, count in candidates]
        return max(slips, key=lambda slip: (slip.probability, slip.count.total, slip.canonical))


def clusters_of(evidence: Evidence, found: Mapping[tuple[str, str], float] | None = None) -> list[Cluster]:
    """The names of a folder that stand in more than one spelling, the most used first.

    `found` are changes that findings propose, with their confidence: what single articles show goes beside what the folder does.
    """
    conclusions: Conclusions | None = evidence.conclusions.get(NamesDetector.name)
    known = {**conclusions.phrases, **conclusions.words} if conclusions else {}
    facts = evidence.facts.section(NameFacts)

    def spelling(form: str) -> Spelling:
        return Spelling(form, facts.tokens.get(form) or facts.phrases.get(form) or NameCount())

    proposed = [
        Variant(spelling(form), spelling(right), confidence)
        for (form, right), confidence in (found or {}).items()
        if form not in known
    ]
    return clusters([*known.values(), *proposed])


def _words_of(phrase: str) -> list[str]:
    return re.split(r"[ -]", phrase)


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].start, tokens[-1].end)


def _has_capitals_of(text: str, spelling: str) -> bool:
    """Whether each word that has a capital in `spelling` has one in `text`: a sentence may go on with small words that look alike."""
    words = zip(text.split(), spelling.split(), strict=False)
    return all(written[0].isupper() for written, right in words if right[0].isupper())


def _words_around(sentence: Sentence, at: int) -> tuple[list[Token], int]:
    """The words around token `at` with nothing but a space or a hyphen between them, and the number of the token among them."""
    words = [sentence.tokens[at]]
    for steps in (range(at - 1, max(-1, at - _REACH), -1), range(at + 1, min(len(sentence.tokens), at + _REACH))):
        last = sentence.tokens[at]
        for token in map(sentence.tokens.__getitem__, steps):
            if token.is_word:
                if max(token.start - last.end, last.start - token.end) > 1:
                    break
                words.append(token)
                last = token
    words.sort(key=lambda token: token.start)
    return words, words.index(sentence.tokens[at])


def _word_of(spelling: str, folded_word: str) -> str:
    """The word of `spelling` as written there that folds to `folded_word`."""
    start = fold(spelling).index(folded_word)
    return spelling[start : start + len(folded_word)]


def _in_style(article: Article, span: Span, right: str, apostrophe: str) -> str:
    """`right` with the capitals of the text it replaces, and with this apostrophe or else the one that the article uses."""
    original = span.of(article.text)
    letters = [char for char in original if char.isalpha()]
    styled = right.replace("'", apostrophe or article.apostrophe)
    if len(letters) > 3 and all(char.isupper() for char in letters):
        return styled.upper()
    return styled[0].upper() + styled[1:] if original[0].isupper() else styled
