"""Grades a photo with a network that sorts faces into groups of grades, whichever condition it was taught.

The network sees a square picture of the skin alone: what lies in no zone is black. It gives a probability for each
group (kind ``photo-classes``), or the mean similarity to the training photos of each group, brought to a sum of 1
(kind ``siamese``). The score is the mean of the groups' values, weighted by these.

Source of both: a study of mottled hyperpigmentation with Unilever, 2020 (slides; ``docs/published-models.md``).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.errors import WeightsError
from dermagrade.grading.recipe import Prepare, Recipe
from dermagrade.scales import Scale
from dermagrade.types import Assessment, FaceMap, Photo
from dermagrade.weights.model import Model

#: What the manifest of such a network gives as its ``kind``.
PHOTO_CLASSES = "photo-classes"
SIAMESE = "siamese"

#: Around the skin, as a share of the longer side of its rectangle.
_MARGIN = 0.02


def skin_square(photo: Photo, face: FaceMap, size: int) -> NDArray[np.uint8] | None:
    """The face's skin as a square picture, black in what belongs to no zone; None where no zone is seen.

    The square stands around the middle of the rectangle that the zones fill, so that the skin has the same size in
    every picture.

    Args:
        photo: the photo that ``face`` was found in.
        face: its zones.
        size: side of the square, in pixels.

    Returns:
        ``(size, size, 3)`` uint8, sRGB.

    Raises:
        ValueError: if ``face`` belongs to a photo of another size.
    """
    if face.label_map.shape != photo.pixels.shape[:2]:
        raise ValueError(f"label_map must be {photo.pixels.shape[:2]}, not {face.label_map.shape}")
    skin = face.label_map > 0
    rows, columns = np.flatnonzero(skin.any(axis=1)), np.flatnonzero(skin.any(axis=0))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    height, width = bottom - top, right - left
    side = int(np.ceil(max(height, width) * (1 + 2 * _MARGIN)))
    square = np.zeros((side, side, 3), np.uint8)
    y, x = (side - height) // 2, (side - width) // 2
    kept = skin[top:bottom, left:right, None]
    square[y : y + height, x : x + width] = np.where(kept, photo.pixels[top:bottom, left:right], 0)
    # BILINEAR averages over all source pixels when it reduces; the gap lets it start from a cheap box average.
    return np.asarray(Image.fromarray(square).resize((size, size), Image.Resampling.BILINEAR, reducing_gap=3.0))


def signed_picture(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture as it is, from -1 to 1: what a network sees whose recipe says nothing else.

    Args:
        pixels: ``(h, w, 3)`` uint8.

    Returns:
        ``(3, h, w)`` float32.
    """
    return np.ascontiguousarray(pixels.transpose(2, 0, 1), np.float32) / np.float32(127.5) - np.float32(1)


def grade_by_class(
    photo: Photo, face: FaceMap, model: Model, *, condition: str, scale: Scale, recipe: Recipe
) -> Assessment:
    """Grades one photo with a network of the kind :data:`PHOTO_CLASSES` or :data:`SIAMESE`.

    Args:
        photo: the photo.
        face: its face.
        model: the network.
        condition: name in the conditions' table.
        scale: that the values of the groups are on.
        recipe: by which the network was trained; its groups and what it sees of a picture are taken from there.

    Returns:
        The assessment, without zones; it abstains where no zone of the face is seen.

    Raises:
        WeightsError: if the weights do not fit the recipe.
    """
    grouping = recipe.grouping
    learnt = model.manifest.grouping or {}
    if grouping is None or (grouping.names, grouping.values) != (learnt.get("names"), learnt.get("values")):
        raise WeightsError(f"The network {model.id} was taught other groups of grades than its recipe has; train anew.")
    picture = skin_square(photo, face, model.manifest.size)
    if picture is None:
        return Assessment(condition=condition, scale=scale.id, abstained="No zone of the face is visible enough.")
    prepare: Prepare = recipe.prepare or signed_picture
    shares = model.run(image=prepare(picture)[None])["probabilities"][0].astype(np.float64)
    score = float(np.clip(shares @ np.array(grouping.values), scale.low, scale.high))
    level = scale.level_of(score)
    return Assessment(
        condition=condition, scale=scale.id, score=score, level=level.value, label=level.label, model=model.id
    )
