"""What a network sees of a zone does not depend on the light, and leads back to the photo."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dermagrade.conditions.zone_ordinal import ZoneAnswer, heat_map
from dermagrade.conditions.zone_patches import CHANNELS, ZoneSquare, cut_square, network_input, zone_squares
from dermagrade.face.chromophores import HAEMOGLOBIN, MELANIN, from_density
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


def test_each_zone_that_is_found_gets_a_square_around_its_middle() -> None:
    squares = zone_squares(_photo(np.full((300, 240, 3), 120, np.uint8)), _face(), size=32)
    assert [square.zone for square in squares] == [zone for zone in ZONES if zone != "nose"]
    for square in squares:
        middle = square.origin[0] + square.scale * 16, square.origin[1] + square.scale * 16
        top = 10 + 55 * ZONES.index(square.zone)
        assert middle == pytest.approx((115.0, top + 22.5), abs=0.6)
        _, xs = np.nonzero(square.mask > 0.5)
        assert xs.mean() * square.scale + square.origin[0] == pytest.approx(114.5, abs=6)
        assert square.mask.sum() * square.scale**2 == pytest.approx(170 * 45, rel=0.05)


def test_a_square_beyond_the_photo_is_black_there() -> None:
    found = cut_square(np.full((20, 20, 3), 200, np.uint8), -10, 0, 20, 20)
    assert not found[:, :9].any()
    assert (found[:, 11:] == 200).all()


@pytest.mark.parametrize("shift", [np.array([0.5, 0.5, 0.5]), np.array([0.1, -0.1, 0.25])])
def test_neither_less_light_nor_another_white_balance_changes_what_the_network_sees(shift: NDArray[np.float64]) -> None:
    rng = np.random.default_rng(0)
    brown, red = (0.2 * rng.random((1, 32, 32)) for _ in range(2))
    mask = np.zeros((1, 32, 32), np.float32)
    mask[:, 4:28, 4:28] = 1
    plain = network_input(_skin(brown, red, np.zeros(3)), mask)
    other = network_input(_skin(brown, red, shift), mask)
    assert plain.shape == (1, CHANNELS, 32, 32)
    # Bytes are coarser in the dark, and melanin is what unmixing makes noisiest.
    assert np.abs(plain - other)[..., 4:28, 4:28].mean() < 0.1


def test_brown_shows_in_the_melanin_channel_and_red_does_not() -> None:
    spot = np.zeros((1, 32, 32))
    spot[:, 10:20, 10:20] = 0.4
    nothing, mask = np.zeros_like(spot), np.ones((1, 32, 32), np.float32)
    brown = network_input(_skin(spot, nothing, np.zeros(3)), mask)[0, 3]
    red = network_input(_skin(nothing, spot, np.zeros(3)), mask)[0, 3]
    inside = spot[0] > 0
    assert brown[inside].mean() - brown[~inside].mean() > 1.0
    assert abs(red[inside].mean() - red[~inside].mean()) < 0.2


def test_a_spot_is_drawn_where_it_is_in_the_photo() -> None:
    face = _face()
    photo = _photo(np.full((300, 240, 3), 120, np.uint8))
    answers = []
    for square in zone_squares(photo, face, size=64):
        strength = np.zeros((32, 32), np.float32)
        if square.zone == "chin":
            strength[15:17, 24:26] = 0.4
        answers.append(ZoneAnswer(square, 1.0, strength))
    heat = heat_map(photo, face, answers, least=0.03, high=0.5, title="x")
    rows, columns = np.nonzero(heat.values > 0.2)
    found = np.array([columns.mean(), rows.mean()]) * heat.scale + heat.origin
    chin = next(a.square for a in answers if a.square.zone == "chin")
    place = np.array(chin.origin) + chin.scale * np.array([50.0, 32.0])
    # The photo was read at half its size, and heat is in pixels of the full photo.
    assert found == pytest.approx(2 * place, abs=4)
    labels = face.label_map
    assert not heat.values[: int((10 / 300) * heat.values.shape[0]) - 1].any()
    assert labels.shape == (300, 240)


def test_cells_of_an_answer_know_their_skin_and_their_size() -> None:
    mask = np.zeros((8, 8), np.float32)
    mask[:4] = 1
    square = ZoneSquare("nose", np.full((8, 8, 3), 9, np.uint8), mask, (0.0, 0.0), 3.0)
    answer = ZoneAnswer(square, 0.0, np.zeros((4, 4), np.float32))
    assert answer.skin.tolist() == [[True] * 4, [True] * 4, [False] * 4, [False] * 4]
    assert answer.cell_px == 6.0
    assert answer.pixels.shape == (4, 4, 3)
