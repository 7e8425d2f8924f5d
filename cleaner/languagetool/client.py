"""The one place that knows language_tool_python.

The package does the talking. What it leaves to its users is done here: no proxy on the way to this machine, a time limit, its two
classes of shared state kept to one thread, lengths in code points, and every way to fail as one error.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urljoin

from language_tool_python import LanguageTool, Match
from language_tool_python.exceptions import LanguageToolError

from cleaner.errors import CleanerError
from cleaner.languagetool.remarks import Remark, code_points
from cleaner.languagetool.server import Endpoint

_LANGUAGES = {"en": "en-US"}
_LEAST_VERSION = (6, 0)
_MOST_REPLACEMENTS = 5
_NO_PROXY = {"http": "", "https": ""}
_building_matches = threading.Lock()  # `Match` keeps the text of the last one in its class


class Client(LanguageTool):
    """Asks the server at `endpoint`; CleanerError where it cannot be talked to."""

    def __init__(self, endpoint: Endpoint, language: str, disabled: frozenset[str], timeout: float) -> None:
        self._TIMEOUT = timeout  # type: ignore[assignment]
        try:
            super().__init__(_LANGUAGES[language], remote_server=endpoint.url, proxies=_NO_PROXY if endpoint.loopback else None)
        except (LanguageToolError, OSError, ValueError, TypeError, AttributeError) as error:
            raise CleanerError(f"no LanguageTool answers at {endpoint.url}: {_first_line(error)}") from error
        self.disabled_rules = {name for name in disabled if not name.startswith("category ")}
        self.disabled_categories = {name.removeprefix("category ") for name in disabled if name.startswith("category ")}

    def version(self) -> str:
        """The version of LanguageTool that answers; CleanerError where it is too old for this program."""
        found = str(self._ask("A text.").get("software", {}).get("version", ""))
        numbers = tuple(int(part) for part in found.partition("-")[0].split(".") if part.isdecimal())
        if numbers < _LEAST_VERSION:
            least = ".".join(map(str, _LEAST_VERSION))
            raise CleanerError(
                f"LanguageTool {found or 'of an unknown version'} answers at {self._url}: {least} or later is needed"
            )
        return found

    def remarks(self, text: str) -> list[Remark]:
        """What the server says of `text`; CleanerError where it does not answer, or not as LanguageTool does."""
        answer = self._ask(text)
        try:
            with _building_matches:
                return [_remark(Match(match, text), text) for match in answer["matches"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CleanerError("what it answers is not LanguageTool's") from error

    def _ask(self, text: str) -> dict[str, Any]:
        try:
            answer = self._query_server(urljoin(self._url, "check"), self._create_params(text), num_tries=1, method="post")
        except (LanguageToolError, OSError, ValueError) as error:
            raise CleanerError(_first_line(error)) from error
        if not isinstance(answer, dict):
            raise CleanerError("what it answers is not LanguageTool's")
        return answer


def _remark(match: Match, text: str) -> Remark:
    """`match`, whose offset is in code points already, and whose length is not."""
    end = match.offset + code_points(text, match.offset, match.error_length)
    return Remark(match.rule_id, match.category, match.message, match.offset, end, tuple(match.replacements[:_MOST_REPLACEMENTS]))


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    if "timed out" in text:
        return "no answer in time"
    if "refused" in text:
        return "nobody listens"
    return text.partition("\n")[0][:200] or type(error).__name__
