"""Articles with markup: findings in the prose alone, fixes that leave the rest to the byte."""

import csv
import json
from pathlib import Path

import pytest
from support import reported

from cleaner.errors import DocumentError
from cleaner.text.document import Document
from cleaner.text.formats import ORIGINS, articles, origin_of

MARKDOWN = """\
---
title: the goverment
---
# What the *goverment* said\r

The goverment of [the goverment](http://goverment.org/recieve) &amp; its
> `goverment` do recieve <!-- goverment --> **Kait’ib Hezbollah**.

```
goverment
```
"""
HTML = """\
<!DOCTYPE html>\r
<html><head><title>goverment</title><style>goverment {}</style>
<p class=goverment>The <b>goverment</b> &amp; the
 gover<i>ment</i> recieve <code>goverment</code> of Kait&rsquo;ib Hezbollah.</p>
<script>let goverment = "recieve"</script>
"""


@pytest.mark.parametrize("text", ["&a", "&é", "R&D", "x &am", "x <b &a", "x &#4", "a &nosuch b", "x &"])
def test_a_reference_that_does_not_end_is_text(text: str):
    (article,) = articles(Document.from_text("a.html", text), "en")
    assert article.text == text


@pytest.mark.parametrize(
    ("name", "encoding", "text", "fixed"),
    [
        (
            "a.md",
            "cp1252",
            MARKDOWN,
            MARKDOWN.replace("*goverment*", "*government*")
            .replace("The goverment of [the goverment]", "The government of [the government]")
            .replace("do recieve", "do receive"),
        ),
        (
            "a.html",
            "utf-16",
            HTML,
            HTML.replace("<b>goverment</b>", "<b>government</b>")
            .replace("gover<i>", "govern<i>")
            .replace("</i> recieve", "</i> receive"),
        ),
    ],
)
def test_a_fix_changes_the_prose_alone(cli, tmp_path: Path, name: str, encoding: str, text: str, fixed: str):
    article = tmp_path / name
    article.write_bytes(text.encode(encoding))
    assert cli("fix", "--safe", name).returncode == 1
    assert article.read_bytes().decode(encoding) == fixed
    assert article.read_bytes() == fixed.encode(encoding)


def test_findings_stand_where_the_file_has_them(cli, tmp_path: Path):
    (tmp_path / "a.html").write_text(HTML, newline="")
    found = reported(cli, "a.html")
    for each in found:
        assert HTML[each["start"] : each["end"]] == each["text"]
    assert [(each["line"], each["text"], each["replacements"][:1], each["applicability"]) for each in found] == [
        (3, "goverment", ["government"], "safe"),
        (4, "gover<i>ment", ["govern<i>ment"], "safe"),
        (4, "recieve", ["receive"], "safe"),
        (4, "Kait&rsquo;ib Hezbollah", ["Kata&rsquo;ib Hezbollah"], "review"),
    ]


def test_a_rejected_finding_stays_rejected_beside_a_written_one(cli, tmp_path: Path):
    article = tmp_path / "a.md"
    article.write_text("The *goverment* of others do recieve nothing.\n")
    cli("review", "--plain", "a.md", stdin="y\nn\ny\n")
    assert article.read_text() == "The *government* of others do recieve nothing.\n"
    assert cli("report", "a.md").returncode == 0


def test_what_was_typed_does_not_break_records(cli, tmp_path: Path):
    article = tmp_path / "a.jsonl"
    article.write_text('{"text": "The goverment fell."}\n')
    done = cli("review", "--plain", "a.jsonl", stdin='e the "government"\ny\n')
    assert "not written: a.jsonl:1:20: not a JSON object in one line" in done.stdout
    assert article.read_text() == '{"text": "The goverment fell."}\n'


def test_suppressions_in_markup(cli, tmp_path: Path):
    (tmp_path / "a.md").write_text("<!-- cleaner: off-next-line typo -->\n\nThe goverment.\n\nThe goverment of others.\n")
    assert [each["line"] for each in reported(cli, "a.md")] == [5]


def test_files_of_records_hold_an_article_each(cli, tmp_path: Path):
    rows = [
        '{"id": 1, "body": "The goverment \\u201cfell\\u201d.\\nIt was the goverment."}',
        "",
        '{"body" : null}',
        '{"id":"goverment", "body":"a"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows))
    found = reported(cli, "a.jsonl", "--field", "body")
    assert [(each["line"], each["column"], each["text"]) for each in found] == [(1, 24, "goverment"), (1, 64, "goverment")]
    assert cli("fix", "--safe", "a.jsonl", "--field", "body").returncode == 1
    assert (tmp_path / "a.jsonl").read_text() == "\n".join([rows[0].replace("goverment", "government"), *rows[1:]])
    (tmp_path / "cleaner.toml").write_text('field = "story"\nextensions = [".csv"]\n')
    (tmp_path / "a.csv").write_text('id,story\r\n1,"The ""goverment"" fell"\r\n2,The goverment fell\r\n', newline="")
    assert cli("fix", "--safe", ".").returncode == 1
    assert b'1,"The ""goverment"" fell"\r\n2,The government fell\r\n' in (tmp_path / "a.csv").read_bytes()


def test_the_origin_of_a_record_is_the_first_field_that_names_one():
    row = {"link": "https://c.org", "url": "https://b.org", "site": "", "domain": 5, "text": "a"}
    (found,) = articles(Document.from_text("a.jsonl", json.dumps(row)), "en")
    assert found.origin == origin_of(map(row.get, ORIGINS)) == "https://b.org"


def test_a_number_of_thousands_of_digits_is_no_mistake():
    (found,) = articles(Document.from_text("a.jsonl", f'{{"id": {"9" * 5000}, "text": "a"}}'), "en")
    assert found.text == "a"


def test_text_after_a_quotation_is_read_as_csv_reads_it(cli, tmp_path: Path):
    text = 'id,text\n1,"The ""goverment"", he said" in Rome, it "fell"\n2,"It recieve" it\n'
    found = [article.text for article in articles(Document.from_text("a.csv", text), "en")]
    assert found == [row["text"] for row in csv.DictReader(text.splitlines())]
    (tmp_path / "a.csv").write_text(text)
    assert cli("fix", "--safe", "a.csv").returncode == 1
    assert (tmp_path / "a.csv").read_text() == text.replace("recieve", "receive")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"text": "a"}\n{"text": "b"\n', "a.jsonl:2:13: not a JSON object in one line"),
        ("a.jsonl", '{5: "a"}\n', "a.jsonl:1:2: not a JSON object in one line"),
        ("a.jsonl", '["text"]\n', "a.jsonl:1:1: not a JSON object in one line"),
        ("a.jsonl", '{"txt": "a"}\n', "a.jsonl: no record has a text in the field 'text': did you mean 'txt'?"),
        ("a.csv", 'a,b\n1,"x\n', "a.csv:2:3: a quotation mark at the start of a field that nothing closes"),
        ("a.csv", 'a,b\n1,"x""y\n', "a.csv:2:3: a quotation mark at the start of a field that nothing closes"),
        ("a.csv", "", "a.csv: no record has a text in the field 'text'"),
    ],
)
def test_broken_records_are_named_with_their_place(name: str, text: str, said: str):
    with pytest.raises(DocumentError) as error:
        articles(Document.from_text(name, text), "en")
    assert str(error.value).startswith(said)
