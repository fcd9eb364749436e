"""What other conditions look like on the photos from which one is learnt, so that they do not count for it.

Brown spots are no acne. The photos that dermatologists graded for one condition seldom show another one, so a network
takes whatever stands out for what it was asked for. Here other conditions are painted onto the photos by chance, while
grades and lesions stay what they were. What is painted is simulated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.face.zones import find_face
from dermagrade.scales import SCALES
from dermagrade.types import FaceMap, Photo


class Bystanders:
    """Paints onto a picture what conditions other than the one that is learnt look like.

    Args:
        learnt: name of the condition that is learnt.
    """

    def __init__(self, learnt: str) -> None:
        self._others: Sequence[Condition] = [
            condition for name, condition in CONDITIONS.items() if name != learnt and condition.paint is not None
        ]

    def paint(
        self, pixels: NDArray[np.uint8], rngs: Sequence[Generator], *, severe: bool = False
    ) -> list[NDArray[np.uint8]]:
        """Versions of a picture, each with one other condition at any grade; the same picture where it shows no face.

        Args:
            pixels: ``(h, w, 3)`` uint8, sRGB; not changed.
            rngs: of what is painted, one for each version.
            severe: True to draw grades the more often the higher they are; False to draw all alike.
        """
        photo = Photo(np.ascontiguousarray(pixels), "0" * 64, pixels.shape[1], pixels.shape[0])
        face = find_face(photo) if self._others else None
        if face is None or not face.found:
            return [pixels for _ in rngs]
        return [self._version(photo, face, rng, severe) for rng in rngs]

    def _version(self, photo: Photo, face: FaceMap, rng: Generator, severe: bool) -> NDArray[np.uint8]:
        condition = self._others[int(rng.integers(len(self._others)))]
        assert condition.paint is not None  # those that cannot be painted were left out
        scale = SCALES[condition.scale]
        share, seed = rng.uniform(), int(rng.integers(2**31))
        grade = float(scale.low + (scale.high - scale.low) * (share**0.5 if severe else share))
        return condition.paint(
            photo, face, grade=grade, seed=seed, bare=False, method=condition.paint_methods[0]
        ).pixels
