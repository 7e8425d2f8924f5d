"""The folder's own rules: what reviewers decided "everywhere", as rules in ``.cleaner/rules.yaml`` that judge the next article.

Entries are added and taken out by the decision that they come from, whose id ends theirs; what people write into the file by hand, comments
included, stays.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cleaner.atomic import replacing
from cleaner.decisions import Clustering, Decision, Difference, Naming, Retraction, Row, Subject
from cleaner.errors import RuleError, UsageError, because
from cleaner.expressions import expression
from cleaner.findings import REVIEWED, Kind
from cleaner.namings import Statement, standing
from cleaner.rulebook.book import RuleBook
from cleaner.rulebook.model import PhraseRule

_HEAD = """\
# Rules of this folder. Reviews add what was decided everywhere and take it out when it is undone;
# what you write here yourself stays.
"""
_CONFIDENCE = 0.95
_ONE_LINE = expression(r"(?!.* -> )[^\r\n\[\]]{3,200}")


class FolderRules:
    """The rules of one folder, kept in `path`."""

    def __init__(self, path: Path, book: RuleBook, rows: Iterable[Row] = ()) -> None:
        self.path = path
        self._book = book
        self._rows = [row for row in rows if self._tells_of_names(row)]

    def take(self, row: Row, sentence: Callable[[Row], str]) -> None:
        """Bring the rules in line with `row`: add what follows from it, and change or take out what it overrules or retracts.

        `sentence` gives the one that the finding of a row stands in; it becomes the rule's example. UsageError where the file cannot be
        read or written; RuleError where somebody broke it.
        """
        rows = [*self._rows, row] if self._tells_of_names(row) else self._rows
        before, after = standing(self._rows), standing(rows)
        changed = {number for number in before.keys() | after.keys() if before.get(number) != after.get(number)}
        entries = [self._name(said, sentence) for number, said in after.items() if number in changed]
        if isinstance(row, Decision):
            entries += [*self._wording(row, sentence), *self._line(row)]
        if isinstance(row, Retraction):
            changed.add(row.of)
        if changed or entries:
            self._change(changed, entries)
        self._rows = rows

    def _tells_of_names(self, row: Row) -> bool:
        if isinstance(row, Decision):
            rule = self._book.rules.get(row.subjects[0].rule)
            return rule is not None and rule.kind is Kind.NAME
        return isinstance(row, (Naming, Difference, Clustering, Retraction))

    # --- entries

    def _name(self, said: Statement, sentence: Callable[[Row], str]) -> dict[str, Any]:
        row, bad, good = said.row, [], []
        if isinstance(row, Decision):
            marked, mended = _examples(row.subjects[0], sentence(row))
            bad, good = [marked], [mended]
        elif isinstance(row, Clustering):
            bad = [f"They wrote [{each} -> {said.name}] here." for each in said.variants]
        else:
            good = [sentence(row)]
        fields = {"variants": [*said.variants], "never": [*said.apart], "bad": bad, "good": good}
        return {
            "id": f"names{REVIEWED}{_slug(said.name)}-{row.id}",
            "kind": "name",
            "name": said.name,
            "type": "other",
            **{field: value for field, value in fields.items() if value},
            "message": "{matched}: in this folder the name is {fix}",
            "why": f"Decided by {row.reviewer} on {row.at[:10]}.",
            "source": "A decision of a reviewer",
            "confidence": _CONFIDENCE,
        }

    def _wording(self, row: Decision, sentence: Callable[[Row], str]) -> list[dict[str, Any]]:
        """What follows from wording that was accepted everywhere: the rule that found it, narrowed to this text and this replacement."""
        subject, rule = row.subjects[0], self._book.rules.get(row.subjects[0].rule)
        if not row.mends_everywhere or not subject.replacement or not isinstance(rule, PhraseRule):
            return []
        marked, mended = _examples(subject, sentence(row))
        copied = msgspec.to_builtins(rule)
        entry = {
            "id": f"wording{REVIEWED}{_slug(subject.text)}-{row.id}",
            "kind": str(rule.kind),
            "match": [f"[{_literal(subject.text)}]"],
            "replace": [subject.replacement],
            **{name: copied[name] for name in ("requires", "forbids", "languages") if copied.get(name)},
            "message": "“{matched}”: in this folder {fix}",
            "why": f"Decided by {row.reviewer} on {row.at[:10]}; found by {rule.id}: {rule.why}",
            "source": "A decision of a reviewer",
            "confidence": _CONFIDENCE,
            "bad": [marked],
            "good": [mended],
        }
        return [entry]

    def _line(self, row: Decision) -> list[dict[str, Any]]:
        """What follows from a line that is to go everywhere; nothing where its marks would be taken for those of an example."""
        subject, rule = row.subjects[0], self._book.rules.get(row.subjects[0].rule)
        line = subject.text.strip()
        removed = row.mends_everywhere and subject.replacement == ""
        if not removed or rule is None or rule.kind is not Kind.LAYOUT or not _ONE_LINE.fullmatch(line):
            return []
        entry = {
            "id": f"layout{REVIEWED}{_slug(line)}-{row.id}",
            "kind": str(rule.kind),
            "lines": [line],
            "message": "A line that goes everywhere in this folder",
            "why": f"Decided by {row.reviewer} on {row.at[:10]}; found by {rule.id}: {rule.why}",
            "source": "A decision of a reviewer",
            "confidence": _CONFIDENCE,
            "bad": [f"The first line.\n\n[{line}\n\n -> ]The last line."],
            "good": ["The first line.\n\nThe last line."],
        }
        return [entry]

    # --- the file

    def _change(self, remove: Iterable[str], entries: Sequence[dict[str, Any]]) -> None:
        """Take out the entries that come from the rows `remove`, then add `entries`."""
        if not entries and not self.path.exists():
            return
        yaml = YAML()
        yaml.width = 4096
        yaml.indent(mapping=2, sequence=4, offset=2)
        try:
            text = self.path.read_text("utf-8") if self.path.exists() else f"{_HEAD}rules: []\n"
            data = yaml.load(text)
            rules = data["rules"]
            ends = tuple(f"-{number}" for number in remove)
            stale = [number for number, each in enumerate(rules) if str(each["id"]).endswith(ends)]
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be read: {because(error)}") from error
        except (YAMLError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise RuleError(
                str(self.path), 0, 0, f"cannot be changed, since it is no rule file any more: mend it ({error})"
            ) from error
        if not entries and not stale:
            return
        for number in reversed(stale):
            del rules[number]
        if entries and not rules:
            data["rules"] = rules = []
        rules.extend(entries)
        out = io.StringIO()
        yaml.dump(data, out)
        self._write(out.getvalue())

    def _write(self, text: str) -> None:
        try:
            with replacing(self.path) as file:
                file.write(text.encode())
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written: {because(error)}") from error


def _examples(subject: Subject, sentence: str) -> tuple[str, str]:
    """The sentence with the defect marked, and mended. Brackets of the text would be taken for marks and go."""
    before, _, after = sentence.partition(subject.text)
    before, after = (re.sub(r"[\[\]]", "", part) for part in (before, after))
    return f"{before}[{subject.text} -> {subject.replacement}]{after}", f"{before}{subject.replacement}{after}"


def _literal(text: str) -> str:
    """`text` as a pattern of exactly these words."""
    return " ".join(re.findall(r"[^\s\[\]<>()*?/]+", text))


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:40].strip("-") or "x"
