"""Whether skin grew darker: mean L* of each zone, from the first photo to the last. It takes a series, no weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dermagrade.conditions.condition import Condition, Look
from dermagrade.light import lab
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES, Change, Course, ZoneChange

#: A change of less than this, in grades, is called none. Declared, not measured.
DETECTABLE = 0.5


def compare_darkening(looks: Sequence[Look]) -> Change:
    """Compares the zones that every photo shows."""
    seen = [grades(look) for look in looks]
    zones = [zone for zone in ZONES if all(zone in one for one in seen)]
    if not zones:
        return Change("darkening", PIGMENT_9.id, abstained="No zone of the face is seen in every photo.")
    scores = tuple(float(np.mean([one[zone] for zone in zones])) for one in seen)
    changes = {zone: seen[-1][zone] - seen[0][zone] for zone in zones}
    difference = scores[-1] - scores[0]
    return Change(
        "darkening",
        PIGMENT_9.id,
        verdict=course(difference),
        scores=scores,
        difference=difference,
        smallest_detectable=DETECTABLE,
        zones={zone: ZoneChange(change, course(change)) for zone, change in changes.items()},
    )


def grades(look: Look) -> dict[str, float]:
    """Zone to its darkness, from 0 (white) to 9 (black)."""
    if look.face is None:
        return {}
    lightness = lab(look.photo.pixels)[..., 0]
    means = {zone: lightness[look.face.label_map == ZONES.index(zone) + 1].mean() for zone in look.face.found}
    return {zone: float(PIGMENT_9.high * (1 - mean / 100)) for zone, mean in means.items()}


def course(difference: float) -> Course:
    """What a difference is called."""
    if abs(difference) < DETECTABLE:
        return "no detectable change"
    return "worse" if difference > 0 else "improved"


CONDITION = Condition("darkening", "Darkening of the skin", PIGMENT_9.id, takes="series", compare=compare_darkening)
