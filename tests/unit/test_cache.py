"""The cache: derived files that may be damaged, or have no place to be."""

import os
import subprocess
import sys
from pathlib import Path
from zlib import crc32 as checksum

import platformdirs
import pytest

from cleaner import cache, languages
from cleaner.languages import lexicon
from cleaner.languages.lexicon import Flag
from cleaner.userfolders import user_folder

CODE = "from cleaner.languages import get; print(get('en').lexicon.zipf('the'))"


def run(code: str = CODE, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )


def test_what_was_stored_is_fetched_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    assert cache.fetch("x") is None
    cache.store("x", b"data")
    assert cache.fetch("x") == b"data"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    whole = (tmp_path / "x").read_bytes()
    for at in range(len(whole)):
        (tmp_path / "x").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert cache.fetch("x") is None
        (tmp_path / "x").write_bytes(whole[:at])
        assert cache.fetch("x") is None


def test_what_nobody_wrote_to_is_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    cache.store("x", b"data")
    looked = []
    monkeypatch.setattr(cache.zlib, "crc32", lambda data: looked.append(bytes(data)) or checksum(data))
    for number in (1, 2):
        assert [cache.fetch("x"), cache.fetch("x")] == [b"data", b"data"]
        assert looked == [b"data"] * number
        os.utime(tmp_path / "x")  # as by who writes to it, or copies it


def test_the_folders_of_a_user_are_those_that_platformdirs_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    sorts = {"cache": platformdirs.user_cache_dir, "data": platformdirs.user_data_dir}
    for variables in ({}, {"XDG_CACHE_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}, {"XDG_CACHE_HOME": " "}):
        for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for sort, named in sorts.items():
            assert user_folder(sort) == Path(named("cleaner", appauthor=False))


def test_a_damaged_lexicon_is_made_again(tmp_path: Path):
    environment = {"CLEANER_CACHE_DIR": str(tmp_path)}
    path = tmp_path / f"lexicon-en-{languages.get('en').lexicon.key}.marisa"
    whole = (cache.cache_folder() / path.name).read_bytes()
    path.write_bytes(whole[:100] + bytes(1900) + whole[2000:])
    done = run(**environment)
    assert ("preparing" in done.stderr, done.stdout) == (True, "7.75\n")
    assert [*tmp_path.glob("lexicon-*")] == [path]
    assert path.read_bytes() == whole
    assert run(**environment).stderr == ""


def test_a_damaged_index_of_deletions_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    loaded = lexicon.load("en", {}, lambda: [("because", 6.0, Flag.DICTIONARY), ("becauses", 6.0, Flag(0))])
    (path,) = tmp_path.glob("deletions-*")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    number = loaded.deletions.find("becuse")
    assert [*loaded.deletions.entries(number)] == [3 | 120 << 8 | ord("a") << 16]
    assert path.read_bytes() == whole


def test_without_a_folder_for_it_nothing_is_left_behind(tmp_path: Path):
    (tmp_path / "file").touch()
    (tmp_path / "tmp").mkdir()
    code = "from cleaner.cache import fetch, store; store('x', b'data'); print(bytes(fetch('x')))"
    done = run(code, CLEANER_CACHE_DIR=str(tmp_path / "file"), TMPDIR=str(tmp_path / "tmp"))
    assert (done.stderr, done.stdout) == ("", "b'data'\n")
    code = "import sys; sys.argv[1:] = ['config', 'show']; from cleaner.cache import cache_folder; print(cache_folder())"
    done = run(
        f"{code}; from cleaner.__main__ import start; start()",
        CLEANER_CACHE_DIR=str(tmp_path / "file"),
        TMPDIR=str(tmp_path / "tmp"),
    )
    assert done.stdout.startswith(str(tmp_path / "tmp"))
    assert "max-file-size" in done.stdout
    assert list((tmp_path / "tmp").iterdir()) == []
