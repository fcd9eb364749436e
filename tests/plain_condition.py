"""Conditions that need no network: how dark the skin is, and whether it grew darker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from dermagrade.conditions.condition import Condition, Look
from dermagrade.evaluation.measures.grader import Grader
from dermagrade.grading.painting import Simulated
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES, Assessment, Change, FaceMap, Photo, Screening, ZoneChange, ZoneScore
from dermagrade.weights.model import Model


def _darkness(photo: Photo, face: FaceMap) -> dict[str, float]:
    """Zone to 9 times the share of light that its mean byte lacks."""
    light = photo.pixels.mean(axis=2) / 255
    return {z: float(9 * (1 - light[face.label_map == ZONES.index(z) + 1].mean())) for z in face.found}


def grade_darkness(
    photo: Photo,
    face: FaceMap | None,
    screening: Screening,
    *,
    model: Model | None = None,
    pupil_distance_mm: float | None = None,
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


DARKNESS = Condition("darkness", "Darkness", "pigment-9", grade=grade_darkness, paint=paint_darkness)


def compare_darkness(looks: Sequence[Look]) -> Change:
    """Mean of each zone's change from the first photo to the last; more than half a grade counts."""
    if any(look.face is None for look in looks):
        return Change("darker", PIGMENT_9.id, abstained="A photo shows no face.")
    seen = [_darkness(look.photo, look.face) for look in looks if look.face is not None]
    zones = {zone: seen[-1][zone] - seen[0][zone] for zone in ZONES if all(zone in one for one in seen)}
    difference = float(np.mean(list(zones.values())))
    return Change(
        "darker",
        PIGMENT_9.id,
        verdict="worse" if difference > 0.5 else "improved" if difference < -0.5 else "no detectable change",
        scores=tuple(float(np.mean(list(one.values()))) for one in seen),
        difference=difference,
        interval=(difference - 0.25, difference + 0.25),
        smallest_detectable=0.5,
        zones={zone: ZoneChange(by) for zone, by in zones.items()},
    )


DARKER = Condition("darker", "Darker skin", PIGMENT_9.id, takes="series", compare=compare_darkness)


def darkness_grader(zones: Model) -> Grader:
    """Grades darkness on the faces that this zone network finds."""
    return Grader(DARKNESS, None, zones)
