"""A row of ones gives the plain statistic; whole weights give that of repeated rows."""

import numpy as np
import pytest

from dermagrade.evaluation.statistics import agreement, weighted
from dermagrade.evaluation.statistics.bootstrap import Draws, bootstrap_by_person
from dermagrade.evaluation.statistics.person_draws import PersonDraws

CHANCE = np.random.default_rng(3)
A = CHANCE.integers(0, 5, 40).astype(float)
B = np.clip(A + CHANCE.integers(-1, 2, 40), 0, 4)
TIMES = CHANCE.integers(0, 4, 40)
PLAIN = {
    "rmse": agreement.rmse,
    "accuracy": agreement.accuracy,
    "quadratic_kappa": agreement.quadratic_kappa,
    "pearson": agreement.pearson,
    "spearman": agreement.spearman,
}


@pytest.mark.parametrize("name", PLAIN)
def test_weights_are_repetitions(name):
    both = np.vstack((np.ones(40), TIMES)).astype(float)
    whole, drawn = getattr(weighted, name)(both, A, B)
    assert whole == pytest.approx(PLAIN[name](A, B))
    assert drawn == pytest.approx(PLAIN[name](np.repeat(A, TIMES), np.repeat(B, TIMES)))


def test_slope_and_deviation_are_those_of_repeated_rows():
    weights = TIMES[None].astype(float)
    x, y = np.repeat(A, TIMES), np.repeat(B, TIMES)
    assert weighted.slope(weights, A, B)[0] == pytest.approx(np.polyfit(x, y, 1)[0])
    assert weighted.deviation(weights, B)[0] == pytest.approx(y.std(ddof=1))


@pytest.mark.parametrize("name", ["quadratic_kappa", "pearson", "spearman", "slope"])
def test_without_variation_they_are_undefined(name):
    same = np.full(5, 0.1)
    assert np.isnan(getattr(weighted, name)(np.ones((1, 5)), same, same))[0]


def test_drawing_persons_gives_the_intervals_of_the_slow_way():
    photos = [f"{i}" for i in range(40)]
    persons = {p: f"p{int(p) // 2}" for p in photos}
    fast = PersonDraws(photos, persons, Draws(200, 4)).estimates(photos, lambda w: {"": weighted.rmse(w, A, B)})[""]
    groups = [persons[p] for p in photos]
    slow = bootstrap_by_person(A, B, groups=groups, statistic=agreement.rmse, rounds=200, seed=4)
    assert (fast.photos, fast.persons) == (40, 20)
    assert (fast.value, fast.low, fast.high) == pytest.approx((slow.value, slow.low, slow.high))


def test_one_person_has_no_interval():
    drawn = PersonDraws(["a", "b"], {"a": "p", "b": "p"}, Draws(20))
    found = drawn.estimates(["a", "b"], lambda w: {"": weighted.mean(w, np.array([1.0, 2.0]))})[""]
    assert found.value == 1.5
    assert np.isnan(found.low)
