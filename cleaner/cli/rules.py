"""`cleaner rules`: what is looked for, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from cleaner.cli.parser import Parser, action, add_folder, add_rules, add_selection, examples, group, kinds, name
from cleaner.cli.report import print_report
from cleaner.cli.session import Session
from cleaner.cli.streams import output, say
from cleaner.errors import Exit, RuleError, UsageError, nearest
from cleaner.findings import Kind

_EXAMPLES = {
    "list": "  the rules about names and roles\n    cleaner rules list --kind name,role",
    "show": "  why a finding was made, with examples\n    cleaner rules show wording.envoy-for-proxy",
    "test": "  your own rules; without a path, the shipped ones\n    cleaner rules test house-rules/",
    "try": "  what a draft would find, before it is used\n    cleaner rules try house-rules/draft.yaml articles/",
    "mine": "  drafts of rules from articles that say the same in other words\n    cleaner rules mine articles/ --output drafts.yaml",
    "stats": "  which rules reviewers agree with\n    cleaner rules stats articles/",
    "schema": "  let an editor complete and check rule files\n    cleaner rules schema > rules.schema.json",
    "docs": "  a page for each family of the shipped and your own rules\n    cleaner rules docs pages/ --rules house-rules/",
}


def add(parser: Parser) -> None:
    """Add the commands."""
    actions = group(parser)
    listing = action(actions, "list", "list the rules, a line each", run_list)
    add_rules(listing)
    listing.add_argument("--kind", type=kinds, metavar="K,…", default=None, help="only rules of these kinds")
    show = action(actions, "show", "explain a rule", run_show)
    show.add_argument("id", help="the id of the rule")
    add_rules(show)
    test = action(actions, "test", "run the examples of the rules", run_test)
    test.add_argument(
        "dir",
        type=name,
        nargs="?",
        metavar="PATH",
        help="test the rules of this folder or file; without it, the shipped ones and --rules",
    )
    add_rules(test)
    trial = action(actions, "try", "show what the rules of a file would find", run_try)
    trial.add_argument("file", type=name, metavar="FILE", help="a file of draft rules")
    add_selection(trial)
    mining = action(actions, "mine", "propose rules from articles that report the same event in other words", run_mine)
    mining.add_argument("paths", nargs="+", metavar="PATH", help="files or folders of articles")
    mining.add_argument("--output", type=name, metavar="FILE", help="write the drafts to FILE instead of the standard output")
    add_rules(mining)
    add_folder(action(actions, "stats", "show how often findings of each rule were accepted", run_stats))
    action(actions, "schema", "print the JSON Schema of rule files, for editors", run_schema)
    docs = action(actions, "docs", "write a page for each family of rules", run_docs)
    docs.add_argument("dir", type=name, metavar="DIR", help="the folder to write to")
    add_rules(docs)
    for each, text in _EXAMPLES.items():
        examples(actions.choices[each], text)


def run_stats(session: Session) -> None:
    """`cleaner rules stats`."""
    from cleaner.decisions import statistics

    counts = statistics(session.verdicts(session.options.paths))
    for rule, each in sorted(counts.items(), key=lambda pair: (-pair[1].total, pair[0])):
        advice = "  consider switching it off: add it to 'disable'" if each.unwelcome else ""
        print(f"{rule:<44} {each.accepted:>6} accepted {each.rejected:>6} rejected  {each.accepted / each.total:>4.0%}{advice}")


def _book(session: Session, *more: Path) -> Any:
    """The rules of this run, of which the broken ones are complained of."""
    book = session.book_source(*more)()
    session.complain_of(book)
    return book


def run_list(session: Session) -> None:
    """`cleaner rules list`."""
    from cleaner.rulebook.explain import listing

    book = _book(session)
    wanted = frozenset(session.options.kind or Kind)
    sys.stdout.writelines(line + "\n" for line in listing(book, wanted))


def run_show(session: Session) -> None:
    """`cleaner rules show`."""
    from cleaner.rulebook.explain import explanation

    book = _book(session)
    rule_id = session.options.id
    if rule_id not in book.rules:
        raise UsageError(f"there is no rule '{rule_id}'{nearest(rule_id, list(book.rules)) or ': see cleaner rules list'}")
    print(explanation(book, book.rules[rule_id]))


def run_test(session: Session) -> None:
    """`cleaner rules test`."""
    from cleaner.selftest import check_rules

    more = (Path(session.options.dir),) if session.options.dir else ()
    if more and not more[0].exists():
        raise UsageError(f"{more[0]}: no such file or folder of rules")
    book = _book(session, *more)
    tested = failed = 0
    for failures in check_rules(book, more[0] if more else None):
        tested += 1
        failed += bool(failures)
        for failure in failures:
            print(failure)
    print(f"{tested} rule{'' if tested == 1 else 's'} tested, {failed} failed")
    if failed:
        session.worst(Exit.USAGE)


def run_try(session: Session) -> None:
    """`cleaner rules try`."""
    from cleaner.cli.trial import Trial
    from cleaner.decisions import statistics

    file = Path(session.options.file)
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    source = msgspec.structs.replace(session.book_source(file), config=msgspec.structs.replace(session.config, disable=[]))
    book = source()
    broken = [
        error for error in book.errors if isinstance(error, RuleError) and Path(error.path) in {file, *file.parent.glob("*.tsv")}
    ]
    if broken:
        for error in broken:
            session.complain(error)
        return
    drafts = frozenset(rule_id for rule_id, place in book.places.items() if place[0] == str(file))
    if not drafts:
        raise UsageError(f"{file}: no rules in this file")
    if session.options.min_confidence is None:
        session.options.min_confidence = 0.0  # all that a draft finds
    engine = session.engine(session.job(source, drafts))
    trial, paths = Trial(), session.paths()
    print_report(session, engine, paths, "text", sys.stdout, through=trial.sampled)
    for line in trial.summary(book, drafts, statistics(session.verdicts(paths))):
        print(line)


def run_mine(session: Session) -> None:
    """`cleaner rules mine`."""
    from cleaner import languages
    from cleaner.mining import mine
    from cleaner.mining.drafts import as_yaml, drafts_of

    paths, language = session.paths(), languages.get(session.config.language)
    drafts = drafts_of(mine(paths, session.reader(), language), language, _book(session))
    if not drafts:
        say("no two articles say the same in words of which one is suspect: nothing to propose")
        return
    with output(session.options.output, paths) as stream:
        stream.write(as_yaml(drafts))
    say(f"{len(drafts)} draft{'' if len(drafts) == 1 else 's'} of rules proposed: read them, then cleaner rules try FILE PATH…")


def run_schema(_: Session) -> None:
    """`cleaner rules schema`."""
    from cleaner.rulebook.schema import schema

    print(schema())


def run_docs(session: Session) -> None:
    """`cleaner rules docs`."""
    from cleaner.rulebook.explain import write_pages

    for page in write_pages(_book(session), Path(session.options.dir)):
        print(page)
