"""Grades acne on one photo with the acne network.

The network sees the square around the face and a margin, brought to the size that the manifest names. On a grid of
one cell for 4 x 4 pixels it gives the density of lesions, which summed over any area is the number of lesions
there, and for each region of the face the count and the probabilities of the Hayashi grades.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.conditions.acne.answer import AcneDetails, Hayashi
from dermagrade.conditions.acne.patch_grade import grade_patches
from dermagrade.face.halves import left_half
from dermagrade.face.parts import count_parts
from dermagrade.grading.interval import Calibration
from dermagrade.grading.zone_patches import KIND
from dermagrade.scales import ACNE_5, ACNE_HAYASHI, acne_5_from_count, acne_5_from_hayashi
from dermagrade.types import ZONES, Assessment, Box, FaceMap, Lesion, Photo, Screening, ZoneScore
from dermagrade.weights.model import Model, load_model

#: Pixels of the network's input for one cell of its output, in each direction.
CELL_PX = 4

#: The network's input must be a multiple of this.
STRIDE_PX = 32

FloatGrid = NDArray[np.float32]


@dataclass(frozen=True)
class Postprocess:
    """How the network's output is read; from the manifest's ``postprocess``.

    Attributes:
        peak_threshold: a peak of the smoothed density below this, in lesions per cell, is no lesion.
        min_distance_px: two lesions are at least this far apart, in pixels of the network's input.
        face_margin: share of the face box's width and height that is added on each side.
        peak_channel: the channel of the density in which lesions are sought: 0 for the published annotation.
        lesion_radius: radius given to every lesion, as a share of the longer side of the face box. The network does
            not measure size. The default lies between the medians of the two annotations that the shipped network
            learnt from: 0.027 of the face for the roomy boxes of the first, 0.008 for the tight circles of the second.
        counts: False where no lesion was marked for the training: then nothing is counted or pointed at, and the
            score is mapped from the grade (:func:`dermagrade.scales.acne_5_from_hayashi`).
        grade_weights: what each Hayashi grade's probability is multiplied by before the likeliest is chosen, so that a
            rare grade is not passed over because it is rare; empty for the likeliest as it is.
        count_scale: s of :func:`calibrated_share`.
        count_doubt: d of :func:`calibrated_share`, in lesions.
    """

    peak_threshold: float = 0.025
    min_distance_px: float = 8.0
    face_margin: float = 0.15
    peak_channel: int = 0
    lesion_radius: float = 0.015
    counts: bool = True
    grade_weights: tuple[float, ...] = ()
    count_scale: float = 1.0
    count_doubt: float = 0.0

    @classmethod
    def from_record(cls, named: Mapping[str, Any]) -> Postprocess:
        """Takes what a manifest's ``postprocess`` names; the rest keeps its default."""
        values: dict[str, Any] = {key: named[key] for key in cls.__dataclass_fields__ if key in named}
        # JSON knows no tuples.
        values |= {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
        return cls(**values)


@dataclass(frozen=True, eq=False)
class FaceCrop:
    """The square of a photo that the network sees; black where it reaches beyond the photo.

    Attributes:
        image: ``(1, 3, size, size)`` float32, RGB from 0 to 1.
        origin: x, y of its upper left corner in pixels of ``Photo.pixels``; negative beyond the photo.
        scale: pixels of ``Photo.pixels`` for one pixel of ``image``.
    """

    image: FloatGrid
    origin: tuple[int, int]
    scale: float

    def to_photo(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Turns places in ``image`` (0 is the left or upper edge) into pixels of ``Photo.pixels``."""
        return self.origin[0] + x * self.scale, self.origin[1] + y * self.scale

    def pixel_centres(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The x of every column and the y of every row of ``image``, in pixels of ``Photo.pixels``."""
        centres = np.arange(self.image.shape[2], dtype=np.float64) + 0.5
        return self.to_photo(centres, centres)

    def cell_shares(self, mask: NDArray[Any]) -> FloatGrid:
        """Share of each cell of the network's output that ``mask``, ``(size, size)`` like ``image``, covers."""
        cells = self.image.shape[2] // CELL_PX
        shares: FloatGrid = mask.reshape(cells, CELL_PX, cells, CELL_PX).mean(axis=(1, 3), dtype=np.float32)
        return shares


def crop_face(pixels: NDArray[np.uint8], box: Box, *, size: int, margin: float) -> FaceCrop:
    """Cuts the square that the network sees, as it was cut in training.

    The face box grows by the margin as far as the photo reaches; the square of its longer side stands around its
    middle. A larger square is reduced by averaging, a smaller one enlarged bilinearly.

    Args:
        pixels: ``(h, w, 3)`` uint8, sRGB.
        box: of the face, in pixels.
        size: side of the result, in pixels; a multiple of 32.
        margin: share of the box's width and height that is added on each side.

    Raises:
        ValueError: if the size is no multiple of 32.
    """
    if size <= 0 or size % STRIDE_PX:
        raise ValueError(f"size must be a multiple of {STRIDE_PX}, not {size}")
    height, width = pixels.shape[:2]
    dx, dy = (box[2] - box[0]) * margin, (box[3] - box[1]) * margin
    x0, x1 = max(box[0] - dx, 0.0), min(box[2] + dx, float(width))
    y0, y1 = max(box[1] - dy, 0.0), min(box[3] + dy, float(height))
    side = max(int(np.ceil(x1 - x0)), int(np.ceil(y1 - y0)), 1)
    left, top = round((x0 + x1 - side) / 2), round((y0 + y1 - side) / 2)
    square = np.zeros((side, side, 3), np.uint8)
    seen = pixels[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)]
    below, right = max(-top, 0), max(-left, 0)
    square[below : below + seen.shape[0], right : right + seen.shape[1]] = seen
    # BILINEAR averages over all source pixels when it reduces; the gap lets it start from a cheap box average.
    small = Image.fromarray(square).resize((size, size), Image.Resampling.BILINEAR, reducing_gap=3.0)
    image = np.asarray(small, np.float32).transpose(2, 0, 1)[None] / 255.0
    return FaceCrop(np.ascontiguousarray(image), (left, top), side / size)


def find_peaks(density: FloatGrid, *, threshold: float, min_distance_px: float) -> NDArray[np.float64]:
    """Single lesions in a density map.

    A lesion is a local maximum over 3 x 3 cells of the map, smoothed with the 3 x 3 binomial kernel, that reaches
    ``threshold``. Its place is the centre of mass of the smoothed 3 x 3 cells, its confidence ``1 - exp(-2 m)`` of
    the number of lesions m in the 5 x 5 cells around it: 0.63 at half a lesion, 0.86 at a whole one. That is no
    calibrated probability. Of two that are closer than ``min_distance_px`` the stronger stays.

    Args:
        density: ``(h, w)`` lesions per cell.
        threshold: lesions per cell, after smoothing.
        min_distance_px: in pixels of the network's input.

    Returns:
        ``(n, 3)``: x, y in pixels of the network's input, and the confidence from 0 to 1; the strongest first.
    """
    padded = np.pad(density.astype(np.float64), 1)
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    smooth = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16
    around = np.pad(smooth, 1, constant_values=-np.inf)
    height, width = smooth.shape
    windows = np.stack([around[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)])
    # On a plateau only the first cell counts as the peak: it beats those before it and equals those after.
    is_peak = (smooth >= threshold) & (smooth > windows[:4].max(axis=0)) & (smooth >= windows[5:].max(axis=0))
    found: list[tuple[float, float, float]] = []
    ys, xs = np.nonzero(is_peak)
    for i in np.argsort(-smooth[ys, xs], kind="stable"):
        y, x = int(ys[i]), int(xs[i])
        top, left = max(y - 1, 0), max(x - 1, 0)
        near = np.maximum(smooth[top : y + 2, left : x + 2], 0)
        grid_y, grid_x = np.mgrid[top : top + near.shape[0], left : left + near.shape[1]]
        centre_x = CELL_PX * (float((near * grid_x).sum() / near.sum()) + 0.5)
        centre_y = CELL_PX * (float((near * grid_y).sum() / near.sum()) + 0.5)
        if any(np.hypot(centre_x - a, centre_y - b) < min_distance_px for a, b, _ in found):
            continue
        mass = float(density[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3].sum())
        found.append((centre_x, centre_y, 1 - float(np.exp(-2 * max(mass, 0.0)))))
    return np.array(found, np.float64).reshape(-1, 3)


def calibrated_share(total: float, *, scale: float, doubt: float) -> float:
    """Share of a photo's lesions that is kept: ``s n / (n + d)`` of n lesions by the density map.

    The map learns on patches that were cut around lesions, so on a whole face it expects too many: a little in every
    place, which matters most where there are few. The two numbers are fitted on people whom the network never saw.

    Args:
        total: n, lesions in the whole view; 0 or more.
        scale: s, the share that is kept of very many.
        doubt: d, the number of which half that share is kept.
    """
    return scale if doubt == 0 else scale * total / (total + doubt)


def grade_acne(
    photo: Photo,
    face: FaceMap | None,
    screening: Screening,
    *,
    model: Model | None = None,
    pupil_distance_mm: float | None = None,
) -> Assessment:
    """Grades acne on one photo.

    The score is the declared mapping of the count to ``acne-5`` (:func:`dermagrade.scales.acne_5_from_count`). On a
    frontal photo the halves of the face are counted apart and the one with more lesions is graded; on any other
    photo, all that is seen. ``AcneDetails.count`` is for the whole of the square that the network sees.

    A zone's lesions are the density summed over the zone, and its score is the same mapping of them (on a frontal
    photo, of the half of the zone with more of them). It tells the zone's share in the face's score and never
    exceeds that; it is not what a grader who looks at the zone alone would say.

    Args:
        photo: the photo.
        face: where the face is in it, or None.
        screening: of the photo. It changes nothing here: a photo that it refuses is not brought to grading.
        model: the network; the shipped one where None.
        pupil_distance_mm: changes nothing here, since lesions are counted and not measured.

    Returns:
        The assessment, abstaining with a reason where no face or no zone is seen.

    Raises:
        WeightsError: if the weights are missing, damaged, or do not fit.
    """
    if face is None:
        return _abstain("No face was found in the photo, so there is no skin to grade.")
    if not face.found:
        return _abstain("No skin zone of the face is visible enough to grade.")
    model = model or load_model("acne")
    if model.manifest.kind == KIND:
        return grade_patches(photo, face, model)
    reading = Postprocess.from_record(model.manifest.postprocess)
    crop = crop_face(photo.pixels, face.box, size=model.manifest.size, margin=reading.face_margin)
    xs, ys = crop.pixel_centres()
    is_left = left_half(face, xs[None, :], ys[:, None])
    left = crop.cell_shares(is_left)
    if not reading.counts:
        return _graded_alone(face, crop, left, reading, model)
    right = 1 - left
    whole = np.ones_like(left)
    regions = np.stack([whole, left, right] if face.frontal else [whole])[:, None]
    out = model.run(image=crop.image, region=regions)
    kept = calibrated_share(float(out["count"][0]), scale=reading.count_scale, doubt=reading.count_doubt)
    density, counts, grades = out["density"], kept * np.maximum(out["count"], 0.0), out["grade"]

    graded, halves, graded_half = 0, None, None
    if face.frontal:
        graded = 1 if counts[1] >= counts[2] else 2
        halves = {"left": float(counts[1]), "right": float(counts[2])}
        graded_half = "left" if graded == 1 else "right"
    score = acne_5_from_count(float(counts[graded]))
    level = ACNE_5.level_of(score)
    calibration = Calibration.from_record(model.manifest.calibration)
    interval = calibration.interval(score, low=ACNE_5.low, high=ACNE_5.high) if calibration else None
    if calibration and interval and interval[1] - interval[0] > calibration.widest:
        ends = f"from {interval[0]:.1f} to {interval[1]:.1f}"
        return _abstain(f"The score is too uncertain on this photo: it may lie anywhere {ends}.")

    label_at = _labels(face, crop)
    counted = np.maximum(kept * density[0], 0.0)
    shares = np.stack([crop.cell_shares(label_at == number) for number in range(1, len(ZONES) + 1)])
    zones, zone_lesions = _zones(face, counted, shares, left, score)
    both = {"left": 1, "right": 2}
    return Assessment(
        condition="acne",
        scale=ACNE_5.id,
        score=score,
        level=level.value,
        label=level.label,
        interval=interval,
        zones=zones,
        model=model.id,
        details=AcneDetails(
            lesions=_lesions(photo, face, crop, density[reading.peak_channel], reading),
            count=float(counts[0]),
            halves=halves,
            graded_half=graded_half,
            hayashi=_hayashi(grades[graded], reading, calibration),
            zone_lesions=zone_lesions,
            parts=count_parts(counted, shares, left),
            half_hayashi={half: _hayashi(grades[i], reading, calibration) for half, i in both.items()}
            if face.frontal
            else None,
        ),
    )


def _zones(
    face: FaceMap, counted: FloatGrid, shares: FloatGrid, left: FloatGrid, score: float
) -> tuple[dict[str, ZoneScore], dict[str, float]]:
    """Score and lesions of each zone that was found; on a frontal face the score is that of its worse half."""
    zones, lesions = {}, {}
    for name in face.found:
        in_zone = shares[ZONES.index(name)] * counted
        parts = (in_zone * left, in_zone * (1 - left)) if face.frontal else (in_zone,)
        share = max(float(part.sum()) for part in parts)
        zones[name] = ZoneScore(min(acne_5_from_count(share), score))
        lesions[name] = float(in_zone.sum())
    return zones, lesions


def _graded_alone(face: FaceMap, crop: FaceCrop, left: FloatGrid, reading: Postprocess, model: Model) -> Assessment:
    """The answer of a network that learnt from grades alone: every region is asked for its grade, none for a count."""
    label_at = _labels(face, crop)
    parts = {"left": left, "right": 1 - left} if face.frontal else {"whole": np.ones_like(left)}
    zones = {name: crop.cell_shares(label_at == ZONES.index(name) + 1) for name in face.found}
    grades = model.run(image=crop.image, region=np.stack([*parts.values(), *zones.values()])[:, None])["grade"]
    answers = [_hayashi(row, reading, None) for row in grades]
    expected = [float(np.dot(np.arange(4), answer.probabilities)) for answer in answers]
    at = int(np.argmax(expected[: len(parts)]))
    score = acne_5_from_hayashi(expected[at])
    level = ACNE_5.level_of(score)
    return Assessment(
        condition="acne",
        scale=ACNE_5.id,
        score=score,
        level=level.value,
        label=level.label,
        zones={
            name: ZoneScore(min(acne_5_from_hayashi(grade), score))
            for name, grade in zip(zones, expected[len(parts) :], strict=True)
        },
        model=model.id,
        details=AcneDetails(graded_half=list(parts)[at] if face.frontal else None, hayashi=answers[at]),
    )


def _abstain(reason: str) -> Assessment:
    return Assessment(condition="acne", scale=ACNE_5.id, abstained=reason)


def _labels(face: FaceMap, crop: FaceCrop) -> NDArray[np.uint8]:
    """The zone number under each pixel of the crop; 0 beyond the photo."""
    height, width = face.label_map.shape
    xs, ys = (np.floor(v).astype(np.int64) for v in crop.pixel_centres())
    labels = face.label_map[np.clip(ys, 0, height - 1)[:, None], np.clip(xs, 0, width - 1)[None, :]]
    outside = ((ys < 0) | (ys >= height))[:, None] | ((xs < 0) | (xs >= width))[None, :]
    return np.where(outside, 0, labels).astype(np.uint8)


def _lesions(
    photo: Photo, face: FaceMap, crop: FaceCrop, density: FloatGrid, reading: Postprocess
) -> tuple[Lesion, ...]:
    peaks = find_peaks(density, threshold=reading.peak_threshold, min_distance_px=reading.min_distance_px)
    xs, ys = crop.to_photo(peaks[:, 0], peaks[:, 1])
    radius = reading.lesion_radius * max(face.box[2] - face.box[0], face.box[3] - face.box[1])
    height, width = face.label_map.shape
    lesions = []
    for x, y, confidence in zip(xs.tolist(), ys.tolist(), peaks[:, 2].tolist(), strict=True):
        if not (0 <= x < width and 0 <= y < height):
            continue
        number = int(face.label_map[int(y), int(x)])
        zone = ZONES[number - 1] if number else None
        lesions.append(
            Lesion(
                x=x * photo.scale,
                y=y * photo.scale,
                radius=radius * photo.scale,
                confidence=confidence,
                zone=zone if zone in face.found else None,
            )
        )
    return tuple(lesions)


def _hayashi(probabilities: NDArray[np.float32], reading: Postprocess, calibration: Calibration | None) -> Hayashi:
    p = np.maximum(probabilities.astype(np.float64), 0.0)
    p = p / p.sum()
    grade = int((p * reading.grade_weights).argmax() if reading.grade_weights else p.argmax())
    given = (float(p[0]), float(p[1]), float(p[2]), float(p[3]))
    possible = calibration.grades(given, grade) if calibration else ()
    return Hayashi(grade, ACNE_HAYASHI.levels[grade].label, given, possible)
