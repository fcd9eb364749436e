"""Photos of one visit: each zone from the photo chosen for it, and the face by its load."""

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.conditions.details import details_of
from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.conditions.pigmentation.load import face_load, grade_of_load, load_of_grade
from dermagrade.conditions.pigmentation.visit import combine_pigmentation, pigmentation_on_photo
from dermagrade.face.parts import PARTS
from dermagrade.grading.views import View, choose_parts
from dermagrade.scales import PIGMENT_9
from dermagrade.types import Assessment, HeatMap, Measure, ZoneScore
from drawn_visit import head


def view(yaw_deg, zones, *, score=4.0, **more):
    photo, face = head(yaw_deg=yaw_deg)
    scores = {zone: ZoneScore(grade) for zone, grade in zones.items()}
    level = PIGMENT_9.level_of(score)
    answer = Assessment("pigmentation", "pigment-9", score, level.value, level.label, zones=scores, **more)
    return View(photo, face, answer)


def chosen(views):
    return choose_parts([(v.photo, v.face) for v in views])


LEFT = {"forehead": 2.0, "left_cheek": 6.0, "chin": 1.0}
RIGHT = {"forehead": 4.0, "right_cheek": 3.0, "chin": 3.0}


def test_each_cheek_is_taken_from_the_photo_that_shows_it():
    views = [view(-45, LEFT), view(45, RIGHT)]
    answer = combine_pigmentation(views, chosen(views))
    assert details_of(answer).record() == {}
    assert answer.zones["left_cheek"].score == pytest.approx(6)
    assert answer.zones["right_cheek"].score == pytest.approx(3)


def test_a_zone_in_two_photos_has_the_mean_of_its_loads():
    views = [view(-45, LEFT), view(45, RIGHT)]
    parts = chosen(views)
    assert {parts["forehead_left"], parts["forehead_right"]} == {0, 1}
    answer = combine_pigmentation(views, parts)
    expected = grade_of_load((load_of_grade(2) + load_of_grade(4)) / 2)
    assert answer.zones["forehead"].score == pytest.approx(expected)
    assert expected != pytest.approx(3)


def test_the_score_is_that_of_the_load_of_the_face():
    views = [view(-45, LEFT), view(45, RIGHT)]
    answer = combine_pigmentation(views, chosen(views))
    loads = {zone: load_of_grade(score.score) for zone, score in answer.zones.items()}
    assert answer.score == pytest.approx(grade_of_load(face_load(loads)))
    level = PIGMENT_9.level_of(answer.score)
    assert (answer.level, answer.label) == (level.value, level.label)


def test_the_order_of_the_photos_changes_nothing():
    views = [view(-45, LEFT, interval=(3.0, 5.0)), view(45, RIGHT, interval=(1.0, 8.0))]
    other = views[::-1]
    one, another = (combine_pigmentation(v, chosen(v)) for v in (views, other))
    assert one == another


def test_a_zone_without_a_score_in_one_of_its_photos_is_that_of_the_other():
    views = [view(-45, LEFT), view(45, {"right_cheek": 3.0})]
    answer = combine_pigmentation(views, chosen(views))
    assert answer.zones["forehead"].score == pytest.approx(2)


def test_the_interval_reaches_as_far_as_that_of_the_photo_with_most_zones():
    every = dict.fromkeys(("forehead", "nose", "left_cheek", "right_cheek", "chin"), 4.0)
    views = [view(0, every, interval=(3.0, 5.5)), view(45, RIGHT, interval=(0.0, 9.0))]
    parts = dict.fromkeys(PARTS, 0) | {"right_cheek": 1}
    answer = combine_pigmentation(views, parts)
    assert answer.interval == pytest.approx((answer.score - 1, answer.score + 1.5))
    open_ended = [view(0, every, interval=(0.0, 9.0)), views[1]]
    assert combine_pigmentation(open_ended, parts).interval == (0, 9)


def test_numbers_and_places_of_single_photos_are_not_said_of_the_face():
    more = {
        "measures": (Measure("area_share", "Affected", 3.0, "%"),),
        "details": PigmentationDetails(HeatMap(np.ones((4, 4), np.float32), (0, 0), 80, 1, "Heat")),
    }
    views = [view(-45, LEFT, **more), view(45, RIGHT, **more)]
    answer = combine_pigmentation(views, chosen(views))
    assert (answer.measures, details_of(answer).marks().heat) == ((), None)


def test_weights_that_grade_no_zones_give_a_reason():
    views = [view(-45, LEFT), view(45, RIGHT)]
    bare = [replace(v, assessment=replace(v.assessment, zones={})) for v in views]
    answer = combine_pigmentation(bare, chosen(bare))
    assert answer.score is None
    assert "--visit" in answer.abstained
    assert details_of(answer).record() == {}


def test_a_photo_alone_answers_as_it_does_without_a_visit():
    alone = view(-45, LEFT, measures=(Measure("area_share", "Affected", 3.0, "%"),))
    assert combine_pigmentation([alone], dict.fromkeys(PARTS, 0)) is alone.assessment


def test_where_a_photo_has_no_heat_there_is_none_of_a_zone():
    for details in (None, PigmentationDetails()):
        bare = view(-45, LEFT, details=details)
        assert pigmentation_on_photo(bare.assessment, bare, {"nose"}) is None
