"""Bias and limits of agreement are those of Bland and Altman."""

import math

import numpy as np
import pytest

from dermagrade.evaluation.statistics.bland_altman import bland_altman
from dermagrade.evaluation.statistics.bootstrap import Draws

DRAWS = Draws(rounds=200)

#: Peak expiratory flow by the large and the mini Wright meter, first readings: Bland and Altman, Lancet 1986, table 1.
LARGE = (494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
MINI = (512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)


def test_the_published_example_comes_out():
    rows = [(f"{i}", float(mini), float(large)) for i, (large, mini) in enumerate(zip(LARGE, MINI, strict=True))]
    found = bland_altman("large and mini meter", "l/min", rows, DRAWS)
    assert found is not None
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)  # as published, with a standard deviation of 38.8
    spread = (found.high_limit.value - found.low_limit.value) / (2 * 1.96)
    assert spread == pytest.approx(38.8, abs=0.05)
    assert found.bias.low < found.bias.value < found.bias.high
    assert np.array_equal(found.differences, np.array(LARGE) - np.array(MINI))
    assert found.record()["unit"] == "l/min"


def test_an_answer_that_flattens_severity_has_a_falling_slope():
    rows = [(f"{i}", float(i), 5 + 0.5 * (i - 5)) for i in range(11)]
    found = bland_altman("x", "grades", rows, DRAWS)
    assert found is not None
    assert found.bias.value == pytest.approx(0)
    # Differences are -0.5 (i - 5) over means 5 + 0.75 (i - 5).
    assert found.slope.value == pytest.approx(-0.5 / 0.75)


def test_one_photo_says_nothing():
    assert bland_altman("x", "grades", [("p", 1.0, 2.0)], DRAWS) is None
    equal = bland_altman("x", "grades", [("p", 1.0, 1.0), ("q", 1.0, 1.0)], DRAWS)
    assert equal is not None
    assert math.isnan(equal.slope.value)
