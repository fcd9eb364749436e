"""From how much brown lies on the skin to the grade, by a declared function.

The study's table names number, contrast, coverage and pale spots between the patches, and sets faint patches all over
the face equal to pronounced ones in one place: both are moderate. Coverage times contrast has that property, and it
is the mean excess density over the skin, patches or not. That mean, with pale spots counted half, is the *load*.

``excess`` of a pixel is ``ln(Y without / Y with)`` of linear luminance by brown pigment: 0.1 darkens by 10 %. It does
not depend on how dark the skin itself is, so the same change of the skin gets the same grade on any tone.

The function is ours. No rater's grade stands behind it; grades of a study are learnt from its own table of labels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dermagrade.scales import PIGMENT_9
from dermagrade.simulate.painted_pigment import PALE_SHARE

#: Share of the face that each zone stands for. The MASI's, with the nose split off from between the cheeks:
#: Kimbrough-Green CK et al. Topical retinoic acid (tretinoin) for melasma in black patients. Arch Dermatol
#: 1994;130(6):727-733.
ZONE_WEIGHTS: Mapping[str, float] = {
    "forehead": 0.25,
    "nose": 0.10,
    "left_cheek": 0.275,
    "right_cheek": 0.275,
    "chin": 0.10,
}
#: The load of grade 9: patches of 0.6 (the skin gives back 45 % less light) on 60 % of the face.
FULL_LOAD = 0.36
#: Where the grade turns from following the load to following its logarithm: about that of "very few, small or faint".
TURN = 0.015


def load_of(excess: NDArray[np.floating], mask: NDArray[np.bool_]) -> float:
    """Load of the skin under a mask.

    Args:
        excess: ``(h, w)``, natural-log density of luminance.
        mask: ``(h, w)`` bool.

    Raises:
        ValueError: if there is no skin under the mask.
    """
    found = excess[mask]
    if not found.size:
        raise ValueError("there is no skin to take the load of")
    return float(np.maximum(found, 0).mean() + PALE_SHARE * np.maximum(-found, 0).mean())


def face_load(zone_loads: Mapping[str, float]) -> float:
    """Load of a face: the mean of its zones by :data:`ZONE_WEIGHTS`, over those that are given; at least one."""
    weights = {zone: ZONE_WEIGHTS[zone] for zone in zone_loads}
    return sum(weights[zone] * load for zone, load in zone_loads.items()) / sum(weights.values())


def grade_of_load(load: float) -> float:
    """Grade on ``pigment-9`` for a load: 0 without any, 9 from :data:`FULL_LOAD` on, logarithmic between.

    Loads of 0.01, 0.04, 0.1 and 0.2 are grades 1.4, 3.6, 5.7 and 7.4: few faint spots (5 % of the skin darker by 0.2)
    are mild, faint all over (40 % by 0.15) or pronounced in one place (12 % by 0.5) moderate.

    Args:
        load: 0 or more.

    Raises:
        ValueError: if the load is negative or not a number.
    """
    if not load >= 0:
        raise ValueError(f"a load must be 0 or more, not {load}")
    return min(PIGMENT_9.high, PIGMENT_9.high * math.log1p(load / TURN) / math.log1p(FULL_LOAD / TURN))


def load_of_grade(grade: float) -> float:
    """The load that a grade on ``pigment-9`` stands for; the inverse of :func:`grade_of_load`.

    Raises:
        ValueError: if the grade is not on the scale.
    """
    PIGMENT_9.level_of(grade)
    return TURN * math.expm1(grade / PIGMENT_9.high * math.log1p(FULL_LOAD / TURN))
