"""Heat lies over the right skin, in colours that are seen on skin of any tone and with any colour vision."""

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.light import lab
from dermagrade.reports.heat import COVERED_FROM, heat_colours
from dermagrade.reports.marks import measure_text
from dermagrade.reports.overlay import ZONE_COLOURS, close_up, draw_overlay
from dermagrade.types import Assessment, HeatMap, Measure, Photo, ZoneScore
from face_scene import assessment, scene, screening

# What people without one kind of cone see, in linear light. Machado GM, Oliveira MM, Fernandes LAF. A physiologically
# based model for simulation of color vision deficiency. IEEE Trans Vis Comput Graph 2009;15(6):1291-1298, severity 1.
VISION = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
SKIN = [(250, 224, 205), (236, 200, 175), (224, 172, 140), (198, 140, 105), (160, 105, 75), (120, 75, 52), (85, 52, 38)]
SKIN += [(50, 32, 26), (230, 150, 130), (200, 110, 95)]  # and the darkest, and reddened skin


def seen(colours, vision):
    """sRGB colours as Lab of what is seen of them."""
    share = np.asarray(colours, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ np.array(VISION[vision]).T
    linear = np.clip(linear, 0, 1)
    return lab(255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("vision", list(VISION))
@pytest.mark.parametrize("skin", SKIN)
def test_heat_is_told_from_the_skin_below_it(vision, skin):
    colours = heat_colours(np.linspace(0.2, 1, 33)).astype(float)
    cover = colours[:, 3:] / 255
    painted = colours[:, :3] * cover + np.array(skin) * (1 - cover)
    # Two colours are told apart from about 2.3 on; ten times that is seen at a glance.
    assert np.linalg.norm(seen(painted, vision) - seen(skin, vision), axis=1).min() > 20


@pytest.mark.parametrize("vision", list(VISION))
def test_stronger_is_lighter_however_colours_are_seen(vision):
    lightness = seen(heat_colours(np.linspace(0, 1, 65))[:, :3], vision)[:, 0]
    assert (np.diff(lightness[::4]) > 0.5).all()


def test_nothing_is_drawn_where_there_is_next_to_nothing_and_values_beyond_full_are_full():
    cover = heat_colours(np.array([-3.0, 0.0, 0.04, np.nan, COVERED_FROM, 1.0, 9.0]))
    assert not cover[:4, 3].any()
    assert cover[4, 3] == cover[5, 3] > 150
    assert np.array_equal(cover[5], cover[6])


def heated(face, photo, where, *, high=0.5, **more):
    """An answer with heat of 1 in a box x0, y0, x1, y1 of the photo's pixels, as cells of 2 pixels from (20, 30) on."""
    ys, xs = np.mgrid[0:200, 0:200]
    x, y = 20 + 2 * (xs + 0.5), 30 + 2 * (ys + 0.5)
    inside = (x > where[0]) & (x < where[2]) & (y > where[1]) & (y < where[3])
    origin = (20 * photo.scale, 30 * photo.scale)
    heat = HeatMap(inside.astype(np.float32), origin, 2 * photo.scale, high, "Brown", "log density")
    values = {
        "score": 4.0,
        "label": "Moderate",
        "level": 4,
        "zones": {z: ZoneScore(3.0) for z in face.found},
        "details": PigmentationDetails(heat),
    }
    return Assessment("pigmentation", "pigment-9", **(values | more))


@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize("box", [None, (120, 120, 240, 260)])
def test_heat_lies_where_the_map_says_at_any_scale_of_photo_and_picture(scale, box):
    # No zone is seen, so that no outline or label hides the heat.
    photo, face = scene(400, 320, box=box, scale=scale, hidden=tuple(ZONE_COLOURS))
    shown = close_up(photo, face)
    where = (150, 160, 190, 200)
    picture = draw_overlay(photo, face, heated(face, photo, where)).crop((0, 0, *shown.size))
    changed = np.asarray(picture).astype(int) - np.asarray(shown)
    ys, xs = np.nonzero(changed[..., 0] < -60)
    left, top = (0, 0) if box is None else (120 - 0.28 * 140, 120 - 0.28 * 140)
    factor = shown.width / (320 if box is None else np.ceil(240 + 0.28 * 140) - np.floor(left))
    expected = [(where[0] - np.floor(left)) * factor, (where[2] - np.floor(left)) * factor]
    assert np.quantile(xs, [0.005, 0.995]) == pytest.approx(expected, abs=3 * factor)
    expected = [(where[1] - np.floor(top)) * factor, (where[3] - np.floor(top)) * factor]
    assert np.quantile(ys, [0.005, 0.995]) == pytest.approx(expected, abs=3 * factor)


def test_off_the_map_and_below_0_the_photo_stays_as_it_is():
    photo, face = scene(hidden=tuple(ZONE_COLOURS))
    nothing = heated(face, photo, (0, 0, 0, 0), zones={})
    heat = nothing.details.heat
    pale = replace(nothing, details=PigmentationDetails(replace(heat, values=heat.values - 1)))
    shown = np.asarray(close_up(photo, face))
    for answer in (nothing, pale):
        picture = np.asarray(draw_overlay(photo, face, answer))[: shown.shape[0], : shown.shape[1]]
        assert np.array_equal(picture, shown)


def test_zones_are_outlined_thinner_over_heat():
    photo, face = scene()
    shown = close_up(photo, face)

    def outlined(answer):
        picture = np.asarray(draw_overlay(photo, face, answer).crop((0, 0, *shown.size))).astype(int)
        return (np.abs(picture - ZONE_COLOURS["left_cheek"]).max(axis=2) < 25).sum()

    with_heat, without = heated(face, photo, (0, 0, 0, 0)), assessment(face, found=())
    assert 0 < outlined(with_heat) < outlined(without)


MEASURES = (
    Measure("one", "Share of the skin that is affected by it", 12.34, "%"),
    Measure("two", "Spots", 7.0),
    Measure("three", "A draft", 4.5, "", "It is a draft, not validated, and nothing to decide a treatment by."),
)


@pytest.mark.parametrize("size", [(60, 40), (400, 320), (320, 400), (2000, 1500), (120, 900)])
def test_the_panel_with_bar_and_numbers_ends_within_the_picture(size):
    photo, face = scene(*size)
    answer = heated(face, photo, (0, 0, 0, 0), measures=MEASURES * 3, interval=(3.0, 5.0))
    picture = draw_overlay(photo, face, answer, screening("Come closer to the camera. " * 6))
    shown = close_up(photo, face)
    portrait = shown.height >= shown.width
    panel = np.asarray(picture)[:, shown.width :] if portrait else np.asarray(picture)[shown.height :]
    ink = np.abs(panel.astype(int) - panel[-1, -1]).max(axis=2) > 60
    assert ink.any()
    assert not ink[-4:].any()
    assert not ink[:, -8:].any()


def test_each_number_title_and_unit_changes_the_panel():
    photo, face = scene()
    plain = heated(face, photo, (0, 0, 0, 0), measures=MEASURES)

    def coloured(**other):
        return replace(plain, details=PigmentationDetails(replace(plain.details.heat, **other)))

    others = [
        replace(plain, measures=MEASURES[:2]),
        replace(plain, measures=(replace(MEASURES[0], value=13.4), *MEASURES[1:])),
        replace(plain, measures=(*MEASURES[:2], replace(MEASURES[2], note=""))),
        coloured(title="Red"),
        coloured(unit=""),
        coloured(high=0.4),
    ]
    pictures = {draw_overlay(photo, face, answer).tobytes() for answer in (plain, *others)}
    assert len(pictures) == 7


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "%", "0 %"),
        (12.34, "%", "12.3 %"),
        (0.2345, "", "0.23"),
        (7.0, "", "7"),
        (123.4, "per cm^2", "123 per cm^2"),
        (-3.456, "L*", "-3.46 L*"),
    ],
)
def test_numbers_are_written_with_their_unit(value, unit, text):
    assert measure_text(Measure("x", "X", value, unit)) == text


def test_a_photo_is_not_changed_by_the_heat_drawn_over_it():
    photo, face = scene()
    before = photo.pixels.copy()
    draw_overlay(
        Photo(photo.pixels, photo.sha256, photo.width, photo.height), face, heated(face, photo, (9, 9, 99, 99))
    )
    assert np.array_equal(photo.pixels, before)
