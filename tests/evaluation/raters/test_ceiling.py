"""A rater stands farther from the others than from a mean that holds the rater's own grade."""

import pytest

from dermagrade.evaluation.raters.ceiling import REFERENCES, rater_ceiling
from dermagrade.evaluation.raters.report import study_raters
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.tables.readings import Reading

GRADES = {"anna": [0, 1, 2, 3, 1, 2], "ben": [0, 1, 2, 3, 1, 2], "cora": [1, 2, 3, 3, 2, 2]}
READINGS = [Reading(f"{i}.jpg", who, g) for who, own in GRADES.items() for i, g in enumerate(own)]
FEW = Draws(rounds=10)


def test_own_grade_in_the_mean_flatters_by_the_share_of_one_rater():
    found = rater_ceiling(READINGS, draws=FEW)
    for row in found.raters.values():
        assert list(row) == list(REFERENCES)
        assert row["mean_of_all"].value == pytest.approx(row["mean_of_others"].value * 2 / 3)
    # Four of six photos read one grade higher than both others.
    assert found.raters["cora"]["mean_of_others"].value == pytest.approx((4 / 6) ** 0.5)


def test_the_bar_is_the_worst_rater():
    record = rater_ceiling(READINGS, draws=FEW).record()
    assert record["bars"]["mean_of_others"] == {"rater": "cora", "rmse": pytest.approx((4 / 6) ** 0.5, abs=1e-4)}


def test_photos_that_nobody_else_read_and_second_rounds_do_not_count():
    more = [Reading("alone.jpg", "anna", 3), Reading("0.jpg", "anna", 3, 2)]
    assert rater_ceiling(READINGS + more, draws=FEW).raters["anna"]["mean_of_others"].photos == 6


def test_one_rater_has_no_ceiling_and_that_is_no_failure():
    study = study_raters([r for r in READINGS if r.rater == "anna"], draws=FEW)
    assert study.ceiling.record() == {"raters": {}, "bars": {}}
    assert study.record()["rater_model"]["raters"]["anna"]["bias"]["value"] is None


def test_that_persons_are_unknown_is_said():
    assert any("No persons were named" in note for note in study_raters(READINGS, draws=FEW).notes)
    assert not study_raters(READINGS, persons={"0.jpg": "p"}, draws=FEW).model.notes[1:]
