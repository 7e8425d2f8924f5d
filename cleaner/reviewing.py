"""A review session without a screen: decisions, the folder's rules that follow from them, and writing the articles.

The originals are never lost: what is written is logged first, with the digests of the file before and after and every edit, so that each
writing can be taken back or done again to the byte. The originals of packed files are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from cleaner import originals
from cleaner.apply import apply_fixes, merged, writable, write_bytes
from cleaner.decisions import Change, Decision, DecisionLog, Rekeying, Retraction, Row, Verdicts, Written, earlier_rows, reviewer
from cleaner.errors import CleanerError, DocumentError, because
from cleaner.findings import Edit, Fix, Span
from cleaner.folderrules import FolderRules
from cleaner.keys import with_keys
from cleaner.rulebook.book import RuleBook
from cleaner.text import formats
from cleaner.text.article import Article
from cleaner.text.document import Document, Encoding, digest
from cleaner.tui.state import ReviewState, Status
from cleaner.workspace import Workspace


class WriteResult(msgspec.Struct, frozen=True):
    """What became of writing a file: the number of fixes in it, or why it was left as it was."""

    path: str
    fixes: int = 0
    error: CleanerError | None = None


class Review:
    """A session over a workspace: its `state`, and what it does to files."""

    def __init__(self, workspace: Workspace, book: RuleBook, paths: Sequence[str], field: str = formats.FIELD) -> None:
        self.workspace = workspace
        self._log = DecisionLog(workspace.log, reviewer())
        self._language = book.language
        self._field = field
        rows = earlier_rows(workspace, paths)
        self._rules = FolderRules(workspace.rules, book, rows)
        self._session: dict[str, tuple[Written, list[Edit]]] = {}
        """What this session wrote, by path as in the log, and the accepted edits at that time: the originals are known by it."""
        self._encodings: dict[str, Encoding] = {}
        self.state = ReviewState(self._append, Verdicts.of(rows), workspace.relative)

    def _append(self, row: Row) -> Row:
        """Log a row of the state, then bring the folder's rules in line with it."""
        self.workspace.prepare()
        logged = self._log.append(row)
        try:
            self._rules.take(logged, self._sentence)
        except CleanerError:
            self._log.append(Retraction(of=logged.id))
            raise
        return logged

    def _sentence(self, row: Row) -> str:
        """The sentence of the finding that a row is about, or the text that was found where the file is gone."""
        subject = row.subjects[0] if isinstance(row, Decision) else getattr(row, "subject", None)
        item = next((item for item in self.state.items if subject and item.finding.key == subject.key), None)
        if item is None:
            return ""
        try:
            articles = formats.articles(self.original(item.path), self._language, self._field)
        except CleanerError:
            articles = ()
        for article in articles:
            if finding := article.inward(item.finding):
                sentence = article.sentence_at(finding.span.start)
                return " ".join((sentence.span if sentence else finding.span).of(article.text).split())
        return item.finding.matched

    # --- reading

    def original(self, path: str) -> Document:
        """The document as it was when it was scanned; DocumentError where it was changed or removed by others since."""
        current = read_document(path)
        wanted = self.state.digests.get(path, current.digest)
        if current.digest == wanted:
            return current
        written, _ = self._session.get(self.workspace.relative(path), (None, []))
        if written and written.after == current.digest and written.original == wanted:
            return _undone(self.workspace, current, written)
        raise DocumentError(path, "changed since it was scanned: review it again")

    # --- writing

    def unwritten(self) -> list[str]:
        """The documents whose accepted fixes are not, or no longer, what their files hold."""
        return [path for path in self.state.paths() if self._differs(path) or self.left_out(path)]

    def _differs(self, path: str) -> bool:
        """Whether the file does not hold the accepted fixes that can be written."""
        _, written = self._session.get(self.workspace.relative(path), (None, []))
        return self._edits(path) != written

    def left_out(self, path: str) -> DocumentError | None:
        """What to say of accepted fixes that the document's encoding has no characters for."""
        return self._accepted(path)[1]

    def _edits(self, path: str) -> list[Edit]:
        """The accepted edits of a document that can be written, in order, relative to the original."""
        return [edit for fix in self._fixes(path) for edit in fix.edits]

    def new_text(self, path: str) -> tuple[Document, str]:
        """The original of a document, and its text with all accepted fixes."""
        original = self.original(path)
        return original, apply_fixes(original.text, self._fixes(path))

    def _fixes(self, path: str) -> list[Fix]:
        return self._accepted(path)[0]

    def _accepted(self, path: str) -> tuple[list[Fix], DocumentError | None]:
        """The accepted fixes of a document in order, and an error about those that cannot be written, if there are any."""
        accepted = [item for item in self.state.of_document(path) if self.state.status(item) is Status.ACCEPTED]
        edits = [Edit(item.finding.span, item.chosen.replacement or "") for item in accepted if item.chosen]
        for run in (item for item in accepted if item.parts):
            own = {part.finding.span for part in run.parts}
            if not any(edit.replacement for edit in edits if edit.span in own):
                edits = [edit for edit in edits if edit.span not in own] + [Edit(run.finding.span, "")]
        edits.sort()
        fixes = [Fix((edit,)) for edit in edits]
        if all(edit.replacement.isascii() for edit in edits):
            return fixes, None
        if path not in self._encodings:
            try:
                self._encodings[path] = self.original(path).encoding
            except DocumentError:
                return fixes, None  # it will be refused as a whole
        return writable(Document(path, "", self._encodings[path], ""), fixes)

    def write(self, paths: Iterable[str] | None = None) -> list[WriteResult]:
        """Write the accepted fixes of `paths`, or of all documents that need it; each file at once or not at all.

        Fixes that a document's encoding has no characters for are left out, with a result of their own.
        """
        results = []
        for path in self.unwritten() if paths is None else paths:
            if self._differs(path):
                results.append(self._write(path))
            if error := self.left_out(path):
                results.append(WriteResult(path, error=error))
        return results

    def _write(self, path: str) -> WriteResult:
        try:
            self.workspace.prepare()
            with self._log.locked():
                original, text = self.new_text(path)
                current, data = read_document(path), original.encode(text)
                # What was typed may be no text of the format: it is refused before it is written.
                articles = formats.articles(Document(path, text, original.encoding, ""), self._language, self._field)
                relative, edits = self.workspace.relative(path), merged(original.text, self._fixes(path))
                row = Written(
                    path=relative,
                    original=original.digest,
                    before=current.digest,
                    after=digest(data),
                    changes=[
                        Change(each.span.start, each.span.end, each.span.of(original.text), each.replacement) for each in edits
                    ],
                )
                originals.keep(self.workspace, original)
                logged = self._log.append(row)
                write_bytes(current, data)
        except (CleanerError, OSError) as error:
            return WriteResult(path, error=error if isinstance(error, CleanerError) else DocumentError(path, because(error)))
        assert isinstance(logged, Written)
        self._session[relative] = (logged, self._edits(path))
        self._rekey(path, articles, edits)
        return WriteResult(path, len(edits))

    def _rekey(self, path: str, articles: Iterable[Article], edits: Sequence[Edit]) -> None:
        """Let verdicts hold for findings whose sentence was changed by a fix beside them."""
        rejected = [item.finding for item in self.state.of_document(path) if self.state.status(item) is Status.REJECTED]
        moved = [msgspec.structs.replace(finding, span=shifted(finding.span, edits)) for finding in rejected]
        keys = {
            (finding.rule_id, article.outside(finding.span)): finding.key
            for article in articles
            for finding in with_keys(article, filter(None, map(article.inward, moved)))
        }
        pairs = zip(rejected, moved, strict=True)
        renamed = {old.key: keys.get((new.rule_id, new.span), old.key) for old, new in pairs}
        changed = {old: new for old, new in renamed.items() if old != new}
        if changed:
            self._log.append(Rekeying(keys=changed))


def read_document(path: str) -> Document:
    """The document in a file; DocumentError where it cannot be read."""
    try:
        return Document.from_bytes(path, Path(path).read_bytes())
    except OSError as error:
        raise DocumentError(path, f"cannot be read: {because(error)}") from error


def shifted(span: Span, edits: Sequence[Edit]) -> Span:
    """Where `span` lies once `edits`, in order and none overlapping it, are applied."""
    by = sum(len(edit.replacement) - len(edit.span) for edit in edits if edit.span.end <= span.start)
    return span.shifted(by)


def _undone(workspace: Workspace, current: Document, written: Written) -> Document:
    """The document that `written` was made from; DocumentError where the bytes do not come out."""
    if current.packed:
        return originals.kept(workspace, current.path, written.original)
    text = current.text
    for change in reversed(written.changes):
        start = change.start + sum(len(each.new) - len(each.old) for each in written.changes if each.end <= change.start)
        end = start + len(change.new)
        text = text[:start] + change.old + text[end:]
    original = Document(current.path, text, current.encoding, written.original)
    if digest(original.encode(text)) != written.original:
        raise DocumentError(current.path, "the log does not lead back to the original: restore it from elsewhere")
    return original


def _redone(original: Document, written: Written) -> Document:
    """The document that `written` made of the original."""
    edits = [Fix((Edit(Span(change.start, change.end), change.new),)) for change in written.changes]
    text = apply_fixes(original.text, edits)
    data = original.encode(text)
    if digest(data) != written.after:
        hint = "; or its library is another version" * original.packed
        raise DocumentError(original.path, f"the log does not lead to what was written: it is another file's{hint}")
    return Document(original.path, text, original.encoding.of(data), written.after)


def _written(rows: Iterable[Row]) -> dict[str, list[Written]]:
    """What was written to each file, by its path in the log, in order."""
    by_path: dict[str, list[Written]] = {}
    for row in rows:
        if isinstance(row, Written):
            by_path.setdefault(row.path, []).append(row)
    return by_path


def revert(workspace: Workspace, rows: Iterable[Row], paths: Sequence[str]) -> list[WriteResult]:
    """Restore the originals of `paths` (or of all that were written) to the byte, whatever number of writings led here."""
    wanted = {workspace.relative(path) for path in paths}
    results = []
    for relative, written in _written(rows).items():
        if not wanted or any(relative == each or relative.startswith(f"{each}/") or each == "." for each in wanted):
            results.append(_revert(workspace, str(workspace.absolute(relative)), written))
    return results


def _revert(workspace: Workspace, path: str, written: Sequence[Written]) -> WriteResult:
    try:
        current = document = read_document(path)
        fixes = 0
        for row in reversed(written):
            if row.after == document.digest and row.original != row.after:
                document = _undone(workspace, document, row)
                fixes += len(row.changes)
        if document is current:
            known = {digest_ for row in written for digest_ in (row.original, row.before, row.after)}
            if current.digest not in known:
                raise DocumentError(path, "changed since it was written: not restored")
            return WriteResult(path)
        write_bytes(current, document.encode(document.text))
    except CleanerError as error:
        return WriteResult(path, error=error)
    return WriteResult(path, fixes)


def replay(workspace: Workspace, rows: Iterable[Row]) -> list[WriteResult]:
    """Write again what a log says was written, from the originals, to the byte."""
    return [_replay(str(workspace.absolute(relative)), written) for relative, written in _written(rows).items()]


def _replay(path: str, written: Sequence[Written]) -> WriteResult:
    try:
        current = read_document(path)
        documents = {current.digest: current}
        last, fixes = current, 0
        for row in written:
            original = documents.get(row.original)
            if original is not None:
                last = documents[row.after] = _redone(original, row)
                fixes = len(row.changes)
        if last is current:
            if current.digest in {row.after for row in written}:
                return WriteResult(path)
            raise DocumentError(path, "not the original that the log begins with: not written")
        write_bytes(current, last.encode(last.text))
    except CleanerError as error:
        return WriteResult(path, error=error)
    return WriteResult(path, fixes)
