"""Shifts of a score: signed and unsigned figures, and a lost score that never counts as unmoved."""

from __future__ import annotations

import pytest

from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures


def test_signed_and_unsigned_figures_are_of_the_same_shifts():
    shifts = [Shift(str(i), 2.0, 2.0 + d) for i, d in enumerate((-1.0, 1.0, 0.1, 0.5))]
    found = shift_figures(shifts, below=0.3)
    assert found["mean"]["value"] == pytest.approx(0.15)
    assert found["mean_abs"]["value"] == pytest.approx(0.65)
    assert found["p90"]["value"] == pytest.approx(1.0)
    assert found["share_below"]["value"] == 0.25
    assert found["mean"]["low"] < found["mean"]["value"] < found["mean"]["high"]


def test_a_lost_score_is_left_out_of_means_and_counts_as_moved():
    found = shift_figures([Shift("a", 2.0, None), Shift("b", 2.0, 2.0)], below=0.3)
    assert (found["photos"], found["lost"]) == (2, 1)
    assert found["mean_abs"]["value"] == 0
    assert found["share_below"]["value"] == 0.5


def test_no_shifts_are_undefined_and_shown_as_a_dash():
    found = shift_figures([], below=0.3)
    assert found["mean"]["value"] is None
    assert figure(found["mean"], ".2f") == "-"
