"""`cleaner names`: the names of a folder that stand in more than one spelling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cleaner.cli.parser import Parser, add_selection, examples, name
from cleaner.cli.session import Session
from cleaner.cli.streams import output
from cleaner.errors import DocumentError

_SHOWN = 3  # files a spelling


def add(parser: Parser) -> None:
    """Add the options."""
    parser.set_defaults(run=run)
    add_selection(parser)
    examples(
        parser,
        "  names that stand in several spellings\n    cleaner names articles/\n"
        "  the same for another program\n    cleaner names articles/ --format jsonl --output names.jsonl",
    )
    parser.add_argument(
        "--format", choices=("text", "jsonl"), default="text", help="text for people, jsonl for programs (default: text)"
    )
    parser.add_argument("--output", type=name, metavar="FILE", help="write to FILE instead of the standard output")


def run(session: Session) -> None:
    """Print a cluster a name: the canonical spelling, its variants, their votes and files."""
    from cleaner.detectors.names import clusters_of
    from cleaner.facts.names import mentions, phrases
    from cleaner.findings import Kind
    from cleaner.text.tokens import plain

    paths = session.paths()
    engine = session.engine(session.job(session.book_source()))
    with output(session.options.output, paths) as stream:
        files: dict[str, list[str]] = defaultdict(list)
        found: dict[tuple[str, str], float] = {}  # changes that are proposed, and how sure they are
        for result in session.results(engine, paths, stream):
            if isinstance(result, DocumentError):
                session.complain(result)
                continue
            articles = engine.pipeline.articles(result.document)
            named = {mention.form for article in articles for find in (mentions, phrases) for mention in article.once(find)}
            for form in sorted(named):
                files[form].append(result.document.path)
            for finding in result.findings:
                if finding.kind is Kind.NAME and finding.fixes:
                    change = plain(finding.matched), plain(finding.replacements[0])
                    found[change] = max(found.get(change, 0.0), finding.confidence)
                    if files[change[0]][-1:] != [result.document.path]:
                        files[change[0]].append(result.document.path)
        lines = _as_jsonl if session.options.format == "jsonl" else _as_text
        for line in lines(clusters_of(engine.evidence, found), files):
            print(line, file=stream)


def _as_jsonl(clusters: Iterable[Any], files: dict[str, list[str]]) -> Iterator[str]:
    from cleaner.jsonlines import dump

    def described(spelling: Any) -> dict[str, Any]:
        return {
            "text": spelling.form,
            "count": spelling.count.total,
            "documents": spelling.count.documents,
            "sources": len(spelling.count.sources),
            "authority": spelling.authority.name.lower().replace("_", "-"),
            "files": files[spelling.form],
        }

    for cluster in clusters:
        variants = [
            {**described(each.spelling), "probability": round(each.probability, 2), "decided": not each.tied}
            for each in cluster.variants
        ]
        yield dump({"canonical": cluster.canonical.form, "votes": described(cluster.canonical), "variants": variants})


def _as_text(clusters: Iterable[Any], files: dict[str, list[str]]) -> Iterator[str]:
    from cleaner.names.variants import counted, reasons
    from cleaner.text.visible import visible

    clusters = list(clusters)
    for cluster in clusters:
        yield _spelling(cluster.canonical, counted)
        for each in cluster.variants:
            paths = files[each.spelling.form]
            where = ", ".join(map(visible, paths[:_SHOWN])) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
            sure = "undecided: as many votes" if each.tied else f"{each.probability:.0%}"
            why = "".join(f"; {reason}" for reason in reasons(each.canonical, each.spelling))
            yield f"    {_spelling(each.spelling, counted)}  {sure}{why}  {where}"
    many = "no name stands" if not clusters else "1 name stands" if len(clusters) == 1 else f"{len(clusters)} names stand"
    yield f"{many} in more than one spelling"


def _spelling(spelling: Any, counted: Callable[[Any], str]) -> str:
    """A spelling with its counts; names of several words that are not counted stand alone."""
    return f"{spelling.form}  {counted(spelling.count)}" if spelling.count.documents else str(spelling.form)
