"""Patches hold the photo's own pixels and lead back to where they were cut."""

import numpy as np
import pytest

from dermagrade.face.patches import cut_patches
from dermagrade.types import ZONES, FaceMap, Photo, Zone


def scene(width_px=None):
    """A photo with three zones: forehead and nose found, chin seen too little."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (120, 100, 3), dtype=np.uint8)
    labels = np.zeros((120, 100), np.uint8)
    labels[10:30, 20:80] = 1
    labels[40:70, 45:55] = 2
    labels[115:120, 0:10] = 5
    visible = {"forehead": 0.9, "nose": 1.0, "chin": 0.1}
    zones = {z: Zone(z, visible.get(z, 0.0), np.zeros((0, 2))) for z in ZONES}
    face = FaceMap((10, 0, 90, 120), {}, 0.0, 0.0, 0.0, labels, zones, 0.9)
    full = width_px or 100
    return Photo(pixels, "0" * 64, full, full * 120 // 100), face


def test_only_found_zones_have_a_patch_in_the_order_of_the_zones():
    assert [p.zone for p in cut_patches(*scene())] == ["forehead", "nose"]


def test_a_patch_is_the_photo_at_its_place():
    photo, face = scene()
    for patch in cut_patches(photo, face):
        x, y = (int(v) for v in patch.origin)
        height, width = patch.mask.shape
        assert np.array_equal(patch.pixels, photo.pixels[y : y + height, x : x + width])
        assert np.array_equal(patch.mask, face.label_map[y : y + height, x : x + width] == ZONES.index(patch.zone) + 1)


def test_a_patch_holds_its_whole_zone_and_a_small_margin():
    photo, face = scene()
    for patch in cut_patches(photo, face):
        assert patch.mask.sum() == (face.label_map == ZONES.index(patch.zone) + 1).sum()
        rows, columns = np.flatnonzero(patch.mask.any(axis=1)), np.flatnonzero(patch.mask.any(axis=0))
        assert rows[0] > 0
        assert columns[0] > 0
        assert patch.mask.shape[0] <= 1.5 * len(rows)


def test_of_a_reduced_photo_the_origin_is_in_pixels_of_the_full_one():
    small, large = cut_patches(*scene()), cut_patches(*scene(width_px=400))
    for a, b in zip(small, large, strict=True):
        assert b.scale == 4.0
        assert b.origin == (4 * a.origin[0], 4 * a.origin[1])


def test_a_zone_at_the_border_stays_within_the_photo():
    photo, face = scene()
    zones = dict(face.zones) | {"chin": Zone("chin", 0.5, np.zeros((0, 2)))}
    whole = FaceMap(face.box, {}, 0.0, 0.0, 0.0, face.label_map, zones, 0.9)
    patch = cut_patches(photo, whole)[-1]
    assert patch.zone == "chin"
    assert patch.origin[0] == 0.0
    assert patch.mask.sum() == 50


def test_a_patch_is_a_copy():
    photo, face = scene()
    cut_patches(photo, face)[0].pixels[:] = 0
    assert np.array_equal(photo.pixels, scene()[0].pixels)


def test_a_face_of_another_photo_is_refused():
    photo, face = scene()
    other = Photo(photo.pixels[:60].copy(), "0" * 64, 100, 60)
    with pytest.raises(ValueError, match="label_map"):
        cut_patches(other, face)
