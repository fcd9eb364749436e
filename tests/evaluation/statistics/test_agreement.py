"""The statistics of agreement give published and hand-computed values, and keep their properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermagrade.evaluation.statistics.agreement import (
    accuracy,
    balanced_accuracy,
    confusion_matrix,
    mae,
    pearson,
    quadratic_kappa,
    rmse,
    spearman,
)

#: A busy machine must not make a true claim fail.
UNHURRIED = settings(deadline=None, max_examples=40)

grades = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)


def kappa_by_its_definition(a, b, levels=4):
    """Cohen's own formula over the table of counts, with weights (i - j) squared."""
    observed = np.zeros((levels, levels))
    for i, j in zip(a, b, strict=True):
        observed[i, j] += 1
    expected = np.outer(observed.sum(1), observed.sum(0)) / len(a)
    weights = np.subtract.outer(np.arange(levels), np.arange(levels)) ** 2
    return 1 - (weights * observed).sum() / (weights * expected).sum()


def test_kappa_of_a_table_worked_out_by_hand():
    # Observed weights: 1 + 1 of 6; by chance (means 1 and 1, variances 2/3 and 1/3): 1. So 1 - (2/6) / 1.
    assert quadratic_kappa([0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 1, 2]) == pytest.approx(1 - (2 / 6) / 1.0)


def test_kappa_of_two_levels_is_cohens_plain_kappa():
    # Cohen 1960's formula by hand: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / (1 - 0.5).
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert quadratic_kappa(first, second) == pytest.approx(0.4)


@UNHURRIED
@given(grades)
def test_kappa_equals_cohens_definition(pairs):
    a, b = zip(*pairs, strict=True)
    found = quadratic_kappa(a, b)
    if len(set(a) | set(b)) == 1:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(kappa_by_its_definition(a, b))


@UNHURRIED
@given(grades)
def test_kappa_is_symmetric_and_keeps_when_the_scale_is_shifted_or_stretched(pairs):
    a, b = (np.array(v) for v in zip(*pairs, strict=True))
    found = quadratic_kappa(a, b)
    assert quadratic_kappa(b, a) == pytest.approx(found, nan_ok=True)
    assert quadratic_kappa(2 * a + 1, 2 * b + 1) == pytest.approx(found, nan_ok=True)


@UNHURRIED
@given(st.lists(st.integers(0, 3), min_size=2, max_size=40).filter(lambda v: len(set(v)) > 1))
def test_identical_readings_agree_in_full(values):
    assert quadratic_kappa(values, values) == 1
    assert accuracy(values, values) == balanced_accuracy(values, values) == 1
    assert rmse(values, values) == mae(values, values) == 0
    assert pearson(values, values) == pytest.approx(1)
    assert spearman(values, values) == pytest.approx(1)


def test_balanced_accuracy_counts_every_grade_alike():
    truth, answer = [0] * 8 + [1] * 2, [0] * 8 + [0, 1]
    assert accuracy(truth, answer) == pytest.approx(0.9)
    assert balanced_accuracy(truth, answer) == pytest.approx((1 + 0.5) / 2)


def test_the_confusion_matrix_has_the_truth_in_its_rows():
    table = confusion_matrix([0, 0, 2], [0, 1, 1], (0, 1, 2))
    assert table.tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 0]]
    with pytest.raises(ValueError, match="3 is not among the levels"):
        confusion_matrix([0], [3], (0, 1, 2))


def test_distances_are_those_worked_out_by_hand():
    assert rmse([0, 0], [3, 4]) == pytest.approx(math.sqrt(12.5))
    assert mae([0, 0], [3, -4]) == pytest.approx(3.5)


def test_correlations_of_a_table_worked_out_by_hand():
    # Deviations (-1, 0, 1) and (-1, 1, 0): their products sum to 1, the squares of each to 2.
    assert pearson([1, 2, 3], [2, 4, 3]) == pytest.approx(0.5)
    # Equal values share their mean rank: ranks 1, 2.5, 2.5, 4 against 1 to 4.
    assert spearman([10, 20, 20, 90], [1, 2, 3, 4]) == pytest.approx(4.5 / math.sqrt(4.5 * 5))


@UNHURRIED
@given(st.lists(st.integers(-50, 50), min_size=3, max_size=20, unique=True))
def test_rank_correlation_sees_only_the_order(values):
    assert spearman(values, np.exp(np.array(values) / 10)) == pytest.approx(1)


@pytest.mark.parametrize("statistic", [quadratic_kappa, accuracy, balanced_accuracy, rmse, mae, pearson, spearman])
def test_nothing_at_all_has_no_figure(statistic):
    assert math.isnan(statistic([], []))


@pytest.mark.parametrize("statistic", [quadratic_kappa, pearson, spearman])
def test_values_that_do_not_vary_have_no_figure(statistic):
    assert math.isnan(statistic([1, 1, 1], [1, 1, 1]))


def test_arrays_of_different_length_are_refused():
    with pytest.raises(ValueError, match="both must be"):
        rmse([1, 2], [1])
