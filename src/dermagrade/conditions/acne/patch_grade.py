"""Grades acne with a network that scores one skin patch at a time, as ``features-mlp`` trains it.

The network sees the rectangle around a zone, squeezed into a square, and gives its severity on the scale that it
learnt. The score of a photo is the mean over its patches. Nothing is counted and no lesion is pointed at.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.errors import WeightsError
from dermagrade.face.patches import cut_patches
from dermagrade.scales import ACNE_5, ACNE_HAYASHI, SCALES, Scale, acne_5_from_hayashi
from dermagrade.types import Assessment, FaceMap, Photo, ZoneScore
from dermagrade.weights.manifest import Manifest
from dermagrade.weights.model import Model

#: What the manifest of such a network gives as its ``kind``.
KIND = "zone-patches"

#: The zones that are scored. The nose is none of them in the published recipe.
PATCH_ZONES: tuple[str, ...] = ("forehead", "left_cheek", "right_cheek", "chin")


def patch_input(pixels: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    """A patch as the network takes it: ``(3, size, size)`` RGB from 0 to 1, squeezed to a square.

    Args:
        pixels: ``(h, w, 3)`` uint8.
        size: side of the square, in pixels.
    """
    square = Image.fromarray(pixels).resize((size, size), Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(square, np.float32).transpose(2, 0, 1) / 255.0)


def photo_score(patches: Mapping[str, float], scale: Scale) -> tuple[float, dict[str, float]]:
    """The score of a photo, the mean of its patches, and that of each patch, all held within the scale.

    Args:
        patches: what the network says of each zone; at least one.
        scale: the scale that it learnt.
    """
    held = {zone: float(np.clip(score, scale.low, scale.high)) for zone, score in patches.items()}
    return float(np.mean(list(held.values()))), held


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
