"""What was found in a document, as it is kept from run to run, and by what it is known to hold still.

What a document is searched with is asked for by name: questions to the evidence, and words that may lead to phrase rules. Where all of them
are answered as they were then, the findings are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from cleaner.detectors import Evidence
from cleaner.detectors.base import QUESTIONS
from cleaner.engines.shown import packed
from cleaner.errors import DocumentError
from cleaner.findings import Finding
from cleaner.pipeline import Checked, Pipeline, Searched
from cleaner.rulebook.book import RuleBook
from cleaner.text.article import Article, in_turn
from cleaner.text.directives import directives
from cleaner.text.document import Packed

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Trace(msgspec.Struct, frozen=True):
    """What was `found` in a document, what was `asked` for it, and the digest of both questions and `answers`; encoded."""

    found: bytes
    asked: bytes = b""
    answers: bytes = b""
    shown: bytes = b""
    """What of it was shown (see `shown.py`); nothing where that depends on more than decisions and suppressions of all documents."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What was found in a document, without the document; `failure` is why nothing could be, and of what."""

    remarked: bool = False
    """Whether comments in it speak to this program."""
    findings: tuple[Finding, ...] = ()
    failure: tuple[str, str] | None = None


class _Asked(msgspec.Struct, frozen=True, array_like=True):
    words: list[str]
    questions: dict[str, list[Any]]


kept = msgspec.msgpack.Decoder(Kept).decode
"""What `Trace.found` holds."""
_asked = msgspec.msgpack.Decoder(_Asked).decode


def traced(
    searched: Searched, checked: Checked, articles: Sequence[Article], evidence: Evidence, pipeline: Pipeline
) -> Trace | None:
    """The trace of a search by `evidence`, which recorded it; None where names of files keep it from being encoded."""
    document = searched.document
    words = sorted({word for article in in_turn(articles) for word in article.vocabulary})
    asked = _Asked(words, {name: sorted(keys) for name, keys in sorted((evidence.asked or {}).items())})
    try:
        what = Kept(bool(directives(document.readable)), searched.findings)
        encoded = _encode(asked)
        answers = _answers(encoded, asked, evidence, pipeline.book)
        return Trace(_encode(what), encoded, answers, showing(what, checked, pipeline))
    except UnicodeEncodeError:
        return None


def showing(what: Kept, checked: Checked, pipeline: Pipeline) -> bytes:
    """What to keep of what is shown of a document (see `Trace.shown`)."""
    sign = pipeline.sign_of_settling(checked.document.path)
    heavy = isinstance(checked.document.encoding, Packed)  # holds all of the file
    return b"" if sign is None or heavy or what.remarked or checked.errors else packed(checked, sign)


def failed(error: DocumentError) -> Trace | None:
    """The trace of a document that could not be searched, which depends on nothing but the document."""
    try:
        return Trace(_encode(Kept(failure=(error.path, error.what))))
    except UnicodeEncodeError:
        return None


def holds(answers: bytes, asked: bytes, evidence: Evidence, book: RuleBook) -> bool:
    """Whether what is `asked` is answered as it was when `answers` was made of it."""
    return not answers or _answers(asked, _asked(asked), evidence, book) == answers


def _answers(encoded: bytes, asked: _Asked, evidence: Evidence, book: RuleBook) -> bytes:
    leads = book.leads
    rules = [(word, lead) for word in asked.words if (lead := leads[word])]
    told = []
    for name, keys in asked.questions.items():
        answer = QUESTIONS[name]
        told.append([answer(evidence, key) for key in keys])
    return hashlib.blake2b(encoded + _encode((rules, told)), digest_size=16).digest()
