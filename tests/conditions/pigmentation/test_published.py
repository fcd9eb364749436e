"""The study's groups and its threshold, as its slides give them."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.conditions.pigmentation.published import (
    BASELINE,
    GROUPS,
    SIAMESE,
    THRESHOLD,
    skin_picture,
    threshold_picture,
)
from dermagrade.scales import PIGMENT_9


def seen(*colour: int) -> float:
    """What the threshold leaves of a colour, brought back to 0 to 1."""
    picture = threshold_picture(np.array([[colour]], np.uint8))
    assert picture.shape == (3, 1, 1)
    assert picture.dtype == np.float32
    assert len(set(picture.ravel().tolist())) == 1
    return (float(picture[0, 0, 0]) + 1) / 2


@pytest.mark.parametrize("grade", [level.value for level in PIGMENT_9.levels])
def test_every_half_step_is_in_the_group_that_the_study_put_it_in(grade: float) -> None:
    name = "under 3" if grade < 3 else "over 5" if grade > 5 else f"{grade:g}"
    assert GROUPS.names[GROUPS.class_of(grade)] == name


def test_the_groups_stand_for_grades_of_their_own() -> None:
    assert [GROUPS.class_of(value) for value in GROUPS.values] == list(range(7))


def test_the_threshold_keeps_the_brightness_of_what_stands_out_from_grey() -> None:
    # Grey of pure red is 0.299, so its brightness of 1 stands 0.701 above it.
    assert seen(255, 0, 0) == pytest.approx(1.0)
    assert seen(128, 0, 0) == pytest.approx(128 / 255)
    assert seen(200, 200, 200) == pytest.approx(0.0)


def test_the_cut_lies_at_0_165() -> None:
    # Of (v, g, g) the brightness exceeds the grey value by 0.701 (v - g) / 255.
    assert seen(200, 200 - 60, 200 - 60) == pytest.approx(0.0)  # 0.1649
    assert seen(200, 200 - 61, 200 - 61) == pytest.approx(200 / 255)  # 0.1677


def test_redness_passes_the_threshold_and_a_brown_spot_in_the_shade_does_not() -> None:
    brown = np.array([170, 105, 70])
    assert seen(*brown.tolist()) > 0
    assert seen(215, 120, 110) > 0
    assert seen(*(brown * 0.6).astype(int).tolist()) == pytest.approx(0.0)


def test_the_plain_picture_is_the_skin_from_minus_one_to_one() -> None:
    assert skin_picture(np.array([[[0, 255, 51]]], np.uint8)).ravel() == pytest.approx([-1.0, 1.0, -0.6])


def test_each_recipe_sees_what_its_name_says() -> None:
    assert (BASELINE.prepare, THRESHOLD.prepare, SIAMESE.prepare) == (skin_picture, threshold_picture, skin_picture)
    assert {recipe.grouping for recipe in (BASELINE, THRESHOLD, SIAMESE)} == {GROUPS}
