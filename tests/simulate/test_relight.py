"""Light by table does what the formulas say."""

import numpy as np
import pytest

from dermagrade.light import to_linear32
from dermagrade.simulate.relight import bytes_by_table, darken, lighten

BYTES = np.arange(256, dtype=np.uint8)


def exact(linear):
    """The sRGB curve of IEC 61966-2-1, in bytes that are not rounded."""
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def test_every_byte_comes_back_from_linear_light_as_it_was():
    assert np.array_equal(bytes_by_table(to_linear32(BYTES)), BYTES)


def test_linear_light_to_bytes_is_never_off_by_more_than_one():
    linear = np.linspace(0, 1, 20001, dtype=np.float32)
    assert np.abs(bytes_by_table(linear).astype(float) - exact(linear.astype(float))).max() <= 1.0


def test_light_beyond_white_or_below_black_is_cut():
    assert bytes_by_table(np.array([-0.5, 1.0, 7.0], np.float32)).tolist() == [0, 255, 255]


def test_a_layer_takes_the_same_share_of_linear_light_everywhere():
    pixels = np.repeat(BYTES[:, None, None], 3, axis=2)
    direction = np.array([0.2, 0.5, 1.0])
    seen = darken(pixels, [(np.full((256, 1), 0.8, np.float32), direction)])
    wanted = exact(to_linear32(pixels).astype(float) * np.exp(-0.8 * direction))
    assert np.abs(seen - wanted).max() <= 1.0


def test_two_layers_add_their_densities_and_none_changes_nothing():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    one, three = np.full((20, 20), 0.2, np.float32), np.full((20, 20), 0.6, np.float32)
    grey = np.ones(3)
    assert np.array_equal(darken(pixels, [(one, grey), (one, grey), (one, grey)]), darken(pixels, [(three, grey)]))
    assert np.array_equal(darken(pixels, []), pixels)


@pytest.mark.parametrize("added", [0.0, 0.1, 0.5])
def test_added_light_is_added_in_linear_light(added):
    pixels = np.repeat(BYTES[:, None, None], 3, axis=2)
    seen = lighten(pixels, np.full((256, 1), added, np.float32))
    assert np.abs(seen - np.clip(exact(np.minimum(to_linear32(pixels).astype(float) + added, 1)), 0, 255)).max() <= 1.0
