"""The parts of the command line that commands share: parsers, options and their types."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from cleaner.errors import UsageError, nearest
from cleaner.findings import Kind

EPILOG = """exit codes: 0 nothing found, 1 findings, 2 a mistake in the command line, configuration or a rule,
3 a file could not be read or written, or an internal error; the highest that applies. A run that is cut short: 130 interrupted,
143 terminated, 141 nobody reads the output any more."""


_DEFAULT = " (default)"
_WIDE = 1000


class Parser(argparse.ArgumentParser):
    """Answers a wrong option with the nearest right one.

    `complete` adds the options, or the commands, once they are asked for.
    """

    help_formatter: type[argparse.HelpFormatter] = argparse.HelpFormatter
    """What lays out the help: it asks how wide the terminal is, which each option would else do to check how its value is called."""
    _given: Sequence[str] = ()

    def __init__(self, *args: Any, complete: Callable[[Parser], None] = lambda _: None, **kwargs: Any) -> None:
        super().__init__(*args, **{"formatter_class": partial(argparse.HelpFormatter, width=_WIDE), **kwargs})
        self._complete: Callable[[Parser], None] | None = complete

    def format_help(self) -> str:
        """The help, as wide as the terminal."""
        self.formatter_class = self.help_formatter
        return super().format_help()

    def complete(self) -> None:
        """Add the options, or the commands, unless that was done."""
        if self._complete:
            complete, self._complete = self._complete, None
            complete(self)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and keep the arguments for an error's sake."""
        self.complete()
        self._given = sys.argv[1:] if args is None else args
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise a UsageError instead of leaving the program; a misspelt option explains what seems to be missing."""
        known = [option for action in self._actions for option in action.option_strings]
        wrong = next((each for each in self._given if self._is_misspelt(each, known)), None)
        if wrong:
            message = f"unknown option '{wrong}'{nearest(wrong, known)}"
        raise UsageError(f"{message}: see '{self.prog} --help'")

    @staticmethod
    def _is_misspelt(argument: str, known: Sequence[str]) -> bool:
        option = argument.partition("=")[0]
        return argument.startswith("--") and argument != "--" and not any(each.startswith(option) for each in known)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, f"there is no '{value}'{nearest(str(value), list(action.choices))}")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and name the nearest right option for an unknown one."""
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            parsed.parser.error(f"'{unknown[0]}' is one too many")
        return parsed


def command(commands: Any, name: str, summary: str, complete: Callable[[Parser], None]) -> None:
    """Add a command, which `complete` gives its options, or further commands, when it is used."""
    parser = commands.add_parser(name, help=summary, description=_sentence(summary), epilog=EPILOG, complete=complete)
    parser.set_defaults(parser=parser)


def group(parser: Parser) -> Any:
    """The commands of a command."""
    return parser.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Parser)


def action(actions: Any, name: str, summary: str, run: Any) -> Parser:
    """The parser of a command of a command; `run` is called with the session."""
    parser: Parser = actions.add_parser(name, help=summary, description=_sentence(summary), epilog=EPILOG)
    parser.set_defaults(run=run, parser=parser)
    return parser


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."


def examples(parser: Parser, text: str) -> None:
    """Let the help of a command begin its end with `text`: command lines, each after a line that says what it is for."""
    parser.help_formatter = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"examples:\n{text.rstrip()}\n\n{EPILOG}"


def add_rules(parser: argparse.ArgumentParser) -> None:
    """The options that say which rules and settings hold."""
    parser.add_argument(
        "--rules",
        type=name,
        metavar="PATH",
        action="append",
        default=[],
        help="a folder or file of further rules, which override the shipped",
    )
    parser.add_argument(
        "--config", type=name, metavar="FILE", help="the configuration file (default: the nearest cleaner.toml or pyproject.toml)"
    )
    parser.add_argument("--no-cache", action="store_true", help="read everything anew")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """The options that say which articles are checked, and which findings are wanted."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, or - for the standard input")
    add_wanted(parser)
    add_rules(parser)


def add_wanted(parser: argparse.ArgumentParser) -> None:
    """The options that say which findings are wanted, of which field, and by how many processes."""
    parser.add_argument("--min-confidence", type=_probability, metavar="X", help="leave out findings below X (default: 0.5)")
    parser.add_argument("--kind", type=kinds, action="extend", metavar="K,…", help=f"only these kinds: {', '.join(Kind)}")
    parser.add_argument(
        "--field", type=name, metavar="NAME", help="the field of JSON Lines, CSV and Parquet files to check (default: text)"
    )
    parser.add_argument("--jobs", type=_count, metavar="N", help="processes (default: one a core)")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """The options that say which processes check."""
    parser.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="where to check: in processes of this machine, or on a cluster of Ray (default: local)",
    )
    parser.add_argument(
        "--address", type=name, metavar="A", help="the cluster of Ray (default: RAY_ADDRESS, or else one that is started here)"
    )


def add_grammar(parser: argparse.ArgumentParser, *, waited_for: bool = False) -> None:
    """The option that says which LanguageTool checks the grammar; none unless it is asked for where every run is `waited_for`."""
    parser.add_argument(
        "--grammar",
        type=_grammar,
        default=None if waited_for else os.environ.get("CLEANER_GRAMMAR") or None,
        metavar="WHICH",
        help=f"auto: the running LanguageTool, or else the installed one{_DEFAULT * (not waited_for)}; "
        f"off{_DEFAULT * waited_for}; or the address of a server",
    )


def _grammar(text: str) -> str:
    if text in {"auto", "off"} or text.startswith(("http://", "https://")):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is neither auto, off nor the address of a server, as http://localhost:8081")


def name(text: str) -> str:
    """The name of a file or folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a file or folder is empty")
    return text


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


def kinds(text: str) -> list[Kind]:
    """The kinds named in an option, parted by commas."""
    found = []
    for each in text.split(","):
        if each not in list(Kind):
            raise argparse.ArgumentTypeError(f"unknown kind '{each}'{nearest(each, list(Kind))}")
        found.append(Kind(each))
    return found


def add_folder(parser: argparse.ArgumentParser) -> None:
    """The folder whose decisions are meant."""
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="the folder, or articles in it (default: this one)"
    )
