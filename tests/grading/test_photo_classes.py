"""What a network of whole faces is shown: the skin alone, wherever in the photo the face stands."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.grading.photo_classes import signed_picture, skin_square
from dermagrade.types import ZONES, FaceMap, Photo, Zone


def scene(labels: np.ndarray, pixels: np.ndarray) -> tuple[Photo, FaceMap]:
    """A photo and a face whose zones are these labels."""
    height, width = labels.shape
    polygon = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    zones = {zone: Zone(zone, 0.9 if (labels == i).any() else 0.0, polygon) for i, zone in enumerate(ZONES, start=1)}
    face = FaceMap((0.0, 0.0, float(width), float(height)), {}, 0.0, 0.0, 0.0, labels.astype(np.uint8), zones, 0.9)
    return Photo(pixels.astype(np.uint8), "0" * 64, width, height), face


def painted(top: int, left: int, background: int) -> tuple[Photo, FaceMap]:
    """Two cheeks of one colour, 50 px high and 50 px wide together, with a gap of 10 px between them."""
    labels = np.zeros((120, 140), int)
    labels[top : top + 50, left : left + 20] = 4
    labels[top : top + 50, left + 30 : left + 50] = 3
    pixels = np.full((120, 140, 3), background)
    pixels[labels > 0] = (200, 150, 100)
    return scene(labels, pixels)


def test_only_skin_is_left_and_it_fills_the_square() -> None:
    square = skin_square(*painted(30, 40, 250), 52)
    assert square is not None
    # 50 px of skin and a margin of 1 px at each side: not resized.
    assert (square[1:51, 1:21] == (200, 150, 100)).all()
    assert (square[1:51, 31:51] == (200, 150, 100)).all()
    assert (square[:, 22:30] == 0).all()
    assert (square[0] == 0).all()


def test_neither_place_nor_background_changes_the_picture() -> None:
    one, other = skin_square(*painted(5, 60, 10), 32), skin_square(*painted(60, 3, 240), 32)
    assert one is not None
    assert (one == other).all()


def test_a_face_of_which_no_zone_is_seen_has_no_picture() -> None:
    assert skin_square(*scene(np.zeros((20, 30), int), np.zeros((20, 30, 3))), 16) is None


def test_a_face_of_another_photo_is_refused() -> None:
    photo, _ = scene(np.ones((20, 30), int), np.zeros((20, 30, 3)))
    _, face = scene(np.ones((30, 20), int), np.zeros((30, 20, 3)))
    with pytest.raises(ValueError, match="label_map must be"):
        skin_square(photo, face, 16)


def test_a_picture_goes_from_minus_one_to_one() -> None:
    seen = signed_picture(np.array([[[0, 255, 51]]], np.uint8))
    assert seen.shape == (3, 1, 1)
    assert seen.ravel() == pytest.approx([-1.0, 1.0, -0.6])
