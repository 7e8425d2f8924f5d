"""Suppressions: findings that are not to be shown, as comments in the article, its sidecar, the configuration or the baseline say.

Each suppression knows where it stands, so that those that hide nothing can be named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from cleaner.baseline import Baseline, Entry, read
from cleaner.config import Config, IgnoreConfig, load_sidecar
from cleaner.errors import CleanerError, ConfigError, LocatedError, UsageError, nearest
from cleaner.files import STDIN, Choice, real_path
from cleaner.findings import Finding, Span
from cleaner.text.blocks import line_spans
from cleaner.text.directives import Directive, Verb, directives
from cleaner.text.document import Document
from cleaner.text.tokens import fold
from cleaner.workspace import Workspace

SIDECAR = ".cleaner.toml"
"""The ending, after the whole name of an article, of the file beside it that says what to hide in it."""


class Ignore(msgspec.Struct, frozen=True):
    """Hides findings of some `rules` (ids, families, kinds; all, if none is named) about some `words` (any, if none is named).

    It stands at `place`; `within` is the part of the document that it holds for, None for all of it.
    """

    place: str
    rules: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    within: Span | None = None

    def hides(self, finding: Finding) -> bool:
        """Whether `finding` is one of those."""
        return (
            (self.within is None or self.within.overlaps(finding.core))
            and (not self.words or fold(finding.matched.strip()) in self.words)
            and (not self.rules or any(names(rule, finding) for rule in self.rules))
        )


def names(rule: str, finding: Finding) -> bool:
    """Whether `rule`, an id, a family or a kind, is that of `finding`."""
    return finding.kind == rule or f"{finding.rule_id}.".startswith(f"{rule}.")


class Hidden(msgspec.Struct, frozen=True):
    """A finding that is not shown, and the place of what hides it; empty for the baseline."""

    finding: Finding
    by: str = ""


class Sifted(msgspec.Struct, frozen=True):
    """The findings that are left, those that are hidden, the places in the document that hide none, and mistakes in its comments."""

    shown: tuple[Finding, ...]
    hidden: tuple[Hidden, ...] = ()
    unused: tuple[str, ...] = ()
    errors: tuple[CleanerError, ...] = ()


class Suppressions(msgspec.Struct, frozen=True):
    """What a run is not to show; may be sent to other processes."""

    configured: dict[str, tuple[Ignore, ...]] = msgspec.field(default_factory=dict)
    """What the configuration says, by the path of the document; what it says of all documents under the empty one."""
    sidecars: dict[str, tuple[Ignore, ...]] = msgspec.field(default_factory=dict)
    """What sidecars say, by the path of the document."""
    baseline: Baseline = msgspec.field(default_factory=Baseline)
    places: frozenset[str] = frozenset()
    """Where all that the configuration says stands."""

    def sift(self, document: Document, findings: Sequence[Finding], known: Callable[[], frozenset[str]]) -> Sifted:
        """Part the findings of `document`; `known` gives the names that rules go by."""
        comments = directives(document.readable)
        configured = (*self.configured.get("", ()), *self.configured.get(document.path, ()))
        sidecar = self.sidecars.get(document.path, ())
        if not (comments or configured or sidecar or self.baseline):
            return Sifted(tuple(findings))
        own, errors = _of_comments(document, comments, known()) if comments else ([], [])
        for ignore in sidecar:
            errors += [UsageError(f"{ignore.place}: {unknown(rule, known())}") for rule in ignore.rules if rule not in known()]
        shown, hidden = [], []
        for finding in findings:
            by = [ignore.place for ignore in (*own, *sidecar, *configured) if ignore.hides(finding)]
            if by:
                hidden += [Hidden(finding, place) for place in by]
            elif self.baseline.holds(finding):
                hidden.append(Hidden(finding))
            else:
                shown.append(finding)
        used = {each.by for each in hidden}
        unused = tuple(dict.fromkeys(ignore.place for ignore in (*own, *sidecar) if ignore.place not in used))
        return Sifted(tuple(shown), tuple(hidden), unused, tuple(errors))


def unknown(rule: str, known: frozenset[str]) -> str:
    """What is wrong with the name `rule`, which is none of those that rules go by."""
    return f"there is no rule, family or kind '{rule}'{nearest(rule, sorted(known)) or ': see cleaner rules list'}"


def gather(config: Config, workspace: Workspace, paths: Sequence[str]) -> tuple[Suppressions, list[ConfigError]]:
    """What is not to be shown of the articles in `paths`; and what is wrong with their sidecars. UsageError for a broken baseline."""
    errors: list[ConfigError] = []
    configured: dict[str, tuple[Ignore, ...]] = {}
    places = [config.place(("ignore", number)) for number in range(len(config.ignore))]
    for each, place in zip(config.ignore, places, strict=True):
        chosen = Choice((), each.paths, str(config.folder)) if each.paths else None
        for path in [path for path in paths if chosen.excludes(real_path(path))] if chosen else [""]:
            configured[path] = (*configured.get(path, ()), _ignore(each, place))
    sidecars: dict[str, tuple[Ignore, ...]] = {}
    for path in paths:
        sidecar = path + SIDECAR
        if path != STDIN and os.path.isfile(sidecar):
            try:
                sidecars[path] = tuple(_ignore(*each) for each in load_sidecar(Path(sidecar)))
            except ConfigError as error:
                errors.append(error)
    accepted = Baseline.of(entry for file in workspace.baselines(paths) for entry in read(file))
    return Suppressions(configured, sidecars, accepted, frozenset(places)), errors


def stale_entries(
    workspace: Workspace, paths: Sequence[str], found: Iterable[Finding], asked: Callable[[str], bool]
) -> list[Entry]:
    """The entries of the workspace's own baseline about `paths`, or about files that are gone, that are none of what was `found`.

    `asked` says whether a rule was asked at all.
    """
    live = Baseline.of(Entry.of("", finding) for finding in found)
    checked = {workspace.relative(path) for path in paths if path != STDIN}
    return [
        entry
        for entry in read(workspace.baseline)
        if entry.key not in live.keys
        and asked(entry.rule)
        and not (entry.removal and entry.text in live.removals)
        and (entry.path in checked or not workspace.absolute(entry.path).exists())
    ]


def _ignore(ignore: IgnoreConfig, place: str) -> Ignore:
    return Ignore(place, tuple(ignore.rules), frozenset(fold(word) for word in ignore.words))


def _of_comments(
    document: Document, comments: Sequence[Directive], known: frozenset[str]
) -> tuple[list[Ignore], list[CleanerError]]:
    """What the comments of a document hide, and their mistakes."""
    ignores: list[Ignore] = []
    errors: list[CleanerError] = []
    started: list[tuple[str, tuple[str, ...], int]] = []
    text = document.readable

    def end(position: int, which: tuple[str, ...]) -> bool:
        ended = [each for each in started if not which or set(each[1]) & set(which)]
        for each in ended:
            started.remove(each)
            place, rules, start = each
            ignores.append(Ignore(place, rules, within=Span(start, position)))
            left = tuple(rule for rule in rules if which and rule not in which)
            if left:
                started.append((place, left, position))
        return bool(ended)

    for comment in comments:
        position = document.position(comment.span.start)
        place = f"{document.path}:{position.line}:{position.column}"

        def wrong(what: str, line: int = position.line, column: int = position.column) -> None:
            errors.append(LocatedError(document.path, line, column, what))

        if comment.verb not in list(Verb):
            wrong(f"there is no comment 'cleaner: {comment.verb}'{nearest(comment.verb, list(Verb))}")
            continue
        rules = tuple(name for name in comment.names if name in known)
        for name in comment.names:
            if name not in known:
                wrong(unknown(name, known))
        if comment.names and not rules:
            continue
        if comment.verb == Verb.OFF:
            started.append((place, rules, comment.span.end))
        elif comment.verb == Verb.ON:
            if not end(comment.span.start, rules):
                wrong("nothing that it could switch on again was switched off before: take the comment out")
        else:
            ignores.append(Ignore(place, rules, within=_line(text, comment.span, after=comment.verb == Verb.OFF_NEXT_LINE)))
    end(len(text), ())
    return ignores, errors


def _line(text: str, span: Span, *, after: bool) -> Span:
    """The line that holds the start of `span`, or the first after its end that is not blank."""
    for line in line_spans(text):
        if (line.start >= span.end and line.of(text).strip()) if after else line.end >= span.start:
            return line
    return Span(len(text), len(text))
