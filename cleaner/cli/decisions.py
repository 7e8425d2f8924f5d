"""`cleaner decisions`: what reviewers decided."""

from __future__ import annotations

import sys
from pathlib import Path

from cleaner.cli.parser import Parser, action, add_folder, examples, group, name
from cleaner.cli.session import Session
from cleaner.cli.streams import output, say
from cleaner.errors import Exit, UsageError
from cleaner.text.visible import visible

_EXAMPLES = {
    "list": "  what was decided in a folder\n    cleaner decisions list articles/",
    "show": "  when and by whom a finding was decided\n    cleaner decisions show a09e50fd209f014b articles/",
    "revert": "  the articles as they were before they were written\n    cleaner decisions revert articles/",
    "merge": "  one log of two reviewers\n    cleaner decisions merge anna.jsonl ben.jsonl --output both.jsonl",
}


def add(parser: Parser) -> None:
    """Add the commands."""
    tasks = group(parser)
    add_folder(action(tasks, "list", "list the decisions of a folder, a line each", run_list))
    shown = action(tasks, "show", "show what was decided of a finding, and when", run_show)
    shown.add_argument("key", help="the key of the finding, or the id of a decision")
    add_folder(shown)
    revert = action(tasks, "revert", "restore the originals of written articles, to the byte", run_revert)
    revert.add_argument("paths", nargs="+", metavar="PATH", help="the folder, or articles in it")
    merged = action(tasks, "merge", "merge the logs of reviewers and name their conflicts", run_merge)
    merged.add_argument("logs", nargs="+", metavar="LOG", help="logs of decisions")
    merged.add_argument("--output", type=name, metavar="FILE", help="write the merged log to FILE instead of the standard output")
    for task, text in _EXAMPLES.items():
        examples(tasks.choices[task], text)


def run_list(session: Session) -> None:
    """`cleaner decisions list`."""
    from cleaner.decisions import earlier_rows, lines

    sys.stdout.writelines(f"{visible(line)}\n" for line in lines(earlier_rows(session.workspace(), session.options.paths)))


def run_show(session: Session) -> None:
    """`cleaner decisions show`."""
    from cleaner.decisions import earlier_rows, history

    shown = list(history(earlier_rows(session.workspace(), session.options.paths), session.options.key))
    if not shown:
        raise UsageError(f"nothing was decided of {session.options.key!r}: see cleaner decisions list")
    sys.stdout.writelines(f"{visible(line)}\n" for line in shown)


def run_revert(session: Session) -> None:
    """`cleaner decisions revert`."""
    from cleaner.decisions import earlier_rows
    from cleaner.reviewing import revert

    workspace = session.workspace()
    results = revert(workspace, earlier_rows(workspace, session.options.paths), session.options.paths)
    for result in results:
        if result.error:
            session.complain(result.error)
    restored = sum(result.fixes > 0 for result in results)
    say(f"{restored} file{'' if restored == 1 else 's'} restored")


def run_merge(session: Session) -> None:
    """`cleaner decisions merge`."""
    from cleaner.decisions import encoded, merge, read_rows

    rows, conflicts = merge(read_rows(Path(log)) for log in session.options.logs)
    with output(session.options.output) as stream:
        stream.writelines(encoded(row) + "\n" for row in rows)
    for conflict in conflicts:
        say(conflict.line)
    if conflicts:
        session.worst(Exit.FINDINGS)
