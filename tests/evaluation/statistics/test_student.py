"""Student's t against published tables and against an independent implementation."""

from __future__ import annotations

import pytest

from dermagrade.evaluation.statistics.student import above, power, quantile


@pytest.mark.parametrize(
    ("freedom", "at_0_975", "at_0_95"),
    # Any textbook's table of t, two-sided 5 % and 10 %.
    [(1, 12.706, 6.314), (2, 4.303, 2.920), (5, 2.571, 2.015), (10, 2.228, 1.812), (30, 2.042, 1.697),
     (120, 1.980, 1.658)],
)  # fmt: skip
def test_quantiles_are_those_of_the_published_table(freedom, at_0_975, at_0_95):
    assert quantile(0.975, freedom) == pytest.approx(at_0_975, abs=5e-4)
    assert quantile(0.95, freedom) == pytest.approx(at_0_95, abs=5e-4)
    assert quantile(0.025, freedom) == -quantile(0.975, freedom)


def test_the_middle_of_t_is_zero_and_many_degrees_of_freedom_are_normal():
    assert quantile(0.5, 7) == pytest.approx(0, abs=1e-9)
    assert quantile(0.975, 1e7) == pytest.approx(1.959964, abs=1e-5)


@pytest.mark.parametrize("freedom", [1, 3, 19, 126, 10_000])
@pytest.mark.parametrize("shift", [-1.0, 0.0, 0.7, 2.8, 9.0])
def test_tails_are_those_of_another_implementation(freedom, shift):
    stats = pytest.importorskip("scipy.stats", reason="compares with scipy, which comes with the train extra")
    for limit in (-0.5, 1.2, 2.1):
        assert above(limit, freedom, shift) == pytest.approx(stats.nct.sf(limit, freedom, shift), abs=1e-7)


def test_without_an_effect_half_of_alpha_is_found_on_the_right_side():
    assert power(0.0, 20, alpha=0.05) == pytest.approx(0.025, abs=1e-9)


def test_the_sign_of_the_effect_does_not_matter():
    assert power(-2.0, 12, alpha=0.05) == power(2.0, 12, alpha=0.05)


@pytest.mark.parametrize(("share", "freedom"), [(0.0, 5), (1.0, 5), (0.5, 0.5), (float("nan"), 5)])
def test_numbers_out_of_range_are_refused(share, freedom):
    with pytest.raises(ValueError, match="degree of freedom"):
        quantile(share, freedom)
