"""How counts are read is fitted on people whom the network never saw."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.conditions.acne.grade import calibrated_share
from dermagrade.training.calibrate import fit_share


def read(counts: np.ndarray, scale: float, doubt: float) -> np.ndarray:
    return np.array([n * calibrated_share(float(n), scale=scale, doubt=doubt) for n in counts])


def test_counts_that_are_right_are_left_alone() -> None:
    truth = np.array([0.0, 1, 4, 10, 40])
    assert fit_share(truth, truth) == (1.0, 0.0)


def test_what_a_map_sees_everywhere_is_taken_off_again() -> None:
    counts = np.linspace(1, 60, 80)
    truth = read(counts, 1.1, 4.0)
    assert fit_share(counts, truth) == (1.1, 4.0)


def test_more_by_the_map_is_never_less_after_reading() -> None:
    counts = np.linspace(0, 100, 400)
    for scale, doubt in ((1.0, 0.0), (0.8, 5.0), (1.5, 20.0)):
        assert (np.diff(read(counts, scale, doubt)) >= 0).all()


def test_nothing_stays_nothing() -> None:
    assert read(np.zeros(1), 1.4, 10.0)[0] == 0
