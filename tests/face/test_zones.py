"""The shipped zone network on real faces that may be shown, and on pictures with none."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo, read_photo_bytes
from dermagrade.types import ZONES, FaceMap, Photo

matplotlib = pytest.importorskip("matplotlib", reason="the portrait comes inside matplotlib's wheel")
PORTRAIT = Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def as_photo(pixels: np.ndarray) -> Photo:
    return Photo(np.ascontiguousarray(pixels), "0" * 64, pixels.shape[1], pixels.shape[0])


@pytest.fixture(scope="module")
def portrait() -> Photo:
    return read_photo(PORTRAIT)


@pytest.fixture(scope="module")
def face(portrait: Photo) -> FaceMap:
    found = find_face(portrait)
    assert found is not None
    return found


def test_a_frontal_face_shows_all_five_zones(face: FaceMap) -> None:
    assert face.found == ZONES
    assert abs(face.yaw_deg) < 20


def test_left_and_right_are_the_persons_own(face: FaceMap) -> None:
    left, right = (face.zones[z].polygon.mean(0) for z in ("left_cheek", "right_cheek"))
    assert left[0] > right[0]
    assert face.points["left_eye"][0] > face.points["right_eye"][0]


def test_zones_stand_in_their_order_down_the_face(face: FaceMap) -> None:
    heights = [face.zones[z].polygon.mean(0)[1] for z in ("forehead", "nose", "chin")]
    assert heights == sorted(heights)


def test_a_mirrored_photo_has_its_cheeks_swapped(portrait: Photo, face: FaceMap) -> None:
    mirrored = find_face(as_photo(portrait.pixels[:, ::-1]))
    assert mirrored is not None
    width = portrait.pixels.shape[1]
    want = width - face.zones["left_cheek"].polygon.mean(0)[0]
    assert abs(mirrored.zones["right_cheek"].polygon.mean(0)[0] - want) < 0.1 * (face.box[2] - face.box[0])


def test_coordinates_follow_the_size_of_the_photo(portrait: Photo, face: FaceMap) -> None:
    image = Image.fromarray(portrait.pixels)
    twice = find_face(as_photo(np.asarray(image.resize((2 * image.width, 2 * image.height)))))
    assert twice is not None
    assert np.allclose(np.array(twice.box) / 2, face.box, atol=0.08 * (face.box[2] - face.box[0]))


def test_the_label_map_and_the_polygons_say_the_same(face: FaceMap) -> None:
    for number, name in enumerate(ZONES, start=1):
        ys, xs = np.nonzero(face.label_map == number)
        centre = np.array([xs.mean(), ys.mean()])
        assert np.hypot(*(centre - face.zones[name].polygon.mean(0))) < 0.15 * (face.box[2] - face.box[0])


def test_a_half_outside_the_frame_is_less_visible(portrait: Photo, face: FaceMap) -> None:
    middle = int((face.box[0] + face.box[2]) / 2)
    cut = find_face(as_photo(portrait.pixels[:, middle:]))
    assert cut is not None
    assert cut.zones["right_cheek"].visible < 0.3 < cut.zones["left_cheek"].visible


@pytest.mark.parametrize("kind", ["black", "noise", "gradient"])
def test_a_picture_without_a_face_has_none(kind: str) -> None:
    pixels = {
        "black": np.zeros((300, 400, 3), np.uint8),
        "noise": np.random.default_rng(0).integers(0, 255, (300, 400, 3), dtype=np.uint8),
        "gradient": np.tile(np.linspace(0, 255, 400).astype(np.uint8)[None, :, None], (300, 1, 3)),
    }[kind]
    assert find_face(as_photo(pixels)) is None


def test_of_two_faces_the_larger_is_taken_and_the_other_named(portrait: Photo) -> None:
    image = Image.fromarray(portrait.pixels)
    small = image.resize((image.width // 2, image.height // 2))
    both = np.full((image.height, image.width + small.width, 3), 90, np.uint8)
    both[:, : image.width] = portrait.pixels
    both[: small.height, image.width :] = np.asarray(small)
    face = find_face(as_photo(both))
    assert face is not None
    assert face.box[2] < image.width
    assert len(face.others) == 1
    assert face.others[0][0] > image.width


def test_one_pixel_is_no_face() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1)).save(buffer, "PNG")
    assert find_face(read_photo_bytes(buffer.getvalue(), name="x")) is None
