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
from cleaner.shelf import decoder
from cleaner.text.article import Article, in_turn
from cleaner.text.directives import directives
from cleaner.text.document import Packed

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


_DIGEST = 16  # bytes


class Trace(msgspec.Struct, frozen=True):
    """What was `found` in a document, what was `asked` for it, and what stands for the `answers`; encoded.

    The answers are three digests: of what the evidence said, of the rules that words led to, and of all rules, which spare the words as long
    as they are the same.
    """

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
    words: msgspec.Raw
    questions: msgspec.Raw


def kept(found: bytes) -> Kept:
    """What `Trace.found` holds."""
    return decoder(Kept)(found)


def traced(
    searched: Searched, checked: Checked, articles: Sequence[Article], evidence: Evidence, pipeline: Pipeline
) -> Trace | None:
    """The trace of a search by `evidence`, which recorded it; None where names of files keep it from being encoded."""
    document = searched.document
    words = sorted({word for article in in_turn(articles) for word in article.vocabulary})
    questions = {name: sorted(keys) for name, keys in sorted((evidence.asked or {}).items())}
    try:
        what = Kept(bool(directives(document.readable)), searched.findings)
        asked = _Asked(msgspec.Raw(_encode(words)), msgspec.Raw(_encode(questions)))
        answers = _told(asked, evidence) + _leads(asked, pipeline.book) + pipeline.book.sign
        return Trace(_encode(what), _encode(asked), answers, showing(what, checked, pipeline))
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


def answered(answers: bytes, encoded: bytes, evidence: Evidence, book: RuleBook) -> bytes | None:
    """What stands now for the answers to what was asked, where they are as they were when `answers` was made of them; None where they are not."""
    if not answers:
        return answers
    asked = decoder(_Asked)(encoded)
    told, leads, rules = answers[:_DIGEST], answers[_DIGEST : 2 * _DIGEST], answers[2 * _DIGEST :]
    if told != _told(asked, evidence) or (rules != book.sign and leads != _leads(asked, book)):
        return None
    return told + leads + book.sign


def _told(asked: _Asked, evidence: Evidence) -> bytes:
    """What stands for the questions and what the evidence says."""
    told = []
    for name, keys in decoder(dict[str, list[Any]])(asked.questions).items():
        answer = QUESTIONS[name]
        told.append([answer(evidence, key) for key in keys])
    return _digest(asked.questions, _encode(told))


def _leads(asked: _Asked, book: RuleBook) -> bytes:
    """What stands for the words and the phrase rules that they lead to."""
    return _digest(asked.words, _encode([book.leads[word] for word in decoder(list[str])(asked.words)]))


def _digest(asked: msgspec.Raw, answers: bytes) -> bytes:
    return hashlib.blake2b(bytes(asked) + answers, digest_size=_DIGEST).digest()
