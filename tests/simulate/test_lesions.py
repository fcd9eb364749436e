"""Painted lesions lie where the truth says, on skin alone, and look like lesions rather than stickers."""

import numpy as np
import pytest

from dermagrade.errors import DermagradeError
from dermagrade.simulate.lesions import NoRoomError, paint_lesions
from dermagrade.simulate.truth import match_lesions
from dermagrade.types import ZONES, Lesion

FACE_WIDTH = 240.0


def skin(height=300, width=300, seed=0):
    """Skin-coloured pixels with grain and a light from the left."""
    rng = np.random.default_rng(seed)
    light = np.linspace(1.1, 0.8, width)[None, :, None] * np.ones((height, 1, 1))
    grain = rng.normal(1, 0.02, (height, width, 1))
    return np.clip(np.array([205, 150, 125]) * light * grain, 0, 255).astype(np.uint8)


def zones(height=300, width=300):
    labels = np.zeros((height, width), np.uint8)
    labels[20:80, 40:260] = 1
    labels[100:260, 20:130] = 4
    labels[100:260, 170:280] = 3
    return labels


def paint(count=20, seed=3, **more):
    return paint_lesions(skin(), zones(), count=count, seed=seed, face_width_px=FACE_WIDTH, **more)


def test_no_lesions_leave_every_byte_as_it_was():
    painted = paint(count=0)
    assert np.array_equal(painted.pixels, skin())
    assert painted.lesions == ()
    assert not painted.mask.any()


def test_the_input_is_not_changed():
    pixels = skin()
    paint_lesions(pixels, zones(), count=10, seed=0, face_width_px=FACE_WIDTH)
    assert np.array_equal(pixels, skin())


def test_a_seed_gives_one_picture_and_another_seed_another():
    assert np.array_equal(paint(seed=5).pixels, paint(seed=5).pixels)
    assert paint(seed=5).lesions == paint(seed=5).lesions
    assert paint(seed=5).lesions != paint(seed=6).lesions


@pytest.mark.parametrize("seed", range(5))
def test_lesions_are_as_many_as_asked_and_of_the_stated_size_and_distance(seed):
    painted = paint(seed=seed)
    assert len(painted.lesions) == len(painted.kinds) == 20
    radii = np.array([lesion.radius for lesion in painted.lesions]) / FACE_WIDTH
    assert radii.min() >= 0.008
    assert radii.max() <= 0.022
    places = np.array([(lesion.x, lesion.y) for lesion in painted.lesions])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 1e9 * np.eye(len(places))
    assert apart.min() >= 0.05 * FACE_WIDTH


@pytest.mark.parametrize("seed", range(5))
def test_every_lesion_lies_inside_the_zone_it_names_and_its_outline_too(seed):
    labels, painted = zones(), paint(seed=seed)
    for lesion in painted.lesions:
        assert ZONES[labels[int(lesion.y), int(lesion.x)] - 1] == lesion.zone
    assert (labels[painted.mask] > 0).mean() > 0.999


def test_only_the_wanted_zones_are_painted():
    assert {lesion.zone for lesion in paint(zones=["left_cheek"]).lesions} == {"left_cheek"}


def test_the_picture_changes_at_the_lesions_and_nowhere_far_from_them():
    painted = paint()
    changed = np.abs(painted.pixels.astype(int) - skin()).max(axis=2)
    yy, xx = np.mgrid[:300, :300]
    near = np.zeros((300, 300), bool)
    for lesion in painted.lesions:
        away = np.hypot(xx - lesion.x, yy - lesion.y)
        near |= away <= 4 * lesion.radius
        assert changed[away <= lesion.radius].mean() > 4
    assert changed[~near].max() == 0


def test_the_outline_is_centred_on_the_truth_and_of_its_size():
    painted = paint_lesions(
        skin(600, 600), np.kron(zones(), np.ones((2, 2), np.uint8)), count=15, seed=1, face_width_px=480
    )
    yy, xx = np.mgrid[:600, :600]
    for lesion in painted.lesions:
        inside = painted.mask & (np.hypot(xx - lesion.x, yy - lesion.y) < 2.2 * lesion.radius)
        assert np.hypot(xx[inside].mean() - lesion.x, yy[inside].mean() - lesion.y) < 0.25 * lesion.radius
        assert np.sqrt(inside.sum() / np.pi) == pytest.approx(lesion.radius, rel=0.25)


def test_papules_are_redder_than_the_skin_they_stand_on():
    painted, plain = paint(count=40), skin().astype(float)
    yy, xx = np.mgrid[:300, :300]
    for lesion, kind in zip(painted.lesions, painted.kinds, strict=True):
        if kind == "papule":
            spot = np.hypot(xx - lesion.x, yy - lesion.y) <= lesion.radius
            before = (plain[spot][:, 0] / plain[spot][:, 1]).mean()
            after = (painted.pixels[spot][:, 0].astype(float) / painted.pixels[spot][:, 1]).mean()
            assert after > 1.1 * before


def test_the_grain_of_the_skin_stays_under_the_paint():
    painted = paint(count=40)

    def grain(pixels):
        """Difference of log brightness from each pixel to the next, which the smooth paint hardly has."""
        return np.diff(np.log(pixels[:, :, 0].astype(float)), axis=1)

    inside = painted.mask[:, 1:] & painted.mask[:, :-1]
    assert np.corrcoef(grain(skin())[inside], grain(painted.pixels)[inside])[0, 1] > 0.5


def test_no_lesion_lands_on_a_dark_frame_that_crosses_a_zone():
    pixels = skin()
    pixels[150:158] = 25
    painted = paint_lesions(pixels, zones(), count=20, seed=0, face_width_px=FACE_WIDTH)
    assert all(not 148 <= lesion.y <= 160 for lesion in painted.lesions)


def test_too_many_lesions_end_in_a_sentence_that_says_how_many_fit():
    with pytest.raises(NoRoomError, match="ask for fewer") as caught:
        paint(count=5000)
    assert isinstance(caught.value, DermagradeError)
    room = caught.value.room
    assert len(paint(count=room).lesions) == room


def test_a_face_without_zones_has_no_room():
    with pytest.raises(NoRoomError):
        paint_lesions(skin(), np.zeros((300, 300), np.uint8), count=1, seed=0, face_width_px=FACE_WIDTH)


@pytest.mark.parametrize(("wrong", "told"), [({"count": -1}, "count"), ({"zones": ["ear"]}, "no such zone: ear")])
def test_a_wrong_argument_is_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        paint(**wrong)


def test_a_label_map_of_another_size_is_refused():
    with pytest.raises(ValueError, match="label_map"):
        paint_lesions(skin(), zones()[:100], count=1, seed=0, face_width_px=FACE_WIDTH)


def test_painted_and_found_lesions_pair_one_to_one_nearest_first():
    painted = [Lesion(10, 10, 2), Lesion(14, 10, 2), Lesion(90, 90, 2)]
    found = [Lesion(13.5, 10, 2), Lesion(10.5, 10, 2), Lesion(50, 50, 2)]
    assert match_lesions(painted, found, reach_px=5) == (1, 0, None)


def test_one_circle_cannot_find_two_lesions():
    assert match_lesions([Lesion(10, 10, 2), Lesion(12, 10, 2)], [Lesion(11.9, 10, 2)], reach_px=5) == (None, 0)


def test_a_large_lesion_may_be_found_within_twice_its_radius():
    assert match_lesions([Lesion(0, 0, 10)], [Lesion(19, 0, 3)], reach_px=4) == (0,)
    assert match_lesions([Lesion(0, 0, 10)], [Lesion(21, 0, 3)], reach_px=4) == (None,)
