"""Rules mined from articles that report the same event."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import article

from cleaner import languages
from cleaner.mining.parallel import keys_of, parallel_sentences, partners
from cleaner.mining.substitutions import substitutions
from cleaner.rulebook.examples import parse_example
from cleaner.rulebook.load import load, shipped_rules

Cli = Callable[..., subprocess.CompletedProcess]
ENGLISH = languages.get("en")
WRITTEN = """\
Shares of Norvik Energy reached a record high on 14 March in Oslo after the company reported annual profits of 312 million kroner.
The chairman, Halvard Brekke, said that production in Finnmark would rise by 17 per cent, and that the new pipeline would open in 2024.
Analysts at Nordea had expected profits of 290 million kroner, 22 million below the final figure, as winter demand fell across Europe.
The Hammerfest terminal, which was closed for 18 months after a fire in 2020, now works at full capacity, according to Brekke.
"""
SPUN = """\
Offers of Norvik Energy come to a record tall on 14 March in Oslo after the company detailed yearly benefits of 312 million kroner.
The chairman, Halvard Brekke, said that generation in Finnmark would rise by 17 per cent, and that the unused pipeline would open in 2024.
Investigators at Nordea had anticipated benefits of 290 million kroner, 22 million underneath the last figure, as winter request fell over Europe.
The Hammerfest terminal, which was closed for 18 months after a fire in 2020, presently works at full capacity, concurring to Brekke.
"""
OTHER = "The orchestra of Bremen opened its season with works by Brahms. The hall was sold out, and the audience stood up.\n"


def test_articles_on_one_event_are_partners_and_others_are_not():
    keys = [keys_of(article(text), ENGLISH) for text in (WRITTEN, OTHER, SPUN)]
    assert {"norvik", "finnmark", "312"} <= keys[0]
    assert partners(keys) == [(0, 2)]


def test_a_key_of_many_articles_pairs_nothing():
    assert partners([frozenset("abcdefgh")] * 50) == []
    assert partners([frozenset("abcdefgh")] * 3) == [(0, 1), (0, 2), (1, 2)]


def test_the_suspect_is_told_whichever_article_comes_first():
    for texts in ((WRITTEN, SPUN), (SPUN, WRITTEN)):
        pairs = list(parallel_sentences(*map(article, texts), ENGLISH))
        found = {(" ".join(each.wrong), " ".join(each.right)) for pair in pairs for each in substitutions(pair, ENGLISH)}
        assert len(pairs) == 4
        assert ("tall", "high") in found
        assert not {("high", "tall"), ("expected", "anticipated")} & found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # An article must be long enough to tell that it reads as spun.
    spun = parse_example(load([shipped_rules()]).check("machine-prose").bad[0]).text
    (tmp_path / "spun.txt").write_text(f"{SPUN}{spun}")
    (tmp_path / "written.txt").write_text(f"{WRITTEN}{OTHER * 5}")
    (tmp_path / "other.txt").write_text(OTHER)
    return tmp_path


def test_drafts_pass_their_own_tests_and_find_what_they_were_mined_from(cli: Cli, folder: Path):
    done = cli("rules", "mine", ".", "--output", "drafts.yaml")
    assert done.returncode == 0, done.stderr
    number = int(re.match(r"cleaner: (\d+) drafts? of rules proposed", done.stderr).group(1))
    drafts = (folder / "drafts.yaml").read_text()
    assert drafts.count("- id: wording.mined-") == number >= 1
    assert "[underneath]" in drafts
    assert "record [tall]" not in drafts  # a shipped rule has it
    assert "source: ./spun.txt:3 beside ./written.txt:3" in drafts or "source: spun.txt:3 beside written.txt:3" in drafts
    assert cli("rules", "test", "drafts.yaml").stdout == f"{number} rule{'s' * (number > 1)} tested, 0 failed\n"
    tried = cli("rules", "try", "drafts.yaml", ".").stdout
    assert "[-underneath-]{+below+}" in tried
    assert "written.txt" not in tried


def test_records_are_mined_each_by_its_prose(cli: Cli, folder: Path):
    texts = {name: (folder / f"{name}.txt").read_text() for name in ("spun", "written")}
    records = [{"body": text, "id": name} for name, text in texts.items()]
    (folder / "all.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    (folder / "cleaner.toml").write_text('field = "body"')
    done = cli("rules", "mine", "all.jsonl", "--output", "drafts.yaml")
    assert done.returncode == 0, done.stderr
    drafts = (folder / "drafts.yaml").read_text()
    assert "source: all.jsonl:1 beside all.jsonl:2" in drafts
    assert '"body"' not in drafts


def test_where_nothing_is_parallel_nothing_is_proposed(cli: Cli, folder: Path):
    done = cli("rules", "mine", "other.txt", "written.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing to propose" in done.stderr


def test_an_article_that_cannot_be_read_is_named_once(cli: Cli, folder: Path):
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    done = cli("rules", "mine", ".")
    assert done.returncode == 3
    assert done.stderr.count("broken.txt") == 1
    assert "[underneath]" in done.stdout
