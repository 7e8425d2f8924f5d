"""How much litter is found, and how much text is taken for it, beside jusText, trafilatura's filter of texts and the line rules of C4 and Gopher.

A line counts as found, or as marked, where at least half of it is. The peers get each line as a paragraph of a page. What the marks of the
article extraction benchmark leave to the body although it is none of it was read and is listed in ``judged_lines.tsv`` by article and line.
"""

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scoring
from benchmarks.data import Row, lay_out, stem
from benchmarks.quality import Found, run_cleaner

Judge = Callable[[list[str]], list[bool]]
"""Tells of the lines of an article which are to go."""
_LINE = re.compile(r"[^\n]*[^\s][^\n]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an article with its number from 1, and whether it is marked."""

    row: Row
    number: int
    start: int
    end: int
    marked: bool

    @property
    def key(self) -> tuple[str, int]:
        """What the line is known by."""
        return self.row["id"], self.number

    @property
    def text(self) -> str:
        """The line."""
        return self.row["text"][self.start : self.end]


def main(options: argparse.Namespace) -> int:
    """Print the table, the repeated paragraphs and the layout findings of clean news."""
    with tempfile.TemporaryDirectory() as temporary:
        names = ("articles", "clean", "repeats")
        data = {name: lay_out(options.data, name, Path(temporary, name)) for name in names}
        found = {name: run_cleaner(Path(temporary, name), "--kind", "layout") for name in names}
    marked = [line for row in data["articles"] for line in lines_of(row)]
    clean = [line for row in data["clean"] for line in lines_of(row)]
    words = sum(len(line.text.split()) for line in clean)
    right = {line.key for line in marked if line.marked} | judged()
    print(
        "| | precision of lines, as marked | as read | recall | without headlines | recall of recurring lines | clean news: findings (of peers lines) a 1,000 words |"
    )
    print("|---|---|---|---|---|---|---|")
    ours = {line.key for line in marked if is_found(line, found["articles"])}
    alarms = sum(len(each) for each in found["clean"].values())
    print_row("cleaner", marked, ours, right, 1000 * alarms / words)
    litter = {name: [each for each in all_ if ".repeated-" not in each["rule"]] for name, all_ in found["articles"].items()}
    print_row(
        "cleaner, without repeats",
        marked,
        {line.key for line in marked if is_found(line, litter)},
        right,
        None,
    )
    for name, judge in peers():
        gone = {line.key for row in data["articles"] for line in judged_by(judge, row)}
        dropped = sum(len(judged_by(judge, row)) for row in data["clean"])
        print_row(name, marked, gone, right, 1000 * dropped / words)
    print_repeats(data["repeats"], found["repeats"])
    rules = Counter(finding["rule"] for all_ in found["clean"].values() for finding in all_)
    print(f"\nClean news, {words:,} words: " + ", ".join(f"{rule} {count}" for rule, count in rules.most_common()))
    if options.list:
        for line in marked:
            if line.row["labels"] == "gold-article-body" and line.marked != (line.key in ours):
                print(f"  {'missed' if line.marked else 'beyond'} {line.row['id']}\t{line.number}\t{line.text[:150]!r}")
        for name, all_ in sorted(found["clean"].items()):
            print(
                *(f"  clean  {name} {each['rule']} {each['confidence']} {each['text'].strip()[:150]!r}" for each in all_),
                sep="\n",
            )
    return 0


def lines_of(row: Row) -> Iterator[Line]:
    """The lines of an article that are not blank."""
    marks = row.get("boilerplate_spans", [])
    starts = [0, *(match.end() for match in re.finditer("\n", row["text"]))]
    for number, start in enumerate(starts, 1):
        match = _LINE.match(row["text"], start)
        if match:
            yield Line(row, number, *match.span(), covered(match.start(), match.end(), marks))


def covered(start: int, end: int, spans: list) -> bool:
    """Whether at least half of a line lies within spans."""
    return 2 * sum(max(0, min(end, each["end"]) - max(start, each["start"])) for each in spans) >= end - start


def is_found(line: Line, found: Found) -> bool:
    """Whether cleaner would take a line away."""
    return covered(line.start, line.end, [each for each in found.get(stem(line.row), []) if "" in each["replacements"]])


def judged() -> set[tuple[str, int]]:
    """The lines that are no text although they are not marked."""
    rows = Path(__file__).with_name("judged_lines.tsv").read_text("utf-8").splitlines()
    return {(name, int(number)) for name, number in (row.split("\t") for row in rows if not row.startswith("#"))}


def print_row(name: str, lines: list[Line], gone: set, right: set, alarms: float | None) -> None:
    """A row of the table."""
    gold = [line for line in lines if line.row["labels"] == "gold-article-body"]
    keys = {line.key for line in gold} & gone
    marks = {line.key for line in gold if line.marked}
    first = {line.key for line in gold if line.number == 1}
    recurring = {line.key for line in lines if line.marked} - marks
    shares = (
        share(keys & marks, keys), share(keys & right, keys), share(keys & marks, marks), share(keys & marks - first, marks - first),
        share(recurring & gone, recurring),
    )  # fmt: skip
    print(f"| {name} | " + " | ".join(shares) + f" | {'' if alarms is None else f'{alarms:.2f}'} |")


def share(part: set, whole: set) -> str:
    """A share with what it is a share of."""
    return f"{len(part) / max(1, len(whole)):.3f} ({len(part)} of {len(whole)})"


def print_repeats(data: list[Row], found: Found) -> None:
    """Pairs of repeated paragraphs by kind: the later is found, and the finding names the earlier, or one that is paired with it."""
    seen, of, right = Counter(), Counter(), Counter()
    for row in data:
        kin = related_spans(row["pairs"])
        for pair in row["pairs"]:
            first, second = sorted((pair["a"], pair["b"]), key=lambda span: span["start"])
            of[pair["kind"]] += 1
            hits = [each for each in found.get(stem(row), []) if scoring.overlaps(each, second)]
            seen[pair["kind"]] += bool(hits)
            places = kin[first["start"]]
            right[pair["kind"]] += any(
                each["start"] <= start < each["end"] for hit in hits for each in hit["related"] for start in places
            )
    print(
        "\nRepeated paragraphs: "
        + ", ".join(f"{kind} {seen[kind]} of {of[kind]}, with the right pair {right[kind]}" for kind in of)
    )


def related_spans(pairs: list) -> dict[int, set[int]]:
    """The starts of the spans that each is paired with, itself and those by way of others included."""
    kin: dict[int, set[int]] = {}
    for pair in pairs:
        a, b = pair["a"]["start"], pair["b"]["start"]
        joined = kin.get(a, {a}) | kin.get(b, {b})
        kin |= dict.fromkeys(joined, joined)
    return kin


# --- the peers


def peers() -> Iterator[tuple[str, Judge]]:
    """The peers that are installed, by name; the rules of C4 and Gopher are written here from their papers."""
    try:
        import justext

        stoplist = justext.get_stoplist("English")

        def by_justext(lines: list[str]) -> list[bool]:
            from html import escape

            page = "<html><body>" + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</body></html>"
            judged_ = justext.justext(page, stoplist)
            return [each.is_boilerplate for each in judged_] if len(judged_) == len(lines) else [False] * len(lines)

        yield "jusText", by_justext
    except ImportError:
        print("(jusText is not installed: left out)")
    try:
        from lxml.etree import Element
        from trafilatura.utils import textfilter

        def by_trafilatura(lines: list[str]) -> list[bool]:
            gone = []
            for line in lines:
                element = Element("p")
                element.text = "".join(char for char in line if char.isprintable())
                gone.append(bool(textfilter(element)))
            return gone

        yield "trafilatura, filter of texts", by_trafilatura
    except ImportError:
        print("(trafilatura is not installed: left out)")
    yield "C4, lines", by_c4
    yield "Gopher, repeated lines and shapes", by_gopher


def judged_by(judge: Judge, row: Row) -> list[Line]:
    """The lines of an article that a peer would take away."""
    lines = list(lines_of(row))
    return [line for line, gone in zip(lines, judge([line.text.strip() for line in lines]), strict=True) if gone]


def by_c4(lines: list[str]) -> list[bool]:
    """Raffel et al. 2020, 2.2: lines stay that end with a mark, have five words and name neither JavaScript nor policies; `{` drops the page."""
    if any("{" in line for line in lines):
        return [True] * len(lines)
    policies = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies", "javascript")
    return [
        not line.endswith((".", "!", "?", '"')) or len(line.split()) < 5 or any(each in line.lower() for each in policies)
        for line in lines
    ]


def by_gopher(lines: list[str]) -> list[bool]:
    """Rae et al. 2021, A.1.1: a document goes whole where 30% of its lines are repeated or cut off, 20% of its letters in repeated lines, or 90% bullets."""
    counts = Counter(lines)
    repeated = [line for line, count in counts.items() for _ in range(count - 1)]
    gone = (
        len(repeated) > 0.3 * len(lines)
        or sum(map(len, repeated)) > 0.2 * sum(map(len, lines))
        or sum(line.endswith(("...", "…")) for line in lines) > 0.3 * len(lines)
        or sum(line.startswith(("•", "-", "*", "●")) for line in lines) > 0.9 * len(lines)
    )
    return [gone] * len(lines)
