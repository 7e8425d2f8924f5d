"""The evaluation data, laid out as folders of articles."""

import json
from pathlib import Path

Row = dict

FOLDERS = {
    "natural": "typos/typos.jsonl",
    "names": "names/names_in_article.jsonl",
    "pairs": "names/names.jsonl",
    "variants": "names/corpus_variants.jsonl",
    "clean": "clean_news/clean_news.jsonl",
    "repeats": "articles/repeated_paragraphs.jsonl",
    "articles": "articles/articles.jsonl",
    "fakes": "articles/fakes_syria.jsonl",
    "spun": "mt/spun_docs.jsonl",
    "mtdocs": "mt/mt_docs.jsonl",
}


def rows(path: Path) -> list[Row]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def load(data: Path, name: str) -> list[Row]:
    """The rows of a data set; of the typos only those of published news."""
    loaded = rows(data / FOLDERS[name])
    return [row for row in loaded if row["origin"] == "news-natural"] if name == "natural" else loaded


def stem(row: Row) -> str:
    """The file name of a row, without its ending."""
    return str(row["id"]).replace("/", "_").replace(":", "_")


def lay_out(data: Path, name: str, folder: Path) -> list[Row]:
    """Write a text a file to `folder`; the rows."""
    folder.mkdir(parents=True)
    loaded = load(data, name)
    for row in loaded:
        (folder / f"{stem(row)}.txt").write_bytes(row["text"].encode())
    return loaded
