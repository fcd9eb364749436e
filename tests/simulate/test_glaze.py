"""The second painting method meets the load wished for, tells what it rendered, and stays on skin of any tone."""

import numpy as np
import pytest

from dermagrade.simulate.glaze import glaze_pigment
from dermagrade.simulate.painted_pigment import PaintedPigment, parts_in_load
from dermagrade.types import ZONES
from skin_scene import FACE_WIDTH, luminance, skin, zones

WEIGHTS = {"forehead": 0.25, "nose": 0.1, "left_cheek": 0.275, "right_cheek": 0.275, "chin": 0.1}
TONES = ("light", "middling", "dark")


def glazed(load=0.1, seed=1, tone="middling", **more):
    return glaze_pigment(skin(tone), zones(), face_width_px=FACE_WIDTH, load=load, seed=seed, **more)


def load_of(excess, weights):
    """The load by its definition, zone by zone."""
    found = {}
    for number, name in enumerate(ZONES, start=1):
        own = excess[zones() == number]
        found[name] = np.maximum(own, 0).mean() + 0.5 * np.maximum(-own, 0).mean()
    return sum(weights[name] * found[name] for name in ZONES) / sum(weights.values())


def test_no_load_leaves_every_byte_as_it_was():
    painted = glazed(load=0.0)
    assert np.array_equal(painted.pixels, skin())
    assert not painted.excess.any()
    assert not painted.mask.any()


def test_a_seed_gives_one_picture_and_another_seed_another():
    assert np.array_equal(glazed(seed=5).pixels, glazed(seed=5).pixels)
    assert np.array_equal(glazed(seed=5).excess, glazed(seed=5).excess)
    assert not np.array_equal(glazed(seed=5).pixels, glazed(seed=6).pixels)


def test_the_input_is_not_changed():
    pixels = skin()
    glaze_pigment(pixels, zones(), face_width_px=FACE_WIDTH, load=0.1, seed=0)
    assert np.array_equal(pixels, skin())


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("load", [0.003, 0.06, 0.36])
@pytest.mark.parametrize("seed", range(2))
def test_the_load_is_met_within_a_fiftieth_on_any_tone(tone, load, seed):
    painted = glazed(load=load, seed=seed, tone=tone, zone_weights=WEIGHTS)
    assert load_of(painted.excess, WEIGHTS) == pytest.approx(load, rel=0.02)
    assert painted.parameters["load"] == pytest.approx(load, rel=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_without_weights_every_pixel_of_the_zones_counts_alike(seed):
    excess = glazed(load=0.1, seed=seed).excess[zones() > 0]
    assert np.maximum(excess, 0).mean() + 0.5 * np.maximum(-excess, 0).mean() == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("seed", range(4))
def test_the_truth_is_what_was_rendered(tone, seed):
    before, painted = skin(tone), glazed(load=0.12, seed=seed, tone=tone)
    measured = np.log(np.maximum(luminance(before), 1e-4) / np.maximum(luminance(painted.pixels), 1e-4))
    # Half a byte more or less is all that may lie between the light that was worked out and the bytes of it.
    half_a_byte = 2.4 * 0.6 / np.maximum(painted.pixels[..., 1].astype(float), 4)
    off = np.abs(measured - painted.excess)
    assert (off <= 1.6 * half_a_byte + 0.006).mean() > 0.995
    assert off[zones() > 0].mean() < 0.012


@pytest.mark.parametrize("seed", range(6))
def test_paint_lies_on_skin_alone(seed):
    painted = glazed(load=0.2, seed=seed)
    changed = np.abs(painted.pixels.astype(int) - skin()).max(axis=2)
    y, x = np.mgrid[:256, :256] + 0.5
    background = ((x - 128) / 104) ** 2 + ((y - 130) / 116) ** 2 > 1
    assert changed[background].max() <= 1
    assert painted.excess[zones() > 0].max() > 0.1


def test_paint_does_not_stop_at_the_border_of_a_zone():
    along = np.concatenate([glazed(load=0.36, seed=s).excess[80:84, 70:190].ravel() for s in range(8)])
    inside = np.concatenate([glazed(load=0.36, seed=s).excess[74:78, 70:190].ravel() for s in range(8)])
    assert along.mean() > 0.3 * inside.mean()


def test_pigment_is_browner_than_the_skin_and_not_grey():
    for seed in range(4):
        before, painted = skin("light"), glazed(load=0.15, seed=seed, tone="light")
        spot = painted.excess > 0.2
        ratio = [p[spot][:, 0].astype(float) / p[spot][:, 2] for p in (before, painted.pixels)]
        assert ratio[1].mean() > 1.02 * ratio[0].mean()


def test_some_faces_are_faint_and_wide_and_others_dark_in_one_place():
    told = [glazed(load=0.08, seed=seed).parameters for seed in range(16)]
    contrast = np.array([t["contrast"] for t in told])
    coverage = np.array([t["coverage"] for t in told])
    assert contrast.max() > 2.5 * contrast.min()
    assert np.corrcoef(np.log(contrast), np.log(coverage))[0, 1] < -0.5


def test_a_load_is_painted_with_contrast_and_coverage_in_their_ranges():
    for seed in range(20):
        load = 0.01 * 36 ** (seed / 19)
        told = glazed(load=load, seed=seed).parameters
        assert 0.04 <= told["contrast"] <= 1.05
        assert 0.008 <= told["coverage"] <= 0.85


def test_about_a_tenth_of_the_faces_have_pale_spots_that_are_paler_than_the_skin():
    with_pale = [s for s in range(40) if glazed(load=0.05, seed=s).parameters["pale"] > 0]
    assert 1 <= len(with_pale) <= 12
    assert glazed(load=0.05, seed=with_pale[0]).excess.min() < -0.01
    without = next(s for s in range(40) if s not in with_pale)
    assert glazed(load=0.05, seed=without).excess.min() > -1e-3


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"load": 0.5}, "load"), ({"load": float("nan")}, "load"), ({"face_width_px": 0}, "face_width_px")],
)
def test_a_wrong_number_is_refused(wrong, told):
    call = {"load": 0.1, "face_width_px": FACE_WIDTH, "seed": 0} | wrong
    with pytest.raises(ValueError, match=told):
        glaze_pigment(skin(), zones(), **call)


def test_a_map_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="hold a zone"):
        glaze_pigment(skin(), np.zeros((256, 256), np.uint8), face_width_px=FACE_WIDTH, load=0.1, seed=0)


def test_zones_share_the_load_by_their_weights_whatever_their_size():
    part = parts_in_load(zones(), WEIGHTS)
    assert part.sum() == pytest.approx(1, rel=1e-4)
    for number, name in enumerate(ZONES, start=1):
        assert part[zones() == number].sum() == pytest.approx(WEIGHTS[name], rel=1e-4)
    without_nose = np.where(zones() == 2, 0, zones()).astype(np.uint8)
    assert parts_in_load(without_nose, WEIGHTS)[zones() == 1].sum() == pytest.approx(0.25 / 0.9, rel=1e-4)


def test_a_painting_whose_parts_do_not_fit_is_refused():
    fit = (skin(), np.zeros((256, 256), np.float32), np.zeros((256, 256), bool))
    with pytest.raises(ValueError, match="must agree"):
        PaintedPigment(fit[0], fit[1][:9], fit[2], {})
    with pytest.raises(ValueError, match="float32"):
        PaintedPigment(fit[0], fit[1].astype(float), fit[2], {})
