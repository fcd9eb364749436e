"""Intervals and grade sets are what split conformal prediction promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.grading.interval import Calibration, neighbouring
from plain_manifest import plain_manifest

PLAIN = Calibration(coverage=0.9, scores=(1.0, 3.0, 5.0), below=(0.2, 0.6, 0.6), above=(1.0, 0.6, 0.2), mass=0.7)


def test_an_interval_lies_around_its_score_and_within_the_scale() -> None:
    assert PLAIN.interval(3.0, low=1.0, high=5.0) == pytest.approx((2.4, 3.6))
    assert PLAIN.interval(1.0, low=1.0, high=5.0) == pytest.approx((1.0, 2.0))
    assert PLAIN.interval(5.0, low=1.0, high=5.0) == pytest.approx((4.4, 5.0))


def test_between_two_knots_the_interval_goes_over_from_one_to_the_other() -> None:
    low, high = PLAIN.interval(2.0, low=1.0, high=5.0)
    assert (2.0 - low, high - 2.0) == pytest.approx((0.4, 0.8))


def test_a_manifest_without_calibration_gives_none_and_one_with_it_gives_the_same_numbers_back() -> None:
    assert Calibration.from_record(plain_manifest().calibration) is None
    kept = {"coverage": 0.9, "scores": [1, 3, 5], "below": [0.2, 0.6, 0.6], "above": [1.0, 0.6, 0.2], "mass": 0.7}
    assert Calibration.from_record(plain_manifest(calibration=kept).calibration) == PLAIN


probabilities = st.lists(st.floats(0.001, 1.0), min_size=4, max_size=4).map(lambda v: [x / sum(v) for x in v])


@given(probabilities)
def test_a_set_of_grades_has_no_gap_holds_the_likeliest_and_grows_with_the_mass(p: list[float]) -> None:
    before: tuple[int, ...] = ()
    for mass in (0.0, 0.3, 0.6, 0.9, 1.0):
        grades = Calibration(0.9, (1.0,), (0.1,), (0.1,), mass).grades(p)
        assert grades == tuple(range(grades[0], grades[-1] + 1))
        assert int(np.argmax(p)) in grades
        assert set(before) <= set(grades)
        before = grades


@given(probabilities)
def test_a_set_holds_the_mass_and_would_not_without_the_grade_it_took_last(p: list[float]) -> None:
    order, gathered = neighbouring(p)
    grades = Calibration(0.9, (1.0,), (0.1,), (0.1,), 0.7).grades(p)
    assert sum(p[g] for g in grades) >= 0.7 - 1e-6
    if len(grades) > 1:
        assert sum(p[g] for g in grades) - p[order[len(grades) - 1]] < 0.7
    assert gathered[-1] == pytest.approx(1.0)
