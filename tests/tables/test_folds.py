"""Nobody stands on two sides of a split."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermagrade.errors import LabelsError
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.labels import PhotoLabel

people = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=30, max_size=80)


def labelled(rows: list[tuple[int, int]], folds: list[int] | None = None) -> list[PhotoLabel]:
    return [
        PhotoLabel(f"{i}.jpg", f"p{who}", grade, fold=None if folds is None else folds[i])
        for i, (who, grade) in enumerate(rows)
    ]


@settings(deadline=None)
@given(rows=people, folds=st.integers(2, 5), seed=st.integers(0, 9))
def test_no_subject_is_on_two_sides_and_no_fold_is_empty(rows: list[tuple[int, int]], folds: int, seed: int) -> None:
    rows = [*rows, *((30 + k, 0) for k in range(5))]
    found = folds_by_subject(labelled(rows), folds, seed)
    assert set(found) == set(range(folds))
    check_folds(labelled(rows, found))
    assert found == folds_by_subject(labelled(rows), folds, seed)


def test_grades_are_spread_evenly() -> None:
    rows = [(i, 3 if i < 20 else 0) for i in range(200)]
    found = folds_by_subject(labelled(rows), 5, 1)
    assert Counter(found) == dict.fromkeys(range(5), 40)
    assert Counter(found[:20]) == dict.fromkeys(range(5), 4)


def test_fewer_subjects_than_folds_is_refused() -> None:
    with pytest.raises(LabelsError, match="2 subjects cannot be split into 5 folds"):
        folds_by_subject(labelled([(0, 1), (1, 1)]), 5, 0)


@pytest.mark.parametrize(
    ("folds", "says"), [([0, 1, 1], "p0 stands in the folds 0 and 1"), ([0, 0, 0], "fewer than two folds")]
)
def test_a_wrong_fold_column_is_refused(folds: list[int], says: str) -> None:
    with pytest.raises(LabelsError, match=says):
        check_folds(labelled([(0, 1), (0, 1), (1, 2)], folds))
