"""Paints mottled pigmentation onto a face at a grade of ``pigment-9``."""

from __future__ import annotations

import numpy as np

from dermagrade.conditions.pigmentation.load import ZONE_WEIGHTS, face_load, grade_of_load, load_of, load_of_grade
from dermagrade.errors import UsageError
from dermagrade.grading.painting import Simulated
from dermagrade.simulate.cleared import clear_pigment
from dermagrade.simulate.glaze import glaze_pigment
from dermagrade.simulate.pigment import paint_pigment
from dermagrade.types import ZONES, FaceMap, Photo

#: Ways of painting. The weights that ship have seen the first alone; the second is kept for measuring them.
METHODS = ("melanin", "glaze")


def paint_pigmentation(
    photo: Photo, face: FaceMap, *, grade: float, seed: int, bare: bool = True, method: str = ""
) -> Simulated:
    """Paints brown patches; see :class:`dermagrade.grading.painting.Paint`.

    ``truth`` is the excess density of every pixel. With ``bare`` the face's own brown mottling is evened out first.
    """
    if method and method not in METHODS:
        raise UsageError(f"There is no painting method {method!r}; there are: {', '.join(METHODS)}.")
    width = max(1.0, face.box[2] - face.box[0])
    pixels = clear_pigment(photo.pixels, face.label_map, face_width_px=width) if bare else photo.pixels
    paint = glaze_pigment if method == "glaze" else paint_pigment
    painted = paint(
        pixels, face.label_map, face_width_px=width, load=load_of_grade(grade), seed=seed, zone_weights=ZONE_WEIGHTS
    )
    loads = {}
    for zone in face.found:
        own = face.label_map == ZONES.index(zone) + 1
        if own.any():
            loads[zone] = load_of(painted.excess, own)
    truth = grade_of_load(face_load(loads)) if loads else 0.0
    return Simulated(
        pixels=painted.pixels,
        grade=truth,
        zones={zone: grade_of_load(load) for zone, load in loads.items()},
        truth=np.asarray(painted.excess, np.float32),
        parameters={**painted.parameters, "bare": float(bare)},
    )
