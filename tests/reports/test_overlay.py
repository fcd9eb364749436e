"""The overlay shows zones, lesions and scores at every size of photo, and its panel always fits."""

import numpy as np
import pytest

from dermagrade.conditions.acne.answer import about_lesions
from dermagrade.reports.overlay import ZONE_COLOURS, close_up, draw_overlay
from dermagrade.types import Assessment
from face_scene import assessment, scene, screening

LONG = "The face is small in this photo, so that lesions may be missed; come closer to the camera and try again. " * 2


def near(picture, colour, reach=40):
    """Where the picture has about this colour."""
    return np.abs(np.asarray(picture).astype(int) - colour).max(axis=2) <= reach


@pytest.mark.parametrize("size", [(60, 40), (400, 320), (320, 400), (2000, 1500), (1200, 3000), (900, 120), (120, 900)])
def test_the_picture_is_large_enough_and_the_panel_ends_within_it(size):
    photo, face = scene(*size)
    picture = draw_overlay(photo, face, assessment(face), screening(LONG, LONG, LONG, LONG))
    shown = close_up(photo, face)
    assert max(picture.size) >= 900
    assert 1000 <= max(shown.size) <= 1280
    portrait = shown.height >= shown.width
    panel = np.asarray(picture)[:, shown.width :] if portrait else np.asarray(picture)[shown.height :]
    ink = np.abs(panel.astype(int) - panel[-1, -1]).max(axis=2) > 60
    assert ink.any()
    assert not ink[-4:].any()
    assert not ink[:, -8:].any()


def test_every_found_zone_is_outlined_in_its_own_colour_and_a_hidden_one_is_not():
    photo, face = scene(hidden=("left_cheek",))
    shown = close_up(photo, face)
    picture = draw_overlay(photo, face, assessment(face)).crop((0, 0, *shown.size))
    for zone, colour in ZONE_COLOURS.items():
        assert (near(picture, colour, 25).sum() > 300) == (zone != "left_cheek")


def test_each_lesion_of_a_reduced_photo_has_a_ring_around_its_place():
    photo, face = scene(scale=4.0)
    found = assessment(face, scale=4.0)
    shown = close_up(photo, face)
    picture = np.asarray(draw_overlay(photo, face, found)).astype(int)
    plain = np.asarray(shown).astype(int)
    factor = shown.width / photo.width
    for lesion in found.details.lesions:
        x, y = lesion.x * factor, lesion.y * factor
        radius = lesion.radius * factor * 1.35 + 2
        angles = np.linspace(0, 2 * np.pi, 90)
        lightness = []
        for r in (radius - 2, radius - 1, radius):  # the line is two pixels wide and lies between pixels
            rows, columns = y + r * np.sin(angles), x + r * np.cos(angles)
            lightness.append(picture[np.rint(rows).astype(int), np.rint(columns).astype(int)].min(axis=1))
        assert (np.max(lightness, axis=0) > 215).mean() > 0.9
        assert np.array_equal(picture[int(y), int(x)], plain[int(y), int(x)])


def test_a_less_sure_lesion_has_a_broken_ring():
    photo, face = scene()
    whole = np.asarray(draw_overlay(photo, face, assessment(face, confidence=0.9)))
    broken = np.asarray(draw_overlay(photo, face, assessment(face, confidence=0.2)))
    shown = close_up(photo, face)
    white = [(near(p[: shown.height, : shown.width], (255, 255, 255), 20)).sum() for p in (whole, broken)]
    assert white[1] < white[0]


def test_zone_labels_never_cover_a_lesion():
    photo, face = scene()
    many = assessment(face)
    shown = close_up(photo, face)
    factor = shown.width / photo.width
    picture = np.asarray(draw_overlay(photo, face, many))
    for lesion in many.details.lesions:
        x, y = int(lesion.x * factor), int(lesion.y * factor)
        assert picture[y - 3 : y + 4, x - 3 : x + 4].min() > 60  # labels are nearly black


def test_a_small_face_is_shown_closer():
    photo, face = scene(1000, 1000, box=(450, 400, 600, 590))
    shown = close_up(photo, face)
    assert max(shown.size) == 1000
    assert (near(draw_overlay(photo, face, assessment(face)), ZONE_COLOURS["forehead"], 25)).sum() > 1000
    around = np.asarray(shown)
    assert around.shape[0] / 1000 * 190 * 2 > 200


def test_without_a_score_the_reason_stands_in_the_panel():
    photo, face = scene()
    abstained = Assessment("acne", "acne-5", abstained="No skin zone of the face is visible enough to grade.")
    with_reason = np.asarray(draw_overlay(photo, face, abstained))
    other = np.asarray(draw_overlay(photo, face, Assessment("acne", "acne-5", abstained="Another reason.")))
    assert with_reason.shape == other.shape
    assert not np.array_equal(with_reason, other)


def test_the_photo_itself_is_not_drawn_on():
    photo, face = scene()
    before = photo.pixels.copy()
    draw_overlay(photo, face, assessment(face))
    assert np.array_equal(photo.pixels, before)


def test_the_colours_of_the_zones_differ_in_lightness_or_hue():
    colours = np.array(list(ZONE_COLOURS.values()), float)
    apart = np.linalg.norm(colours[:, None] - colours[None], axis=2) + 1e3 * np.eye(5)
    assert apart.min() > 60


@pytest.mark.parametrize(
    ("count", "words"), [(0.2, "about 0 lesions"), (1.3, "about 1 lesion"), (20.6, "about 21 lesions")]
)
def test_counts_read_as_english(count, words):
    assert about_lesions(count) == words
