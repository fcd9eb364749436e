"""The cross table: what is painted moves its own score, and a blind grader's score stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.measures.grader import Grader
from dermagrade.evaluation.measures.shift import Shift
from dermagrade.evaluation.painted.cross_table import Crossed, as_text, cross, grades_across, summarise
from dermagrade.types import Photo
from dermagrade.weights.model import load_model
from plain_condition import DARKNESS, darkness_grader, grade_darkness
from red_dots import write_network
from still_face import write_zone_network


def photo(grey: int) -> Photo:
    return Photo(np.full((300, 300, 3), grey, np.uint8), "0" * 64, 300, 300, name="drawn.png")


@pytest.fixture
def zones(tmp_path):
    return load_model(write_zone_network(tmp_path))


def test_grades_go_evenly_to_the_top_and_leave_out_the_bottom():
    assert grades_across("acne-5", 4) == (2, 3, 4, 5)
    assert grades_across("pigment-9", 3) == (3, 6, 9)


def test_a_score_follows_its_own_painting_and_another_that_cannot_see_it_stays(tmp_path, zones):
    graders = [darkness_grader(zones), Grader(CONDITIONS["acne"], load_model(write_network(tmp_path)), zones)]
    found = cross(photo(200), graders, [DARKNESS], grades=3, seed=0)
    own = {r.wished: r.shift for r in found if r.graded == "darkness"}
    # Darkness painted at a grade is graded as it; grey has no red, so acne sees nothing.
    assert {w: s.after for w, s in own.items()} == pytest.approx({3.0: 3.0, 6.0: 6.0, 9.0: 9.0}, abs=0.05)
    assert [r.shift.change for r in found if r.graded == "acne"] == pytest.approx([0, 0, 0], abs=0.01)


def test_acne_painted_on_a_drawn_face_is_seen_by_a_grader_of_red(tmp_path, zones):
    reading = {"peak_threshold": 0.003, "min_distance_px": 6, "face_margin": 0.0}
    acne = Grader(CONDITIONS["acne"], load_model(write_network(tmp_path, postprocess=reading)), zones)
    found = cross(photo(150), [acne], [CONDITIONS["acne"]], grades=2, seed=1)
    assert [r.wished for r in found] == [3, 5]
    assert all(r.shift.change > 0 for r in found)
    assert found[0].truth < found[1].truth


def test_without_a_face_nothing_is_painted(zones):
    assert cross(photo(0), [darkness_grader(zones)], [DARKNESS], grades=2, seed=0) == []


def test_a_condition_that_cannot_be_painted_is_not_asked_for(zones):
    blind = replace(DARKNESS, paint=None, grade=grade_darkness)
    with pytest.raises(ValueError, match="cannot be painted"):
        cross(photo(200), [darkness_grader(zones)], [blind], grades=2, seed=0)


def test_every_pair_has_a_record_that_says_simulated_and_names_no_photo():
    rows = [
        Crossed("a", wished, wished, graded, Shift("secret.jpg", 1.0, 1.0 + change))
        for wished in (1.0, 2.0)
        for graded, change in (("a", wished), ("b", 0.1))
    ]
    records = summarise(rows, rounds=50)
    assert [(r["painted"], r["graded"], r["simulated"]) for r in records] == [("a", "a", True), ("a", "b", True)]
    assert records[0]["all"]["mean"]["value"] == pytest.approx(1.5)
    assert records[0]["by_grade"]["2"]["mean"]["value"] == pytest.approx(2)
    assert records[1]["all"]["share_below"]["value"] == 1
    assert "secret" not in as_text(records)
