"""Grades acne with a network that scores one skin patch at a time, as ``features-mlp`` trains it.

The network sees the rectangle around a zone, squeezed into a square, and gives its severity on the scale that it
learnt. The score of a photo is the mean over its patches. Nothing is counted and no lesion is pointed at.
"""

from __future__ import annotations

import numpy as np

from dermagrade.errors import WeightsError
from dermagrade.face.patches import cut_patches
from dermagrade.grading.zone_patches import PATCH_ZONES, patch_input, photo_score
from dermagrade.scales import ACNE_5, ACNE_HAYASHI, SCALES, Scale, acne_5_from_hayashi
from dermagrade.types import Assessment, FaceMap, Photo, ZoneScore
from dermagrade.weights.manifest import Manifest
from dermagrade.weights.model import Model


def learnt_scale(manifest: Manifest) -> Scale:
    """The scale that the network learnt, from its manifest.

    Raises:
        WeightsError: if the manifest names none that acne is graded on.
    """
    scale = SCALES.get(str(manifest.scale))
    if scale not in (ACNE_5, ACNE_HAYASHI):
        raise WeightsError(f"The weights name {manifest.scale} as their scale; export them again.")
    return scale


def grade_patches(photo: Photo, face: FaceMap, model: Model) -> Assessment:
    """Grades acne on one photo by its forehead, cheeks and chin, as far as they are found.

    The score is on ``acne-5``: the mean of the patches where the network learnt on that scale, else the declared
    mapping (:func:`dermagrade.scales.acne_5_from_hayashi`) of their mean on ``acne-hayashi``. A zone's score is its
    patch's, mapped likewise; the largest of them is the patch maximum.

    Args:
        photo: the photo.
        face: its face.
        model: a network of the kind :data:`KIND`.

    Returns:
        The assessment, without lesions or a count; it abstains where none of the four zones is found.

    Raises:
        WeightsError: if the weights do not fit.
    """
    scale = learnt_scale(model.manifest)
    patches = [patch for patch in cut_patches(photo, face) if patch.zone in PATCH_ZONES]
    if not patches:
        return Assessment(
            condition="acne",
            scale=ACNE_5.id,
            abstained="Neither forehead, cheeks nor chin are visible enough to grade.",
        )
    size = model.manifest.size
    answer = model.run(image=np.stack([patch_input(patch.pixels, size) for patch in patches]))["score"]
    names = [patch.zone for patch in patches]
    mean, of_zone = photo_score(dict(zip(names, answer.tolist(), strict=True)), scale)
    score = _on_acne_5(mean, scale)
    level = ACNE_5.level_of(score)
    return Assessment(
        condition="acne",
        scale=ACNE_5.id,
        score=score,
        level=level.value,
        label=level.label,
        zones={zone: ZoneScore(_on_acne_5(value, scale)) for zone, value in of_zone.items()},
        model=model.id,
    )


def _on_acne_5(score: float, scale: Scale) -> float:
    return score if scale is ACNE_5 else acne_5_from_hayashi(score)
