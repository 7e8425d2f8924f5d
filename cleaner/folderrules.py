"""The folder's own rules: what reviewers decided "everywhere", as rules in ``.cleaner/rules.yaml`` that judge the next article.

Entries are added and taken out by the decision that they come from, whose id ends theirs; what people write into the file by hand, comments
included, stays.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cleaner.atomic import replacing
from cleaner.decisions import Clustering, Decision, Difference, Naming, Retraction, Row, Scope, Subject, Verdict
from cleaner.errors import RuleError, UsageError, because
from cleaner.findings import Kind
from cleaner.rulebook.load import RuleBook
from cleaner.rulebook.model import PhraseRule

_HEAD = """\
# Rules of this folder. Reviews add what was decided everywhere and take it out when it is undone;
# what you write here yourself stays.
"""
_CONFIDENCE = 0.95


class FolderRules:
    """The rules of one folder, kept in `path`."""

    def __init__(self, path: Path, book: RuleBook) -> None:
        self.path = path
        self._book = book

    def take(self, row: Row, sentence: Callable[[], str]) -> None:
        """Add the rule that follows from `row`, if one does, or take out that of the row it retracts.

        `sentence` gives the one that the finding stands in; it becomes the rule's example. UsageError where the file cannot be
        read or written; RuleError where somebody broke it.
        """
        if isinstance(row, Retraction):
            self._change(remove=row.of, entry=None)
        else:
            entry = self._entry(row, sentence)
            if entry:
                self._change(remove=row.id, entry=entry)

    # --- entries

    def _entry(self, row: Row, sentence: Callable[[], str]) -> dict[str, Any] | None:
        if isinstance(row, Naming):
            return self._name(row, row.text, good=[sentence()])
        if isinstance(row, Difference):
            return self._name(row, row.text, never=[row.other], good=[sentence()])
        if isinstance(row, Clustering):
            bad = [f"They wrote [{each} -> {row.canonical}] here." for each in row.variants]
            return self._name(row, row.canonical, variants=row.variants, never=row.apart, bad=bad)
        if not isinstance(row, Decision) or row.scope is not Scope.FIX or row.verdict is not Verdict.ACCEPT:
            return None
        subject, rule = row.subjects[0], self._book.rules.get(row.subjects[0].rule)
        if rule is None or not subject.replacement or not (rule.kind is Kind.NAME or isinstance(rule, PhraseRule)):
            return None
        examples = _examples(subject, sentence())
        if rule.kind is Kind.NAME:
            marked, mended = examples
            return self._name(row, subject.replacement, variants=[subject.text], bad=[marked], good=[mended])
        assert isinstance(rule, PhraseRule)
        return self._wording(row, subject, examples, rule)

    def _name(self, row: Row, name: str, **fields: Any) -> dict[str, Any]:
        return {
            "id": f"names.folder.{_slug(name)}-{row.id}",
            "kind": "name",
            "name": name,
            "type": "other",
            **{field: value for field, value in fields.items() if value},
            "message": "{matched}: in this folder the name is {fix}",
            "why": f"Decided by {row.reviewer} on {row.at[:10]}.",
            "source": "A decision of a reviewer",
            "confidence": _CONFIDENCE,
        }

    def _wording(self, row: Decision, subject: Subject, examples: tuple[str, str], rule: PhraseRule) -> dict[str, Any]:
        """The rule that found it, narrowed to this text and to the replacement that was chosen, in the same company."""
        marked, mended = examples
        copied = msgspec.to_builtins(rule)
        return {
            "id": f"wording.folder.{_slug(subject.text)}-{row.id}",
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

    # --- the file

    def _change(self, remove: str, entry: dict[str, Any] | None) -> None:
        if entry is None and not self.path.exists():
            return
        yaml = YAML()
        yaml.width = 4096
        yaml.indent(mapping=2, sequence=4, offset=2)
        try:
            text = self.path.read_text("utf-8") if self.path.exists() else f"{_HEAD}rules: []\n"
            data = yaml.load(text)
            rules = data["rules"]
            stale = [number for number, each in enumerate(rules) if str(each["id"]).endswith(f"-{remove}")]
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be read: {because(error)}") from error
        except (YAMLError, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise RuleError(
                str(self.path), 0, 0, f"cannot be changed, since it is no rule file any more: mend it ({error})"
            ) from error
        if entry is None and not stale:
            return
        for number in reversed(stale):
            del rules[number]
        if entry:
            if not rules:
                data["rules"] = rules = []
            rules.append(entry)
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
