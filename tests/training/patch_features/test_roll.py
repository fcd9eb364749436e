"""Rolling loses nothing, and balances classes by counting patches."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.training.patch_features.roll import balanced_rolls, roll_axis, roll_offsets, roll_patch
from dermagrade.types import ZONES

SIDES = st.integers(1, 40)


def patch(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * 100 + width).integers(0, 256, (height, width, 3), np.uint8)


@given(SIDES, SIDES, st.sampled_from(ZONES))
def test_rolling_by_the_full_size_is_the_identity(height: int, width: int, zone: str) -> None:
    pixels = patch(height, width)
    assert np.array_equal(roll_patch(pixels, zone, pixels.shape[roll_axis(zone)]), pixels)
    assert np.array_equal(roll_patch(pixels, zone, 0), pixels)


@given(SIDES, SIDES, st.sampled_from(ZONES), st.integers(0, 80), st.integers(0, 80))
def test_two_rolls_are_one_by_the_sum_and_no_pixel_is_lost(height: int, width: int, zone: str, a: int, b: int) -> None:
    pixels = patch(height, width)
    twice = roll_patch(roll_patch(pixels, zone, a), zone, b)
    assert np.array_equal(twice, roll_patch(pixels, zone, a + b))
    assert np.array_equal(np.sort(twice, axis=None), np.sort(pixels, axis=None))


def test_a_forehead_rolls_to_the_left_and_a_cheek_upwards() -> None:
    pixels = patch(6, 8)
    assert np.array_equal(roll_patch(pixels, "forehead", 3)[:, 0], pixels[:, 3])
    assert np.array_equal(roll_patch(pixels, "left_cheek", 2)[0], pixels[2])


def test_the_step_is_the_size_over_one_more_than_the_rolls() -> None:
    assert roll_offsets(224, 2) == (74, 148)
    assert roll_offsets(224, 1) == (112,)
    assert roll_offsets(224, 0) == ()


@given(st.integers(1, 300), st.integers(0, 400))
def test_offsets_are_within_the_patch_and_differ_while_there_is_room(size: int, rolls: int) -> None:
    offsets = roll_offsets(size, rolls)
    assert len(offsets) == rolls
    assert all(0 <= offset < size for offset in offsets)
    if rolls < size:
        assert len({0, *offsets}) == rolls + 1


@pytest.mark.parametrize(("size", "rolls"), [(0, 1), (5, -1)])
def test_a_patch_without_pixels_or_fewer_than_no_rolls_are_refused(size: int, rolls: int) -> None:
    with pytest.raises(ValueError, match="cannot be rolled"):
        roll_offsets(size, rolls)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200), st.integers(0, 4))
def test_every_class_ends_with_as_many_patches_as_the_commonest_one(classes: list[int], at_least: int) -> None:
    rolls = balanced_rolls(classes, at_least=at_least)
    after: Counter[int] = Counter()
    for each, more in zip(classes, rolls, strict=True):
        assert more >= at_least
        after[each] += 1 + more
    assert set(after.values()) == {(1 + at_least) * max(Counter(classes).values())}


def test_the_commonest_class_is_rolled_twice_and_a_rarer_one_as_often_as_it_takes() -> None:
    assert balanced_rolls([1, 1, 1, 1, 2, 2]) == [2, 2, 2, 2, 5, 5]
    assert balanced_rolls([1, 1, 1, 2, 2]) == [2, 2, 2, 3, 4]
    assert balanced_rolls([]) == []
