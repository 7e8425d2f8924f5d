"""The program's own regular expressions, each compiled when it is first used: most articles lead to few of them, and a start pays for no other."""

from __future__ import annotations

import re
from typing import Any, cast


class _Expression:
    """Stands for a compiled expression: what is asked of it is kept beside it, so that it is as fast as that from the second time on."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def expression(source: str, flags: int = 0) -> re.Pattern[str]:
    """The expression `source` of Python's `re`; what is wrong with it is told by its first use."""
    return cast("re.Pattern[str]", _Expression(source, flags))
