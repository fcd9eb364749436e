"""What is no pigment looks like what it is called, lies where it belongs, and adds no brown of its own."""

import numpy as np
import pytest

from dermagrade.face.chromophores import separate
from dermagrade.simulate.confounders import CONFOUNDERS, disturb
from dermagrade.types import ZONES
from skin_scene import BOX, luminance, skin, zones

EYES = {"right_eye": (88.0, 90.0), "left_eye": (168.0, 90.0)}


def disturbed(kind, strength=1.0, seed=1, tone="middling", **more):
    return disturb(skin(tone), zones(), box=BOX, kind=kind, strength=strength, seed=seed, **more)


def zone(*names):
    return np.isin(zones(), [ZONES.index(name) + 1 for name in names])


def density(pixels):
    return -np.log(np.maximum(luminance(pixels), 1e-4))


@pytest.mark.parametrize("kind", CONFOUNDERS)
def test_no_strength_leaves_every_byte_as_it_was(kind):
    assert np.array_equal(disturbed(kind, 0.0), skin())


@pytest.mark.parametrize("kind", CONFOUNDERS)
def test_a_seed_gives_one_picture_and_another_seed_another(kind):
    assert np.array_equal(disturbed(kind, seed=5), disturbed(kind, seed=5))
    assert not np.array_equal(disturbed(kind, seed=5), disturbed(kind, seed=6))


@pytest.mark.parametrize("kind", CONFOUNDERS)
def test_the_input_is_not_changed(kind):
    pixels = skin()
    disturb(pixels, zones(), box=BOX, kind=kind, strength=1.0, seed=0)
    assert np.array_equal(pixels, skin())


@pytest.mark.parametrize("tone", ["light", "middling", "dark"])
@pytest.mark.parametrize("kind", CONFOUNDERS)
def test_more_strength_changes_more_on_any_tone(kind, tone):
    changes = [np.abs(disturbed(kind, s, tone=tone).astype(int) - skin(tone)).sum() for s in (0.3, 0.6, 1.0)]
    assert 0 < changes[0] < changes[1] < changes[2]


@pytest.mark.parametrize("tone", ["light", "middling", "dark"])
@pytest.mark.parametrize("seed", range(3))
def test_redness_is_blood_and_hardly_melanin(tone, seed):
    cheeks = zone("left_cheek", "right_cheek")
    before, after = separate(skin(tone)), separate(disturbed("erythema", seed=seed, tone=tone))
    blood = (after.haemoglobin - before.haemoglobin)[cheeks].mean()
    brown = (after.melanin - before.melanin)[cheeks].mean()
    assert blood > 0.1
    assert abs(brown) < 0.15 * blood


def test_redness_is_on_the_cheeks_more_than_on_the_chin():
    change = density(disturbed("erythema")) - density(skin())
    assert change[zone("left_cheek", "right_cheek")].mean() > 1.5 * change[zone("chin")].mean()


def test_redness_stays_off_a_blue_background():
    assert np.abs(disturbed("erythema").astype(int) - skin())[:, :8].max() <= 1


def test_shadow_lies_around_the_eyes_and_nowhere_else():
    change = density(disturbed("socket_shadow", points=EYES)) - density(skin())
    for x, y in EYES.values():
        assert change[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 4].mean() > 0.25
    assert np.abs(change[190:]).max() < 0.05


def test_an_eye_that_is_not_seen_gets_no_shadow():
    seen = {"right_eye": EYES["right_eye"]}
    change = density(disturbed("socket_shadow", points=seen)) - density(skin())
    assert change[85:96, 80:96].mean() > 0.25
    assert np.abs(change[85:96, 160:176]).max() < 0.1
    assert np.array_equal(disturbed("socket_shadow", points={}), skin())


def test_uneven_light_keeps_the_colour_of_neighbouring_pixels_together():
    change = density(disturbed("uneven_light")) - density(skin())
    assert change.max() - change.min() > 0.5
    smooth = change[40:220, 60:200]
    steps = np.abs(np.diff(smooth.reshape(18, 10, 14, 10).mean(axis=(1, 3)), axis=1))
    assert steps.max() < 0.2


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_shine_only_adds_light_and_takes_colour_away(tone):
    before, after = skin(tone).astype(int), disturbed("shine", tone=tone).astype(int)
    assert (after - before).min() >= -1
    bright = (after - before).max(axis=2) > 30
    assert bright.any()
    spread = [(pixels.max(axis=2) / np.maximum(pixels.min(axis=2), 1))[bright].mean() for pixels in (before, after)]
    assert spread[1] < spread[0]


def test_stubble_darkens_chin_and_lip_in_dots_that_are_not_brown():
    before, after = skin("light").astype(float), disturbed("stubble", tone="light")
    chin = zone("chin")
    change = density(after) - density(skin("light"))
    assert change[chin].mean() > 0.1
    assert np.abs(change[zone("forehead")]).max() < 0.05
    assert change[chin].std() > 3 * change[zone("forehead")].std()
    # Brown takes more blue than red; hair below the skin takes more red.
    red, _, blue = (np.log(before[chin] / np.maximum(after[chin], 1))).mean(axis=0)
    assert red > blue * 0.95


def test_a_face_without_zones_is_still_lit_from_the_side_but_has_no_blush():
    none = np.zeros((256, 256), np.uint8)
    lit = disturb(skin(), none, box=BOX, kind="uneven_light", strength=1.0, seed=0)
    assert not np.array_equal(lit, skin())
    assert np.array_equal(disturb(skin(), none, box=BOX, kind="erythema", strength=1.0, seed=0), skin())


def test_a_small_and_a_large_photo_are_disturbed_alike():
    small = disturb(skin(), zones(), box=BOX, kind="uneven_light", strength=1.0, seed=3)
    box = tuple(2 * v for v in BOX)
    large = disturb(skin(side=512), zones(512), box=box, kind="uneven_light", strength=1.0, seed=3)
    reduced = large.reshape(256, 2, 256, 2, 3).mean(axis=(1, 3))
    assert np.abs(reduced - small).mean() < 3


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "tattoo"}, "no such kind: tattoo"),
        ({"strength": 1.2}, "strength"),
        ({"box": (5, 5, 5, 9)}, "box"),
        ({"label_map": np.zeros((9, 9), np.uint8)}, "label_map"),
    ],
)
def test_a_wrong_argument_is_refused(wrong, told):
    call = {"label_map": zones(), "box": BOX, "kind": "shine", "strength": 1.0, "seed": 0} | wrong
    with pytest.raises(ValueError, match=told):
        disturb(skin(), call.pop("label_map"), **call)
