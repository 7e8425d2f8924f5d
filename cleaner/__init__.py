"""Finds what went wrong with folders of news articles, and shows the evidence for each finding."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.api import Finding, check
    from cleaner.errors import CleanerError

__all__ = ["CleanerError", "Finding", "check"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is exported, loaded by its first use: the command line starts without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("cleaner.errors" if name == "CleanerError" else "cleaner.api"), name)
