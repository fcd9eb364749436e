"""Intervals over persons: what theory says, the same for the same seed, by whichever way the figure is computed."""

import math

import numpy as np
import pytest

from dermagrade.evaluation.statistics.agreement import pearson, rmse
from dermagrade.evaluation.statistics.bootstrap import Draws, bootstrap_by_person, drawn_times, percentile_interval
from dermagrade.evaluation.statistics.person_draws import PersonDraws


def mean(values):
    return float(values.mean())


def test_the_interval_is_the_same_for_the_same_seed_and_holds_the_figure():
    values = np.random.default_rng(1).normal(size=60)
    persons = [i // 2 for i in range(60)]
    first = bootstrap_by_person(values, groups=persons, statistic=mean, rounds=200, seed=3)
    again = bootstrap_by_person(values, groups=persons, statistic=mean, rounds=200, seed=3)
    other = bootstrap_by_person(values, groups=persons, statistic=mean, rounds=200, seed=4)
    assert first == again
    assert first != other
    assert first.low < first.value < first.high
    assert (first.photos, first.persons) == (60, 30)


def test_the_interval_is_about_that_of_theory():
    values = np.random.default_rng(0).normal(size=400)
    found = bootstrap_by_person(values, groups=range(400), statistic=mean)
    half = 1.96 * values.std() / math.sqrt(400)
    assert found.low == pytest.approx(values.mean() - half, abs=0.02)
    assert found.high == pytest.approx(values.mean() + half, abs=0.02)


def test_ten_equal_photos_of_one_person_say_no_more_than_one():
    values = np.random.default_rng(0).normal(size=40)
    once = bootstrap_by_person(values, groups=range(40), statistic=mean)
    tenfold = bootstrap_by_person(np.repeat(values, 10), groups=np.repeat(np.arange(40), 10).tolist(), statistic=mean)
    assert tenfold.high - tenfold.low == pytest.approx(once.high - once.low)


def test_a_figure_that_most_draws_leave_undefined_has_no_interval():
    found = bootstrap_by_person([0, 0, 0], [0, 0, 1], groups=["a", "a", "b"], statistic=pearson, rounds=50)
    assert math.isnan(found.value)
    assert found.record()["low"] is None


def test_no_photos_have_no_interval():
    found = bootstrap_by_person([], [], groups=[], statistic=rmse)
    assert (found.photos, found.persons) == (0, 0)
    assert found.record()["value"] is None


def test_groups_of_another_length_are_refused():
    with pytest.raises(ValueError, match="one row for each"):
        bootstrap_by_person([1, 2], groups=["a"], statistic=np.mean)


def test_every_round_draws_as_many_persons_as_there_are():
    drawn = list(drawn_times(7, Draws(rounds=30, seed=1)))
    assert len(drawn) == 30
    assert {int(times.sum()) for times in drawn} == {7}
    assert not list(drawn_times(0, Draws(rounds=30)))


def test_an_interval_needs_more_than_half_of_its_rounds():
    nan = float("nan")
    assert percentile_interval(np.array([1.0, 1.0, nan]), 0.95) == (1, 1)
    assert all(math.isnan(end) for end in percentile_interval(np.array([1.0, nan]), 0.95))


def test_one_person_has_no_interval_in_a_rater_study_and_a_point_elsewhere():
    values = np.array([1.0, 2.0, 4.0])
    photos = ["a", "b", "c"]
    rows = bootstrap_by_person(values, groups=["x"] * 3, statistic=mean, rounds=20)
    weights = PersonDraws(photos, dict.fromkeys(photos, "x"), Draws(20)).estimates(
        photos, lambda w: {"mean": w @ values / w.sum(axis=1)}
    )["mean"]
    assert rows.low == rows.high == rows.value
    assert math.isnan(weights.low)
