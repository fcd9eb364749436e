"""All six intraclass correlations give the published figures, and missing cells bias none of their components."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.evaluation.statistics.fisher import quantile
from dermagrade.evaluation.statistics.intraclass import icc_2_1
from dermagrade.evaluation.statistics.intraclass_forms import FORMS, components, f_intervals

#: Six targets, four judges: Shrout and Fleiss 1979, table 2, with the coefficients of their table 4.
JUDGES = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)
PUBLISHED = {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}

#: Intervals of the same data as the R package psych prints them (help page of its function ICC; two or three digits).
PRINTED = {
    "1,1": (-0.133, 0.72),
    "2,1": (0.019, 0.76),
    "3,1": (0.342, 0.95),
    "1,k": (-0.884, 0.91),
    "2,k": (0.071, 0.93),
    "3,k": (0.676, 0.99),
}


def correlations(table):
    found = components(np.ones((1, len(table))), table).correlations()
    return {form: float(values[0]) for form, values in found.items()}


def simulated(n, k, *, raters=0.5, rest=0.7, seed):
    chance = np.random.default_rng(seed)
    return chance.normal(0, 1, (n, 1)) + chance.normal(0, raters, (1, k)) + chance.normal(0, rest, (n, k))


def test_the_six_forms_are_those_of_the_published_example():
    found = correlations(JUDGES)
    assert list(found) == list(FORMS)
    for form, value in PUBLISHED.items():
        assert found[form] == pytest.approx(value, abs=0.0051), form
    assert found["2,1"] == pytest.approx(icc_2_1(JUDGES))


def test_the_f_intervals_are_those_printed_for_the_published_example():
    found = f_intervals(JUDGES)
    for form, (low, high) in PRINTED.items():
        assert found[form] == (pytest.approx(low, abs=0.00051), pytest.approx(high, abs=0.0051)), form


def test_the_intervals_of_a_mean_are_the_single_ones_stepped_up():
    found = f_intervals(JUDGES)
    for model in "123":
        single, mean = found[f"{model},1"], found[f"{model},k"]
        assert mean == pytest.approx([4 * end / (1 + 3 * end) for end in single])


def test_the_interval_of_the_two_way_form_holds_the_truth_as_often_as_it_says():
    truth, held, runs = 1 / (1 + 0.25 + 0.49), 0, 400
    for seed in range(runs):
        low, high = f_intervals(simulated(30, 6, seed=seed))["2,1"]
        held += low < truth < high
    # Within three standard errors of 95 %.
    assert held / runs == pytest.approx(0.95, abs=3 * (0.05 * 0.95 / runs) ** 0.5)


def test_missing_cells_bias_no_component():
    found = []
    for seed in range(150):
        table = simulated(80, 6, seed=seed)
        table[np.random.default_rng(1000 + seed).random(table.shape) < 0.5] = np.nan
        parts = components(np.ones((1, 80)), table)
        found.append([parts.photos[0], parts.raters[0], parts.rest[0]])
    errors = np.std(found, axis=0) / np.sqrt(len(found))
    assert (np.abs(np.mean(found, axis=0) - [1, 0.25, 0.49]) < 3.5 * errors).all()
    assert np.isfinite(found).all()


def test_raters_who_share_no_photo_with_the_others_are_no_obstacle():
    table = np.full((40, 4), np.nan)
    whole = simulated(40, 4, raters=0.0, seed=3)
    table[:20, :2], table[20:, 2:] = whole[:20, :2], whole[20:, 2:]
    parts = components(np.ones((1, 40)), table)
    assert parts.rest[0] == pytest.approx(0.49, abs=0.25)
    assert 0 < parts.correlations()["3,1"][0] < 1


def test_photos_with_one_reading_change_nothing():
    more = np.vstack((JUDGES, [[np.nan, 9, np.nan, np.nan]], np.full((1, 4), np.nan)))
    assert correlations(more) == pytest.approx(correlations(JUDGES))


def test_a_weight_is_a_repetition():
    table = simulated(30, 4, seed=5)
    table[::3, 1] = np.nan
    times = np.random.default_rng(2).integers(0, 3, 30)
    drawn = components(times[None].astype(float), table).correlations()
    for form, value in correlations(np.repeat(table, times, axis=0)).items():
        assert drawn[form][0] == pytest.approx(value), form


@pytest.mark.parametrize("table", [np.ones((5, 3)), np.ones((1, 3)), np.arange(4.0)[:, None], np.full((3, 2), np.nan)])
def test_what_cannot_be_told_is_undefined(table):
    assert all(np.isnan(value) for value in correlations(table).values())


def test_intervals_refuse_missing_cells_and_are_undefined_where_nothing_varies():
    with pytest.raises(ValueError, match="without missing cells"):
        f_intervals(np.array([[1.0, np.nan], [2, 3]]))
    same = np.column_stack((np.arange(5.0), np.arange(5.0)))
    assert all(np.isnan(low) for low, _ in f_intervals(same).values())
    assert correlations(same)["2,1"] == pytest.approx(1)


def test_the_quantile_used_for_the_one_way_form_is_that_of_its_source():
    # Shrout and Fleiss 1979, p. 424: F0 / F(1 - alpha/2; n - 1, n(k - 1)).
    between = 4 * JUDGES.mean(1).var(ddof=1)
    within = JUDGES.var(axis=1, ddof=1).mean()
    low = between / within / quantile(0.975, 5, 18)
    assert f_intervals(JUDGES)["1,1"][0] == pytest.approx((low - 1) / (low + 3))


@pytest.mark.parametrize(
    ("grades", "other"),
    [
        ([1, 2, 3, 4, 5, 3, 2, 4], [5, 4, 3, 2, 1, 3, 4, 2]),  # 6 minus the first rater's
        ([1, 5], [5, 1]),
        ([0.1, 0.2, 0.3, 0.5], [0.51, 0.41, 0.31, 0.11]),  # the means differ by rounding alone
    ],
)
def test_raters_in_opposite_order_have_the_least_correlation_and_no_bound_for_their_mean(grades, other):
    found = f_intervals(np.column_stack([grades, other]).astype(float))
    assert found["1,1"] == found["3,1"] == pytest.approx((-1, -1))
    assert all(np.isnan(found[form]).all() for form in ("1,k", "2,1", "2,k", "3,k"))


@given(
    st.integers(2, 6).flatmap(
        lambda raters: st.lists(st.lists(st.integers(0, 3), min_size=raters, max_size=raters), min_size=2, max_size=8)
    )
)
def test_every_whole_table_has_intervals_in_order_or_none(grades):
    for low, high in f_intervals(np.array(grades, float)).values():
        assert np.isnan(low) or np.isnan(high) or low <= high + 1e-9
