"""Keys: by what a finding is known again when the text around it has moved.

A key is made of the rule, the matched text and its sentence, and counts repetitions; never of an offset, a message or a
replacement. So a decision holds when lines move or a message is reworded, and is asked again when its sentence changes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

import msgspec

from cleaner.findings import Finding
from cleaner.text.article import Article

_FAR = 2000
"""Of a sentence that does not end, this many code points on either side are company enough."""


def with_keys(article: Article, findings: Iterable[Finding]) -> list[Finding]:
    """The findings in the order of the text, each with its key."""
    seen: Counter[str] = Counter()
    keyed = []
    for finding in sorted(findings, key=lambda finding: (finding.span, finding.rule_id)):
        company = _company(article, finding)
        seen[company] += 1
        key = hashlib.blake2b(f"{company}\0{seen[company]}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        keyed.append(msgspec.structs.replace(finding, key=key))
    return keyed


def _company(article: Article, finding: Finding) -> str:
    """The rule, the matched text and the words of its sentence; a paragraph or more is company enough for itself."""
    sentence = article.sentence_at(finding.span.start if finding.matched else max(0, finding.span.start - 1))
    around = ""
    if sentence and sentence.span.contains(finding.span):
        start, end = max(sentence.span.start, finding.span.start - _FAR), min(sentence.span.end, finding.span.end + _FAR)
        around = article.text[start:end]
    return "\0".join([finding.rule_id, " ".join(finding.matched.split()), " ".join(around.lower().split())])
