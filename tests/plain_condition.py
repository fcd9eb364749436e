"""A condition that needs no network: how dark the skin is. For measurements that hold for any condition."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dermagrade.conditions import Condition
from dermagrade.evaluation.measures.grader import Grader
from dermagrade.grading.painting import Simulated
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES, Assessment, FaceMap, Photo, Screening, ZoneScore
from dermagrade.weights.model import Model


def _darkness(photo: Photo, face: FaceMap) -> dict[str, float]:
    """Zone to 9 times the share of light that its mean byte lacks."""
    light = photo.pixels.mean(axis=2) / 255
    return {z: float(9 * (1 - light[face.label_map == ZONES.index(z) + 1].mean())) for z in face.found}


def grade_darkness(
    photo: Photo, face: FaceMap | None, screening: Screening, *, model: Model | None = None
) -> Assessment:
    """Mean over the zones that were found; on ``pigment-9``."""
    if face is None or not face.found:
        return Assessment("darkness", PIGMENT_9.id, abstained="No face.")
    zones = _darkness(photo, face)
    score = float(np.mean(list(zones.values())))
    level = PIGMENT_9.level_of(score)
    scored: Mapping[str, ZoneScore] = {z: ZoneScore(v) for z, v in zones.items()}
    return Assessment("darkness", PIGMENT_9.id, score=score, level=level.value, label=level.label, zones=scored)


def paint_darkness(
    photo: Photo, face: FaceMap, *, grade: float, seed: int, bare: bool = True, method: str = ""
) -> Simulated:
    """Sets every zone to the grey of the grade."""
    pixels = photo.pixels.copy()
    pixels[face.label_map > 0] = round(255 * (1 - grade / 9))
    return Simulated(pixels, grade, dict.fromkeys(face.found, grade), None, {})


DARKNESS = Condition("darkness", "Darkness", "pigment-9", "darkness", grade_darkness, paint=paint_darkness)


def darkness_grader(zones: Model) -> Grader:
    """Grades darkness on the faces that this zone network finds."""
    return Grader(DARKNESS, None, zones)
