"""Melanin, haemoglobin and shade come apart, and light alone changes shade alone."""

import numpy as np
import pytest

from dermagrade.face.chromophores import (
    HAEMOGLOBIN,
    MELANIN,
    from_density,
    luminance_density,
    separate,
    to_density,
)


def _skin(melanin: float, haemoglobin: float, shade: float) -> np.ndarray:
    density = melanin * MELANIN + haemoglobin * HAEMOGLOBIN + shade
    return from_density(np.broadcast_to(density, (4, 5, 3)))


@pytest.mark.parametrize("amounts", [(0.2, 0.3, 0.2), (1.5, 0.3, 0.2), (0.5, 1.0, 0.1), (2.5, 0.2, 0.6)])
def test_what_was_mixed_is_found_again(amounts: tuple[float, float, float]) -> None:
    found = separate(_skin(*amounts))
    # A byte in the dark is a coarse step, and unmixing enlarges it.
    assert found.melanin.mean() == pytest.approx(amounts[0], abs=0.12)
    assert found.haemoglobin.mean() == pytest.approx(amounts[1], abs=0.12)
    assert found.shade.mean() == pytest.approx(amounts[2], abs=0.12)


def test_half_the_light_is_shade_alone() -> None:
    bright, dim = separate(_skin(0.8, 0.4, 0.1)), separate(_skin(0.8, 0.4, 0.1 + np.log(2)))
    assert (dim.shade - bright.shade).mean() == pytest.approx(np.log(2), abs=0.06)
    assert abs((dim.melanin - bright.melanin).mean()) < 0.06
    assert abs((dim.haemoglobin - bright.haemoglobin).mean()) < 0.06


def test_a_blush_adds_no_melanin() -> None:
    plain, red = separate(_skin(0.8, 0.3, 0.1)), separate(_skin(0.8, 0.9, 0.1))
    assert (red.haemoglobin - plain.haemoglobin).mean() == pytest.approx(0.6, abs=0.06)
    assert abs((red.melanin - plain.melanin).mean()) < 0.06


def test_densities_lead_back_to_the_same_bytes() -> None:
    every = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    again = from_density(to_density(every)).astype(int)
    # Below a thousandth of white there is no telling apart.
    assert (again[4:] == every[4:]).all()
    assert np.abs(again[:4] - every[:4]).max() <= 3


def test_luminance_of_white_has_no_density_and_of_black_a_great_one() -> None:
    ends = luminance_density(to_density(np.array([[255] * 3, [0] * 3], np.uint8)))
    assert ends[0] == pytest.approx(0.0, abs=1e-3)
    assert ends[1] == pytest.approx(-np.log(1e-3), rel=1e-3)
