"""What reviewers rejected, as far as a run needs to know it."""

from __future__ import annotations

import msgspec

from cleaner.findings import Finding


class Silence(msgspec.Struct, frozen=True):
    """What is not to be shown again; may be sent to other processes."""

    keys: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    fixes: frozenset[tuple[str, str, str | None]] = frozenset()

    def covers(self, finding: Finding, text: str) -> bool:
        """Whether `finding` of an article that reads `text` was rejected."""
        if finding.key in self.keys or finding.rule_id in self.rules:
            return True
        return bool(self.fixes) and fix_of(finding, text) in self.fixes


def fix_of(finding: Finding, text: str) -> tuple[str, str, str | None]:
    """Rule, text and replacement of a finding of an article that reads `text`: by these a fix is rejected everywhere."""
    return finding.rule_id, finding.matched, finding.fixes[0].within(text, finding.span) if finding.fixes else None
