"""The rater model finds biases and spreads that are known, trusts nobody alone, and says where it cannot tell."""

import math

import numpy as np
import pytest

from dermagrade.errors import LabelsError
from dermagrade.evaluation.raters.intervals import rater_estimates, repeat_estimates
from dermagrade.evaluation.raters.model import fit_raters
from dermagrade.tables.readings import Reading

BIAS = {"anna": -0.4, "ben": 0.1, "cora": 0.3}
SPREAD = {"anna": 0.2, "ben": 0.5, "cora": 0.8}


def simulated(photos=800, *, share=1.0, bias=BIAS, spread=SPREAD, seed=3):
    """Readings with known bias and spread, of which only a share is kept; and the truth by photo."""
    chance = np.random.default_rng(seed)
    truth = dict(zip((f"{i}.jpg" for i in range(photos)), chance.normal(2, 1, photos).tolist(), strict=True))
    readings = [
        Reading(photo, rater, severity + bias[rater] + spread[rater] * chance.standard_normal())
        for photo, severity in truth.items()
        for rater in bias
        if chance.random() < share
    ]
    return readings, truth


def errors(model, truth):
    return np.array([found.value - truth[photo] for photo, found in model.photos.items()])


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_known_biases_and_spreads_are_recovered_from_full_and_from_patchy_tables(share):
    model = fit_raters(simulated(2000, share=share)[0])
    for name, rater in model.raters.items():
        assert rater.bias == pytest.approx(BIAS[name], abs=0.06)
        assert rater.spread == pytest.approx(SPREAD[name], abs=0.08)
    assert model.mean == pytest.approx(2, abs=0.1)
    assert model.width == pytest.approx(1, abs=0.08)
    assert sum(rater.bias for rater in model.raters.values()) == pytest.approx(0, abs=1e-9)


def test_the_consensus_is_nearer_to_the_truth_than_the_plain_mean_and_its_errors_are_honest():
    readings, truth = simulated(share=0.6)
    model = fit_raters(readings)
    off = errors(model, truth)
    plain = np.array([found.mean - truth[photo] for photo, found in model.photos.items()])
    assert (off**2).mean() < 0.8 * (plain**2).mean()
    said = np.array([found.error for found in model.photos.values()])
    assert np.mean(np.abs(off) < 1.96 * said) == pytest.approx(0.95, abs=0.03)


def test_one_reading_is_corrected_for_its_rater_and_the_deviation_fits():
    chance = np.random.default_rng(5)
    model = fit_raters(simulated(2000)[0])
    truth = chance.normal(2, 1, 4000)
    graded = truth + BIAS["cora"] + SPREAD["cora"] * chance.standard_normal(4000)
    corrected = np.array([model.correct("cora", grade) for grade in graded.tolist()])
    off = corrected[:, 0] - truth
    assert abs(off.mean()) < 0.08
    assert off.std() == pytest.approx(corrected[0, 1], rel=0.08)
    assert off.std() < 0.9 * (graded - truth).std()
    with pytest.raises(LabelsError, match="The rater dora has no reading"):
        model.correct("dora", 1.0)


def test_copied_readings_do_not_make_two_raters_perfect():
    readings, _ = simulated(300, bias={"ben": 0.0, "cora": 0.0})
    rounded = [Reading(r.photo, r.rater, round(r.grade)) for r in readings]
    copies = [Reading(r.photo, "copy", r.grade) for r in rounded if r.rater == "ben"]
    model = fit_raters(rounded + copies, step=1)
    assert model.raters["copy"].spread == pytest.approx(model.raters["ben"].spread)
    assert min(r.spread for r in model.raters.values()) >= 1 / math.sqrt(12) - 1e-9
    assert all(found.error > 0.1 for found in model.photos.values())


def test_raters_who_always_agree_still_leave_the_error_of_rounding():
    grades = [0, 1, 2, 3] * 5
    model = fit_raters([Reading(f"{i}", who, g) for i, g in enumerate(grades) for who in ("anna", "ben")])
    assert model.raters["anna"].bias == pytest.approx(0, abs=1e-9)
    assert model.raters["anna"].spread == pytest.approx(1 / math.sqrt(12), rel=1e-6)
    assert model.photos["0"].mean_error == 0 < model.photos["0"].error


def test_two_raters_are_told_apart_and_the_reader_is_warned():
    model = fit_raters(simulated(2000, bias={"anna": -0.2, "cora": 0.2})[0])
    assert model.raters["cora"].bias == pytest.approx(0.2, abs=0.05)
    assert model.raters["cora"].spread > model.raters["anna"].spread
    assert any("two raters" in note for note in model.notes)


@pytest.mark.parametrize("who", [["anna"], ["anna", "ben"]])
def test_without_shared_photos_nothing_is_said_of_the_raters(who):
    model = fit_raters([Reading(f"{name}{i}", name, i % 3) for i in range(20) for name in who])
    assert not model.told
    assert all(math.isnan(rater.bias) and math.isnan(rater.spread) for rater in model.raters.values())
    assert (model.photos["anna1"].value, model.photos["anna1"].mean) == (1, 1)
    assert math.isnan(model.photos["anna1"].error)
    grade, deviation = model.correct("anna", 2)
    assert grade == 2
    assert math.isnan(deviation)
    assert model.grade_probabilities("anna1", [0, 1, 2]).tolist() == [0, 1, 0]
    assert any("cannot be told" in note for note in model.notes)


def test_a_single_photo_has_its_plain_mean():
    model = fit_raters([Reading("a", "anna", 1), Reading("a", "ben", 2), Reading("a", "cora", 3)])
    found = model.photos["a"]
    assert (found.value, found.mean) == (2, 2)
    assert found.mean_error == pytest.approx(1 / math.sqrt(3))


def test_raters_whom_no_common_photo_links_are_named():
    pairs = [("anna", "ben"), ("cora", "dora")]
    model = fit_raters([Reading(f"{a}{i}", name, i % 4) for a, b in pairs for i in range(9) for name in (a, b)])
    assert any("cora, dora and anna are linked by no common photo" in note for note in model.notes)


def test_second_rounds_change_no_consensus_and_measure_a_rater_alone():
    readings, _ = simulated(200)
    again = [Reading(r.photo, r.rater, r.grade + 1, 2) for r in readings if r.rater == "anna"]
    assert fit_raters(readings + again) == fit_raters(readings)
    repeats = repeat_estimates(readings + again, rounds=5)
    assert list(repeats) == ["anna"]
    assert repeats["anna"].value == pytest.approx(1 / math.sqrt(2))
    with pytest.raises(LabelsError, match="no first-round reading"):
        fit_raters(again)


def test_level_probabilities_sum_to_one_and_follow_the_consensus():
    readings, _ = simulated(200)
    model = fit_raters(readings)
    levels = [0, 1, 2, 3, 4]
    for photo, found in model.photos.items():
        shares = model.grade_probabilities(photo, levels)
        assert shares.sum() == pytest.approx(1)
        assert shares.min() >= 0
        assert levels[int(shares.argmax())] == pytest.approx(np.clip(found.value, 0, 4), abs=0.501)
    with pytest.raises(ValueError, match="must rise"):
        model.grade_probabilities("0.jpg", [1, 0])
    with pytest.raises(LabelsError, match="has no reading"):
        model.grade_probabilities("other.jpg", levels)


def test_intervals_hold_known_biases_and_widen_where_photos_are_of_few_persons():
    readings, _ = simulated(300)
    alone = rater_estimates(readings, rounds=60)
    for name, found in alone.items():
        assert found["bias"].low < BIAS[name] < found["bias"].high
        assert found["spread"].low < found["spread"].value < found["spread"].high
    # Ten copies of a photo are one person's: they bring no more than one.
    copies = [Reading(f"{k}-{r.photo}", r.rater, r.grade) for r in readings for k in range(10)]
    persons = {r.photo: r.photo.partition("-")[2] for r in copies}
    known, taken_apart = (rater_estimates(copies, persons=p, rounds=60)["ben"]["bias"] for p in (persons, None))
    assert (known.photos, known.persons) == (3000, 300)
    assert known.high - known.low > 2 * (taken_apart.high - taken_apart.low)
