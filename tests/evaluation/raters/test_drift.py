"""A drift that is known is found against the golden set, and none is claimed where the order is unknown."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from dermagrade.evaluation.raters.drift import MIN_READINGS, against_golden, against_others, order_of
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.tables.readings import Reading

FEW = Draws(rounds=60)
START = datetime(2026, 5, 1, 9, tzinfo=UTC)


def study(*, drift=1.0, photos=120, seed=0, order="position"):
    """Anna's bias rises by ``drift`` in 100 photos, ben's does not; the first 40 photos are golden."""
    chance = np.random.default_rng(seed)
    truth = chance.normal(3, 1, photos)
    readings = []
    for rater, rise in (("anna", drift), ("ben", 0.0)):
        for place, i in enumerate(chance.permutation(photos).tolist()):
            grade = truth[i] + rise * place / 100 + chance.normal(0, 0.2)
            known = {}
            if order == "position":
                known = {"position": place}
            elif order == "time":
                known = {"rated_at": START + timedelta(seconds=20 * place)}
            readings.append(Reading(f"{i}.jpg", rater, float(grade), **known))
    return readings, {f"{i}.jpg": float(truth[i]) for i in range(40)}


@pytest.mark.parametrize("order", ["position", "time"])
def test_a_known_drift_is_found_and_none_is_made_up(order):
    readings, golden = study(order=order)
    found = against_golden(readings, golden, draws=FEW)
    assert found["anna"].drift.value == pytest.approx(1.0, abs=0.3)
    assert found["anna"].drift.low < 1.0 < found["anna"].drift.high
    assert found["anna"].drift.low > 0
    assert found["ben"].drift.low < 0 < found["ben"].drift.high
    assert found["anna"].bias.photos == 40
    assert found["anna"].bias.value == pytest.approx(found["anna"].differences.mean())
    assert (np.diff(found["anna"].order) > 0).all()


def test_against_the_others_a_drift_shows_on_both_sides():
    readings, _ = study()
    found = against_others(readings, draws=FEW)
    assert found["anna"].drift.value > 0.5
    assert found["ben"].bias.value < 0


def test_without_an_order_bias_is_told_and_drift_is_not():
    readings, golden = study(order=None)
    found = against_golden(readings, golden, draws=FEW)
    assert found["anna"].bias.value == pytest.approx(0.6, abs=0.2)
    assert np.isnan(found["anna"].drift.value)
    assert len(found["anna"].order) == 0
    assert against_others(readings, draws=FEW) == {}


def test_few_readings_tell_of_no_drift():
    readings, golden = study()
    few = dict(list(golden.items())[: MIN_READINGS - 1])
    assert np.isnan(against_golden(readings, few, draws=FEW)["anna"].drift.value)


def test_many_photos_of_one_person_tell_of_no_drift():
    readings, golden = study()
    one = {r.photo: "p" for r in readings}
    assert np.isnan(against_golden(readings, golden, persons=one, draws=FEW)["anna"].drift.value)


def test_a_rater_with_a_missing_time_has_no_order():
    readings = [Reading("a", "anna", 1, rated_at=START), Reading("b", "anna", 1), Reading("c", "ben", 1, position=4)]
    assert order_of(readings) == {("c", "ben", 1): 4.0}


def test_a_second_round_counts_against_the_golden_set_in_its_own_place():
    readings = [Reading("a", "anna", 1, 1, position=0), Reading("a", "anna", 3, 2, position=5)]
    found = against_golden(readings, {"a": 1.0}, draws=FEW)["anna"]
    assert found.order.tolist() == [0, 5]
    assert found.differences.tolist() == [0, 2]
