"""Quantiles of F are those of printed tables and of scipy, and know their own tails."""

import numpy as np
import pytest

from dermagrade.evaluation.statistics.fisher import below, incomplete_beta, quantile


@pytest.mark.parametrize(
    ("share", "top", "bottom", "printed"),
    # Percentage points of the F distribution as textbooks print them.
    [(0.95, 1, 1, 161.4), (0.95, 5, 10, 3.33), (0.975, 5, 15, 3.58), (0.975, 20, 5, 6.33), (0.99, 10, 20, 3.37)],
)
def test_it_gives_printed_percentage_points(share: float, top: int, bottom: int, printed: float) -> None:
    assert quantile(share, top, bottom) == pytest.approx(printed, abs=0.051 if printed > 100 else 0.0051)


def test_it_agrees_with_scipy_from_less_than_one_to_thousands_of_degrees_of_freedom() -> None:
    stats = pytest.importorskip("scipy.stats", reason="needs scipy (extra train)")
    chance = np.random.default_rng(0)
    for _ in range(60):
        share = float(chance.choice([0.001, 0.025, 0.5, 0.975, 0.999]))
        top, bottom = (float(v) for v in np.exp(chance.uniform(np.log(0.5), np.log(5000), 2)))
        assert quantile(share, top, bottom) == pytest.approx(float(stats.f.ppf(share, top, bottom)), rel=1e-9)


def test_turning_the_fraction_over_turns_the_quantile_over() -> None:
    assert quantile(0.975, 3.5, 12) == pytest.approx(1 / quantile(0.025, 12, 3.5))
    assert below(quantile(0.3, 7, 9), 7, 9) == pytest.approx(0.3)


def test_the_beta_distribution_is_symmetric_and_its_ends_are_certain() -> None:
    assert incomplete_beta(0.3, 2, 5) == pytest.approx(1 - incomplete_beta(0.7, 5, 2))
    assert incomplete_beta(0.25, 1, 1) == pytest.approx(0.25)
    assert (incomplete_beta(0, 2, 5), incomplete_beta(1, 2, 5)) == (0, 1)


def test_numbers_out_of_range_are_refused() -> None:
    for wrong in ((0, 1, 1), (1, 1, 1), (0.5, 0, 1), (0.5, 1, -1)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            quantile(*wrong)
    with pytest.raises(ValueError, match="x from 0 to 1"):
        incomplete_beta(1.5, 1, 1)
