"""Drawn skin: seeded, of the tone asked for, without red spots of its own, and ready to be painted on."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.face.colour import typology_angle
from dermagrade.light import lab
from dermagrade.simulate.fields import blur, cloud
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.simulate.skin import MELANIN_RANGE, draw_skin

SIDE = 192


@pytest.mark.parametrize("seed", range(4))
def test_a_seed_gives_one_picture_and_another_seed_another(seed):
    one, again, other = (draw_skin(seed=s, size=SIDE) for s in (seed, seed, seed + 100))
    assert np.array_equal(one.pixels, again.pixels)
    assert np.array_equal(one.skin, again.skin)
    assert not np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("seed", range(6))
def test_every_picture_shows_skin_on_which_lesions_can_be_painted(seed):
    picture = draw_skin(seed=seed, size=SIDE)
    assert picture.pixels.shape == (SIDE, SIDE, 3)
    assert picture.pixels.dtype == np.uint8
    assert picture.skin.mean() > 0.15
    painted = paint_lesions(picture.pixels, picture.skin.astype(np.uint8), count=2, seed=0, face_width_px=150)
    assert picture.skin[painted.mask].mean() > 0.95


def test_more_melanin_looks_darker_in_the_same_light():
    angles = []
    for melanin in (MELANIN_RANGE[0], 1.5, MELANIN_RANGE[1]):
        picture = draw_skin(seed=3, size=SIDE, melanin=melanin)
        lightness, _, b = np.median(lab(picture.pixels[picture.skin]), axis=0)
        angle = typology_angle(float(lightness), float(b))
        assert angle is not None
        angles.append(angle)
    assert angles[0] > angles[1] > angles[2]
    assert angles[0] > 41
    assert angles[2] < -30


@pytest.mark.parametrize(("size", "melanin"), [(32, None), (128, 0.0), (128, 9.0)])
def test_what_cannot_be_drawn_is_refused(size, melanin):
    with pytest.raises(ValueError, match="size must be"):
        draw_skin(seed=0, size=size, melanin=melanin)


def test_a_blur_keeps_the_sum_of_what_lies_inside_and_spreads_it_by_its_sigma():
    point = np.zeros((101, 101))
    point[50, 50] = 1.0
    spread = blur(point, 4.0)
    assert spread.sum() == pytest.approx(1, abs=1e-6)
    ys, _ = np.mgrid[:101, :101]
    assert np.sqrt((spread * (ys - 50) ** 2).sum()) == pytest.approx(4.0, rel=0.02)


def test_a_cloud_has_no_mean_and_unit_spread():
    field = cloud(np.random.default_rng(0), 64, octaves=4)
    assert field.mean() == pytest.approx(0, abs=1e-9)
    assert field.std() == pytest.approx(1)
