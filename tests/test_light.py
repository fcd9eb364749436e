"""Light and colour follow the published formulas, and every way back leads to where it began."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dermagrade.light import (
    LUMA,
    LUMINANCE,
    TO_WHITE,
    TO_XYZ,
    decode,
    encode,
    lab,
    lab_root,
    lab_root_inverse,
    to_bytes,
    to_linear,
    to_linear32,
)

BYTES = np.arange(256, dtype=np.uint8)


def decoded(byte: int) -> float:
    """The curve of IEC 61966-2-1, one value at a time."""
    share = byte / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def test_linear_light_is_that_of_the_standard():
    assert to_linear(BYTES) == pytest.approx([decoded(byte) for byte in range(256)], rel=1e-14)
    assert to_linear(np.array([0, 255], np.uint8)).tolist() == [0, 1]
    assert np.array_equal(to_linear32(BYTES), to_linear(BYTES).astype(np.float32))


def test_every_byte_comes_back_from_linear_light():
    assert np.array_equal(to_bytes(to_linear(BYTES)), BYTES)
    assert np.array_equal(to_bytes(to_linear32(BYTES)), BYTES)


def test_light_beyond_white_or_below_black_is_cut():
    assert to_bytes(np.array([-0.5, 0.0, 1.0, 7.0])).tolist() == [0, 0, 255, 255]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_value_keeps_its_precision_and_comes_back(dtype):
    values = np.linspace(0, 1, 1001).astype(dtype)
    assert decode(values).dtype == encode(values).dtype == lab_root(values).dtype == dtype
    assert encode(decode(values)) == pytest.approx(values, abs=4e-5)
    assert lab_root_inverse(lab_root(values)) == pytest.approx(values, abs=1e-6)


def test_the_shares_of_white_add_up_to_one():
    assert LUMINANCE.sum() == pytest.approx(1)
    assert LUMA.sum() == pytest.approx(1)
    assert TO_WHITE.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(TO_XYZ[1], LUMINANCE)


@given(arrays(np.uint8, (3, 4, 3), elements=st.integers(0, 255)))
def test_more_light_is_never_a_darker_colour(pixels):
    brighter = np.maximum(pixels, np.uint8(40))
    assert (lab(brighter)[..., 0] >= lab(pixels)[..., 0] - 1e-9).all()


def test_lab_of_colours_with_published_values():
    # Lindbloom's CIE calculator, sRGB and D65, to the rounding of the matrix.
    assert lab([255, 0, 0]) == pytest.approx([53.24, 80.09, 67.20], abs=0.1)
    assert lab([0, 0, 255]) == pytest.approx([32.30, 79.19, -107.86], abs=0.1)
    assert lab([0, 255, 0]) == pytest.approx([87.73, -86.18, 83.18], abs=0.1)


def test_grey_has_no_colour_and_white_and_black_are_the_ends():
    found = lab([[0, 0, 0], [119, 119, 119], [255, 255, 255]])
    assert found[:, 1:] == pytest.approx(0, abs=1e-9)
    assert found[[0, 2], 0] == pytest.approx([0, 100], abs=1e-9)
    assert found[1, 0] == pytest.approx(50, abs=0.1)
