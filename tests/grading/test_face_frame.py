"""What a network sees of a face does not depend on the light, and leads back to the photo."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN, from_density
from dermagrade.grading.face_frame import CHANNELS, FaceFrame, cut, frame_face, frame_shape, network_input, zone_shares
from dermagrade.grading.zone_ordinal import FaceAnswer, heat_map
from dermagrade.types import ZONES, FaceMap, Photo, Zone


def _face(height: int = 300, width: int = 240) -> FaceMap:
    labels = np.zeros((height, width), np.uint8)
    zones = {}
    for number, name in enumerate(ZONES, 1):
        top = 10 + 55 * (number - 1)
        labels[top : top + 45, 30:200] = number
        polygon = np.array([[30.0, top], [200.0, top], [200.0, top + 45.0]])
        zones[name] = Zone(name, 0.1 if name == "nose" else 0.9, polygon)
    return FaceMap((20.0, 0.0, 220.0, 300.0), {}, 0.0, 0.0, 0.0, labels, zones, 0.9)


def _photo(pixels: NDArray[np.uint8]) -> Photo:
    return Photo(pixels, "0" * 64, 2 * pixels.shape[1], 2 * pixels.shape[0])


def _skin(brown: NDArray[np.float64], red: NDArray[np.float64], light: NDArray[np.float64]) -> NDArray[np.uint8]:
    return from_density(0.35 + brown[..., None] * MELANIN + red[..., None] * HAEMOGLOBIN + light)


def test_the_frame_holds_every_zone_that_is_found_and_no_other() -> None:
    frame = frame_face(_photo(np.full((300, 240, 3), 120, np.uint8)), _face(), size=96)
    assert frame is not None
    assert frame.pixels.shape == (*frame_shape(96), 3)
    for number, zone in enumerate(ZONES, 1):
        ys, xs = np.nonzero(frame.labels == number)
        if zone == "nose":  # hidden: a tenth of it is seen
            assert not len(ys)
            continue
        middle = (np.array([xs.mean(), ys.mean()]) + 0.5) * frame.scale + frame.origin
        assert middle == pytest.approx((115.0, 10 + 55 * (number - 1) + 22.5), abs=1.5)
        assert len(ys) * frame.scale**2 == pytest.approx(170 * 45, rel=0.06)


def test_a_face_without_a_pixel_of_a_zone_has_no_frame() -> None:
    face = replace(_face(), label_map=np.zeros((300, 240), np.uint8))
    assert frame_face(_photo(np.full((300, 240, 3), 120, np.uint8)), face, size=96) is None


def test_what_lies_beyond_the_photo_is_black() -> None:
    found = cut(np.full((20, 20, 3), 200, np.uint8), (-10, 0), 1.0, (20, 20))
    assert not found[:, :9].any()
    assert (found[:, 11:] == 200).all()


def test_the_shares_of_a_cell_are_those_of_its_pixels() -> None:
    labels = np.array([[[1, 1, 0, 0], [1, 5, 0, 3], [0, 0, 0, 0], [0, 0, 0, 0]]], np.uint8)
    shares = zone_shares(labels)
    assert shares.shape == (1, 5, 2, 2)
    assert shares[0, :, 0, 0].tolist() == [0.75, 0, 0, 0, 0.25]
    assert shares[0, :, 0, 1].tolist() == [0, 0, 0.25, 0, 0]
    assert not shares[0, :, 1].any()


@pytest.mark.parametrize("shift", [np.array([0.5, 0.5, 0.5]), np.array([0.1, -0.1, 0.25])])
def test_neither_less_light_nor_another_white_balance_changes_what_the_network_sees(shift: NDArray[np.float64]) -> None:
    rng = np.random.default_rng(0)
    brown, red = (0.2 * rng.random((1, 32, 32)) for _ in range(2))
    mask = np.zeros((1, 32, 32), np.uint8)
    mask[:, 4:28, 4:28] = 2
    plain = network_input(_skin(brown, red, np.zeros(3)), mask)
    other = network_input(_skin(brown, red, shift), mask)
    assert plain.shape == (1, CHANNELS, 32, 32)
    # Bytes are coarser in the dark, and melanin is what unmixing makes noisiest.
    assert np.abs(plain - other)[..., 4:28, 4:28].mean() < 0.1


def test_brown_shows_in_the_melanin_channel_and_red_does_not() -> None:
    spot = np.zeros((1, 32, 32))
    spot[:, 10:20, 10:20] = 0.4
    nothing, mask = np.zeros_like(spot), np.ones((1, 32, 32), np.uint8)
    brown = network_input(_skin(spot, nothing, np.zeros(3)), mask)[0, 3]
    red = network_input(_skin(nothing, spot, np.zeros(3)), mask)[0, 3]
    inside = spot[0] > 0
    assert brown[inside].mean() - brown[~inside].mean() > 1.0
    assert abs(red[inside].mean() - red[~inside].mean()) < 0.2


def test_a_spot_is_drawn_where_it_is_in_the_photo() -> None:
    face = _face()
    photo = _photo(np.full((300, 240, 3), 120, np.uint8))
    frame = frame_face(photo, face, size=96)
    assert frame is not None
    shares = zone_shares(frame.labels[None])[0]
    strength = np.zeros((48, 40), np.float32)
    strength[39:41, 24:26] = 0.4  # within the chin
    strength[16:18, 24:26] = 0.4  # within the nose, which is hidden
    answer = FaceAnswer(frame, dict.fromkeys([zone for zone in ZONES if zone != "nose"], 1.0), strength, shares)
    heat = heat_map(photo, face, answer, least=0.03, high=0.5, title="x")
    rows, columns = np.nonzero(heat.values > 0.2)
    found = np.array([columns.mean(), rows.mean()]) * heat.scale + heat.origin
    place = np.array(frame.origin) + frame.scale * np.array([50.0, 80.0])
    # The photo was read at half its size, and heat is in pixels of the full photo.
    assert found == pytest.approx(2 * place, abs=4)
    assert not heat.values[: int((10 / 300) * heat.values.shape[0]) - 1].any()


def test_cells_of_a_zone_know_their_skin_and_their_size() -> None:
    labels = np.zeros((8, 8), np.uint8)
    labels[:4, 2:] = ZONES.index("nose") + 1
    frame = FaceFrame(np.full((8, 8, 3), 9, np.uint8), labels, (0.0, 0.0), 3.0)
    strength = np.arange(16, dtype=np.float32).reshape(4, 4)
    cells = FaceAnswer(frame, {"nose": 0.0}, strength, zone_shares(labels[None])[0]).cells()["nose"]
    assert cells.skin.tolist() == [[True] * 3] * 2
    assert cells.strength.tolist() == [[1, 2, 3], [5, 6, 7]]
    assert cells.cell_px == 6.0
    assert cells.pixels.shape == (2, 3, 3)
