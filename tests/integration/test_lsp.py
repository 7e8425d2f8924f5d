"""The language server, driven by a client over the standard streams as an editor does."""

import ast
import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from languagetoolserver import Misbehaving, answer, match
from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.workspace import Workspace
from support import RULE, logged

from cleaner.cli import build_parser
from cleaner.cli.home import Homes
from cleaner.cli.server import _Server
from cleaner.cli.session import Session
from cleaner.engines.folder import FolderEngine

TEXT = "The 😀 goverment fell.\r\n\r\nThey do recieve nothing, said the goverment.\r\n"


class Editor(LanguageClient):
    """A client that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda told: self.told.put_nowait(told))  # noqa: PLW0108 - it takes marks

    async def places(self) -> list[tuple[int, int, int]]:
        """Line, start and end of what is told next."""
        told = await asyncio.wait_for(self.told.get(), 60)
        ranges = [each.range for each in told.diagnostics]
        return [(each.start.line, each.start.character, each.end.character) for each in ranges]


@pytest.fixture
def options() -> list[str]:
    """What `cleaner lsp` is started with."""
    return []


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment that it is started in."""
    return {**os.environ}


@pytest.fixture
async def editor(tmp_path: Path, options: list[str], environment: dict[str, str]) -> AsyncIterator[Editor]:
    editor = Editor()
    await editor.start_io(sys.executable, "-m", "cleaner", "lsp", *options, cwd=tmp_path, env=environment)
    await editor.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=tmp_path.as_uri()))
    editor.initialized(types.InitializedParams())
    yield editor
    await editor.shutdown_async(None)
    editor.exit(None)
    await editor.stop()


async def test_an_editor_shows_fixes_and_decides(editor: Editor, tmp_path: Path):
    article = tmp_path / "a.txt"
    article.write_text(TEXT, newline="")
    uri = article.as_uri()
    editor.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "plaintext", 1, TEXT)))
    assert await editor.places() == [(0, 7, 16), (2, 8, 15), (2, 34, 43)]

    within = types.Range(types.Position(0, 8), types.Position(0, 8))
    wanted = types.CodeActionParams(types.TextDocumentIdentifier(uri), within, types.CodeActionContext([]))
    actions = await editor.text_document_code_action_async(wanted)
    assert [action.title for action in actions] == [
        "Replace by “government”",
        "Never again here",
        "Never again this fix, in any article",
        "Never again this rule (typo.known)",
        "It is a name of this folder",
    ]
    edit = actions[0].edit.changes[uri][0]
    assert (edit.range.start.character, edit.range.end.character, edit.new_text) == (7, 16, "government")

    changed = types.TextDocumentContentChangeWholeDocument(TEXT.replace("😀 goverment", "😀 government"))
    editor.text_document_did_change(types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, uri), [changed]))
    assert await editor.places() == [(2, 8, 15), (2, 34, 43)]

    wanted.range = types.Range(types.Position(2, 35), types.Position(2, 36))
    never = (await editor.text_document_code_action_async(wanted))[2]
    command = ast.literal_eval(never.command)  # lsprotocol takes what came for a Command, whose name is then the text of it all
    await editor.workspace_execute_command_async(types.ExecuteCommandParams(command["command"], command["arguments"]))
    assert await editor.places() == [(2, 8, 15)]
    (row,) = logged(tmp_path)
    assert (row["verdict"], row["scope"], row["subjects"][0]["text"]) == ("reject", "fix", "goverment")

    editor.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert await editor.places() == []
    assert article.read_bytes().decode() == TEXT


async def test_a_run_of_litter_is_decided_here_alone(editor: Editor, tmp_path: Path):
    text = "The minister resigned.\n\nShare on Facebook\n\nAll rights reserved.\n"
    uri = (tmp_path / "a.txt").as_uri()
    editor.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "plaintext", 1, text)))
    assert [line for line, *_ in await editor.places()] == [2]
    within = types.Range(types.Position(2, 0), types.Position(2, 0))
    wanted = types.CodeActionParams(types.TextDocumentIdentifier(uri), within, types.CodeActionContext([]))
    actions = await editor.text_document_code_action_async(wanted)
    assert [action.title for action in actions] == ["Remove", "Never again here"]


class TestWork:
    """What a server does again, and what not."""

    @pytest.fixture
    def done(self, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
        """How often engines were built, facts gathered and folders looked for."""
        done: Counter[str] = Counter()

        def counted(owner: type, name: str, what: str) -> None:
            method = getattr(owner, name)

            def count(*arguments: object, **more: object) -> object:
                done[what] += 1
                return method(*arguments, **more)

            monkeypatch.setattr(owner, name, count)

        counted(FolderEngine, "__init__", "built")
        counted(FolderEngine, "gather", "gathered")
        counted(Homes, "add", "looked for")
        return done

    @pytest.fixture
    def server(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Server:
        """A server that tells nobody."""
        monkeypatch.chdir(tmp_path)
        server = _Server(Session.of(build_parser().parse_args(["lsp"])), None)
        monkeypatch.setattr(type(server), "workspace", Workspace(tmp_path.as_uri()))
        monkeypatch.setattr(server, "text_document_publish_diagnostics", lambda _: None)
        return server

    def found(self, server: _Server, uri: str) -> list[str]:
        return [finding.matched for _, finding in server._open[uri].places]

    def test_an_engine_lasts_until_rules_or_settings_change(self, server: _Server, tmp_path: Path, done: Counter[str]):
        article, settings = tmp_path / "a.txt", tmp_path / "cleaner.toml"
        settings.write_text("")
        article.write_text("The goverment said that they recieve a foo.")
        uri = article.as_uri()
        server.judge(uri)
        assert self.found(server, uri) == ["goverment", "recieve"]
        server.saved()
        assert (done["built"], done["gathered"]) == (1, 2)
        server.reject(uri, server._open[uri].places[0][1].key, "finding")
        assert self.found(server, uri) == ["recieve"]
        assert (done["built"], done["gathered"]) == (1, 2)
        server.reject(uri, server._open[uri].places[0][1].key, "name")
        assert not self.found(server, uri)
        assert (done["built"], done["gathered"]) == (2, 3)
        (tmp_path / "more.yaml").write_text(RULE)
        settings.write_text('rules = ["more.yaml"]')
        server.saved()
        assert self.found(server, uri) == ["foo"]
        (tmp_path / "more.yaml").write_text(RULE.replace("foo", "said"))
        server.saved()
        assert self.found(server, uri) == ["said"]

    def test_what_is_no_article_is_looked_for_once(self, server: _Server, tmp_path: Path, done: Counter[str]):
        (tmp_path / "notes.md").write_text("The goverment.")
        uri = (tmp_path / "notes.md").as_uri()
        server.judge(uri)
        server.judge(uri)
        assert done == {"looked for": 1}
        (tmp_path / "cleaner.toml").write_text('extensions = [".md"]')
        server.saved()
        assert self.found(server, uri) == ["goverment"]


class TestGrammar:
    @pytest.fixture
    def options(self, misbehaving: Callable[..., Misbehaving]) -> list[str]:
        server = misbehaving(lambda text: answer(*([match(text, "He have", "He has", "MANY_NN")] if "He have" in text else [])))
        return ["--no-cache", "--grammar", server.url]

    @pytest.fixture
    def environment(self, few_rules: Path) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(few_rules)}

    async def test_grammar_is_checked_where_it_is_asked_for(self, editor: Editor, tmp_path: Path):
        text = "He have gone, and so have they."
        item = types.TextDocumentItem((tmp_path / "a.txt").as_uri(), "plaintext", 1, text)
        editor.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert await editor.places() == [(0, 0, 7)]
