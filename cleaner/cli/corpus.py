"""`cleaner corpus`: the findings of data sets, as data sets beside them."""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec

from cleaner.cli.parser import Parser, add_engine, add_rules, add_wanted, examples, name
from cleaner.cli.session import Session
from cleaner.cli.streams import progress
from cleaner.errors import DocumentError, Exit, UsageError

_EXAMPLES = """\
  the findings of all shards of a folder
    cleaner corpus news/ findings/
  of another column, with the texts, only what is nearly certain
    cleaner corpus news/ findings/ --field body --id url --with-text --min-confidence 0.9
  on a cluster of Ray
    cleaner corpus news/ findings/ --engine ray"""


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    parser.add_argument(
        "paths",
        nargs=1,
        type=name,
        metavar="IN",
        help="a folder of shards, or one: .parquet, .jsonl, .ndjson, the last two also .gz",
    )
    parser.add_argument(
        "out", type=name, metavar="OUT", help="the folder for the findings, a shard for each; a run goes on there"
    )
    parser.add_argument(
        "--id", type=name, metavar="COLUMN", help="the column of the ids (default: id, or else the number of the row)"
    )
    parser.add_argument("--with-text", action="store_true", help="copy the texts, too")
    add_wanted(parser)
    add_engine(parser)
    add_rules(parser)
    examples(parser, _EXAMPLES)


def run(session: Session) -> None:
    """Check the shards that are not done, and print what all came to."""
    from cleaner.corpus.records import Output
    from cleaner.corpus.run import CorpusRun, DataSet
    from cleaner.corpus.shards import ENDINGS, Columns, discover

    root, out = session.options.paths[0], session.options.out
    _check_places(root, out)
    shards, output = discover(root), Output(out)
    if not shards:
        raise UsageError(f"{root}: no shards: looked for files ending in {', '.join(ENDINGS)}")
    source = session.book_source()
    job = session.job(source, suppressions=msgspec.structs.replace(session.suppressions([]), baseline=_no_baseline()))
    pipeline = job.pipeline()
    session.complain_of(pipeline.book)
    columns = Columns(session.field, session.options.id)
    data = DataSet(root, out, columns, _settings(session, pipeline), session.options.with_text)
    rows = findings = failed = kept = 0
    with output.locked():
        for shard in filter(output.is_foreign, shards):
            raise UsageError(f"{output.findings(shard)}: was not written by a run of cleaner corpus: name another folder")
        progress.start(len(shards), 2)
        try:
            with _workers(session, job) as workers:
                for each in CorpusRun(data, job, pipeline, progress.step).run(shards, workers):
                    if isinstance(each, DocumentError):
                        session.complain(each)
                        continue
                    outcome = each.outcome
                    _complain_of_rows(session, data.path(each.shard), outcome)
                    rows, findings, failed = rows + outcome.rows, findings + outcome.findings, failed + outcome.failed
                    kept += each.kept
        finally:
            progress.stop()
        for shard in output.stale(shards):
            session.complain(DocumentError(str(output.findings(shard)), "the shard that it is about is gone: remove it"))
    if findings:
        session.worst(Exit.FINDINGS)
    as_before = f" ({kept:,} as they were)" if kept else ""
    counts = (len(shards), "shard"), (rows, "row"), (findings, "finding"), (failed, "row")
    shards_, rows_, findings_, failed_ = (f"{number:,} {noun}{'s' * (number != 1)}" for number, noun in counts)
    print(f"{shards_}{as_before}, {rows_}, {findings_}, {failed_} not checked")


def _check_places(root: str, out: str) -> None:
    if not os.path.exists(root):
        raise UsageError(f"{root}: no such file or folder")
    if os.path.exists(out) and not os.path.isdir(out):
        raise UsageError(f"{out}: not a folder")
    read, written = Path(root).resolve(), Path(out).resolve()
    folder = read if read.is_dir() else read.parent
    if written == folder or (read.is_dir() and folder in written.parents):
        raise UsageError(f"{out}: lies within {root}, where it would be read: name another folder")


def _workers(session: Session, job: Any) -> AbstractContextManager[Any]:
    if session.options.engine == "ray":
        from cleaner.engines.ray import ray_workers

        return ray_workers(session.options.address, job.processes)
    from cleaner.engines.workers import local_workers

    return local_workers(job.processes or os.cpu_count() or 1)


def _complain_of_rows(session: Session, path: str, outcome: Any) -> None:
    for number, what in outcome.failures:
        session.complain(DocumentError(f"{path}:{number}", what))
    more = outcome.failed - len(outcome.failures)
    if more:
        session.complain(DocumentError(path, f"{more:,} more rows that could not be checked: see the column 'error'"))


def _no_baseline() -> Any:
    from cleaner.baseline import Baseline

    return Baseline()


def _settings(session: Session, pipeline: Any) -> str:
    """What stands for rules and settings; the program and the field have their part in the facts."""
    chosen = msgspec.json.encode([session.config.ignore, session.options.id, session.options.with_text])
    signs = (pipeline.sign_of_search(grammar=False), pipeline.book.sign, chosen)
    return hashlib.blake2b(b"\0".join(signs), digest_size=16).hexdigest()
