"""The size of a face in its photo, from the distance of the pupils."""

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.errors import UsageError
from dermagrade.face.size import check_pupil_distance, px_per_mm
from drawn_visit import head


@pytest.mark.parametrize("yaw_deg", [-30, -15, 0, 15, 30])
def test_a_turned_head_has_the_same_size(yaw_deg):
    # The eyes of the drawn head stand on a cylinder, so that their distance shrinks by the cosine of its turn.
    _, face = head(yaw_deg=yaw_deg)
    _, ahead = head()
    apart = ahead.points["left_eye"][0] - ahead.points["right_eye"][0]
    assert px_per_mm(face, 63.0) == pytest.approx(apart / 63.0)


def test_a_tilted_head_has_the_same_size():
    _, face = head()
    turn = np.radians(25)
    tilted = {
        name: (x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn))
        for name, (x, y) in face.points.items()
    }
    assert px_per_mm(replace(face, points=tilted), 63.0) == pytest.approx(px_per_mm(face, 63.0))


def test_a_face_turned_too_far_or_with_one_eye_has_no_known_size():
    _, face = head()
    one_eyed = {name: place for name, place in face.points.items() if name != "left_eye"}
    assert px_per_mm(replace(face, yaw_deg=30.5), 63.0) is None
    assert px_per_mm(replace(face, yaw_deg=-30.5), 63.0) is None
    assert px_per_mm(replace(face, points=one_eyed), 63.0) is None


@pytest.mark.parametrize("distance", [0.0, -63.0, 6.3, 630.0, float("nan"), float("inf")])
def test_a_distance_that_nobody_has_is_refused(distance):
    with pytest.raises(UsageError, match="40 to 80 mm"):
        check_pupil_distance(distance)
    with pytest.raises(UsageError, match="40 to 80 mm"):
        px_per_mm(head()[1], distance)


def test_no_distance_is_no_error():
    check_pupil_distance(None)
