"""A study says what is missing, and one that has barely begun says what cannot be told yet."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from dermagrade.evaluation.raters.differences import rater_differences
from dermagrade.evaluation.raters.repeats import POOLED, rater_repeats
from dermagrade.evaluation.raters.report import study_raters
from dermagrade.evaluation.statistics.bland_altman import bland_altman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.reports.agreement.report import render_agreement
from dermagrade.tables.readings import Reading, Ungraded

FEW = Draws(rounds=20)


def simulated(photos=60, *, raters=4, share=1.0, seed=0):
    chance = np.random.default_rng(seed)
    truth, bias = chance.normal(3, 1, photos), chance.normal(0, 0.3, raters)
    return [
        Reading(f"{i}.jpg", f"R{k}", float(round(truth[i] + bias[k] + chance.normal(0, 0.5))))
        for i in range(photos)
        for k in range(raters)
        if chance.random() < share
    ]


@pytest.mark.parametrize(
    "readings",
    [
        [],
        [Reading("a", "anna", 1)],
        [Reading("a", "anna", 1, 2)],
        [Reading("a", "anna", 1), Reading("a", "ben", 1)],
        [Reading("a", "anna", 1), Reading("b", "ben", 2)],
        [Reading(f"{i}", who, 2) for i in range(6) for who in ("anna", "ben")],
        [Reading("a", "anna", 1), Reading("a", "ben", 3), Reading("b", "anna", 2), Reading("b", "ben", 3)],
    ],
)
def test_a_study_with_next_to_nothing_raises_nothing_and_says_so(readings):
    study = study_raters(readings, draws=FEW, golden={"a": 1.0}, ungraded=[Ungraded("z", "anna", "blurred")])
    json.dumps(study.record(), allow_nan=False)
    assert "<h1>" in render_agreement(study)
    words = " ".join(study.notes)
    assert "cannot be told" in words or "nothing can be told" in words or "a beginning" in words


def test_missing_cells_and_photos_that_could_not_be_graded_are_counted():
    readings = [r for r in simulated(20, raters=3) if not (r.rater == "R0" and r.photo in ("0.jpg", "1.jpg"))]
    study = study_raters(readings, draws=FEW, ungraded=[Ungraded("0.jpg", "R0", "blurred"), Ungraded("1.jpg", "R0")])
    table = study.record()["table"]
    assert (table["missing"], table["by_all"], table["by_two"]) == (2, 18, 20)
    assert table["cannot_grade"] == {"R0": 2}
    assert table["reasons"] == {"blurred": 1, "no reason given": 1}
    assert any("2 of 60 cells are missing: 18 of 20 photos" in note for note in study.notes)
    assert any("impossible to grade" in note for note in study.notes)
    found = study.reliability
    assert (found.forms["2,1"].photos, found.complete["2,1"].photos) == (20, 18)


def test_a_whole_table_has_one_answer_for_both_ways_and_no_note_on_missing_cells():
    study = study_raters(simulated(), draws=FEW)
    found = study.reliability
    for form, value in found.forms.items():
        assert value == found.complete[form]
    assert found.per_photo == pytest.approx(4)
    assert not any("missing" in note for note in study.notes)


def test_where_no_photo_was_graded_by_all_the_components_still_tell():
    readings = [r for r in simulated(200) if (int(r.photo[:-4]) + int(r.rater[1])) % 4]
    study = study_raters(readings, draws=FEW)
    assert study.extent.by_all == 0
    assert study.reliability.complete == {}
    whole = study_raters(simulated(200), draws=FEW).reliability.forms["2,1"].value
    assert study.reliability.forms["2,1"].value == pytest.approx(whole, abs=0.06)
    assert "Analysis" not in render_agreement(study)


def test_light_is_the_mean_of_the_pairs():
    study = study_raters(simulated(share=0.8), draws=FEW)
    kappas = [found["quadratic_kappa"].value for found in study.agreement["pairs"].values()]
    assert study.reliability.overall["mean_kappa"].value == pytest.approx(np.mean(kappas))


def test_each_rater_minus_the_others_is_what_bland_and_altman_give():
    readings = simulated(30, raters=3)
    found = rater_differences(readings, draws=FEW)["R0"]
    grades = {name: {r.photo: r.grade for r in readings if r.rater == name} for name in ("R0", "R1", "R2")}
    photos = sorted(grades["R0"])
    rows = [(p, (grades["R1"][p] + grades["R2"][p]) / 2, grades["R0"][p]) for p in photos]
    plain = bland_altman("", "grades", rows, FEW)
    for name in ("bias", "low_limit", "high_limit", "slope"):
        assert getattr(found, name).value == pytest.approx(getattr(plain, name).value), name


def test_raters_without_a_habit_have_the_slope_that_chance_makes():
    chance = np.random.default_rng(5)
    truth = chance.normal(0, 1, 3000)
    readings = [
        Reading(f"{i}", f"R{k}", float(truth[i] + chance.normal(0, 0.7))) for i in range(3000) for k in range(3)
    ]
    study = study_raters(readings, draws=Draws(rounds=2))
    assert study.slope_without_habit > 0.05
    for one in study.differences.values():
        assert one.slope.value == pytest.approx(study.slope_without_habit, abs=0.04)


def test_repeats_give_the_deviation_that_made_them_and_the_coefficient_covers_it():
    chance = np.random.default_rng(2)
    truth = chance.normal(3, 1, 3000)
    readings = [
        Reading(f"{i}", who, float(truth[i] + chance.normal(0, 0.5)), turn)
        for i in range(3000)
        for who in ("anna", "ben")
        for turn in (1, 2)
    ]
    found = rater_repeats(readings, draws=Draws(rounds=5))
    assert list(found) == ["anna", "ben", POOLED]
    assert found["anna"]["within_sd"].value == pytest.approx(0.5, abs=0.02)
    assert found["anna"]["icc_2_1"].value == pytest.approx(1 / 1.25, abs=0.02)
    first, second = ([r.grade for r in readings if r.rater == "anna" and r.round == turn] for turn in (1, 2))
    apart = np.abs(np.subtract(first, second))
    assert np.mean(apart < found["anna"]["repeatability"].value) == pytest.approx(0.95, abs=0.015)
    assert found[POOLED]["within_sd"].photos == 6000


def test_raters_needed_follow_from_the_correlation_found():
    found = study_raters(simulated(), draws=FEW).reliability
    single = found.forms["2,1"].value
    for needed in found.needed["2,1"]:
        assert needed.raters == max(1, math.ceil(needed.wished * (1 - single) / (single * (1 - needed.wished))))
        assert needed.fewest <= needed.raters <= needed.most


def test_a_server_without_the_train_extra_can_measure_and_show_a_study():
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['scipy', 'torch', 'matplotlib', 'skimage', 'onnx']))\n"
        "from dermagrade.evaluation.raters.pairs import Reading\n"
        "from dermagrade.evaluation.raters.report import study_raters\n"
        "from dermagrade.reports.agreement.report import render_agreement\n"
        "from dermagrade.evaluation.statistics.bootstrap import Draws\n"
        "r = [Reading(str(i), w, (i * k) % 4) for i in range(30) for k, w in enumerate('abc', 1)]\n"
        "print(len(render_agreement(study_raters(r, draws=Draws(5)))) > 1000)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")
