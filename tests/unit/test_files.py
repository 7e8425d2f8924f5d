import os
from pathlib import Path

import pytest

from cleaner.errors import DocumentError
from cleaner.files import discover, read_bytes


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def found(*paths: object, exclude: tuple[str, ...] = ()) -> list[str]:
    return [str(path) for path in discover([str(path) for path in paths], [".txt"], exclude, str(paths[0]))]


def test_folders_are_walked_in_order_files_taken_as_named_each_once(tmp_path: Path):
    make(tmp_path, "b.txt", "a.txt", "c/d.txt", "c/e.md", ".hidden.txt", ".cleaner/x.txt")
    expected = [f"{tmp_path}/{name}" for name in ("a.txt", "b.txt", "c/d.txt")]
    assert found(tmp_path) == expected
    assert found(tmp_path / "b.txt", tmp_path, tmp_path / "c/e.md") == [
        expected[1],
        expected[0],
        expected[2],
        f"{tmp_path}/c/e.md",
    ]


def test_gitignore_and_exclude_are_respected(tmp_path: Path):
    make(tmp_path, "a.txt", "raw/b.txt", "c/raw.txt", "c/d/e.txt", "c/keep.txt")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("raw/\n")
    (tmp_path / "c/.gitignore").write_text("*.txt\n!keep.txt\n")
    assert found(tmp_path) == [f"{tmp_path}/a.txt", f"{tmp_path}/c/keep.txt"]
    assert found(tmp_path / "c") == [f"{tmp_path}/c/keep.txt"]
    assert found(tmp_path, exclude=("keep*",)) == [f"{tmp_path}/a.txt"]


def test_exclude_is_relative_to_the_folder_that_configures_it(tmp_path: Path):
    make(tmp_path, "raw/a.txt", "in/raw/b.txt", "in/c.txt")
    for start in (tmp_path, tmp_path / "in"):
        paths = [str(path) for path in discover([str(start)], [".txt"], ["/in/raw/"], str(tmp_path))]
        assert [Path(path).name for path in paths] == (["c.txt", "a.txt"] if start == tmp_path else ["c.txt"])
    assert [*discover([str(tmp_path / "in")], [".txt"], ["/c.txt"], str(tmp_path))] == [
        f"{tmp_path}/in/c.txt",
        f"{tmp_path}/in/raw/b.txt",
    ]


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path):
    make(tmp_path, "a.txt")
    (tmp_path / "empty").mkdir()
    names = list(discover([str(tmp_path / "none"), str(tmp_path / "empty"), str(tmp_path / "a.txt")], [".txt"], ()))
    assert [str(name).removeprefix(f"{tmp_path}/") for name in names[:2]] == [
        "none: no such file or folder",
        "empty: no articles in this folder: looked for files ending in .txt (set 'extensions' to look for others)",
    ]
    assert [int(name.exit_code) for name in names[:2] if isinstance(name, DocumentError)] == [3, 2]
    assert names[2] == str(tmp_path / "a.txt")


@pytest.mark.parametrize("size", [100, 101])
def test_the_limit_of_size_holds_for_files_and_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * size)
    with path.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        for each in (str(path), "-"):
            if size == 100:
                assert len(read_bytes(each, 100)) == size
            else:
                with pytest.raises(DocumentError, match="larger than 100 bytes: split it, or raise 'max-file-size'"):
                    read_bytes(each, 100)


def test_only_regular_files_are_read(tmp_path: Path):
    make(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    (tmp_path / "c.txt").symlink_to("b.txt")
    (tmp_path / "d.txt").mkdir()
    assert found(tmp_path) == [f"{tmp_path}/a.txt"]
    assert "not a regular file" in found(tmp_path / "b.txt")[0]
    with pytest.raises(DocumentError, match="not a regular file"):
        read_bytes(str(tmp_path / "b.txt"), 100)


def test_a_file_with_several_names_is_taken_once(tmp_path: Path):
    make(tmp_path, "news/a.txt", "news/c.txt")
    (tmp_path / "news/b.txt").symlink_to("a.txt")
    (tmp_path / "news/0.txt").symlink_to("../news/c.txt")
    (tmp_path / "other").symlink_to("news")
    (tmp_path / "news/lost.txt").symlink_to("none.txt")
    (tmp_path / "news/loop.txt").symlink_to("loop.txt")
    names = ["0.txt", "a.txt", "loop.txt", "lost.txt"]
    assert found(tmp_path / "news", tmp_path / "other", tmp_path / "news/c.txt") == [f"{tmp_path}/news/{name}" for name in names]


def test_the_nearest_gitignore_has_the_last_word(tmp_path: Path):
    make(tmp_path, "a.txt", "c/keep.txt", "c/d/keep.txt", "c/d/other.txt", "e/local.txt", "e/KEEP.TXT", "e/not.md")
    (tmp_path / ".git/info").mkdir(parents=True)
    (tmp_path / ".git/info/exclude").write_text("local.txt\n")
    (tmp_path / ".gitignore").write_text("keep.txt\nother.txt\n")
    (tmp_path / "c/.gitignore").write_text("!keep.txt\n")
    (tmp_path / "c/d/.gitignore").write_text("keep.txt\n!other.txt\n")
    expected = [f"{tmp_path}/{name}" for name in ("a.txt", "c/keep.txt", "c/d/other.txt", "e/KEEP.TXT")]
    assert found(tmp_path) == expected
    assert found(tmp_path / "c/d") == expected[2:3]
    assert found(tmp_path, exclude=("KEEP*", "other.txt")) == expected[:2]
    (tmp_path / "link").symlink_to("c")
    assert found(tmp_path / "link") == [each.replace("/c/", "/link/") for each in expected[1:3]]


def test_a_worktree_has_the_exclusions_of_its_repository(tmp_path: Path):
    make(tmp_path, "work/a.txt", "work/local.txt")
    (tmp_path / "git/worktrees/work").mkdir(parents=True)
    (tmp_path / "git/info").mkdir()
    (tmp_path / "git/info/exclude").write_text("local.txt\n")
    (tmp_path / "git/worktrees/work/commondir").write_text("../..\n")
    (tmp_path / "work/.git").write_text("gitdir: ../git/worktrees/work\n")
    assert found(tmp_path / "work") == [f"{tmp_path}/work/a.txt"]


def test_a_folder_in_which_all_is_ignored_says_so(tmp_path: Path):
    make(tmp_path, "a.txt")
    assert "left out by .gitignore or 'exclude'" in found(tmp_path, exclude=("*",))[0]


def test_ignore_files_and_folders_that_cannot_be_read_are_named(tmp_path: Path):
    make(tmp_path, "a.txt", "b/c.txt")
    (tmp_path / ".gitignore").touch(0)
    if os.access(tmp_path / ".gitignore", os.R_OK):
        pytest.skip("this user may read everything")
    (tmp_path / "b").chmod(0)
    names = found(tmp_path)
    (tmp_path / "b").chmod(0o755)
    assert names[0] == f"{tmp_path}/a.txt"
    assert ".gitignore: cannot be read, so nothing is left out by it: Permission denied" in names[1]
    assert "/b: cannot be read: Permission denied" in names[2]
