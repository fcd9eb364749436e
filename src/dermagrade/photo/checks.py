"""What is checked in a photo before it is graded: one function a check, each with a stable code.

Every check measures one number and compares it with the limit in :data:`CHECKS`; ``docs/screening.md`` says how many
real photos each limit touches. Light, sharpness and colour are measured on a :class:`Region`: the face brought to one
size, so that a number means the same in a small and in a large photo. A check that cannot measure says so (P112);
it is never taken for fine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.light import LUMA, lab
from dermagrade.types import ZONE_FOUND_FROM, ZONES, Box, FaceMap, Finding, Photo, Severity

#: A region's longer side is brought down to this; a smaller one keeps its own pixels.
REGION_LONG_SIDE_PX = 256

#: Fewer measured pixels, or a shorter longer side, say nothing about light, sharpness or colour.
MEASURABLE_PIXELS = 400
MEASURABLE_LONG_SIDE_PX = 48

#: Median a* and b* (CIE Lab) of the skin in the photos that the limits come from, whatever its tone.
SKIN_A, SKIN_B = 13.0, 19.0

# Variance that rounding the three channels (1/12 level^2 each) leaves in the finest details of the luma: of white
# noise the difference from its binomial filter keeps 1 - 2 (6/16)^2 + (70/256)^2 = 0.794.
_ROUNDING = 0.794 * float((LUMA**2).sum()) / 12.0 / 255.0**2


@dataclass(frozen=True)
class Check:
    """One line of the table of checks.

    Attributes:
        code: stable.
        title: two or three words.
        severity: of its finding; P109 refuses only beyond its limit and is a note below.
        measures: what the value is, with its unit.
        bound: whether a finding comes below (``minimum``) or above (``maximum``) the limit; None without a number.
        limit: in the unit of the value.
        advice: the sentence that the person reads.
    """

    code: str
    title: str
    severity: Severity
    measures: str
    bound: Literal["minimum", "maximum"] | None
    limit: float | None
    advice: str


CHECKS: tuple[Check, ...] = (
    Check(
        "P101",
        "photo too small",
        "caution",
        "shorter side of the photo, in pixels",
        "minimum",
        160,
        "The photo is very small: send the original from the camera, not a thumbnail or a screenshot.",
    ),
    Check(
        "P102",
        "blurred",
        "caution",
        "contrast of the finest details over the contrast around them, no unit",
        "minimum",
        0.075,
        "The photo is blurred: wipe the lens, hold still, tap on the face to focus, and take it again.",
    ),
    Check(
        "P103",
        "too dark",
        "caution",
        "brightness that the brightest tenth of the face exceeds, 0 to 1",
        "minimum",
        0.3,
        "The face is too dark: turn it towards a window or a lamp and take the photo again.",
    ),
    Check(
        "P104",
        "too bright",
        "caution",
        "median brightness of the face, 0 to 1",
        "maximum",
        0.88,
        "The face is too bright: step out of direct light, switch the flash off, and take the photo again.",
    ),
    Check(
        "P105",
        "clipped",
        "caution",
        "share of the face that is burnt out to white or drowned in black, 0 to 1",
        "maximum",
        0.03,
        "Parts of the face are pure white or pure black: use soft, even light from the front and take it again.",
    ),
    Check(
        "P106",
        "colour cast",
        "caution",
        "distance of the face's median a*, b* (CIE Lab) from that of skin in ordinary light",
        "maximum",
        22,
        "The colours are off or missing: use daylight, no coloured lamp and no filter, and take the photo again.",
    ),
    Check(
        "P107",
        "face too small",
        "caution",
        "longer side of the face's box in the photo at its full size, in pixels",
        "minimum",
        160,
        "The face is small, so single spots may be missed: come closer until the face fills the frame.",
    ),
    Check(
        "P108",
        "no face",
        "refuse",
        "whether a face is found",
        None,
        None,
        "No face was found: take a photo in which the face is near, upright, in light and not covered.",
    ),
    Check(
        "P109",
        "several faces",
        "refuse",
        "area of the second largest face over that of the largest",
        "maximum",
        0.5,
        "There are several faces of like size: crop the photo so that it shows one person.",
    ),
    Check(
        "P110",
        "turned too far",
        "caution",
        "turn of the head away from the asked zone, in degrees",
        "maximum",
        30,
        "The head is turned too far to show what was asked for: turn this side towards the camera.",
    ),
    Check(
        "P111",
        "zone hidden",
        "caution",
        "share of the zone that is visible, 0 to 1",
        "minimum",
        ZONE_FOUND_FROM,
        "Skin that was asked for is hidden: move hair, hands or glasses away and keep the whole face in the frame.",
    ),
    Check(
        "P112",
        "could not be checked",
        "note",
        "pixels of the face that could be measured",
        "minimum",
        MEASURABLE_PIXELS,
        "Light, sharpness or colour could not be checked: come closer and take the photo again to be sure.",
    ),
    Check(
        "P113",
        "hair over the forehead",
        "note",
        "share of the forehead that dark hair or a cap hides, 0 to 1",
        "maximum",
        0.25,
        "Hair or a cap hides part of the forehead: clear it for the photo.",
    ),
    Check(
        "P114",
        "glasses",
        "note",
        "largest share of a zone that the frame of glasses hides, 0 to 1",
        "maximum",
        0.005,
        "Glasses hide part of the face: take them off for the photo.",
    ),
    Check(
        "P115",
        "mask",
        "caution",
        "largest share of a zone that a mask hides, 0 to 1",
        "maximum",
        0.03,
        "A mask hides part of the face: take it off for the photo.",
    ),
    Check(
        "P116",
        "bar",
        "caution",
        "largest share of a zone that a bar of one colour hides, 0 to 1",
        "maximum",
        0.03,
        "A bar is drawn over part of the face: use the photo without it.",
    ),
)

_BY_CODE = {check.code: check for check in CHECKS}

#: What :attr:`~dermagrade.types.Zone.covered` calls it, to the code of its finding.
_COVER_CODES = {"hair": "P113", "glasses": "P114", "mask": "P115", "bar": "P116"}


@dataclass(frozen=True, eq=False)
class Region:
    """The face, or the whole photo where there is none, at the size at which it is measured.

    Attributes:
        rgb: ``(h, w, 3)`` float, 0 to 255, sRGB.
        mask: ``(h, w)`` bool, True on the pixels that count: skin zones where they are known, else all.
        is_face: False where the whole photo stands in for a face.
    """

    rgb: NDArray[np.float64]
    mask: NDArray[np.bool_]
    is_face: bool

    @property
    def measurable(self) -> bool:
        """Whether there is enough of it to say anything about light, sharpness and colour."""
        return max(self.mask.shape) >= MEASURABLE_LONG_SIDE_PX and int(self.mask.sum()) >= MEASURABLE_PIXELS

    @property
    def luma(self) -> NDArray[np.float64]:
        """``(h, w)``, 0 to 1."""
        return self.rgb @ (LUMA / 255.0)


def region(photo: Photo, face: FaceMap | None) -> Region:
    """Cuts the face out and brings its longer side down to :data:`REGION_LONG_SIDE_PX` at most."""
    height, width = photo.pixels.shape[:2]
    x0, y0, x1, y1 = (0, 0, width, height) if face is None else _whole_pixels(face.box, width, height)
    cut = photo.pixels[y0:y1, x0:x1]
    mask = np.ones(cut.shape[:2], bool)
    if face is not None and face.label_map.shape == (height, width):
        skin = face.label_map[y0:y1, x0:x1] > 0
        mask = skin if skin.any() else mask
    shrink = min(1.0, REGION_LONG_SIDE_PX / max(cut.shape[:2]))
    size = (max(1, round(cut.shape[1] * shrink)), max(1, round(cut.shape[0] * shrink)))
    rgb = Image.fromarray(cut).resize(size, Image.Resampling.HAMMING)
    small = Image.fromarray(mask.astype(np.uint8)).resize(size, Image.Resampling.NEAREST)
    return Region(np.asarray(rgb, np.float64), np.asarray(small) > 0, face is not None)


def _whole_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    x0, y0 = min(max(int(box[0]), 0), width - 1), min(max(int(box[1]), 0), height - 1)
    x1, y1 = min(int(np.ceil(box[2])), width), min(int(np.ceil(box[3])), height)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


# What is measured ------------------------------------------------------------------------------------------------


def short_side_px(photo: Photo) -> float:
    """Shorter side of the photo at its full size, in pixels."""
    return float(min(photo.width, photo.height))


def face_side_px(photo: Photo, face: FaceMap) -> float:
    """Longer side of the face's box in pixels of the full photo."""
    x0, y0, x1, y1 = face.box
    return max(x1 - x0, y1 - y0) * photo.scale


def sharpness(area: Region) -> float:
    """Root mean square of the finest details over that of all details up to about a tenth of the face.

    Both numbers scale with the contrast of the photo, so light and skin tone drop out; and because the spectrum of
    natural pictures falls evenly, a small sharp face measured at its own size gives about the number of a large one.
    What rounding to 256 levels adds to the finest details is taken off, or a strong blur would end in it.
    """
    luma = area.luma
    finer = _smoothed(luma, 1)
    coarser = finer
    for step in (2, 4, 8):
        coarser = _smoothed(coarser, step)
    fine = max(_variance((luma - finer)[area.mask]) - _ROUNDING, 0.0)
    around = _variance((luma - coarser)[area.mask])
    return 0.0 if around < _ROUNDING else float(np.sqrt(fine / around))


def highlight(area: Region) -> float:
    """Brightness that the brightest tenth of the region exceeds: also high on dark skin, if it is lit."""
    return float(np.percentile(area.luma[area.mask], 90))


def brightness(area: Region) -> float:
    """Median brightness, 0 to 1."""
    return float(np.median(area.luma[area.mask]))


def clipped_share(area: Region) -> float:
    """Share of pixels with two channels at white or all three at black. One full channel is common on warm skin."""
    rgb = area.rgb[area.mask]
    return float((((rgb >= 254).sum(axis=1) >= 2) | (rgb <= 2).all(axis=1)).mean())


def cast_distance(area: Region) -> float:
    """Distance of the median a*, b* from :data:`SKIN_A`, :data:`SKIN_B`; a black-and-white photo has 23."""
    _, a, b = np.median(lab(area.rgb[area.mask]), axis=0)
    return float(np.hypot(a - SKIN_A, b - SKIN_B))


def second_face_share(face: FaceMap) -> float:
    """Area of the largest other face over that of the face that was taken; 0 where there is none."""
    return _box_area(face.others[0]) / max(_box_area(face.box), 1e-9) if face.others else 0.0


def turned_away_deg(face: FaceMap, zone: str) -> float:
    """Degrees by which the head is turned so that ``zone`` leaves the view."""
    if zone == "left_cheek":
        return face.yaw_deg
    if zone == "right_cheek":
        return -face.yaw_deg
    if zone == "forehead":
        return max(abs(face.yaw_deg) - 45.0, face.pitch_deg)
    if zone == "chin":
        return max(abs(face.yaw_deg) - 45.0, -face.pitch_deg)
    return abs(face.yaw_deg) - 45.0


def _box_area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _variance(details: NDArray[np.float64]) -> float:
    return float(np.mean(details**2))


def _smoothed(plane: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """Binomial filter 1 4 6 4 1 with ``step`` pixels between its taps, edges repeated."""
    for axis in (0, 1):
        margin = [(0, 0), (0, 0)]
        margin[axis] = (2 * step, 2 * step)
        wide = np.pad(plane, margin, mode="edge")
        length = plane.shape[axis]
        taps = (wide.take(range(i * step, i * step + length), axis=axis) for i in range(5))
        plane = sum((w * tap for w, tap in zip((1, 4, 6, 4, 1), taps, strict=True)), np.zeros_like(plane)) / 16.0
    return plane


# The checks ------------------------------------------------------------------------------------------------------


def too_small(photo: Photo) -> Finding | None:
    """P101."""
    return _limited("P101", short_side_px(photo))


def blurred(area: Region) -> Finding | None:
    """P102. A face of few pixels is not blurred for that: it is measured at its own size."""
    return _limited("P102", sharpness(area))


def too_dark(area: Region) -> Finding | None:
    """P103."""
    return _limited("P103", highlight(area))


def too_bright(area: Region) -> Finding | None:
    """P104."""
    return _limited("P104", brightness(area))


def clipped(area: Region) -> Finding | None:
    """P105."""
    return _limited("P105", clipped_share(area))


def colour_cast(area: Region) -> Finding | None:
    """P106; only of a face, since a wall may have any colour."""
    return _limited("P106", cast_distance(area)) if area.is_face else None


def face_too_small(photo: Photo, face: FaceMap) -> Finding | None:
    """P107."""
    return _limited("P107", face_side_px(photo, face))


def no_face(face: FaceMap | None) -> Finding | None:
    """P108."""
    return Finding("P108", "refuse", _BY_CODE["P108"].advice) if face is None else None


def several_faces(face: FaceMap) -> Finding | None:
    """P109: refuses from the limit on; below it a note says that the largest face was taken."""
    if not face.others:
        return None
    check, share = _BY_CODE["P109"], second_face_share(face)
    assert check.limit is not None
    if share >= check.limit:
        return Finding("P109", "refuse", check.advice, value=share, maximum=check.limit)
    advice = "There are several faces: the largest was taken; crop the photo if another was meant."
    return Finding("P109", "note", advice, value=share)


def turned_too_far(face: FaceMap, zones: Sequence[str]) -> list[Finding]:
    """P110 for every asked zone that is not found because the head is turned away from the camera."""
    return [
        finding
        for zone in zones
        if not face.zones[zone].found and (finding := _limited("P110", turned_away_deg(face, zone), zone))
    ]


def zone_hidden(face: FaceMap, zones: Sequence[str]) -> list[Finding]:
    """P111 for every asked zone that is not found for another reason; where none is asked, if none at all is found."""
    if not zones:
        best = max(ZONES, key=lambda z: face.zones[z].visible)
        finding = _limited("P111", face.zones[best].visible)
        return [finding] if finding else []
    turned = {zone for zone in zones if turned_too_far(face, [zone])}
    return [
        finding
        for zone in zones
        if zone not in turned and (finding := _limited("P111", face.zones[zone].visible, zone))
    ]


def covered(face: FaceMap) -> list[Finding]:
    """P113 to P116: what hides skin, whichever zones are asked for."""
    return [
        finding
        for kind, code in _COVER_CODES.items()
        if (finding := _limited(code, max(zone.covered.get(kind, 0.0) for zone in face.zones.values())))
    ]


def not_checked(area: Region) -> Finding | None:
    """P112: the region is too small to measure, or there is no face whose colour could be."""
    if area.measurable and area.is_face:
        return None
    check = _BY_CODE["P112"]
    pixels = float(area.mask.sum()) if area.is_face else 0.0
    return Finding("P112", check.severity, check.advice, value=pixels, minimum=check.limit)


def _limited(code: str, value: float, zone: str | None = None) -> Finding | None:
    """The finding of a check whose value lies beyond its limit."""
    check = _BY_CODE[code]
    if check.limit is None or check.bound is None:
        raise ValueError(f"{code} has no limit")
    if (value >= check.limit) if check.bound == "minimum" else (value <= check.limit):
        return None
    message = check.advice if zone is None else f"{zone.replace('_', ' ').capitalize()}: {check.advice}"
    if check.bound == "minimum":
        return Finding(code, check.severity, message, value=value, minimum=check.limit)
    return Finding(code, check.severity, message, value=value, maximum=check.limit)
