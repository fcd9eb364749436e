"""Painted pictures as varied as photos, from which a network learns what must not count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from dermagrade.conditions.condition import Condition
from dermagrade.errors import UsageError
from dermagrade.grading.painting import SPOTS, Simulated
from dermagrade.scales import SCALES
from dermagrade.simulate.confounders import CONFOUNDERS, disturb
from dermagrade.simulate.lesions import NoRoomError, paint_lesions
from dermagrade.types import FaceMap, Photo

#: Share of the faces from which their own part of the condition is taken out.
BARE = 0.5
#: Share of the pictures that show nothing of the condition, whatever grade was wished for.
NOTHING = 0.08
#: Share of the pictures that get one to three confounders.
DISTURBED = 0.5
#: Share of the faces that get spots before anything else, unless spots are signs of the condition itself.
SPOTTED = 0.25
#: How many, from a few to those of the most severe faces; few and many alike often.
SPOTS_FROM_TO = (3, 120)


def vary(
    condition: Condition, photo: Photo, face: FaceMap, *, grade: float, seed: int, method: str, rng: Generator
) -> Simulated:
    """Paints a condition onto a face, with what must not count of it, and says how the picture is to be kept.

    By chance the face is bare or as it is, bears spots, and is under redness, shadow, uneven light, shine or stubble of
    any strength (:mod:`dermagrade.simulate.confounders`). The truth is that of the painted condition alone, so what is
    a sign of the condition itself (``Condition.own_signs``) is never painted.

    Args:
        condition: what is painted.
        photo: not changed.
        face: the face in it.
        grade: wished, on the condition's scale.
        seed: of the painting.
        method: of the painting.
        rng: of everything else.

    Returns:
        The picture; its parameters also name the ``quality`` of its JPEG and whether colour is kept at half the size
        (``halved_colour``).

    Raises:
        UsageError: if the condition cannot be painted.
    """
    if condition.paint is None:
        raise UsageError(f"{condition.title} cannot be painted at a grade.")
    told: dict[str, float] = {}
    width = max(1.0, face.box[2] - face.box[0])
    if SPOTS not in condition.own_signs and rng.random() < SPOTTED:
        count = round(float(np.exp(rng.uniform(*np.log(SPOTS_FROM_TO)))))
        try:
            spotted = paint_lesions(
                photo.pixels, face.label_map, count=count, seed=int(rng.integers(2**31)), face_width_px=width
            )
            photo, told["acne_lesions"] = replace(photo, pixels=spotted.pixels), float(count)
        except NoRoomError:
            pass  # a small or covered face stays as it is
    wished = SCALES[condition.scale].low if rng.random() < NOTHING else grade
    painted = condition.paint(photo, face, grade=wished, seed=seed, bare=bool(rng.random() < BARE), method=method)
    pixels = painted.pixels
    if rng.random() < DISTURBED:
        others = [kind for kind in CONFOUNDERS if kind not in condition.own_signs]
        for kind in rng.permutation(np.array(others))[: int(rng.integers(1, 4))].tolist():
            told[kind] = float(rng.uniform(0.1, 1.0))
            pixels = disturb(
                pixels,
                face.label_map,
                box=face.box,
                kind=kind,
                strength=told[kind],
                seed=int(rng.integers(2**31)),
                points=face.points,
            )
    told["quality"] = float(rng.integers(80, 98))
    told["halved_colour"] = float(rng.random() < 0.3)
    return replace(painted, pixels=pixels, parameters={**painted.parameters, **told})
