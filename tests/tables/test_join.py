"""Names are matched after Unicode normalisation, and what does not match is counted, named and explained."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.errors import LabelsError
from dermagrade.tables.join import JoinReport, all_in_table, all_known, join

COMPOSED = "José Müller.jpg"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


def joined(names: list[str], table: list[str]) -> dict[str, str]:
    return dict(join(names, {entry: entry for entry in table}, names_are="rated photos", table="labels.csv").found)


def report(names: list[str], table: list[str]) -> JoinReport:
    return join(names, dict.fromkeys(table), names_are="rated photos", table="labels.csv").report


def test_a_name_in_either_unicode_form_is_one_name() -> None:
    assert COMPOSED != DECOMPOSED
    assert joined([COMPOSED, "a.jpg"], [DECOMPOSED, "a.jpg"]) == {COMPOSED: DECOMPOSED, "a.jpg": "a.jpg"}
    assert joined([DECOMPOSED], [COMPOSED]) == {DECOMPOSED: COMPOSED}
    found = report([COMPOSED, "a.jpg"], [DECOMPOSED, "a.jpg"])
    assert (found.matched, found.by_form, found.notes) == (2, 1, ())


def test_where_everything_matches_nothing_is_said() -> None:
    found = report(["a.jpg", "b.jpg"], ["b.jpg", "a.jpg"])
    assert (found.matched, found.by_form, found.lacking.count, found.unknown.count, found.notes) == (2, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("written", "but_for"),
    [
        ("P1.JPG", "upper and lower case"),
        ("photos/p1.jpg", "the folder before the name"),
        ("C:\\photos\\p1.jpg", "the folder before the name"),
        (".\\p1.jpg", "the kind of slash"),
        ("p1", "the suffix"),
        ("p1.png", "the suffix"),
        ("p 1.jpg", "blanks"),
        ("p\u200b1.jpg", "blanks"),
        ("p01.jpg", "zeros before a number"),
        ("\uff501.jpg", "the Unicode form of a character"),
        ("photos/P1.JPG", "upper and lower case and the folder before the name"),
        ("photos/P1", "upper and lower case, the folder before the name and the suffix"),
    ],
)
def test_what_keeps_names_apart_is_said_and_not_guessed_away(written: str, but_for: str) -> None:
    found = report(["p1.jpg", "p2.jpg"], [written, "p2.jpg"])
    assert (found.matched, found.lacking.count, found.unknown.count) == (1, 1, 1)
    assert found.cause == f"{written} is like p1.jpg but for {but_for}. Write each name in the same way in both."


def test_each_side_says_how_many_and_the_first_three() -> None:
    found = report([f"p{i}.jpg" for i in range(10)], ["p0.jpg", "P1.JPG", "P2.JPG", "P3.JPG", "P4.JPG", "else.jpg"])
    assert (found.lacking.count, found.lacking.of, found.lacking.first) == (9, 10, ("p1.jpg", "p2.jpg", "p3.jpg"))
    assert (found.unknown.count, found.unknown.of, found.unknown.first) == (5, 6, ("P1.JPG", "P2.JPG", "P3.JPG"))
    cause = "P1.JPG is like p1.jpg but for upper and lower case. Write each name in the same way in both."
    assert found.notes_on_names == (
        f"9 of 10 rated photos are not in labels.csv: p1.jpg, p2.jpg, p3.jpg and 6 more. {cause}",
    )
    assert found.notes_on_table == (
        "5 of 6 photos in labels.csv are not among the rated photos: P1.JPG, P2.JPG, P3.JPG and 2 more. " + cause,
    )
    assert " ".join(found.notes).count(cause) == 1


def test_several_causes_are_named_the_most_frequent_first() -> None:
    found = report([f"p{i}.jpg" for i in range(6)], ["x/p0.jpg", "P1.JPG", "P2.JPG", "p3", "p5.jpg"])
    assert [(one.kinds, one.count) for one in found.likely] == [
        (("upper and lower case",), 2),
        (("the folder before the name",), 1),
        (("the suffix",), 1),
    ]


def test_where_nothing_matches_it_is_an_error_with_the_cause() -> None:
    said = r"None of the 2 photos in labels.csv is among the rated photos: P1.JPG, P2.JPG; .* upper and lower case"
    with pytest.raises(LabelsError, match=said):
        report(["p1.jpg", "p2.jpg"], ["P1.JPG", "P2.JPG"])
    with pytest.raises(LabelsError, match="No name there is like them"):
        report(["p1.jpg"], ["q.jpg"])


def test_an_empty_side_is_no_error() -> None:
    assert report([], ["a.jpg"]).matched == 0
    assert report(["a.jpg"], []).lacking.count == 1


def test_the_caller_says_which_side_must_be_whole() -> None:
    wide = join(["a"], {"a": 1, "b": 2}, names_are="photos", table="t.csv")
    assert all_in_table(wide).found == {"a": 1}
    with pytest.raises(LabelsError, match=r"1 of 2 photos in t\.csv is not among the photos: b"):
        all_known(wide)
    narrow = join(["a", "b"], {"a": 1}, names_are="photos", table="t.csv")
    assert all_known(narrow).found == {"a": 1}
    with pytest.raises(LabelsError, match=r"1 of 2 photos is not in t\.csv: b"):
        all_in_table(narrow)


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.lists(st.text(min_size=1), unique=True))
def test_every_name_is_matched_or_counted(names: list[str], table: list[str]) -> None:
    shared = [*table, names[0]]
    found = report(names, shared)
    assert found.matched + found.lacking.count == len(names) == found.lacking.of
    assert found.matched >= 1
    for one in found.likely:
        assert one.words()
