"""A stand-in for a condition on a scale of fine steps: the darker the picture, the higher its grade."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from dermagrade.conditions import Condition
from dermagrade.grading.recipe import About, Recipe
from dermagrade.scales import PIGMENT_9
from dermagrade.types import Assessment, FaceMap, Photo, Screening
from dermagrade.weights.model import Model
from graded_photos import add_grain
from red_dots import grey_photo


def grade_dullness(
    photo: Photo,
    face: FaceMap | None,
    screening: Screening,
    *,
    model: Model | None = None,
    pupil_distance_mm: float | None = None,
) -> Assessment:
    """9 for black, 0 for white; the interval reaches 1 to either side."""
    if face is None:
        return Assessment("dullness", PIGMENT_9.id, abstained="No face was found.")
    score = 9 * (1 - float(photo.pixels.mean()) / 255)
    level = PIGMENT_9.level_of(score)
    interval = (max(0.0, score - 1), min(9.0, score + 1))
    return Assessment(
        "dullness", PIGMENT_9.id, score, level.value, level.label, interval, model=None if model is None else model.id
    )


DULLNESS = Condition(
    name="dullness",
    title="Dullness",
    scale=PIGMENT_9.id,
    weights="dullness",
    grade=grade_dullness,
    label_scales=(PIGMENT_9.id,),
    recipes={"plain": Recipe("none", "nothing is learnt", About("How dark it is.", ("In the dark.",), "Nobody's."))},
)


def save_grey(path: Path, grade: float) -> None:
    """A grainy grey picture that :func:`grade_dullness` grades about so."""
    photo = grey_photo()
    photo.pixels[:] = round(255 * (1 - grade / 9))
    add_grain(photo)
    Image.fromarray(np.asarray(photo.pixels)).save(path)
