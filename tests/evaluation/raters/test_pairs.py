"""Raters are compared on the photos that they share, and with themselves only in a second round."""

import pytest

from dermagrade.evaluation.raters.pairs import by_rater, mean_of_others, rater_agreement
from dermagrade.tables.readings import Reading


def readings(table, *, round=1):
    return [Reading(photo, rater, grade, round) for rater, grades in table.items() for photo, grade in grades.items()]


FIRST = {
    "anna": {"a": 0, "b": 1, "c": 2, "d": 3},
    "ben": {"a": 0, "b": 1, "c": 2, "d": 3},
    "cora": {"a": 3, "b": 2, "c": 1},
}


def test_pairs_are_compared_on_the_photos_both_graded():
    pairs = rater_agreement(readings(FIRST), rounds=10)["pairs"]
    assert list(pairs) == ["anna and ben", "anna and cora", "ben and cora"]
    assert pairs["anna and ben"]["quadratic_kappa"].value == 1
    assert pairs["anna and cora"]["quadratic_kappa"].photos == 3
    assert pairs["anna and cora"]["accuracy"].value == 0


def test_each_stands_against_the_mean_of_the_others_on_photos_that_all_graded():
    assert mean_of_others(by_rater(readings(FIRST)), "cora") == {"a": 0, "b": 1, "c": 2}
    others = rater_agreement(readings(FIRST), rounds=10)["against_the_others"]
    assert others["cora"]["rmse"].value == pytest.approx(((9 + 1 + 1) / 3) ** 0.5)
    assert others["cora"]["pearson"].value == pytest.approx(-1)


def test_a_second_round_counts_for_nothing_but_the_rater_against_themselves():
    again = readings({"anna": {"a": 3, "b": 3, "c": 2, "d": 3}}, round=2)
    found = rater_agreement(readings(FIRST) + again, rounds=10)
    assert found["pairs"] == rater_agreement(readings(FIRST), rounds=10)["pairs"]
    assert list(found["repeated"]) == ["anna"]
    assert found["repeated"]["anna"]["accuracy"].value == 0.5


def test_intervals_are_over_persons_where_these_are_known():
    persons = {"a": "p", "b": "p", "c": "q", "d": "q"}
    found = rater_agreement(readings(FIRST), persons=persons, rounds=10)["pairs"]["anna and ben"]["accuracy"]
    assert (found.photos, found.persons) == (4, 2)
