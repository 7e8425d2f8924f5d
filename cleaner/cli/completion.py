"""`cleaner completion`: what a shell needs to complete the command line."""

from __future__ import annotations

from cleaner.cli.parser import Parser, examples
from cleaner.cli.session import Session

SHELLS = ("bash", "zsh", "fish")
_FILES = frozenset({"PATH", "FILE", "LOG", "DIR"})
"""How arguments that are files and folders are called in the help."""
_EXAMPLES = """\
  bash
    cleaner completion bash > ~/.local/share/bash-completion/completions/cleaner
  zsh, into a folder of $fpath
    cleaner completion zsh > ~/.zfunc/_cleaner
  fish
    cleaner completion fish > ~/.config/fish/completions/cleaner.fish"""


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"one of {', '.join(SHELLS)}")
    examples(parser, _EXAMPLES)


def run(session: Session) -> None:
    """Print the script for the shell."""
    import shtab

    from cleaner.cli import build_parser

    parser = build_parser()
    for each in parsers(parser):
        for action in each._actions:  # noqa: SLF001 - argparse has no other way to look at a parser
            if action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(parser, session.options.shell))


def parsers(parser: Parser) -> list[Parser]:
    """A parser and those of its commands, in the order of its help, with all their options."""
    parser.complete()
    found = [parser]
    for action in parser._actions:  # noqa: SLF001
        if action.nargs == "A..." and action.choices:  # commands
            for each in dict(action.choices).values():
                found += parsers(each)
    return found
