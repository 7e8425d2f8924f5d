from pathlib import Path

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


def test_a_large_file_is_refused_with_a_remedy(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 2_000_000)
    try:
        read_bytes(str(path), 1_000_000)
    except DocumentError as error:
        assert "too large (2 MB; the limit is 1 MB): split it, or raise 'max-file-size'" in str(error)
    else:
        raise AssertionError
