"""Words that are wrong in their company: the phrase rules, with their conditions, inflection and agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from cleaner.detectors.base import Detector, Evidence, make_finding
from cleaner.findings import Edit, Finding, Fix, Span
from cleaner.rulebook.load import CompiledPhrase
from cleaner.rulebook.model import PhraseRule
from cleaner.rulebook.phrases import Match, Matcher, Part, Terms, first_words
from cleaner.text.article import Article, Sentence
from cleaner.text.case import carry_case

_BEFORE_AFTER = 3
_NEAR = 8


class WordingDetector(Detector):
    """Looks for the rarest word of each rule's patterns, then at the rest of the pattern, then at its company."""

    name = "wording"

    @cached_property
    def _index(self) -> dict[str, list[tuple[str, int]]]:
        """For each word that may begin a pattern's anchor: the rules and numbers of these patterns."""
        index: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for rule_id, phrase in self.book.phrases.items():
            for number, pattern in enumerate(phrase.patterns):
                for word in set(first_words(pattern.elements[pattern.anchor].terms, self.book.classes)):
                    index[word].append((rule_id, number))
        return dict(index)

    def find(self, article: Article, evidence: Evidence) -> Iterator[Finding]:
        """The findings of all phrase rules; one a rule and target."""
        seen: set[tuple[str, Span]] = set()
        for word in article.vocabulary & self._index.keys():
            for offset in article.occurrences(word):
                sentence = article.sentence_at(offset)
                if sentence is None:
                    continue
                anchor = sentence.index_at(offset)
                if anchor < 0 or sentence.tokens[anchor].start != offset:
                    continue
                matcher = Matcher(self.book.classes, article.text, sentence.tokens)
                for rule_id, number in self._index[word]:
                    phrase = self.book.phrases[rule_id]
                    match = matcher.match(phrase.patterns[number], anchor)
                    found = match and self._judge(article, sentence, matcher, phrase, number, match)
                    if found and (rule_id, found.span) not in seen:
                        seen.add((rule_id, found.span))
                        yield found

    def _judge(
        self, article: Article, sentence: Sentence, matcher: Matcher, phrase: CompiledPhrase, number: int, match: Match
    ) -> Finding | None:
        first, end = match.target
        if first == end or matcher.hyphen(first - 1) or matcher.hyphen(end):
            return None  # nothing to replace, or a part of a hyphenated compound
        rule = self.book.rules[phrase.rule_id]
        assert isinstance(rule, PhraseRule)
        company = Company(article, sentence, matcher, range(first, end))
        if any(company.word_for(condition) for condition in phrase.forbids):
            return None
        reasons = []
        for condition in phrase.requires:
            word = company.word_for(condition)
            if word is None:
                return None
            reasons.append(word)
        tokens = sentence.tokens
        span = Span(tokens[first].start, tokens[end - 1].end)
        texts = [self._filled(article, sentence, match, parts) for parts in phrase.replacements[number]]
        wanted = [text for text in texts if text is not None and text != span.of(article.text)]
        if phrase.replacements[number] and not wanted:
            return None
        fixes = [self._agreeing(article, sentence, first, span, text) for text in wanted]
        whole = Span(min([span.start, *(fix.edits[0].span.start for fix in fixes)]), span.end)
        named = [f"beside it: {', '.join(f'“{reason}”' for reason in dict.fromkeys(reasons))}"] if reasons else []
        rendered = [f"a rendering known from {', '.join(rule.languages)}"] if rule.languages else []
        return make_finding(article, rule, whole, fixes, evidence=named + rendered)

    def _filled(self, article: Article, sentence: Sentence, match: Match, parts: tuple[Part, ...]) -> str | None:
        """The replacement in the inflection and capitals of the match."""
        pattern = match.pattern
        numbers = range(pattern.first, pattern.last + 1)
        slots = [i for i in numbers if pattern.elements[i].slot]
        agreeing = {pos: iter([i for i in numbers if pattern.elements[i].pos == pos]) for pos in "nva"}
        last: dict[str, int] = {}
        texts = []
        for part in parts:
            if part.pos:
                last[part.pos] = next(agreeing[part.pos], last.get(part.pos, -1))
                entry = match.entries[last[part.pos]]
                tags = entry.tags if entry else ()
                begin = match.ranges[last[part.pos]][0]
                tag = self.language.choose_tag(tags, [token.form for token in sentence.tokens[max(0, begin - 3) : begin]])
                form = part.forms.get(tag)
                if form is None:
                    return None
                texts.append(form)
            elif part.slot:
                begin, end = match.ranges[slots[part.slot - 1]]
                if begin < end:
                    texts.append(article.text[sentence.tokens[begin].start : sentence.tokens[end - 1].end])
            else:
                texts.append(part.text)
        first, end = match.target
        original = article.text[sentence.tokens[first].start : sentence.tokens[end - 1].end]
        own = next((entry for entry in match.entries[pattern.first :] if entry), None)
        if own and own.words[0][0].isupper() and first and not original.isupper():
            return " ".join("".join(texts).split())  # the capital belongs to the word that goes
        return carry_case(original, " ".join("".join(texts).split()))

    def _agreeing(self, article: Article, sentence: Sentence, first: int, span: Span, text: str) -> Fix:
        """The fix, with the indefinite article before it if that must change too."""
        edit = Edit(span, text)
        before = sentence.tokens[first - 1] if first else None
        if before is None or before.form not in {"a", "an"} or not text:
            return Fix((edit,))
        wanted = self.language.article_for(text.split()[0])
        if wanted is None or wanted == before.form:
            return Fix((edit,))
        article_span = Span(before.start, before.end)
        return Fix((Edit(article_span, carry_case(article_span.of(article.text), wanted)), edit))


class Company:
    """The words around what is to be replaced, by scope."""

    def __init__(self, article: Article, sentence: Sentence, matcher: Matcher, target: range) -> None:
        self._article = article
        self._sentence = sentence
        self._matcher = matcher
        self._target = target

    def word_for(self, condition: list[tuple[str, Terms]]) -> str | None:
        """The words in the text that make `condition` hold; None if it does not."""
        for scope, terms in condition:
            word = getattr(self, f"_in_{scope}")(terms)
            if word is not None:
                return word
        return None

    def _among(self, terms: Terms, numbers: range) -> str | None:
        inside = range(max(0, numbers.start), min(len(self._sentence.tokens), numbers.stop))
        found = self._matcher.find_term(terms, inside, self._target)
        return found and self._text(self._sentence, found)

    def _text(self, sentence: Sentence, tokens: range) -> str:
        return self._article.text[sentence.tokens[tokens.start].start : sentence.tokens[tokens.stop - 1].end]

    def _in_sentence(self, terms: Terms) -> str | None:
        return self._among(terms, range(len(self._sentence.tokens)))

    def _in_before(self, terms: Terms) -> str | None:
        return self._among(terms, range(self._target.start - _BEFORE_AFTER, self._target.start))

    def _in_after(self, terms: Terms) -> str | None:
        return self._among(terms, range(self._target.stop, self._target.stop + _BEFORE_AFTER))

    def _in_near(self, terms: Terms) -> str | None:
        return self._among(terms, range(self._target.start - _NEAR, self._target.stop + _NEAR))

    def _in_paragraph(self, terms: Terms) -> str | None:
        return self._in_sentence(terms) or self._elsewhere(terms, [self._sentence.paragraph])

    def _in_document(self, terms: Terms) -> str | None:
        if not self._matcher.may_find(terms, self._article.vocabulary):
            return None
        return self._in_paragraph(terms) or self._elsewhere(terms, range(len(self._article.paragraphs)))

    def _elsewhere(self, terms: Terms, paragraphs: range | list[int]) -> str | None:
        for paragraph in paragraphs:
            for sentence in self._article.sentences(paragraph):
                if sentence.span == self._sentence.span:
                    continue
                matcher = self._matcher.over(sentence.tokens)
                found = matcher.find_term(terms, range(len(sentence.tokens)))
                if found:
                    return self._text(sentence, found)
        return None
