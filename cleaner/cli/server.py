"""The language server: diagnostics, quick fixes and "never again".

An open file is judged by the evidence of its folder, as the hook judges it; what it holds beyond what is saved counts as soon as it is saved.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

import cleaner
from cleaner.cache import stamp
from cleaner.cli.home import Home, Homes
from cleaner.cli.session import BookSource, Session
from cleaner.decisions import Scope
from cleaner.engines.folder import FolderEngine
from cleaner.errors import CleanerError
from cleaner.findings import Applicability, Finding
from cleaner.pipeline import Checked
from cleaner.reviewing import Review
from cleaner.rulebook.load import rule_files
from cleaner.text.document import Document

_REJECT = "cleaner.reject"
_PAUSE = 0.3  # seconds without a change before a text is judged
_NEVER_AGAIN = {
    "finding": "Never again here",
    "fix": "Never again this fix, in any article",
    "rule": "Never again this rule",
    "name": "It is a name of this folder",
}


@dataclass
class _Open:
    """An open file: its folder's engine, if it is an article of it, and what was last said of it."""

    home: Home
    engine: FolderEngine | None
    checked: Checked | None = None
    places: list[tuple[types.Range, Finding]] = field(default_factory=list)


class _Server(LanguageServer):
    """The open files, by address."""

    def __init__(self, session: Session, grammar: Any) -> None:
        super().__init__("cleaner", cleaner.__version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._session = session
        self._grammar = grammar
        self._open: dict[str, _Open] = {}
        self._engines: dict[str, tuple[BookSource, list[str], FolderEngine]] = {}
        """By folder, with the source and the stamps of its rules."""
        self._gathered: set[str] = set()
        """The folders whose facts are as they were when an article was saved last."""

    def judge(self, uri: str) -> None:
        """Check an open file and publish what was found; an error is shown, and the server goes on."""
        try:
            diagnostics = self._diagnostics(uri)
        except CleanerError as error:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
            diagnostics = []
        version = self.workspace.get_text_document(uri).version
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _diagnostics(self, uri: str) -> list[types.Diagnostic]:
        path = to_fs_path(uri)
        if path is None:
            return []
        if uri not in self._open:
            home = Homes(self._session).add(path)
            self._open[uri] = _Open(home, self._engine(home) if home.articles() else None)
        open_ = self._open[uri]
        if open_.engine is None:
            return []
        pipeline, session = open_.engine.pipeline, open_.home.session(self._session)
        silence, suppressions = session.silence([path]), session.suppressions([path])
        pipeline.selection = msgspec.structs.replace(pipeline.selection, silence=silence, suppressions=suppressions)
        document = Document.from_text(path, self.workspace.get_text_document(uri).source)
        open_.checked = open_.engine.judge(document)
        open_.places = [
            (self._range(document, finding.core.start, finding.core.end), finding) for finding in open_.checked.findings
        ]
        return [_diagnostic(*place) for place in open_.places]

    def _engine(self, home: Home) -> FolderEngine:
        """The engine of a folder, with its facts; another one where settings or rules have changed."""
        session = home.session(self._session)
        source = session.book_source()
        stamps = _stamps(source.folders)
        known = self._engines.get(home.root)
        if known is None or known[:2] != (source, stamps):
            job, keeps = session.job(source, grammar=self._grammar), not session.options.no_cache
            engine = FolderEngine(job, home.on_disk(), keeps=keeps)
            known = self._engines[home.root] = source, stamps, engine
            self._gathered.discard(home.root)
        if home.root not in self._gathered:
            known[-1].gather()
            self._gathered.add(home.root)
        return known[-1]

    def saved(self) -> None:
        """Judge all open files anew, by the folders, rules and decisions as they are now."""
        self._gathered.clear()
        self.renew()

    def renew(self) -> None:
        """Judge all open files anew, by the rules and decisions as they are now."""
        uris = list(self._open)
        self._open.clear()
        for uri in uris:
            self.judge(uri)

    def close(self, uri: str) -> None:
        """Forget a file, and what was said of it."""
        self._open.pop(uri, None)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def actions(self, uri: str, within: types.Range) -> list[types.CodeAction]:
        """What can be done about the findings that `within` touches."""
        open_ = self._open.get(uri)
        if open_ is None or open_.checked is None:
            return []
        document, actions = open_.checked.document, []
        for place, finding in open_.places:
            if not (_before(place.start, within.end) and _before(within.start, place.end)):
                continue
            diagnostic = _diagnostic(place, finding)
            for number, fix in enumerate(finding.fixes):
                edits = [
                    types.TextEdit(self._range(document, each.span.start, each.span.end), each.replacement) for each in fix.edits
                ]
                shown = fix.within(document.readable, finding.span).strip()
                actions.append(
                    types.CodeAction(
                        f"Replace by “{shown}”" if shown else "Remove",
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[diagnostic],
                        is_preferred=number == 0 and finding.applicability is Applicability.SAFE,
                        edit=types.WorkspaceEdit(changes={uri: edits}),
                    )
                )
            for how in ("finding",) if finding.parts else _NEVER_AGAIN:  # a run of lines is no name, and no other text is like it
                title = _NEVER_AGAIN[how]
                arguments = [{"uri": uri, "key": finding.key, "how": how}]
                actions.append(
                    types.CodeAction(
                        f"{title} ({finding.rule_id})" if how == "rule" else title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[diagnostic],
                        command=types.Command(title, _REJECT, arguments=arguments),
                    )
                )
        return actions

    def reject(self, uri: str, key: str, how: str) -> None:
        """Write the decision that a finding is not to be shown again."""
        open_ = self._open.get(uri)
        if open_ is None or open_.engine is None or open_.checked is None:
            return
        pipeline = open_.engine.pipeline
        review = Review(open_.home.workspace, pipeline.book, [open_.checked.document.path], pipeline.field)
        item = next((item for item in review.state.add(open_.checked) if item.finding.key == key), None)
        if item is None:
            return
        try:
            if how == "name":
                review.state.name(item)
            else:
                review.state.reject(item, Scope(how))
        except CleanerError as error:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, str(error)))
        self.renew()

    def _range(self, document: Document, start: int, end: int) -> types.Range:
        return types.Range(*(self._position(document, offset) for offset in (start, end)))

    def _position(self, document: Document, offset: int) -> types.Position:
        """The place of `offset` for the editor: from 0, in the units that it counts in, UTF-16 if it did not say."""
        place = document.position(offset)
        before = document.text[offset - place.column + 1 : offset]
        return types.Position(place.line - 1, self.workspace.position_codec.client_num_units(before))


def _stamps(folders: Sequence[Path]) -> list[str]:
    """By what a change of rules in `folders`, or single files, is noticed."""
    return sorted(stamp(file) for folder in folders for file in rule_files(folder) if file.is_file())


def _before(a: types.Position, b: types.Position) -> bool:
    return (a.line, a.character) <= (b.line, b.character)


def _diagnostic(place: types.Range, finding: Finding) -> types.Diagnostic:
    *reasons, why = finding.evidence
    return types.Diagnostic(
        place,
        "\n".join([finding.message, *(f"· {line}" for line in (*reasons, why))]),
        severity=types.DiagnosticSeverity.Warning,
        code=finding.rule_id,
        source="cleaner",
    )


def serve(session: Session) -> None:
    """Serve over the standard streams."""
    with session.grammar([os.curdir], waited_for=True) as grammar:
        _server(session, grammar).start_io()


def _server(session: Session, grammar: Any) -> _Server:
    server = _Server(session, grammar)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.judge(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        await asyncio.sleep(_PAUSE)
        current = server.workspace.text_documents.get(uri)
        if current is not None and current.version == version:
            server.judge(uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(_: types.DidSaveTextDocumentParams) -> None:
        server.saved()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        return server.actions(params.text_document.uri, params.range)

    @server.command(_REJECT)
    def reject(argument: dict[str, Any]) -> None:
        server.reject(argument["uri"], argument["key"], argument["how"])

    return server
