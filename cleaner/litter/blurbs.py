"""Blurbs: lines on a site or an author, known by words of four sorts: a job, an outlet, a work, a life."""

from __future__ import annotations

from collections import Counter

from cleaner.facts.names import mentions_in
from cleaner.languages import Language
from cleaner.litter.lines import FULL_PARAGRAPH
from cleaner.litter.model import LONGEST
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.phrases import Matcher, Terms, beginnings
from cleaner.text.article import Article
from cleaner.text.tokens import fold

_SORTS = ("job", "outlet", "work", "life")
_SIGNALS = 2


class Blurbs:
    """Knows the blurbs of an article by the word classes ``newsroom-…`` of a book."""

    def __init__(self, book: RuleBook, language: Language) -> None:
        self._book = book
        self._language = language
        self._beginnings: dict[str, frozenset[str] | None] = {}

    def words(self, article: Article, number: int) -> list[str]:
        """The words by which a paragraph is a blurb on a site or an author; none where it is a part of the story."""
        if len(article.paragraphs[number]) > LONGEST or self._is_story(article, number):
            return []
        found = [self._word_of(article, number, f"newsroom-{sort}") for sort in _SORTS]
        words = [word for word in found if word]
        return words if len(words) >= _SIGNALS else []

    def _is_story(self, article: Article, number: int) -> bool:
        """Whether a paragraph tells what happened, quotes, or speaks of someone who is known from the article."""
        span = article.paragraphs[number]
        if article.quoted(span) or self._word_of(article, number, "newsroom-story"):
            return True
        names = (fold(mention.form) for mention in mentions_in(article, span))
        first = next((name for name in names if name not in self._language.function_words), "")
        # A byline names the author, too.
        own = article.once(_counts_of_short_lines)[first]
        if len(span) >= FULL_PARAGRAPH:
            own += article.row.forms_in(span).count(first)
        return bool(first) and article.word_counts[first] > own

    def _word_of(self, article: Article, number: int, name: str) -> str:
        """The first words of class `name` in a paragraph."""
        terms = self._book.classes.get(name, Terms())
        words = article.row.within(article.paragraphs[number])
        if name not in self._beginnings:
            self._beginnings[name] = beginnings(terms, self._book.classes)
        begin = self._beginnings[name]
        if begin is not None and begin.isdisjoint(article.row.bare[words.start : words.stop]):
            return ""
        for sentence in article.sentences(number):
            matcher = Matcher(self._book.classes, article.text, sentence.tokens, self._language.lexicon)
            found = matcher.find_term(terms, range(len(sentence.tokens)))
            if found:
                return article.text[sentence.tokens[found.start].start : sentence.tokens[found.stop - 1].end]
        return ""


def _counts_of_short_lines(article: Article) -> Counter[str]:
    """How often each folded word stands in lines that are no full paragraphs."""
    short = (span for span in article.paragraphs if len(span) < FULL_PARAGRAPH)
    return Counter(word for span in short for word in article.row.forms_in(span))
