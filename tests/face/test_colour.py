"""Skin colour is measured as colour science defines it, on visible skin, whatever lies on it."""

import math

import numpy as np
import pytest

from dermagrade.face.colour import LEAST_PIXELS, skin_angle, tone_of, typology_angle
from dermagrade.light import lab
from red_dots import grey_photo, square_face

SKIN = (205, 160, 135)


def skin_photo(colour=SKIN, side=160):
    photo = grey_photo(side, side)
    photo.pixels[:] = colour
    return photo


def test_the_angle_is_that_of_its_formula():
    assert typology_angle(50, 15) == 0
    assert typology_angle(70, 20) == pytest.approx(45)
    assert typology_angle(30, 20) == pytest.approx(-45)
    assert typology_angle(65, 18) == pytest.approx(math.degrees(math.atan(15 / 18)))


def test_blue_light_has_no_angle_rather_than_a_wrong_one():
    assert typology_angle(70, -5) is None
    assert typology_angle(70, 0) is None


@pytest.mark.parametrize(
    ("angle", "tone"),
    [
        (56, "very light"),
        (55, "light"),
        (41, "intermediate"),
        (28, "tan"),
        (10, "brown"),
        (-30, "dark"),
        (-90, "dark"),
    ],
)
def test_an_edge_belongs_to_the_darker_group(angle, tone):
    assert tone_of(angle) == tone


def test_a_face_of_one_colour_has_the_angle_of_that_colour():
    photo = skin_photo()
    lightness, _, b = lab(SKIN)
    assert skin_angle(photo, square_face(photo)) == pytest.approx(typology_angle(lightness, b))


def test_lesions_shine_and_what_is_no_skin_do_not_matter():
    photo = skin_photo()
    face = square_face(photo)
    clean = skin_angle(photo, face)
    photo.pixels[:32, ::3] = 255  # shine on the forehead
    photo.pixels[64:80, 100:130] = (220, 40, 40)
    photo.pixels[face.label_map == 0] = (10, 10, 120)
    assert skin_angle(photo, face) == pytest.approx(clean)


def test_a_hidden_zone_is_not_looked_at():
    photo = skin_photo()
    face = square_face(photo, hidden=("forehead",))
    photo.pixels[:48] = (60, 30, 20)
    assert skin_angle(photo, face) == pytest.approx(skin_angle(skin_photo(), face))


def test_too_little_skin_has_no_angle():
    photo = skin_photo(side=16)
    assert LEAST_PIXELS > 16 * 16
    assert skin_angle(photo, square_face(photo)) is None
    photo = skin_photo((255, 255, 255))
    assert skin_angle(photo, square_face(photo)) is None


def test_darker_skin_has_a_smaller_angle():
    angles = []
    for share in (1.0, 0.8, 0.6, 0.4):
        photo = skin_photo(tuple(np.round(np.array(SKIN) * share).astype(int)))
        angles.append(skin_angle(photo, square_face(photo)))
    assert angles == sorted(angles, reverse=True)
    assert len(set(angles)) == 4
