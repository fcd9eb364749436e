"""What painting a condition onto a face takes and gives, for every condition that can be painted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dermagrade.types import FaceMap, Photo

#: Spots of acne as a sign: beside :data:`dermagrade.simulate.confounders.CONFOUNDERS`, what a varied study may paint
#: without counting it.
SPOTS = "lesions"


@dataclass(frozen=True, eq=False)
class Simulated:
    """A photo with a condition painted onto it, and the truth about it.

    Attributes:
        pixels: ``(h, w, 3)`` uint8, sRGB, of the input's size.
        grade: the truth on the condition's scale.
        zones: zone name to the truth there.
        truth: ``(h, w)`` float32, how strong the painting is at each pixel (kept as
            :mod:`dermagrade.simulate.truth_map` writes it); None where the condition has no such map.
        parameters: what was painted, for a table.
    """

    pixels: NDArray[np.uint8]
    grade: float
    zones: Mapping[str, float]
    truth: NDArray[np.float32] | None
    parameters: Mapping[str, float | str]


class Paint(Protocol):
    """Paints a condition onto a face at a grade."""

    def __call__(
        self, photo: Photo, face: FaceMap, *, grade: float, seed: int, bare: bool = True, method: str = ""
    ) -> Simulated:
        """Paints it; the truth that comes back is as near to the wished grade as the painting allows.

        Args:
            photo: not changed.
            face: the face in it.
            grade: wished, on the condition's scale.
            seed: of the random numbers.
            bare: True to take out first, as far as the condition can, what the face shows of it by itself, so that the
                truth holds for all that is seen; False leaves the face as it is and counts only what is painted.
            method: name of a way of painting, one of the condition's ``paint_methods``; its first where empty.

        Raises:
            UsageError: for a method that there is not.
        """
        ...
