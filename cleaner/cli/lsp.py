"""`cleaner lsp`: a language server for editors, over the standard streams."""

from __future__ import annotations

from cleaner.cli.parser import Parser, add_grammar, add_rules, examples
from cleaner.cli.session import Session
from cleaner.errors import UsageError

_EXAMPLES = """\
  what an editor runs
    cleaner lsp"""


def add(parser: Parser) -> None:
    """Add the options."""
    examples(parser, _EXAMPLES)
    add_grammar(parser, waited_for=True)
    add_rules(parser)
    parser.set_defaults(run=run, min_confidence=None, kind=None, jobs=1)


def run(session: Session) -> None:
    """Serve until the editor says that it is enough."""
    try:
        from cleaner.cli.server import serve
    except ModuleNotFoundError as error:
        if error.name not in {"pygls", "lsprotocol"}:
            raise
        raise UsageError("the language server needs pygls: pip install 'cleaner[lsp]'") from error
    serve(session)
