"""Fitted intervals hold the share that they promise, for people who were not there when they were fitted."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.evaluation.conformal import fit_calibration, person_weights, upper_quantile
from dermagrade.grading.interval import Calibration


def simulated(seed: int, people: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Simulated answers: errors grow with the score, and photos of one person share half of theirs."""
    rng = np.random.default_rng(seed)
    persons, truth, score, grade, probabilities = [], [], [], [], []
    for k in range(people):
        shared = rng.normal()
        for _ in range(int(rng.integers(1, 5))):
            t = rng.uniform(1.5, 4.5)
            s = np.clip(t + 0.15 * t * (0.5 * shared + 0.87 * rng.normal()), 1, 5)
            p = np.exp(-((np.arange(4) - (s - 1.2)) ** 2) / 0.5)
            persons.append(f"person {k}")
            truth.append(t)
            score.append(s)
            probabilities.append(p / p.sum())
            grade.append(int(np.clip(round(t - 1.2 + 0.4 * rng.normal()), 0, 3)))
    return np.array(score), np.array(truth), np.array(probabilities), np.array(grade), persons


def fitted(seed: int, people: int = 400) -> Calibration:
    return fit_calibration(*simulated(seed, people))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nine_of_ten_new_people_lie_in_their_interval_and_in_their_set_of_grades(seed: int) -> None:
    calibration = fitted(seed)
    score, truth, p, grade, persons = simulated(seed + 100, 1000)
    weights = person_weights(persons)
    intervals = [calibration.interval(s, low=1, high=5) for s in score]
    held = [a <= t <= b for t, (a, b) in zip(truth, intervals, strict=True)]
    assert np.average(held, weights=weights) == pytest.approx(0.9, abs=0.035)
    in_set = [g in calibration.grades(row) for g, row in zip(grade, p, strict=True)]
    # Sets hold whole grades, so they may hold more than was asked, but not less.
    assert np.average(in_set, weights=weights) > 0.87


def test_intervals_are_wider_where_errors_are_larger() -> None:
    calibration = fitted(4)
    width = [np.diff(calibration.interval(s, low=-9, high=99))[0] for s in (1.8, 4.2)]
    assert width[1] > 1.1 * width[0]


def test_a_person_photographed_often_counts_once() -> None:
    weights = person_weights(["a"] * 50 + ["b", "c"])
    assert weights.sum() == pytest.approx(3.0)
    assert upper_quantile([9.0] * 50 + [1.0, 2.0], weights, 0.5) == 2.0


def test_with_too_few_people_there_is_no_quantile_and_no_calibration() -> None:
    assert upper_quantile([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], 0.9) == np.inf
    with pytest.raises(ValueError, match="at least 20 people"):
        fit_calibration(*simulated(1, 10))


def test_a_truth_that_is_not_known_changes_nothing_of_the_intervals() -> None:
    score, truth, p, grade, persons = simulated(5, 200)
    hole = np.append(truth, np.nan)
    more = fit_calibration(
        np.append(score, 4.9), hole, np.vstack([p, p[:1]]), np.append(grade, grade[0]), [*persons, "one more"]
    )
    plain = fit_calibration(score, truth, p, grade, persons)
    assert (more.scores, more.below, more.above) == (plain.scores, plain.below, plain.above)
