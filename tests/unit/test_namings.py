"""Of two statements of reviewers on the same names the later one stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.decisions import Clustering, Difference, Naming, Retraction, Row, Subject
from cleaner.namings import standing

FORMS = st.sampled_from("ABCDE")
SUBJECT = Subject("k", "names.of-the-folder", "a.txt", "A")


@st.composite
def clusterings(draw: st.DrawFn) -> Clustering:
    forms = draw(st.lists(FORMS, min_size=1, max_size=5, unique=True))
    cut = draw(st.integers(1, len(forms)))
    return Clustering(canonical=forms[0], variants=forms[1:cut], apart=forms[cut:])


@st.composite
def differences(draw: st.DrawFn) -> Difference:
    text, other = draw(st.lists(FORMS, min_size=2, max_size=2, unique=True))
    return Difference(text=text, other=other, subject=SUBJECT)


def numbered(rows: list[Row]) -> list[Row]:
    return [
        type(row)(**{**{name: getattr(row, name) for name in row.__struct_fields__}, "id": str(number)})
        for number, row in enumerate(rows)
    ]


ROWS = st.lists(clusterings() | differences() | FORMS.map(lambda form: Naming(text=form, subject=SUBJECT)), max_size=8).map(
    numbered
)


@given(ROWS)
def test_what_stands_does_not_contradict_itself(rows: list[Row]):
    said = standing(rows).values()
    variants = [each for statement in said for each in statement.variants]
    assert len(variants) == len(set(variants))
    assert not set(variants) & {statement.name for statement in said}
    together = {frozenset((statement.name, each)) for statement in said for each in statement.variants}
    assert not together & {frozenset((statement.name, each)) for statement in said for each in statement.apart}


@given(ROWS)
def test_the_last_one_stands_whole(rows: list[Row]):
    if rows:
        (*_, last) = standing(rows).values()
        assert last.row == rows[-1]


@given(ROWS)
def test_what_is_taken_back_leaves_no_trace(rows: list[Row]):
    if rows:
        assert standing([*rows, Retraction(id="x", of=rows[-1].id)]) == standing(rows[:-1])


def test_a_dropped_member_is_no_variant_any_more():
    first = Clustering(id="1", canonical="Idlib", variants=["Idleb", "Edleb"])
    second = Difference(id="2", text="Edleb", other="Idlib", subject=SUBJECT)
    said = standing([first, second])
    assert (said["1"].variants, said["2"].apart) == (("Idleb",), ("Idlib",))


def test_variants_follow_their_name_to_its_new_spelling():
    first = Clustering(id="1", canonical="Idlib", variants=["Idleb"])
    second = Clustering(id="2", canonical="Kirby", variants=["Kirbry"])
    third = Clustering(id="3", canonical="Idleb", variants=["Idlib"])
    assert {number: (said.name, said.variants) for number, said in standing([first, second, third]).items()} == {
        "2": ("Kirby", ("Kirbry",)),
        "3": ("Idleb", ("Idlib",)),
    }
