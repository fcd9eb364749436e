"""Numbers of raters and photos are those of the published formulae, and reach what they promise."""

import numpy as np
import pytest

from dermagrade.errors import UsageError
from dermagrade.evaluation.planning.raters_needed import (
    of_mean,
    photos_for_icc,
    photos_for_kappa,
    plan_ratings,
    raters_for,
    raters_needed,
)
from dermagrade.evaluation.statistics.bootstrap import Estimate
from dermagrade.evaluation.statistics.intraclass_forms import f_intervals


def test_bonetts_own_example():
    # Bonett 2002: four raters, a correlation of .85 and a width of .2 take 19.2 photos.
    assert photos_for_icc(0.85, 4, 0.2) == 20


def test_so_many_photos_give_an_interval_of_the_wished_width():
    icc, raters, width = 0.7, 3, 0.2
    n, widths = photos_for_icc(icc, raters, width), []
    for seed in range(200):
        chance = np.random.default_rng(seed)
        table = chance.normal(0, icc**0.5, (n, 1)) + chance.normal(0, (1 - icc) ** 0.5, (n, raters))
        low, high = f_intervals(table)["3,1"]
        widths.append(high - low)
    assert np.mean(widths) == pytest.approx(width, rel=0.05)


def test_the_mean_of_the_raters_named_is_as_reliable_as_was_wished_and_one_fewer_is_not():
    for single in (0.2, 0.5, 0.77):
        for wished in (0.7, 0.8, 0.95):
            k = raters_for(single, wished)
            assert of_mean(single, k) >= wished - 1e-9
            assert k == 1 or of_mean(single, k - 1) < wished


def test_what_is_met_exactly_takes_no_rater_more():
    assert raters_for(0.5, 0.8) == 4  # 4 * 0.5 / (1 + 3 * 0.5) = 0.8
    assert raters_for(0.8, 0.8) == 1


def test_a_lower_correlation_takes_more_raters_and_none_takes_more_than_can_be_counted():
    found = raters_needed(Estimate(0.5, 0.0, 0.8, 10, 10), 0.9)
    assert (found.raters, found.fewest, found.most) == (9, 3, None)
    assert raters_for(float("nan"), 0.9) is None


def test_kappa_is_planned_as_the_correlation_of_two_raters():
    assert photos_for_kappa(0.6, 0.1) == photos_for_icc(0.6, 2, 0.1)


def test_a_plan_holds_its_own_point_of_the_curve():
    plan = plan_ratings(icc=0.8, raters=12, width=0.1)
    at = {k: (n, r) for k, n, r in plan.curve}
    assert at[12] == (plan.photos, plan.mean_reliability)
    assert plan.record()["readings"] == 12 * plan.photos


@pytest.mark.parametrize(
    "wrong", [{"icc": 1.0}, {"icc": -0.1}, {"raters": 1}, {"width": 0}, {"width": 2}, {"reliability": 1}]
)
def test_numbers_out_of_range_are_refused_in_a_sentence(wrong):
    with pytest.raises(UsageError, match=r"not .*\."):
        plan_ratings(**({"icc": 0.8, "raters": 3, "width": 0.1} | wrong))
