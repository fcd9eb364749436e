"""Painted acne: the truth is what the declared mapping says of the lesions that are there, half by half."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.conditions.acne.paint import count_for, paint_acne
from dermagrade.errors import UsageError
from dermagrade.face.halves import left_half
from dermagrade.scales import acne_5_from_count
from dermagrade.types import ZONES, Photo
from red_dots import square_face


def skin(side: int = 640) -> Photo:
    grain = np.random.default_rng(0).normal(1, 0.02, (side, side, 1))
    pixels = np.clip(np.array([200, 160, 140]) * grain, 0, 255).astype(np.uint8)
    return Photo(pixels, "0" * 64, side, side)


@pytest.mark.parametrize(("grade", "count"), [(1.0, 0), (1.1, 0), (2.5, 2), (3.5, 5), (4.5, 20), (5.0, 51)])
def test_a_grade_takes_the_lesions_that_the_declared_knots_name(grade, count):
    assert count_for(grade) in (count, count + 1)
    assert abs(acne_5_from_count(count_for(grade)) - grade) == min(abs(acne_5_from_count(n) - grade) for n in range(60))


@pytest.mark.parametrize("grade", [1.0, 2.6, 4.0, 4.6])
def test_the_worse_half_of_a_frontal_face_has_the_lesions_of_the_grade(grade):
    photo = skin()
    face = square_face(photo)
    assert face.frontal
    made = paint_acne(photo, face, grade=grade, seed=3)
    assert made.grade == acne_5_from_count(made.parameters["graded"])
    assert made.grade == pytest.approx(grade, abs=0.2)
    assert made.parameters["graded"] <= made.parameters["lesions"] < 2 * made.parameters["graded"] + 1
    changed = np.abs(made.pixels.astype(int) - photo.pixels).sum(axis=2) > 30
    left = left_half(face, np.arange(640)[None, :], np.arange(640)[:, None])
    if grade > 2:
        assert (changed & left).any() or (changed & ~left).any()
    else:
        assert np.array_equal(made.pixels, photo.pixels)


def test_a_face_from_the_side_is_taken_whole_and_only_where_its_zones_are_seen():
    photo = skin()
    face = square_face(photo, hidden=("right_cheek", "chin"))
    made = paint_acne(photo, face, grade=4.0, seed=1)
    assert made.parameters["lesions"] == made.parameters["graded"] == count_for(4.0)
    assert set(made.zones) == set(face.found)
    far = face.label_map == 0
    assert np.abs(made.pixels.astype(int) - photo.pixels)[far].max() <= 60  # only redness that fades around a lesion
    kinds = sum(made.parameters[kind] for kind in ("papules", "pustules", "comedones"))
    assert kinds == made.parameters["lesions"]


def test_no_zone_is_worse_than_the_face():
    made = paint_acne(skin(), square_face(skin()), grade=4.2, seed=5)
    assert max(made.zones.values()) <= made.grade


def test_where_there_is_little_room_the_truth_is_what_was_painted():
    photo = skin(320)
    face = square_face(photo, hidden=tuple(z for z in ZONES if z != "nose"))
    made = paint_acne(photo, face, grade=5.0, seed=0)
    assert made.grade < 5.0
    assert made.grade == acne_5_from_count(made.parameters["lesions"])


def test_the_same_seed_paints_the_same_picture():
    one, again, other = (paint_acne(skin(), square_face(skin()), grade=3.5, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one.pixels, again.pixels)
    assert not np.array_equal(one.pixels, other.pixels)


def test_what_is_off_the_scale_or_unknown_is_refused():
    photo = skin(64)
    with pytest.raises(ValueError, match="acne-5"):
        paint_acne(photo, square_face(photo), grade=5.5, seed=0)
    with pytest.raises(UsageError, match="lesions"):
        paint_acne(photo, square_face(photo), grade=3.0, seed=0, method="oil")
