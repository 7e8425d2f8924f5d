"""The state of a review, without a screen: findings, verdicts, undo, filters and orders.

A finding's own verdict is all that is stored; whether it is retired because another one took its text follows from the verdicts, so that
taking a verdict back restores everything. Each action is written to the log first, and only then taken.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from cleaner.decisions import (
    Clustering,
    Decision,
    Difference,
    Naming,
    Retraction,
    Row,
    RuleStatistics,
    Scope,
    Subject,
    Verdict,
    Verdicts,
    statistics,
)
from cleaner.findings import Finding, Kind
from cleaner.pipeline import Checked
from cleaner.text.tokens import plain


class Status(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETIRED = "retired"
    """Another finding has its text."""


class Order(StrEnum):
    """In which order findings are shown."""

    PLACE = "place"
    CONFIDENCE = "confidence"
    RULE = "rule"
    FIX = "same fix"


class Grouping(StrEnum):
    """Under which headings findings are shown."""

    FILE = "file"
    RULE = "rule"
    FIX = "same fix"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A verdict with the text that the span is to read, None for a rejection; and the row that it stands in."""

    verdict: Verdict
    replacement: str | None
    row: Row
    order: int = sys.maxsize
    """The place of the row in the log; the rows of this review come after all others."""


@dataclass(slots=True, eq=False)
class Item:
    """A finding in a review. `number` counts them as they came; `rivals` want a part of the same text."""

    number: int
    path: str
    relative: str
    finding: Finding
    replacements: tuple[str, ...]
    preferred: bool
    rivals: list[Item] = field(default_factory=list)
    chosen: Chosen | None = None
    parts: list[Item] = field(default_factory=list)
    """The lines of a run, which has no verdict of its own."""
    run: Item | None = None
    """The run that this line is a part of."""

    @property
    def fix(self) -> str | None:
        """What the first fix makes of the span; None for advice."""
        return self.replacements[0] if self.replacements else None

    def subject(self, replacement: str | None) -> Subject:
        """The finding as a decision names it."""
        return Subject(self.finding.key, self.finding.rule_id, self.relative, self.finding.matched, replacement)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings are shown."""

    kinds: frozenset[Kind] = frozenset()
    rule: str = ""
    file: str = ""
    min_confidence: float = 0.0
    text: str = ""
    decided: bool = False
    """Whether decided and retired findings are shown, too."""

    def takes(self, item: Item, status: Status) -> bool:
        """Whether `item` is shown."""
        finding = item.finding
        return (
            (self.decided or status is Status.OPEN)
            and (not self.kinds or finding.kind in self.kinds)
            and finding.confidence >= self.min_confidence
            and self.rule in finding.rule_id
            and self.file in item.path
            and (not self.text or self.text.casefold() in f"{finding.matched}\n{finding.message}\n{item.fix or ''}".casefold())
        )


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done and can be undone: the row, and the verdicts before and after it, by item number.

    To open a run is no decision and has no row.
    """

    row: Row | None
    before: dict[int, Chosen | None]
    after: dict[int, Chosen | None]
    opened: int | None = None


class ReviewState:
    """All findings of a review and what was decided of them.

    `append` writes a row to the log and returns it; whatever it raises, the state stays as it was.
    """

    def __init__(self, append: Callable[[Row], Row], verdicts: Verdicts, relative: Callable[[str], str]) -> None:
        self.items: list[Item] = []
        self.filter = Filter()
        self.order = Order.PLACE
        self.grouping = Grouping.FILE
        self.skipped: set[int] = set()
        self.digests: dict[str, str] = {}
        """The digest that each document had when it was scanned."""
        self.statistics = {rule: [each.accepted, each.rejected] for rule, each in statistics(verdicts).items()}
        """Verdicts by rule: accepted, rejected."""
        self.names = tuple(verdicts.names)
        """What earlier reviews decided of whole names."""
        self._append = append
        self._verdicts = verdicts
        self._relative = relative
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._by_path: dict[str, list[Item]] = defaultdict(list)
        self._by_key: dict[str, list[Item]] = defaultdict(list)
        """The same finding in the same sentence of several documents has one verdict."""
        self._opened: set[int] = set()
        """The runs of which each line is decided for itself."""
        self._open = self._decided = 0

    # --- filling

    def add(self, checked: Checked) -> list[Item]:
        """Take in the findings of a document, with the verdicts that earlier reviews gave; the new items."""
        text = checked.document.readable
        pairs = [(each, True) for finding in checked.findings for each in (finding, *finding.parts)]
        pairs += [(each.finding, False) for each in checked.overlapped]
        new: list[Item] = []
        for finding, preferred in sorted(pairs, key=lambda pair: _place(pair[0])):
            path = checked.document.path
            item = Item(len(self.items), path, self._relative(path), finding, finding.replacements, preferred)
            standing = self._verdicts.on(finding, text)
            if standing and not finding.parts:
                replacement = standing.replacement if standing.verdict is Verdict.ACCEPT else None
                item.chosen = Chosen(standing.verdict, replacement, standing.row, standing.order)
            self.items.append(item)
            self._by_key[finding.key].append(item)
            new.append(item)
        _find_runs(new)
        _find_rivals([item for item in new if not item.parts])
        for item in new:
            if any(_accepted_at(rival) > _accepted_at(item) >= 0 for rival in item.rivals):
                item.chosen = None  # a later decision gave the text to the rival
        self.digests[checked.document.path] = checked.document.digest
        self._by_path[checked.document.path].extend(new)
        self._count(new, 1)
        return new

    # --- reading

    def status(self, item: Item) -> Status:
        """Where `item` stands, by its own verdict and those of its rivals."""
        if item.parts:
            return self._status_of_run(item)
        if item.chosen:
            return Status.ACCEPTED if item.chosen.verdict is Verdict.ACCEPT else Status.REJECTED
        return Status.RETIRED if self.retired_by(item) else Status.OPEN

    def _status_of_run(self, run: Item) -> Status:
        """Open or decided as a whole; retired where its lines are decided one by one."""
        verdicts = {part.chosen.verdict if part.chosen else None for part in run.parts}
        if len(verdicts) == 1 and None not in verdicts:
            return Status.ACCEPTED if Verdict.ACCEPT in verdicts else Status.REJECTED
        whole = verdicts == {None} and run.number not in self._opened
        return Status.OPEN if whole and not any(map(_taking, run.parts)) else Status.RETIRED

    def _is_within_run(self, item: Item) -> bool:
        """Whether `item` is a line of a run that is open or decided as a whole, so that it is not asked for itself."""
        return item.run is not None and item.run.number not in self._opened and self.status(item.run) is not Status.RETIRED

    def retired_by(self, item: Item) -> Item | None:
        """The finding that has the text of `item`: an accepted one, the run that it is a line of, or one that is surer and not rejected."""
        taking = _taking(item)
        if taking:
            return taking
        if item.run and self._is_within_run(item):
            return item.run
        if not item.preferred:
            for rival in item.rivals:
                if rival.preferred and not rival.chosen:
                    return rival
        return None

    @property
    def open_count(self) -> int:
        """How many findings wait for a verdict."""
        return self._open

    @property
    def done_count(self) -> int:
        """How many findings have a verdict."""
        return self._decided

    def visible(self, kept: AbstractSet[int] = frozenset()) -> list[Item]:
        """The findings that the filter takes, in order; with groups in the order of their first finding.

        Those with a number in `kept` pass for open ones, whatever was decided of them.
        """
        chosen = [
            item
            for item in self.items
            if self.filter.takes(item, Status.OPEN if item.number in kept else self.status(item))
            and not self._is_within_run(item)
        ]
        chosen.sort(key=self._sort_key())
        groups: dict[str, list[Item]] = {}
        for item in chosen:
            groups.setdefault(self.group(item), []).append(item)
        return [item for group in groups.values() for item in group]

    def _sort_key(self) -> Callable[[Item], tuple[object, ...]]:
        if self.order is Order.CONFIDENCE:
            return lambda item: (-item.finding.confidence, item.number)
        if self.order is Order.RULE:
            return lambda item: (item.finding.rule_id, item.number)
        if self.order is Order.FIX:
            counts = Counter(map(_same_fix, self.items))
            return lambda item: (-counts[_same_fix(item)], _same_fix(item), item.number)
        # What LanguageTool finds in a document comes after all else and stands among it.
        return lambda item: (self._by_path[item.path][0].number, item.finding.span, item.number)

    def group(self, item: Item) -> str:
        """The heading that `item` stands under."""
        if self.grouping is Grouping.FILE:
            return item.path
        return item.finding.rule_id if self.grouping is Grouping.RULE else _same_fix(item)

    def of_document(self, path: str) -> list[Item]:
        """All findings of one document."""
        return self._by_path[path]

    def paths(self) -> list[str]:
        """The documents with findings, in order."""
        return [path for path, items in self._by_path.items() if items]

    def within(self, item: Item, scope: Scope) -> list[Item]:
        """The open findings that a decision on `item` with `scope` is about; of runs their lines."""
        if scope is Scope.FINDING:
            return [part for part in item.parts if not (part.chosen or _taking(part))] or item.parts or [item]
        if scope is Scope.DOCUMENT:
            reached = self._by_path[item.path]
        elif scope is Scope.RULE:
            reached = [other for other in self.items if other.finding.rule_id == item.finding.rule_id]
        else:
            reached = [other for other in self.items if _same_fix(other) == _same_fix(item)]
        single = dict.fromkeys(part.number for other in reached for part in (other.parts or (other,)))
        return [other for other in (self.items[number] for number in single) if self._waits(other)]

    def _waits(self, item: Item) -> bool:
        """Whether `item` is open, or a line of a run that is."""
        retiring = self.retired_by(item)
        return not item.chosen and (retiring is None or (retiring is item.run and self.status(retiring) is Status.OPEN))

    # --- deciding

    def accept(self, item: Item, replacement: str | None = None, scope: Scope = Scope.FINDING) -> list[Item]:
        """Accept `item`, with another replacement than the first if one is given; the items whose verdict changed.

        With a wider scope, every open finding in it is accepted with its own first fix; of rivals the preferred one, and none that
        is mere advice.
        """
        if scope is Scope.FINDING:
            text = item.fix if replacement is None else replacement
            if text is None:
                raise ValueError("advice has nothing to accept: give a replacement")
            first, *others = self.within(item, scope)
            return self._decide(Verdict.ACCEPT, scope, [(first, text), *((other, "") for other in others)])
        taken: list[tuple[Item, str | None]] = []
        for other in self.within(item, scope):
            if other.fix is not None and not any(other in rival.rivals for rival, _ in taken):
                taken.append((other, other.fix))
        return self._decide(Verdict.ACCEPT, Scope.FINDING if item.parts else scope, taken)

    def reject(self, item: Item, scope: Scope = Scope.FINDING) -> list[Item]:
        """Reject `item`, or every open finding within `scope`; the items whose verdict changed."""
        pairs = [(other, other.fix) for other in self.within(item, scope)]
        return self._decide(Verdict.REJECT, Scope.FINDING if item.parts else scope, pairs)

    def open_run(self, item: Item) -> list[Item]:
        """Let each line of the run `item` be decided for itself; the lines, none where it is no open run."""
        if not item.parts or self.status(item) is not Status.OPEN:
            return []
        return self._do(None, {}, item)

    def _decide(self, verdict: Verdict, scope: Scope, pairs: list[tuple[Item, str | None]]) -> list[Item]:
        if not pairs:
            return []
        row = self._append(Decision(verdict=verdict, scope=scope, subjects=[item.subject(text) for item, text in pairs]))
        after: dict[int, Chosen | None] = {}
        for item, text in pairs:
            for twin in self._by_key[item.finding.key]:
                if verdict is Verdict.ACCEPT:
                    after |= {rival.number: None for rival in twin.rivals if _accepted_at(rival) >= 0}
                after[twin.number] = Chosen(verdict, text if verdict is Verdict.ACCEPT else None, row)
        return self._do(row, after)

    def name(self, item: Item) -> list[Item]:
        """Take the matched text for a name of this folder: all findings about the same text are rejected."""
        if item.parts:
            raise ValueError("a run of lines is no name")
        row = self._append(Naming(text=item.finding.matched, subject=item.subject(None)))
        return self._reject_like(item, row, lambda other: other.finding.matched == item.finding.matched)

    def different(self, item: Item) -> list[Item]:
        """Take the matched text and what it would become for two names: the same fix is rejected everywhere."""
        if item.parts:
            raise ValueError("a run of lines is no name")
        row = self._append(Difference(text=item.finding.matched, other=item.fix or "", subject=item.subject(None)))
        return self._reject_like(item, row, lambda other: _same_fix(other) == _same_fix(item))

    def cluster(self, canonical: str, variants: Sequence[str], apart: Sequence[str]) -> list[Item]:
        """Take `canonical` for the right spelling of a name, `variants` for others of it, and those in `apart` for other names.

        Findings about names that are open or were decided in this way follow: variants are accepted with the canonical spelling, changes of
        what is right are rejected.
        """
        decided: list[tuple[Item, str | None]] = []
        for item in self.items:
            free = self.status(item) is Status.OPEN or (item.chosen and isinstance(item.chosen.row, Clustering))
            if item.finding.kind is not Kind.NAME or not free:
                continue
            form = plain(item.finding.matched)
            if form in variants:
                decided.append((item, canonical.replace("'", "’") if "’" in f"{item.finding.matched}{item.fix}" else canonical))
            elif form == canonical or (form in apart and plain(item.fix or "") == canonical):
                decided.append((item, None))
        subjects = [item.subject(right) for item, right in decided]
        row = self._append(Clustering(canonical=canonical, variants=[*variants], apart=[*apart], subjects=subjects))
        return self._do(
            row,
            {item.number: Chosen(Verdict.REJECT if right is None else Verdict.ACCEPT, right, row) for item, right in decided},
        )

    def _reject_like(self, item: Item, row: Row, alike: Callable[[Item], bool]) -> list[Item]:
        twins = self._by_key[item.finding.key]
        reached = [other for other in self.items if other in twins or (alike(other) and self.status(other) is Status.OPEN)]
        return self._do(row, {other.number: Chosen(Verdict.REJECT, None, row) for other in reached})

    def skip(self, item: Item) -> None:
        """Leave `item` open and pass it over for now."""
        self.skipped.add(item.number)

    # --- undo and redo

    def _do(self, row: Row | None, after: dict[int, Chosen | None], run: Item | None = None) -> list[Item]:
        step = Step(row, {number: self.items[number].chosen for number in after}, after, run.number if run else None)
        self._done.append(step)
        self._undone.clear()
        return self._set(step.after, opened=step.opened)

    def _set(self, verdicts: dict[int, Chosen | None], *, opened: int | None = None, closed: int | None = None) -> list[Item]:
        changed = [self.items[number] for number in verdicts]
        touched = {other.number: other for item in changed for each in (item, *item.rivals) for other in _family(each)}
        for number in (opened, closed):
            if number is not None:
                changed += self.items[number].parts
                touched |= {other.number: other for other in _family(self.items[number])}
        self._count(touched.values(), -1)
        self._opened -= {closed}
        self._opened |= {opened} if opened is not None else set()
        for number, chosen in verdicts.items():
            item = self.items[number]
            for verdict, by in ((item.chosen, -1), (chosen, 1)):
                if verdict:
                    self.statistics.setdefault(item.finding.rule_id, [0, 0])[verdict.verdict is Verdict.REJECT] += by
            item.chosen = chosen
        self._count(touched.values(), 1)
        # Lines of a run that is decided as a whole go by the run.
        shown = {each.number: each for each in (item.run if item.run and self._is_within_run(item) else item for item in changed)}
        return list(shown.values())

    def _count(self, items: Iterable[Item], by: int) -> None:
        """Add the findings that are open and those that are decided, a run that is one of them as one, or take them off."""
        for item in items:
            if self._is_within_run(item):
                continue
            status = self.status(item)
            if status is Status.OPEN:
                self._open += by
            elif item.chosen or (item.parts and status is not Status.RETIRED and item.number not in self._opened):
                self._decided += by

    def undo(self) -> list[Item]:
        """Take the last action back; the items whose verdict changed, none if there is nothing to undo."""
        if not self._done:
            return []
        step = self._done[-1]
        if step.row:
            self._append(Retraction(of=step.row.id))
        self._undone.append(self._done.pop())
        return self._set(step.before, closed=step.opened)

    def redo(self) -> list[Item]:
        """Do again what was undone last."""
        if not self._undone:
            return []
        step = self._undone[-1]
        row = self._append(_anew(step.row)) if step.row else None
        self._undone.pop()
        after = {
            number: chosen and Chosen(chosen.verdict, chosen.replacement, row or chosen.row)
            for number, chosen in step.after.items()
        }
        self._done.append(Step(row, step.before, after, step.opened))
        return self._set(after, opened=step.opened)

    def unwelcome(self, rule: str) -> bool:
        """Whether a rule was rejected so often that switching it off may be proposed."""
        return RuleStatistics(*self.statistics.get(rule, (0, 0))).unwelcome

    @property
    def last_action(self) -> Row | None:
        """What `undo` would take back."""
        return self._done[-1].row if self._done else None

    # --- walking

    def next_open(self, items: list[Item], after: int) -> int:
        """The place in `items` of the next open finding after place `after`, round the end; `after` if there is none."""
        for passed in (self.skipped, set()):
            for step in range(1, len(items) + 1):
                place = (after + step) % len(items)
                if self.status(items[place]) is Status.OPEN and items[place].number not in passed:
                    return place
        return after


def _place(finding: Finding) -> tuple[int, bool, int, str]:
    """The order of findings: by place, a run before its lines."""
    return finding.span.start, not finding.parts, finding.span.end, finding.rule_id


def _family(item: Item) -> list[Item]:
    """An item with the run that it is a line of, and its lines."""
    run = item.run or item
    return [run, *run.parts]


def _taking(item: Item) -> Item | None:
    """The accepted rival that has the text of `item`."""
    return next((rival for rival in item.rivals if rival.chosen and rival.chosen.verdict is Verdict.ACCEPT), None)


def _find_runs(items: list[Item]) -> None:
    """Tell the runs of a document, and their lines, of each other."""
    by_finding = {id(item.finding): item for item in items}
    for item in items:
        item.parts = [by_finding[id(part)] for part in item.finding.parts]
        for part in item.parts:
            part.run = item


def _accepted_at(item: Item) -> int:
    """The place in the log of the row that accepts `item`, or -1."""
    return item.chosen.order if item.chosen and item.chosen.verdict is Verdict.ACCEPT else -1


def _find_rivals(items: list[Item]) -> None:
    """Tell all items of a document, which come in order, of those that overlap them."""
    reaching: list[Item] = []
    for item in sorted(items, key=lambda item: item.finding.span):
        reaching = [other for other in reaching if other.finding.span.end >= item.finding.span.start]
        for other in reaching:
            if item.finding.conflicts(other.finding):
                item.rivals.append(other)
                other.rivals.append(item)
        reaching.append(item)


def _same_fix(item: Item) -> str:
    return (
        f"{item.finding.matched.strip()} → {(item.fix or '').strip() or '(remove)'}"
        if item.replacements
        else item.finding.matched.strip()
    )


def _anew(row: Row) -> Row:
    import msgspec

    return msgspec.structs.replace(row, id="", at="", reviewer="")


@dataclass(frozen=True, slots=True)
class Action:
    """What a reviewer does with the finding at hand."""

    name: str
    replacement: str | None = None
    scope: Scope = Scope.FINDING


def perform(state: ReviewState, item: Item, action: Action) -> list[Item]:
    """Carry out an action; the items whose verdict changed."""
    if action.name == "accept":
        return state.accept(item, action.replacement, action.scope)
    if action.name == "reject":
        return state.reject(item, action.scope)
    if action.name == "open":
        return state.open_run(item)
    if action.name == "name":
        return state.name(item)
    if action.name == "different":
        return state.different(item)
    if action.name == "undo":
        return state.undo()
    if action.name == "redo":
        return state.redo()
    if action.name == "skip":
        state.skip(item)
        return []
    raise ValueError(f"no action {action.name!r}")


def decisions(state: ReviewState) -> Generator[Item, Action, None]:
    """Yields one open finding after the other and is sent what to do with it, until none is left or it is closed."""
    place = -1
    kept: set[int] = set()  # what is decided stays in the list, so that places hold
    while True:
        items = state.visible(kept)
        place = state.next_open(items, place) if items else -1
        if place < 0 or state.status(items[place]) is not Status.OPEN:
            return
        item = items[place]
        action = yield item
        changed = perform(state, item, action)
        kept.update(each.number for each in changed)
        if action.name == "undo":  # what was taken back is asked again first
            place = items.index(changed[0]) - 1 if changed and changed[0] in items else place - 1
