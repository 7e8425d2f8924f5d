"""The navigation of the site: what is written by hand in its order, what is generated or numbered by the names of the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def on_config(config: Any) -> Any:
    """Called by MkDocs before it reads the pages."""
    config.nav = [
        {"Start": "index.md"},
        {"Tutorial": "tutorial.md"},
        {
            "How to": [
                f"how-to/{name}.md"
                for name in ("clean-a-folder", "write-a-rule", "hook", "continuous-integration", "editors", "big-corpora")
            ]
            + ["languagetool.md"]
        },
        {
            "Reference": [
                f"reference/{name}.md"
                for name in ("formats", "articles", "suppressions", "configuration", "exit-codes", "python")
            ]
        },
        {"Commands": ["commands/README.md", *pages("commands")]},
        {"Rules": ["rules/README.md", *pages("rules")]},
        {
            "Explanation": [
                "explanation/evidence.md",
                "explanation/confidence.md",
                "explanation/names.md",
                "performance.md",
                "scale.md",
            ]
        },
        {"Decisions": pages("decisions")},
    ]
    return config


def pages(folder: str) -> list[str]:
    """The pages of a folder but for its first one."""
    return sorted(f"{folder}/{path.name}" for path in (HERE / folder).glob("*.md") if path.name != "README.md")
