"""Paints acne onto a face at a grade of ``acne-5``, by the declared mapping from the number of lesions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.face.halves import left_half
from dermagrade.grading.painting import Simulated
from dermagrade.scales import ACNE_5, ACNE_5_KNOTS, acne_5_from_count
from dermagrade.simulate.lesions import NoRoomError, PaintedPhoto, paint_lesions
from dermagrade.types import ZONES, FaceMap, Photo

#: Ways of painting.
METHODS = ("lesions",)

# The half that is not graded gets between this share of the other's lesions and all but one of them.
_LEAST_SHARE = 0.3


def count_for(grade: float) -> int:
    """The whole number of lesions on half a face whose score comes nearest to a grade; the smaller of two as near.

    Args:
        grade: on ``acne-5``.

    Raises:
        ValueError: if it is not on the scale.
    """
    ACNE_5.level_of(grade)
    counts, scores = zip(*ACNE_5_KNOTS, strict=True)
    wished = math.expm1(float(np.interp(grade, scores, np.log1p(counts))))
    return min((math.floor(wished), math.ceil(wished)), key=lambda n: abs(acne_5_from_count(n) - grade))


def paint_acne(
    photo: Photo, face: FaceMap, *, grade: float, seed: int, bare: bool = True, method: str = ""
) -> Simulated:
    """Paints papules, pustules and comedones; see :class:`dermagrade.grading.painting.Paint`.

    As grading does, a frontal face is taken by halves: one gets the lesions of the grade, the other fewer; any other
    face gets them where its skin is seen. Where the skin has no room for so many, it gets as many as there is room
    for, and the truth says so. Lesions that the face has by itself cannot be taken out, so the truth counts what was
    painted, whatever ``bare`` says: paint on clear faces.

    Raises:
        UsageError: for a method that there is not.
        ValueError: if the grade is not on ``acne-5``.
    """
    if method and method not in METHODS:
        raise UsageError(f"There is no painting method {method!r}; there are: {', '.join(METHODS)}.")
    rng = np.random.default_rng(seed)
    count = count_for(grade)
    shown = np.where(np.isin(face.label_map, [_number(zone) for zone in face.found]), face.label_map, 0)
    labels = np.asarray(shown, np.uint8)
    if not face.frontal:
        painted = [_paint(photo.pixels, labels, face, count, int(rng.integers(2**31)))]
    else:
        height, width = labels.shape
        xs, ys = (np.arange(side, dtype=np.float64) + 0.5 for side in (width, height))
        left = left_half(face, xs[None, :], ys[:, None])
        halves = [np.where(left, labels, 0).astype(np.uint8), np.where(left, 0, labels).astype(np.uint8)]
        if rng.random() < 0.5:
            halves.reverse()
        fewer = round(rng.uniform(_LEAST_SHARE, 1.0) * max(count - 1, 0))
        painted = []
        pixels = photo.pixels
        for half, number in zip(halves, (count, fewer), strict=True):
            painted.append(_paint(pixels, half, face, number, int(rng.integers(2**31))))
            pixels = painted[-1].pixels
    kinds = [kind for part in painted for kind in part.kinds]
    most = max(len(part.lesions) for part in painted)
    return Simulated(
        pixels=painted[-1].pixels,
        grade=acne_5_from_count(most),
        # As in grading, a zone's score is that of its worse half.
        zones={
            zone: acne_5_from_count(max(sum(le.zone == zone for le in part.lesions) for part in painted))
            for zone in face.found
        },
        truth=None,
        parameters={"lesions": float(len(kinds)), "graded": float(most)}
        | {f"{kind}s": float(kinds.count(kind)) for kind in ("papule", "pustule", "comedone")},
    )


def _paint(pixels: NDArray[np.uint8], labels: NDArray[np.uint8], face: FaceMap, count: int, seed: int) -> PaintedPhoto:
    """As many lesions as were asked for, or as there is room for."""
    width = max(1.0, face.box[2] - face.box[0])
    try:
        return paint_lesions(pixels, labels, count=count, seed=seed, face_width_px=width)
    except NoRoomError as error:
        return paint_lesions(pixels, labels, count=error.room, seed=seed, face_width_px=width)


def _number(zone: str) -> int:
    return ZONES.index(zone) + 1
