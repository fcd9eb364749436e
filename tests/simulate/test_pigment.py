"""Painted pigmentation is what its truth says, on any tone, and clearing takes out brown alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN, from_density, luminance_density, separate, to_density
from dermagrade.simulate.cleared import clear_pigment
from dermagrade.simulate.pigment import paint_pigment
from dermagrade.simulate.skin import draw_skin

SIZE = 256


def _label_map() -> NDArray[np.uint8]:
    """Five bands of zones with gaps, on the middle of the picture."""
    labels = np.zeros((SIZE, SIZE), np.uint8)
    for number in range(1, 6):
        labels[20 + 42 * (number - 1) : 20 + 42 * number - 4, 40:216] = number
    return labels


def _load(excess: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    own = excess[labels > 0]
    return float(np.maximum(own, 0).mean() + 0.5 * np.maximum(-own, 0).mean())


@pytest.mark.parametrize("melanin", [0.2, 1.2, 3.0])
@pytest.mark.parametrize("load", [0.005, 0.05, 0.2])
def test_the_wished_load_is_met_on_any_tone(melanin: float, load: float) -> None:
    skin, labels = draw_skin(seed=4, size=SIZE, melanin=melanin), _label_map()
    painted = paint_pigment(skin.pixels, labels, face_width_px=180, load=load, seed=7)
    assert _load(painted.excess, labels) == pytest.approx(load, rel=0.06, abs=5e-4)


def test_the_truth_is_what_was_rendered() -> None:
    pixels = np.full((SIZE, SIZE, 3), (214, 168, 140), np.uint8)
    painted = paint_pigment(pixels, _label_map(), face_width_px=180, load=0.1, seed=3)
    rendered = luminance_density(to_density(painted.pixels)) - luminance_density(to_density(pixels))
    assert np.abs(rendered - painted.excess).max() < 0.02


def test_it_is_brown_that_is_added_and_no_red() -> None:
    pixels = np.full((SIZE, SIZE, 3), (214, 168, 140), np.uint8)
    labels = _label_map()
    more_melanin, more_blood = [], []
    for seed in range(6):
        painted = paint_pigment(pixels, labels, face_width_px=180, load=0.15, seed=seed)
        before, after = separate(pixels), separate(painted.pixels)
        more_melanin.append((after.melanin - before.melanin)[labels > 0].mean())
        more_blood.append((after.haemoglobin - before.haemoglobin)[labels > 0].mean())
    assert min(more_melanin) > 0.1
    assert np.abs(more_blood).max() < 0.5 * np.mean(more_melanin)


def test_a_load_of_nothing_changes_no_byte() -> None:
    skin = draw_skin(seed=1, size=SIZE)
    painted = paint_pigment(skin.pixels, _label_map(), face_width_px=180, load=0.0, seed=5)
    assert (painted.pixels == skin.pixels).all()
    assert not painted.excess.any()


def test_nothing_is_painted_far_from_the_skin() -> None:
    skin = draw_skin(seed=1, size=SIZE)
    painted = paint_pigment(skin.pixels, _label_map(), face_width_px=180, load=0.3, seed=5)
    assert (painted.pixels[:, :20] == skin.pixels[:, :20]).all()
    assert (painted.pixels[:, 236:] == skin.pixels[:, 236:]).all()


def test_the_same_seed_gives_the_same_picture_and_another_another() -> None:
    skin, labels = draw_skin(seed=2, size=SIZE), _label_map()
    first, again, other = (
        paint_pigment(skin.pixels, labels, face_width_px=180, load=0.1, seed=seed).pixels for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("load", "width", "labels"),
    [(0.5, 180, _label_map()), (0.1, 0, _label_map()), (0.1, 180, np.zeros((SIZE, SIZE), np.uint8))],
)
def test_what_makes_no_sense_is_refused(load: float, width: float, labels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="must be"):
        paint_pigment(np.zeros((SIZE, SIZE, 3), np.uint8), labels, face_width_px=width, load=load, seed=0)


def test_clearing_takes_out_most_of_what_spots_add_and_leaves_redness() -> None:
    labels = _label_map()
    pixels = np.full((SIZE, SIZE, 3), (214, 168, 140), np.uint8)
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SIZE, :SIZE]
    spots = np.zeros((SIZE, SIZE))
    for cx, cy in rng.uniform(50, 200, (25, 2)):
        spots = np.maximum(spots, np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 8.0))
    red = np.exp(-((x - 128) ** 2 + (y - 128) ** 2) / 800.0)
    spotted = from_density(to_density(pixels) + 0.4 * spots[..., None] * MELANIN + 0.4 * red[..., None] * HAEMOGLOBIN)
    cleared = clear_pigment(spotted, labels, face_width_px=180)
    inner = (labels > 0) & (spots > 0.5)
    before = separate(spotted).melanin[inner].mean() - separate(pixels).melanin[inner].mean()
    after = separate(cleared).melanin[inner].mean() - separate(pixels).melanin[inner].mean()
    assert after < 0.4 * before
    blood = separate(cleared).haemoglobin - separate(spotted).haemoglobin
    assert np.abs(blood[labels > 0]).mean() < 0.03
    assert (cleared[labels == 0] == spotted[labels == 0]).all()


def test_clearing_by_nothing_changes_no_byte() -> None:
    skin = draw_skin(seed=1, size=SIZE)
    assert (clear_pigment(skin.pixels, _label_map(), face_width_px=180, share=0) == skin.pixels).all()


def test_clearing_makes_no_place_lighter_or_darker_that_did_not_stand_out() -> None:
    """Blocks of false colour, as strong compression leaves them, with no lightness of their own."""
    rng = np.random.default_rng(8)
    blocks = np.kron(rng.uniform(-0.5, 0.5, (16, 16)), np.ones((16, 16)))[..., None]
    density = to_density(np.full((SIZE, SIZE, 3), (200, 150, 120), np.uint8))
    coloured = density + blocks * (MELANIN - HAEMOGLOBIN * MELANIN.sum() / HAEMOGLOBIN.sum()).astype(np.float32)
    level = (luminance_density(coloured) - luminance_density(density))[..., None]
    pixels = from_density((coloured - level).astype(np.float32))
    before = luminance_density(to_density(pixels))
    after = luminance_density(to_density(clear_pigment(pixels, _label_map(), face_width_px=180)))
    assert np.abs(separate(pixels).melanin).std() > 0.1
    assert np.abs(after - before).max() < 0.03
