"""Sizes of studies: those of published tables without noise, and larger ones the noisier the grader."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.errors import UsageError, WeightsError
from dermagrade.evaluation.planning.grader_noise import Noise, noise_of
from dermagrade.evaluation.planning.power import DESIGNS, MOST, Trial, curve, plan
from dermagrade.evaluation.planning.power_analysis import plan_study

PERFECT = Noise(0.0)
NOISY = Noise(0.6, rmse=0.9, correlation=0.9)


@pytest.mark.parametrize(
    ("design", "effect", "power", "people"),
    # Cohen 1988, tables 2.4.1 for two arms (two-sided 5 %): he rounds 393.4 down; and the paired t test's well-known
    # sizes. R's power.t.test gives 393.4, 63.8, 25.5, 85.03, 22.02; paired 198.2, 33.4, 14.3.
    [("parallel", 0.2, 0.8, 394), ("parallel", 0.5, 0.8, 64), ("parallel", 0.8, 0.8, 26), ("parallel", 0.5, 0.9, 86),
     ("parallel", 1.0, 0.9, 23), ("paired", 0.2, 0.8, 199), ("paired", 0.5, 0.8, 34), ("paired", 0.8, 0.8, 15)],
)  # fmt: skip
def test_a_grader_that_never_errs_needs_the_published_sizes(design, effect, power, people):
    assert plan(Trial(effect, design=design, power=power), PERFECT).per_arm == people


def test_the_power_of_twenty_an_arm_is_the_published_one():
    # R, help of power.t.test: n = 20, delta = 1, sd = 1 has power 0.8689528.
    assert plan(Trial(1.0, power=0.8689528), PERFECT).per_arm == 20
    assert plan(Trial(1.0, power=0.8689528), PERFECT).power == pytest.approx(0.8689528, abs=1e-6)
    assert plan(Trial(1.0, power=0.869), PERFECT).per_arm == 21


@pytest.mark.parametrize("r", [0.3, 0.5, 0.8])
def test_adjusting_for_the_baseline_saves_half_of_one_minus_its_correlation(r):
    # Borm et al. 2007: 1 - r^2 of a t test on follow-up; a change score takes 2 (1 - r), so the ratio is (1 + r) / 2.
    trial = Trial(0.1, sd_change=(2 * (1 - r)) ** 0.5, sd_baseline=1.0)
    change, adjusted = (plan(replace(trial, design=d), PERFECT) for d in ("parallel", "ancova"))
    assert adjusted.visits_correlation == pytest.approx(r)
    assert adjusted.per_arm == pytest.approx(change.per_arm * (1 + r) / 2, rel=0.005)


@pytest.mark.parametrize("design", DESIGNS)
def test_drawn_studies_of_the_planned_size_find_the_effect_as_often_as_asked(design):
    """Simulated: persons with habits, chance errors and shrunken answers, tested as the plan says."""
    stats = pytest.importorskip("scipy.stats", reason="tests as scipy does, which comes with the train extra")
    trial = Trial(0.8, sd_change=1.0, sd_baseline=1.2, design=design, photos=2)
    found = plan(trial, NOISY)
    rng = np.random.default_rng(3)
    hits, rounds = 0, 1500
    for _ in range(rounds):
        arms = []
        for effect in (0.0, trial.effect)[2 - trial.arms :]:
            habit, middle = rng.normal(0, NOISY.habit_sd, found.per_arm), rng.normal(0, 1, found.per_arm)
            # Both visits have the spread sd_baseline and their difference sd_change.
            middle *= (trial.sd_baseline**2 - trial.sd_change**2 / 4) ** 0.5
            change = rng.normal(0, trial.sd_change, found.per_arm)
            chance = rng.normal(0, NOISY.repeatability_sd / trial.photos**0.5, (2, found.per_arm))
            before = NOISY.slope * (middle - change / 2) + habit + chance[0]
            arms.append((before, NOISY.slope * (middle + change / 2 + effect) + habit + chance[1]))
        if design == "paired":
            p, rise = stats.ttest_1samp(arms[0][1] - arms[0][0], 0).pvalue, (arms[0][1] - arms[0][0]).mean()
        elif design == "parallel":
            one, other = (after - before for before, after in arms)
            p, rise = stats.ttest_ind(other, one).pvalue, other.mean() - one.mean()
        else:
            before, after = (np.concatenate([arm[i] for arm in arms]) for i in (0, 1))
            table = np.column_stack([np.ones_like(before), before, np.repeat([0.0, 1.0], found.per_arm)])
            fit, rest, *_ = np.linalg.lstsq(table, after)
            freedom = len(before) - 3
            error = (rest[0] / freedom * np.linalg.inv(table.T @ table)[2, 2]) ** 0.5
            p, rise = 2 * stats.t.sf(abs(fit[2] / error), freedom), fit[2]
        hits += p < trial.alpha and rise > 0
    assert hits / rounds == pytest.approx(found.power, abs=3.5 * (0.16 / rounds) ** 0.5)


def test_noise_costs_people_and_photos_win_some_back():
    sizes = [plan(Trial(0.5, photos=m), Noise(0.8)).per_arm for m in (1, 2, 4, 1000)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[2] > 64
    assert sizes[-1] == 64


def test_what_a_grader_does_with_a_person_at_every_visit_cancels_in_a_change():
    for design in ("paired", "parallel"):
        trial = Trial(0.5, design=design)
        assert plan(trial, Noise(0.5, rmse=0.5)).per_arm == plan(trial, Noise(0.5, rmse=2.0)).per_arm


def test_attenuation_is_the_root_of_the_reliability_of_a_change():
    # Spearman 1904: spread of the true change over that of the measured one; here 1 and 2 * 0.5 by chance.
    assert plan(Trial(0.5), Noise(0.5**0.5)).attenuation == pytest.approx(0.5**0.5)
    assert plan(Trial(0.5), PERFECT).attenuation == 1


def test_a_grader_that_draws_toward_the_middle_shows_less_of_the_effect():
    shrunken = plan(Trial(0.5), Noise(0.5, correlation=0.8))
    assert shrunken.effect_measured == pytest.approx(0.32)
    assert shrunken.per_arm > plan(Trial(0.5), Noise(0.5)).per_arm


def test_enough_are_enrolled_for_the_lost_and_no_one_too_many():
    found = plan(Trial(0.5, dropout=0.2), PERFECT)
    assert (found.subjects, found.enrolled) == (128, 160)
    assert plan(Trial(0.5, design="paired", dropout=0.15), PERFECT).enrolled == 40


def test_a_rise_and_a_fall_need_the_same():
    assert plan(Trial(-0.5), NOISY).per_arm == plan(Trial(0.5), NOISY).per_arm


def test_the_change_of_one_person_is_detectable_from_2_77_standard_deviations():
    # Bland and Altman 1996: the repeatability is 2.77 times the within-subject standard deviation.
    assert Noise(1.0).detectable_change() == pytest.approx(2.77, abs=0.005)
    assert Noise(1.0).detectable_change(4) == pytest.approx(2.77 / 2, abs=0.005)


def test_the_curve_falls_with_effect_and_photos_and_leaves_out_what_cannot_be_found():
    found = curve(Trial(0.5), NOISY, effects=[1e-6, 0.5, 1.0], photos=[1, 2])
    sizes = {(p.trial.photos, p.trial.effect): p.per_arm for p in found}
    assert set(sizes) == {(1, 0.5), (1, 1.0), (2, 0.5), (2, 1.0)}
    assert sizes[1, 0.5] > sizes[2, 0.5] > sizes[2, 1.0]


def test_the_study_shows_its_own_plan_in_its_curve():
    study = plan_study(Trial(0.5, photos=2, dropout=0.1), NOISY, condition="acne", scale="acne-5")
    assert study.enrolled(0.5, 2) == study.plan.enrolled
    assert list(study.detectable) == [1, 2, 3]


@pytest.mark.parametrize(
    "wrong",
    [{"effect": 0.0}, {"effect": float("nan")}, {"sd_change": -1.0}, {"photos": 0}, {"power": 1.0}, {"alpha": 0.0},
     {"dropout": 1.0}, {"power": 0.01}, {"sd_baseline": float("inf")}],
)  # fmt: skip
def test_a_trial_out_of_range_is_one_sentence(wrong):
    with pytest.raises(UsageError, match=r"^--[a-z-]+ must .*\.$"):
        Trial(**({"effect": 0.5} | wrong))


def test_what_no_study_could_find_is_refused():
    with pytest.raises(UsageError, match=f"More than {MOST:,} people"):
        plan(Trial(1e-5), PERFECT)
    with pytest.raises(UsageError, match="--sd-baseline is too small"):
        plan(Trial(0.5, design="ancova", sd_change=3.0, sd_baseline=1.0), PERFECT)


@pytest.mark.parametrize("wrong", [{"repeatability_sd": -0.1}, {"rmse": float("nan")}, {"correlation": 0.0}])
def test_noise_out_of_range_is_one_sentence(wrong):
    with pytest.raises(UsageError, match=r"^--[a-z-]+ must "):
        Noise(**({"repeatability_sd": 0.5} | wrong))


def test_the_caller_goes_before_the_manifest_and_the_error_names_the_options():
    nothing = {"noise": None, "rmse": None, "correlation": None}
    metrics = {"study": {"repeatability_sd": 0.4, "rmse": 0.7, "correlation": 0.9}}
    assert noise_of(metrics, "x", **nothing) == Noise(0.4, 0.7, 0.9)
    assert noise_of(metrics, "x", **(nothing | {"noise": 0.2})) == Noise(0.2, 0.7, 0.9)
    assert noise_of({}, "x", **(nothing | {"noise": 0.2})) == Noise(0.2, None, 1.0)
    with pytest.raises(UsageError, match=r"--noise .*--correlation"):
        noise_of({}, "x", **nothing)
    with pytest.raises(WeightsError, match="must hold numbers"):
        noise_of({"study": {"repeatability_sd": "much"}}, "x", **nothing)
