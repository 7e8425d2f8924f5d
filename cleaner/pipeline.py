"""observe → merge → find: the three functions that every engine runs, serially or spread out, with the same result."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner import detectors, languages
from cleaner.corroboration import Corroboration
from cleaner.detectors import Detector, Evidence
from cleaner.errors import CleanerError
from cleaner.facts import Facts, Observer
from cleaner.facts.names import observe_names
from cleaner.findings import Finding, Kind
from cleaner.keys import with_keys
from cleaner.resolve import Overlapped, distinct, resolve
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import EngineRule, Rule
from cleaner.runs import may_run, with_runs
from cleaner.shield import Shield
from cleaner.silence import Silence
from cleaner.suppression import Hidden, Suppressions
from cleaner.text import formats
from cleaner.text.article import Article, in_turn
from cleaner.text.document import Document

if TYPE_CHECKING:
    from cleaner.detectors.grammar import GrammarDetector

DEFAULT_CONFIDENCE = 0.5


class Selection(msgspec.Struct, frozen=True):
    """Which findings are wanted: at least this confidence, of these kinds and rules (all, if none is named), not rejected.

    Without a confidence it is `DEFAULT_CONFIDENCE`, or what a rule asks for itself (`Rule.least`).
    """

    min_confidence: float | None = None
    kinds: frozenset[Kind] = frozenset()
    rules: frozenset[str] = frozenset()
    silence: Silence = msgspec.field(default_factory=Silence)
    suppressions: Suppressions = msgspec.field(default_factory=Suppressions)

    def wants(self, finding: Finding, rule: Rule) -> bool:
        """Whether the selection takes `finding` of `rule`."""
        least = (rule.least or DEFAULT_CONFIDENCE) if self.min_confidence is None else self.min_confidence
        return (
            finding.confidence >= least
            and (not self.kinds or finding.kind in self.kinds)
            and (not self.rules or finding.rule_id in self.rules)
        )


class Searched(msgspec.Struct, frozen=True):
    """A document with all that was found in it and is wanted, before anything is hidden or gives way; and what could not be searched."""

    document: Document
    findings: tuple[Finding, ...]
    errors: tuple[CleanerError, ...] = msgspec.field(default=())


class Checked(msgspec.Struct, frozen=True):
    """A document with its findings, none overlapping, in the order of the text; those that gave way; and what could not be searched.

    `hidden` are findings that a suppression keeps out, `unused` the places of suppressions in the document that keep out none.
    """

    document: Document
    findings: Sequence[Finding]
    overlapped: tuple[Overlapped, ...] = msgspec.field(default=())
    errors: tuple[CleanerError, ...] = msgspec.field(default=())
    hidden: tuple[Hidden, ...] = msgspec.field(default=())
    unused: tuple[str, ...] = msgspec.field(default=())


class Pipeline:
    """All detectors over one rule book; with a `grammar` LanguageTool comes last, and is not heard where an own rule speaks.

    Articles of files of records are in their `field`.
    """

    def __init__(self, book: RuleBook, selection: Selection, grammar: Any = None, field: str = formats.FIELD) -> None:
        self.field = field
        self.book = book
        self.selection = selection
        self._language = languages.get(book.language)
        self._detectors: tuple[Detector, ...] = tuple(detector(book, self._language) for detector in detectors.ALL)
        self._corroboration = Corroboration(book, self._language)
        self._grammar: GrammarDetector | None = None
        if grammar:
            from cleaner.detectors.grammar import GrammarDetector  # only where LanguageTool is asked

            self._grammar = GrammarDetector(book, self._language, grammar)
        # The shield leans on the names of the folder, whichever detectors run.
        observers = [observe_names, *(observer for detector in self._detectors for observer in detector.observes)]
        self._observers: tuple[Observer, ...] = tuple(dict.fromkeys(observers))

    @property
    def sign_of_facts(self) -> bytes:
        """What stands for all but the articles that their facts depend on."""
        return b"\0".join([self.field.encode(), self._language.lexicon.key.encode(), self.book.sign_of_facts])

    def sign_of_search(self, *, grammar: bool) -> bytes | None:
        """What stands for all that `search` depends on but the articles, the evidence and the phrase rules; None where that is not known."""
        chosen = self.selection
        version = self._grammar.version if self._grammar and grammar else "none"
        wanted = repr((chosen.min_confidence, sorted(chosen.kinds), sorted(chosen.rules), version)).encode()
        return b"\0".join([self.sign_of_facts, self.book.sign_of_rest, wanted]) if version else None

    def sign_of_settling(self, path: str) -> bytes | None:
        """What stands for all that `settle` depends on besides a document without comments; None where something is said of its path alone."""
        suppressions = self.selection.suppressions
        return None if path in suppressions.configured or path in suppressions.sidecars else self._settling

    @cached_property
    def _settling(self) -> bytes:
        silence, suppressions = self.selection.silence, self.selection.suppressions
        sets = (silence.keys, silence.rules, silence.fixes, suppressions.baseline.keys, suppressions.baseline.removals)
        general = [(each.place, each.rules, sorted(each.words)) for each in suppressions.configured.get("", ())]
        return hashlib.blake2b(repr(([sorted(map(repr, each)) for each in sets], general)).encode(), digest_size=16).digest()

    @property
    def has_grammar(self) -> bool:
        """Whether LanguageTool is among the detectors."""
        return self._grammar is not None

    def article(self, document: Document) -> Article:
        """The document as one article, ready to be observed and searched."""
        return Article(document, self.book.language)

    def articles(self, document: Document) -> Sequence[Article]:
        """The articles of a document: one, or one a record; of a document with markup their prose. DocumentError where it is broken."""
        return formats.articles(document, self.book.language, self.field)

    def observe(self, *articles: Article) -> Facts:
        """What articles show."""
        return self.merge(Facts.observe(article, self._observers) for article in in_turn(articles))

    @staticmethod
    def merge(parts: Iterable[Facts]) -> Facts:
        """What all articles show."""
        merged = Facts()
        for part in parts:
            merged.merge(part)
        return merged

    def conclude(self, facts: Facts) -> Evidence:
        """The facts with what follows from them; once a run."""
        return Evidence(facts, {detector.name: detector.conclude(facts) for detector in self._detectors})

    def detect(self, article: Article, evidence: Evidence) -> list[Finding]:
        """What the detectors find in one article, each for itself, whether it is wanted or not."""
        return [finding for detector in self._detectors for finding in detector.find(article, evidence)]

    def conclude_for(self, articles: Sequence[Article], facts: Facts) -> Evidence:
        """What `conclude` says, as far as these articles need it."""
        return Evidence(facts, {detector.name: detector.conclude_for(articles, facts) for detector in self._detectors})

    def find(self, article: Article, evidence: Evidence) -> Checked:
        """The findings of one article by the evidence of all."""
        return self.check([article], evidence)

    def check(self, articles: Sequence[Article], evidence: Evidence, *, grammar: bool = True) -> Checked:
        """The findings of the articles of one document by the evidence of all; without `grammar` LanguageTool is not asked."""
        return self.settle(self.search(articles, evidence, grammar=grammar), lambda: articles)

    def search(self, articles: Sequence[Article], evidence: Evidence, *, grammar: bool = True) -> Searched:
        """What is found in the articles of one document and is wanted, whatever decisions and suppressions say."""
        keyed = tuple(finding for article in in_turn(articles) for finding in self._search(article, evidence, grammar=grammar))
        return Searched(articles[0].document, keyed, tuple(error for article in articles for error in article.errors))

    def settle(self, searched: Searched, articles: Callable[[], Sequence[Article]]) -> Checked:
        """What of the findings of a document is to be shown; `articles` gives those of the document."""
        document = searched.document
        sifted = self.selection.suppressions.sift(document, searched.findings, lambda: self.book.names)
        left = [finding for finding in sifted.shown if not self.selection.silence.covers(finding, document.readable)]
        resolution = resolve(left)
        kept = self._with_runs(articles, resolution.kept)
        return Checked(document, kept, resolution.overlapped, (*searched.errors, *sifted.errors), sifted.hidden, sifted.unused)

    def _with_runs(self, articles: Callable[[], Sequence[Article]], kept: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings with litter that stands together as one; only in plain text do lines follow each other as a reader sees them."""
        run = self.book.check("litter-run")
        if run is None or (self.selection.rules and run.id not in self.selection.rules) or sum(map(may_run, kept)) < 2:
            return kept
        article, *others = articles()
        return kept if others or article.prose else with_runs(article, kept, run)

    def _search(self, article: Article, evidence: Evidence, *, grammar: bool) -> Iterator[Finding]:
        """The findings of one article that are wanted, as findings of its document."""
        weighed = self._corroboration.weighed(article, self.detect(article, evidence))
        found = list(self._wanted(article, evidence, weighed))
        if grammar and self._grammar:
            own = tuple(found)
            theirs = self._wanted(article, evidence, self._grammar.find(article, evidence))
            found += [finding for finding in theirs if not any(finding.conflicts(other) for other in own)]
        for finding in distinct(with_keys(article, found)):
            outside = article.outward(finding)
            if outside:
                yield outside

    def check_grammar(self, articles: Sequence[Article], evidence: Evidence) -> Checked:
        """What LanguageTool adds to the findings of articles that were checked without it."""
        checked = self.check(articles, evidence)
        overlapped = tuple(each for each in checked.overlapped if self._is_theirs(each.finding))
        return msgspec.structs.replace(checked, findings=tuple(filter(self._is_theirs, checked.findings)), overlapped=overlapped)

    def asks(self, rule_id: str) -> bool:
        """Whether findings of the rule could be among those of a check: LanguageTool's only where it is there."""
        return self._grammar is not None or not isinstance(self.book.rules.get(rule_id), EngineRule)

    def _is_theirs(self, finding: Finding) -> bool:
        return isinstance(self.book.rules[finding.rule_id], EngineRule)

    def _wanted(self, article: Article, evidence: Evidence, findings: Iterable[Finding]) -> Iterator[Finding]:
        shield = Shield(self.book, evidence)
        for finding in findings:
            if self.selection.wants(finding, self.book.rules[finding.rule_id]) and not shield.blocks(article, finding):
                yield finding

    def check_text(self, text: str, others: Sequence[str] = ()) -> Checked:
        """The findings of one text by its own evidence and that of `others`, the rest of its folder."""
        articles = [self.article(Document.from_text("-", each)) for each in (text, *others)]
        evidence = self.conclude(self.merge(self.observe(article) for article in articles))
        return self.find(articles[0], evidence)
