"""Shelves: what was packed is found, and nothing else."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cleaner.shelf import Shelf

KEYS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(lambda key: "\0" not in key)


@given(st.dictionaries(KEYS, st.lists(st.integers(0, 9)), max_size=20), st.lists(KEYS))
def test_what_was_packed_is_found_and_nothing_else(values: dict[str, list[int]], others: list[str]):
    data = Shelf.pack({key: msgspec.msgpack.encode(value) for key, value in values.items()})
    shelf = Shelf(memoryview(data), msgspec.msgpack.Decoder(list[int]).decode)
    wanted = [*values, *others]
    for _ in range(2):  # also what is remembered
        assert [shelf.find(key) for key in wanted] == [values.get(key) for key in wanted]
        assert dict(shelf.among(set(wanted))) == values
    assert shelf == values
    assert len(shelf) == len(values)
    assert [key in shelf for key in wanted] == [key in values for key in wanted]


def test_a_value_is_decoded_once_and_only_if_it_is_asked_for():
    decoded = []

    def decode(data: memoryview) -> bytes:
        decoded.append(bytes(data))
        return bytes(data)

    shelf = Shelf(memoryview(Shelf.pack({"a": b"1", "b": b"2"})), decode)
    assert shelf["b"] == shelf["b"] == b"2"
    assert decoded == [b"2"]
