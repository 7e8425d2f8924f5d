"""Asks LanguageTool about paragraphs: from memory where it can, in two threads where it must, once more where that fails."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cleaner.errors import CleanerError
from cleaner.languagetool.memory import Answers, Memory
from cleaner.languagetool.remarks import Remark
from cleaner.languagetool.server import Endpoint

_THREADS = 2
_TIMEOUT = 30.0  # seconds for a paragraph
_PATIENCE = 3
"""After so many articles in a row that got no answer at all, no more are asked about."""


class _Asks(Protocol):
    """A client."""

    def remarks(self, text: str) -> list[Remark]:
        """What is said of `text`."""


@dataclass(frozen=True, slots=True)
class GrammarSource:
    """Where the grammar of a run is checked; may be sent to another process."""

    endpoint: Endpoint
    cached: bool = True
    timeout: float = _TIMEOUT


class Checker:
    """LanguageTool at a source, for articles in `language`, without its rules and categories that are `disabled`."""

    def __init__(self, source: GrammarSource, language: str, disabled: frozenset[str]) -> None:
        self._source = source
        self._language = language
        self._disabled = disabled
        self._client: _Asks | None = None
        self._memory: Memory | None = None
        self.version = source.endpoint.version
        self._failures = 0

    def check(self, texts: Sequence[str]) -> tuple[Answers, CleanerError | None]:
        """What is said of each of `texts`, as far as there is an answer, and why there is none on the others."""
        try:
            memory = self._recollection()
            answers = memory.recall(texts) if memory else {}
            unknown = [text for text in dict.fromkeys(texts) if text not in answers]
            if not unknown:
                return answers, None
            if self._failures >= _PATIENCE:
                return answers, CleanerError(f"LanguageTool is not asked any more after {_PATIENCE} articles without an answer")
            new, error = self._ask_all(unknown)
        except CleanerError as failure:
            self._failures += 1
            return {}, failure
        self._failures = 0 if new else self._failures + 1
        if memory:
            memory.keep(new)
        return answers | new, error

    def _recollection(self) -> Memory | None:
        """The memory of answers; the version is part of what an answer depends on, and a server that does not tell is asked."""
        if self._source.cached and self._memory is None:
            if not self.version:
                self._connected()
            self._memory = Memory("\0".join([self.version, self._language, *sorted(self._disabled)]))
        return self._memory

    def _connected(self) -> _Asks:
        if self._client is None:
            from cleaner.languagetool.client import Client  # takes a tenth of a second: only where there is something to ask

            self._source.endpoint.make_ready()
            client = Client(self._source.endpoint, self._language, self._disabled, self._source.timeout)
            self.version = self.version or client.version()
            self._client = client
        return self._client

    def _ask_all(self, texts: Sequence[str]) -> tuple[Answers, CleanerError | None]:
        client = self._connected()
        answers: Answers = {}
        errors: list[CleanerError] = []
        todo: queue.SimpleQueue[str] = queue.SimpleQueue()
        for text in texts:
            todo.put(text)

        def work() -> None:
            while not errors:
                try:
                    text = todo.get_nowait()
                except queue.Empty:
                    return
                try:
                    answers[text] = self._ask(client, text)
                except CleanerError as error:
                    errors.append(error)

        # Daemons: a server that hangs does not keep the program from ending.
        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_THREADS, len(texts)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers, errors[0] if errors else None

    def _ask(self, client: _Asks, text: str) -> list[Remark]:
        """The answer on one text; once more if there is none, when a server of this run's own has come back."""
        try:
            return client.remarks(text)
        except CleanerError:
            self._source.endpoint.make_ready()
            return client.remarks(text)
