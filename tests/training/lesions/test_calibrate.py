"""How counts are read is fitted on people whom the network never saw."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.conditions.acne.grade import calibrated_share
from dermagrade.training.lesions.calibrate import THRESHOLDS, HeldOut, fit_grade_weights, fit_share, fit_threshold


def read(counts: np.ndarray, scale: float, doubt: float) -> np.ndarray:
    return np.array([n * calibrated_share(float(n), scale=scale, doubt=doubt) for n in counts])


def test_counts_that_are_right_are_left_alone() -> None:
    truth = np.array([0.0, 1, 4, 10, 40])
    assert fit_share(truth, truth) == (1.0, 0.0)


def test_what_a_map_sees_everywhere_is_taken_off_again() -> None:
    counts = np.linspace(1, 60, 80)
    truth = read(counts, 1.1, 4.0)
    assert fit_share(counts, truth) == (1.1, 4.0)


def test_more_by_the_map_is_never_less_after_reading() -> None:
    counts = np.linspace(0, 100, 400)
    for scale, doubt in ((1.0, 0.0), (0.8, 5.0), (1.5, 20.0)):
        assert (np.diff(read(counts, scale, doubt)) >= 0).all()


def test_nothing_stays_nothing() -> None:
    assert read(np.zeros(1), 1.4, 10.0)[0] == 0


def test_the_threshold_is_the_one_that_finds_most_lesions_at_least_cost() -> None:
    n = len(THRESHOLDS)
    # Lower thresholds find all 10 among ever more; higher ones lose lesions.
    found = tuple(10 + 5 * max(0, 4 - i) for i in range(n))
    paired = tuple(10 if i <= 4 else max(0, 14 - i) - 3 for i in range(n))
    answers = [HeldOut(9.0, 10, found, paired), HeldOut(3.0)]
    assert fit_threshold(answers) == THRESHOLDS[4]


def test_without_marked_places_the_threshold_keeps_its_default() -> None:
    assert fit_threshold([HeldOut(3.0), HeldOut(1.0)]) == fit_threshold([])


def test_a_rare_grade_that_is_passed_over_gets_more_weight() -> None:
    rng = np.random.default_rng(1)
    truth = np.repeat([0, 1, 2], [600, 300, 40])
    seen = truth + 0.8 * rng.normal(size=len(truth))
    share = np.array([600, 300, 40]) / 940
    p = share * np.exp(-((seen[:, None] - np.arange(3)) ** 2) / (2 * 0.8**2))
    p /= p.sum(1, keepdims=True)
    weights = fit_grade_weights(p, truth)
    assert weights[2] == 1.0
    assert weights[0] < weights[1] < weights[2]
    rare = truth == 2
    assert ((p * weights).argmax(1) == 2)[rare].mean() > (p.argmax(1) == 2)[rare].mean()
