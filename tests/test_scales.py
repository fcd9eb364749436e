"""The scales of the contract, and what is derived from a lesion count."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermagrade.scales import (
    ACNE_5,
    ACNE_5_KNOTS,
    ACNE_HAYASHI,
    PIGMENT_9,
    SCALES,
    Level,
    Scale,
    acne_5_from_count,
    acne_5_from_hayashi,
    hayashi_from_count,
)

# Written out from the contract, so that a change of the code's own table shows.
CONTRACT_KNOTS = [(0, 1.0), (0.5, 1.5), (2.5, 2.5), (5.5, 3.5), (20.5, 4.5), (50.5, 5.0)]


def test_there_are_exactly_the_scales_of_the_contract() -> None:
    assert list(SCALES) == ["acne-5", "acne-hayashi", "pigment-9", "change"]
    assert all(scale.id == key and scale.source for key, scale in SCALES.items())


@pytest.mark.parametrize(
    ("score", "value", "label"),
    [
        (1.0, 1, "Clear"),
        (1.4999, 1, "Clear"),
        (1.5, 2, "Almost clear"),
        (2.5, 3, "Mild"),
        (3.4999, 3, "Mild"),
        (3.5, 4, "Moderate"),
        (4.5, 5, "Severe"),
        (5.0, 5, "Severe"),
    ],
)
def test_acne_5_levels_begin_at_their_edges(score: float, value: float, label: str) -> None:
    level = ACNE_5.level_of(score)
    assert (level.value, level.label) == (value, label)


def test_acne_5_edges_are_those_of_the_contract() -> None:
    assert ACNE_5.edges == (1.5, 2.5, 3.5, 4.5)


@pytest.mark.parametrize(
    ("score", "value", "label"),
    [
        (0.0, 0.0, "None"),
        (0.49, 0.0, "None"),
        (0.5, 0.5, "Mild"),
        (3.49, 3.0, "Mild"),
        (3.5, 3.5, "Moderate"),
        (6.49, 6.0, "Moderate"),
        (6.5, 6.5, "Severe"),
        (8.8, 9.0, "Severe"),
    ],
)
def test_pigment_9_steps_never_carry_the_name_of_another_band(score: float, value: float, label: str) -> None:
    level = PIGMENT_9.level_of(score)
    assert (level.value, level.label) == (value, label)


def test_pigment_9_says_that_the_original_ends_at_8() -> None:
    assert "0 to 8" in PIGMENT_9.note
    assert [level.value for level in PIGMENT_9.levels] == [step / 2 for step in range(19)]


@pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
@pytest.mark.parametrize("beyond", [-100.0, 100.0, math.nan])
def test_a_score_off_the_scale_is_refused(scale: Scale, beyond: float) -> None:
    with pytest.raises(ValueError, match=scale.id):
        scale.level_of(beyond)


def test_a_scale_whose_levels_do_not_rise_is_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        Scale("x", "x", 0, 1, (Level(0, "a", 0), Level(1, "b", 0)), "none")


def test_the_mapping_is_exact_at_the_knots_of_the_contract() -> None:
    assert list(ACNE_5_KNOTS) == CONTRACT_KNOTS
    assert [acne_5_from_count(n) for n, _ in CONTRACT_KNOTS] == [score for _, score in CONTRACT_KNOTS]


def test_the_mapping_is_linear_in_the_logarithm_between_knots() -> None:
    halfway = math.sqrt((1 + 5.5) * (1 + 20.5)) - 1
    assert acne_5_from_count(halfway) == pytest.approx(4.0, abs=1e-9)


def test_the_mapping_is_flat_beyond_the_last_knot() -> None:
    assert acne_5_from_count(500) == 5.0


@given(st.floats(0, 300), st.floats(0, 300))
def test_more_lesions_never_lower_a_score(one: float, other: float) -> None:
    fewer, more = sorted((one, other))
    assert acne_5_from_count(fewer) <= acne_5_from_count(more)
    assert hayashi_from_count(fewer).value <= hayashi_from_count(more).value


@pytest.mark.parametrize(
    ("count", "grade"), [(0, 0), (5, 0), (5.4, 0), (6, 1), (20, 1), (21, 2), (50, 2), (51, 3), (200, 3)]
)
def test_hayashi_grades_follow_the_count_on_half_a_face(count: float, grade: int) -> None:
    assert hayashi_from_count(count) == ACNE_HAYASHI.levels[grade]


@pytest.mark.parametrize(("grade", "count"), [(0.5, 5.5), (1.5, 20.5), (2.5, 50.5)])
def test_the_edges_between_hayashi_grades_are_the_scores_of_their_counts(grade: float, count: float) -> None:
    assert acne_5_from_hayashi(grade) == acne_5_from_count(count)


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_higher_hayashi_grade_never_lowers_a_score_and_clear_is_never_said(one: float, other: float) -> None:
    lower, higher = sorted((one, other))
    assert 2.0 <= acne_5_from_hayashi(lower) <= acne_5_from_hayashi(higher) <= 5.0


@pytest.mark.parametrize("grade", [-0.1, 3.1, math.nan])
def test_a_grade_beyond_hayashi_s_scale_is_refused(grade: float) -> None:
    with pytest.raises(ValueError, match="acne-hayashi"):
        acne_5_from_hayashi(grade)


@pytest.mark.parametrize("count", [-0.1, math.nan])
def test_a_count_that_is_none_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="count"):
        acne_5_from_count(count)
    with pytest.raises(ValueError, match="count"):
        hayashi_from_count(count)


def test_levels_that_share_a_name_are_one_band() -> None:
    assert [(band.label, band.start) for band in PIGMENT_9.bands] == [
        ("None", 0.0), ("Mild", 0.5), ("Moderate", 3.5), ("Severe", 6.5),
    ]  # fmt: skip
    assert [PIGMENT_9.band_of(score).label for score in (0.49, 0.5, 3.49, 6.49, 9.0)] == [
        "None", "Mild", "Mild", "Moderate", "Severe",
    ]  # fmt: skip


@pytest.mark.parametrize("scale", [ACNE_5, ACNE_HAYASHI])
def test_where_every_level_has_a_name_of_its_own_the_bands_are_the_levels(scale: Scale) -> None:
    assert scale.bands == scale.levels
    assert all(scale.band_of(level.start) == level for level in scale.levels)
