"""An interval is held against what the labels say, and the set of grades against the published grade."""

import pytest

from dermagrade.evaluation.interval_coverage import interval_coverage
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.scales import ACNE_5, acne_5_from_count
from graded_photos import case

DRAWS = Draws(rounds=50)


def test_the_truth_of_an_interval_is_the_declared_score_of_the_labelled_count():
    edge = acne_5_from_count(6)
    cases = [
        case("a", 1, 1, count=6, interval=(edge, 4.5)),
        case("b", 1, 1, count=6, interval=(edge + 0.01, 5.0)),
        case("c", 1, 1, interval=(1.0, 1.0)),
    ]
    everything = interval_coverage(cases, DRAWS)["interval"][0]
    assert (everything.held.value, everything.held.photos) == (0.5, 2)
    assert everything.size.value == pytest.approx(((4.5 - edge) + (5.0 - edge - 0.01)) / 2)


def test_labels_on_the_scores_own_scale_are_the_truth():
    cases = [case("a", 2.4, 0, scale=ACNE_5, count=50, interval=(2.0, 3.0), hayashi_set=(0,))]
    found = interval_coverage(cases, DRAWS)
    assert found["interval"][0].held.value == 1
    assert "hayashi_set" not in found


def test_sets_hold_the_published_grade_or_not():
    cases = [case("a", 1, 1, hayashi_set=(0, 1)), case("b", 2, 1, hayashi_set=(1,))]
    found = interval_coverage(cases, DRAWS)
    assert list(found) == ["hayashi_set"]
    assert (found["hayashi_set"][0].held.value, found["hayashi_set"][0].size.value) == (0.5, 1.5)


def test_frontal_photos_tones_and_zones_stand_apart():
    cases = [
        case("a", 1, 1, hayashi_set=(1,), frontal=True, ita_deg=60.0, zones=("nose",), visible={"nose": 0.9}),
        case("b", 1, 0, hayashi_set=(0,), frontal=False, ita_deg=0.0),
    ]
    rows = {(row.by, row.name): row for row in interval_coverage(cases, DRAWS)["hayashi_set"]}
    assert rows["view", "frontal"].held.value == 1
    assert rows["skin tone", "very light"].held.value == 1
    assert rows["skin tone", "brown"].held.value == 0
    assert rows["zones found", "1 zone"].held.value == 1
    assert rows["zones found", "not measured"].held.value == 0
    assert all(row.few for row in rows.values())


def test_without_a_calibration_there_is_nothing_to_cover():
    assert interval_coverage([case("a", 1, 1, count=3)], DRAWS) == {}
