"""`cleaner languagetool`: installs LanguageTool, keeps its server warm, and tells how things are."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cleaner.cli.parser import Parser, action, examples, group
from cleaner.cli.session import Session
from cleaner.cli.streams import say
from cleaner.errors import CleanerError, Exit, UsageError

_EXAMPLES = {
    "install": "  once, for this user\n    cleaner languagetool install",
    "serve": "  a server that the next runs use, in another terminal\n    cleaner languagetool serve",
    "status": "  is it installed, and does a server run?\n    cleaner languagetool status",
}


def add(parser: Parser) -> None:
    """Add the commands."""
    actions = group(parser)
    action(actions, "install", "install LanguageTool for this user; needs Java 17 or later, and Maven", run_install)
    serve = action(actions, "serve", "keep a server warm for all runs, until it is interrupted", run_serve)
    serve.add_argument("--port", type=_port, default=0, metavar="N", help="listen there (default: on any free port)")
    action(actions, "status", "tell what is installed and what runs", run_status)
    for each, text in _EXAMPLES.items():
        examples(actions.choices[each], text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise UsageError(f"--port: {text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def run_install(_: Session) -> None:
    """`cleaner languagetool install`."""
    from cleaner.languagetool.installation import install

    done = install(say)
    print(f"LanguageTool {done.version} is installed in {done.folder}")


def run_serve(session: Session) -> None:
    """`cleaner languagetool serve`."""
    from cleaner.languagetool import installation, warm
    from cleaner.languagetool.server import Server

    here = installation.installed()
    if here is None:
        raise UsageError("LanguageTool is not installed: run 'cleaner languagetool install'")
    java = installation.find_java()
    with warm.refuse_second(), tempfile.TemporaryDirectory(prefix="cleaner-") as folder:
        log, port = Path(folder) / "server.log", session.options.port
        with Server.of(here.jar, here.version, java.path, log=log, port=port, quick=False) as server:
            try:
                server.start()
                warm.announce(server)
                print(f"LanguageTool {here.version} listens at {server.endpoint.url}; Ctrl-C ends it", flush=True)
                server.wait()
            except KeyboardInterrupt:
                say("stopped")


def run_status(session: Session) -> None:
    """`cleaner languagetool status`."""
    from cleaner.languagetool import installation, warm

    here, server = installation.installed(), warm.running()
    if here:
        print(f"installed: LanguageTool {here.version} in {here.folder} ({here.size / 1e6:.0f} MB)")
    else:
        print("installed: no (cleaner languagetool install)")
    print(f"running: at {server.endpoint.url}, process {server.pid}" if server else "running: no (cleaner languagetool serve)")
    try:
        java = installation.find_java()
        print(f"Java: {java.version} ({java.path})")
    except CleanerError as error:
        print(f"Java: {error}")
        session.worst(Exit.FAILURE)
    if here is None:
        session.worst(Exit.FAILURE)
