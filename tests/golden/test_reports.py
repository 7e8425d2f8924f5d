"""What the reports say of the seed articles, to the letter; and the marks that were made in them by hand."""

import json
from collections.abc import Callable

from support import ROOT, SEEDS, json_lines, reported
from syrupy.assertion import SnapshotAssertion

Cli = Callable[..., object]


def test_text(cli: Cli, snapshot: SnapshotAssertion):
    done = cli("report", SEEDS)
    assert done.returncode == 1
    assert done.stdout.replace(f"{SEEDS}/", "seeds/") == snapshot


def test_jsonl(cli: Cli, snapshot: SnapshotAssertion):
    rows = reported(cli, SEEDS)
    for row in rows:
        row["path"] = row["path"].removeprefix(f"{SEEDS}/")
        text = (SEEDS / row["path"]).read_bytes().decode()
        assert row["text"] == text[row["start"] : row["end"]]
        lines = text[: row["start"]].split("\n")
        assert (row["line"], row["column"]) == (len(lines), len(lines[-1]) + 1)
        for other in row["related"]:
            other["path"] = other["path"].removeprefix(f"{SEEDS}/")
    assert [(row["path"], row["start"]) for row in rows] == sorted((row["path"], row["start"]) for row in rows)
    assert rows == snapshot


def test_json_tells_the_same(cli: Cli):
    assert json.loads(cli("report", SEEDS, "--format", "json").stdout)["findings"] == reported(cli, SEEDS)


def test_safe_fixes(cli: Cli, snapshot: SnapshotAssertion):
    done = cli("fix", "--safe", "--diff", SEEDS)
    assert done.stdout.replace(str(SEEDS).lstrip("/"), "seeds") == snapshot


def test_all_that_the_gold_marks_is_corrected_and_nothing_else_is_found(cli: Cli):
    gold = json_lines((ROOT / "tests/gold/seeds.jsonl").read_text("utf-8"))
    rows = reported(cli, SEEDS)

    def plain(text: str) -> str:
        return text.replace("’", "'").strip()

    def meets(row: dict, mark: dict) -> bool:
        text = (SEEDS / mark["file"]).read_text("utf-8")
        low, high = min(row["start"], mark["start"]), max(row["end"], mark["end"])
        offered = {plain(text[low : row["start"]] + each + text[row["end"] : high]) for each in row["replacements"][:3]}
        accepted = {plain(text[low : mark["start"]] + each + text[mark["end"] : high]) for each in mark["accept"]}
        goes = "" in mark["accept"] and "" in row["replacements"] and row["start"] <= mark["start"] and mark["end"] <= row["end"]
        return goes or bool(offered & accepted)

    def overlaps(row: dict, mark: dict) -> bool:
        return row["path"].endswith(mark["file"]) and row["start"] < mark["end"] and mark["start"] < row["end"]

    missed = [m["text"] for m in gold if m["level"] != "reach" and not any(overlaps(r, m) and meets(r, m) for r in rows)]
    assert missed == []
    assert [row["text"] for row in rows if not any(overlaps(row, mark) for mark in gold)] == []
