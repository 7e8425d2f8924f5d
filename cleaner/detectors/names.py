"""Names: known variants of the gazetteer, and spellings that the folder itself shows to be slips."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property

from rapidfuzz.distance import OSA

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.facts import Facts
from cleaner.facts.names import NameCount, NameFacts, mentions, observe_names
from cleaner.findings import Finding, Span
from cleaner.names.blocking import candidate_pairs
from cleaner.names.gazetteer import Gazetteer, name_words
from cleaner.names.model import derived, load_weights, probability, slip_features
from cleaner.names.romanization import letters, skeleton
from cleaner.names.usage import Usages
from cleaner.rulebook.model import NameRule, Rule
from cleaner.text.article import Article, Sentence
from cleaner.text.tokens import Token, fold

_SLIP = 2
_KNOWN = 2.5
"""A name of this Zipf frequency is somebody else's."""


class NamesDetector(Detector):
    """One spelling for one name: the gazetteer's, otherwise the folder's."""

    name = "names"
    observes = (observe_names,)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return Gazetteer(self.book)

    @cached_property
    def _right_words(self) -> frozenset[str]:
        """The folded words of right spellings: they are nobody's slips."""
        spellings = (s for entry in self._gazetteer.entries for s in (entry.name, *entry.accepted, *entry.never))
        return frozenset(word for spelling in spellings for word in name_words(spelling))

    @cached_property
    def _phrases(self) -> dict[str, list[tuple[tuple[str, ...], int, NameRule, str]]]:
        """The names of two and more words, by each word that may stay while another is misspelt."""
        index: dict[str, list[tuple[tuple[str, ...], int, NameRule, str]]] = {}
        for entry in self._gazetteer.entries:
            for spelling in (entry.name, *entry.accepted):
                words = name_words(spelling)
                for number, word in enumerate(words):
                    if len(words) > 1 and len(word) > 3:
                        index.setdefault(word, []).append((words, number, entry, spelling))
        return index

    def conclude(self, facts: Facts) -> dict[str, list[tuple[str, NameCount]]]:
        """For each name that may be a slip, the more frequent names that it may be a slip of, with their counts."""
        counts = facts.section(NameFacts).tokens
        zipf = self.language.lexicon.zipf
        candidates: dict[str, list[tuple[str, NameCount]]] = {}
        for pair in candidate_pairs(counts):
            form, canonical = sorted(
                pair, key=lambda name: (counts[name].total, counts[name].documents, zipf(letters(name)), name)
            )
            plural = canonical + "s" == form or form + "s" == canonical
            if fold(form) not in self._right_words and counts[canonical].firm and not plural:
                candidates.setdefault(form, []).append((canonical, counts[canonical]))
        return candidates

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of the gazetteer first; a name of the folder is judged where the gazetteer was silent."""
        found = [*self._known_variants(article), *self._near_phrases(article)]
        yield from found
        rule = self.book.check("name-of-the-folder")
        if rule:
            taken = [finding.span for finding in found]
            yield from self._slips(article, rule, evidence, taken)

    # --- the gazetteer

    def _known_variants(self, article: Article) -> Iterator[Finding]:
        variants = self._gazetteer.variants
        for word in article.vocabulary & frozenset(variants.first_words):
            for offset in article.occurrences(word):
                sentence = article.sentence_at(offset)
                if sentence is None or not article.text[offset].isupper():
                    continue
                for place in variants.at(sentence.tokens, sentence.index_at(offset)):
                    span = _span(sentence.tokens[place.start : place.end])
                    yield self._finding(article, place.entry, span, place.entry.name, [f"a known variant of {place.entry.name}"])
                    break

    def _near_phrases(self, article: Article) -> Iterator[Finding]:
        """Names of several words of which one is misspelt and the others are right: "Kait'ib Hezbollah"."""
        seen: set[Span] = set()
        for word in article.vocabulary & self._phrases.keys():
            for offset in article.occurrences(word):
                sentence = article.sentence_at(offset)
                if sentence is None:
                    continue
                at = sentence.index_at(offset)
                for words, number, entry, spelling in self._phrases[word]:
                    tokens = _aligned(sentence, at, number, len(words))
                    wrong = self._one_slip(article, tokens, words)
                    if wrong is None:
                        continue
                    span = Span(tokens[wrong].start, tokens[wrong].end)
                    if span not in seen:
                        seen.add(span)
                        right = _word_of(spelling, words[wrong])
                        reason = f"{spelling} is a known name ({entry.type})"
                        yield self._finding(article, entry, span, right, [reason])

    def _one_slip(self, article: Article, tokens: Sequence[Token], words: tuple[str, ...]) -> int | None:
        """The number of the one token that is a slip of its word while all others are right."""
        if len(tokens) != len(words):
            return None
        wrong = [i for i, (token, word) in enumerate(zip(tokens, words, strict=True)) if token.form != word]
        if len(wrong) != 1:
            return None
        token, word = tokens[wrong[0]], words[wrong[0]]
        written, right = letters(token.form), letters(word)
        if written == right or len(written) < 4 or not article.text[token.start].isupper() or token.form in self._right_words:
            return None
        if self.language.lexicon.zipf(written) > _KNOWN or written[0] != right[0] or derived(written, right):
            return None
        close = OSA.distance(written, right) <= (1 if len(right) < 6 else _SLIP)
        return wrong[0] if close or skeleton(written) == skeleton(right) else None

    def _finding(self, article: Article, entry: Rule, span: Span, right: str, evidence: list[str]) -> Finding:
        return make_finding(article, entry, span, [_in_style(article, span, right)], evidence=evidence)

    # --- the folder

    def _slips(self, article: Article, rule: Rule, evidence: Evidence, taken: list[Span]) -> Iterator[Finding]:
        candidates: dict[str, list[tuple[str, NameCount]]] = evidence.conclusions.get(self.name, {})
        found = article.once(mentions)
        suspects = {mention.form for mention in found if mention.form in candidates}
        if not suspects:
            return
        usages = Usages(article, found, self.language.titles)
        counts = evidence.facts.section(NameFacts)
        slips = {form: self._best(form, candidates[form], usages, counts.count(form)) for form in suspects}
        for mention in found:
            if mention.form not in slips or any(mention.span.overlaps(span) for span in taken):
                continue
            canonical, confidence, count = slips[mention.form]
            files = f"{count.documents} file{'s' if count.documents > 1 else ''}"
            reason = f"{canonical}: {count.total} times in {files}"
            right = _in_style(article, mention.span, canonical)
            yield make_finding(article, rule, mention.span, [right], confidence=round(confidence, 2), evidence=[reason])

    def _best(
        self, form: str, candidates: list[tuple[str, NameCount]], usages: Usages, rare: NameCount
    ) -> tuple[str, float, NameCount]:
        """The likeliest of the names that `form` may be a slip of, with its probability and counts."""
        weights = load_weights()
        usage = usages.of(form, rare)
        scored = [
            (
                probability(slip_features(form, canonical, usage, usages.of(canonical, count), self.language.lexicon), weights),
                canonical,
                count,
            )
            for canonical, count in candidates
        ]
        confidence, canonical, count = max(scored, key=lambda score: (score[0], score[2].total, score[1]))
        return canonical, confidence, count


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].start, tokens[-1].end)


def _aligned(sentence: Sentence, at: int, number: int, length: int) -> Sequence[Token]:
    """The `length` words around token `at`, which is number `number` of them; hyphens are passed over."""
    words = [i for i, token in enumerate(sentence.tokens) if token.is_word]
    if at not in words:
        return ()
    first = words.index(at) - number
    chosen = [sentence.tokens[i] for i in words[max(first, 0) : first + length]] if first >= 0 else []
    apart = any(right.start - left.end > 1 for left, right in itertools.pairwise(chosen))
    return () if apart else chosen


def _word_of(spelling: str, folded_word: str) -> str:
    """The word of `spelling` as written there that folds to `folded_word`."""
    start = fold(spelling).index(folded_word)
    return spelling[start : start + len(folded_word)]


def _in_style(article: Article, span: Span, right: str) -> str:
    """`right` with the capitals of the text it replaces and the apostrophe that the article uses."""
    original = span.of(article.text)
    letters = [char for char in original if char.isalpha()]
    styled = right.replace("'", article.apostrophe)
    return styled.upper() if len(letters) > 3 and all(char.isupper() for char in letters) else styled
