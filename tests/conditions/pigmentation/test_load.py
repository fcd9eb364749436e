"""The declared function from brown on the skin to the grade says what the study's table says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.conditions.pigmentation.load import (
    FULL_LOAD,
    ZONE_WEIGHTS,
    face_load,
    grade_of_load,
    load_of,
    load_of_grade,
)
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES


def test_clear_skin_is_0_and_the_full_load_9() -> None:
    assert grade_of_load(0.0) == 0.0
    assert grade_of_load(FULL_LOAD) == pytest.approx(9.0)
    assert grade_of_load(1.0) == 9.0


@given(st.floats(0, 9))
def test_grade_and_load_are_inverses(grade: float) -> None:
    assert grade_of_load(load_of_grade(grade)) == pytest.approx(grade, abs=1e-9)


@given(st.floats(0, 0.35), st.floats(1e-4, 0.01))
def test_more_brown_never_lowers_the_grade(load: float, more: float) -> None:
    assert grade_of_load(load + more) > grade_of_load(load)


@pytest.mark.parametrize(
    ("coverage", "contrast", "label"),
    [
        (0.05, 0.2, "Mild"),  # very few small or faint patches
        (0.5, 0.12, "Moderate"),  # faint, but over the whole face
        (0.12, 0.5, "Moderate"),  # very pronounced, but in one place
        (0.5, 0.5, "Severe"),  # pronounced all over
    ],
)
def test_the_tables_words_get_the_tables_levels(coverage: float, contrast: float, label: str) -> None:
    assert PIGMENT_9.level_of(grade_of_load(coverage * contrast)).label == label


def test_pale_spots_count_half_of_brown_ones() -> None:
    excess = np.zeros((10, 10), np.float32)
    excess[0], excess[1] = 0.2, -0.2
    mask = np.ones((10, 10), bool)
    assert load_of(excess, mask) == pytest.approx(0.02 + 0.01)


def test_skin_alone_counts() -> None:
    excess = np.ones((4, 4), np.float32)
    mask = np.zeros((4, 4), bool)
    with pytest.raises(ValueError, match="no skin"):
        load_of(excess, mask)
    mask[0, 0] = True
    excess[1:] = 50
    assert load_of(excess, mask) == 1.0


def test_the_zones_make_a_whole_face_and_a_missing_one_leaves_the_mean_of_the_others() -> None:
    assert set(ZONE_WEIGHTS) == set(ZONES)
    assert sum(ZONE_WEIGHTS.values()) == pytest.approx(1.0)
    assert face_load(dict.fromkeys(ZONES, 0.1)) == pytest.approx(0.1)
    assert face_load({"left_cheek": 0.2, "nose": 0.2}) == pytest.approx(0.2)


def test_what_is_no_load_is_refused() -> None:
    for load in (-0.1, float("nan")):
        with pytest.raises(ValueError, match="load"):
            grade_of_load(load)
