"""The command line: one module a command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import cleaner
from cleaner.cli.parser import Parser, command, examples
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.errors import CleanerError, Exit, UsageError

_COMMANDS = {
    "report": "show the findings of articles",
    "watch": "show the findings of articles, anew whenever one changes",
    "review": "accept or reject each fix, in a terminal",
    "fix": "apply fixes to articles",
    "hook": "check files as they are staged, for a commit hook",
    "corpus": "check data sets of Parquet or JSON Lines, shard by shard",
    "baseline": "accept today's findings, so that only new ones are shown",
    "names": "show which spellings stand for one name",
    "decisions": "list, show, revert and merge decisions",
    "rules": "list, explain, test and try rules",
    "languagetool": "install and run LanguageTool, which checks grammar",
    "config": "show the settings that hold, and the schema of the configuration",
    "completion": "print the completion of the command line for a shell",
    "lsp": "show findings in an editor: a language server over the standard streams",
}
"""The commands and what they do; each is the module of its name, which is loaded when the command is given."""
_EXAMPLES = """\
  look at a folder
    cleaner report articles/
  mend what is certain
    cleaner fix --safe articles/
  decide the rest, on a screen
    cleaner review articles/
  and of each command
    cleaner report --help"""


def build_parser(name: str = "") -> Parser:
    """The parser of all commands, or of the one that is called `name` if there is one."""
    parser = Parser(prog="cleaner", description=cleaner.__doc__)
    examples(parser, _EXAMPLES)
    parser.add_argument("--version", action="version", version=f"cleaner {cleaner.__version__}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for each in [name] if name in _COMMANDS else _COMMANDS:
        command(commands, each, _COMMANDS[each], partial(_complete, each))
    return parser


def _complete(name: str, parser: Parser) -> None:
    import_module(f"cleaner.cli.{name}").add(parser)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = build_parser(*given[:1]).parse_args(given)
        _check_folder()
        session = Session.of(options)
        options.run(session)
    except UsageError as error:
        say(str(error))
        return Exit.USAGE
    return session.exit


def _check_folder() -> None:
    """CleanerError where the current folder was removed: no path could be understood."""
    try:
        Path.cwd()
    except FileNotFoundError as error:
        raise CleanerError("this folder does not exist any more: change to another one") from error
