"""Calibration errors are those of their definition."""

import numpy as np
import pytest

from dermagrade.evaluation.reliability_diagram import calibration_error, reliability
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.scales import ACNE_5
from graded_photos import case

DRAWS = Draws(rounds=100)


def unsure(photo, truth, p):
    """Grade 0 with probability p, grade 1 with the rest."""
    return case(photo, truth, 0 if p >= 0.5 else 1, probabilities=(p, 1 - p, 0.0, 0.0))


def test_probabilities_that_come_true_as_often_have_no_error():
    cases = [unsure(f"{i}", 0 if i % 10 < 8 else 1, 0.8) for i in range(50)]
    found = reliability(cases, DRAWS)["grade_named"]
    assert found.calibration_error.value == pytest.approx(0, abs=1e-12)
    assert [b.answers for b in found.bins] == [50]


def test_the_error_is_the_gap_weighted_by_photos():
    cases = [unsure(f"a{i}", 0, 0.75) for i in range(30)] + [unsure(f"b{i}", 1, 0.55) for i in range(10)]
    found = reliability(cases, DRAWS)["grade_named"]
    assert found.calibration_error.value == pytest.approx((30 * 0.25 + 10 * 0.55) / 40)
    assert found.bias.value == pytest.approx((30 * -0.25 + 10 * 0.55) / 40)
    assert [(b.answers, b.observed.value) for b in found.bins] == [(10, 0), (30, 1)]


def test_a_prediction_of_1_belongs_to_the_last_bin():
    edges = np.array([0.0, 0.5, 1.0])
    assert calibration_error(edges)(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0


def test_every_grade_of_every_photo_is_an_answer():
    found = reliability([unsure("a", 0, 0.7), unsure("b", 1, 0.3)], DRAWS)["all_grades"]
    assert sum(b.answers for b in found.bins) == 8


def test_expected_grades_are_compared_with_the_mean_published_grade():
    cases = [unsure(f"{i}", int(i < 10), 0.9 - 0.02 * i) for i in range(40)]
    found = reliability(cases, DRAWS)["value"]
    assert found.bias.value == pytest.approx(np.mean([c.value for c in cases]) - 0.25)
    assert sum(b.answers for b in found.bins) == 40


def test_without_probabilities_on_the_labels_scale_only_the_value_is_told():
    cases = [case(f"{i}", 1 + i / 3, 0, score=1.5 + i / 4, scale=ACNE_5) for i in range(10)]
    assert list(reliability(cases, DRAWS)) == ["value"]
    assert reliability([], DRAWS) == {}


def test_the_probability_is_that_of_the_grade_named_even_if_another_is_likelier():
    cases = [case(f"{i}", 1, 1, probabilities=(0.55, 0.45, 0.0, 0.0)) for i in range(4)]
    found = reliability(cases, DRAWS)["grade_named"]
    assert found.bins[0].predicted == pytest.approx(0.45)
    assert found.bins[0].observed.value == 1
