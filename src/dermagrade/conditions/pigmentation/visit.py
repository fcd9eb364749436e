"""Puts the mottled hyperpigmentation of several photos of one visit together to one answer for the face."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.conditions.pigmentation.load import face_load, grade_of_load, load_of_grade
from dermagrade.face.parts import parts_of
from dermagrade.grading.views import View, heat_of_zones
from dermagrade.scales import PIGMENT_9
from dermagrade.types import ZONES, Assessment, ZoneScore

Interval = tuple[float, float]


def combine_pigmentation(views: Sequence[View], chosen: Mapping[str, int]) -> Assessment:
    """One answer for the face from the answers for its photos.

    Each zone is taken from the photo chosen for it. Where its halves are from two photos, its load is the mean of its
    loads in the two; each photo's load is of all of the zone that the photo shows, so what lies in the middle counts
    twice. The score is that of the face's load, the weighted mean over the zones.

    How far the interval reaches to both sides of the score is that of the photo that gave most zones. Nothing was
    calibrated on visits. Measures and heat belong to single photos, and there are none, unless there is but one photo,
    whose answer stays as it is.

    Args:
        views: photos on which it was graded, one or more.
        chosen: every part of the face to the index of the view that it is taken from.

    Returns:
        The assessment. It abstains where the weights grade no zones.
    """
    if len(views) == 1:
        return views[0].assessment
    loads: dict[str, float] = {}
    gave = [0.0] * len(views)
    for zone in ZONES:
        photos = [chosen[part] for part in parts_of(zone)]
        photos = [i for i in dict.fromkeys(photos) if zone in views[i].assessment.zones]
        if photos:
            loads[zone] = float(np.mean([load_of_grade(views[i].assessment.zones[zone].score) for i in photos]))
        for i in photos:
            gave[i] += 1 / len(photos)
    if not loads:
        reason = "The weights grade no single zones, so photos cannot be put together; leave --visit out."
        return Assessment(condition="pigmentation", scale=PIGMENT_9.id, abstained=reason)
    score = grade_of_load(face_load(loads))
    level = PIGMENT_9.level_of(score)
    # Of photos that gave as many, the order in which they were given must not decide.
    main = max(range(len(views)), key=lambda i: (gave[i], views[i].photo.sha256))
    return Assessment(
        condition="pigmentation",
        scale=PIGMENT_9.id,
        score=score,
        level=level.value,
        label=level.label,
        interval=_interval(views[main].assessment, score),
        zones={zone: ZoneScore(grade_of_load(load)) for zone, load in loads.items()},
        model=views[main].assessment.model,
    )


def pigmentation_on_photo(answer: Assessment, view: View, zones: Collection[str]) -> PigmentationDetails | None:
    """The heat of a photo of the visit in the zones that are taken from it; None where the photo has none."""
    own = view.assessment.details
    heat = own.heat if isinstance(own, PigmentationDetails) else None
    return None if heat is None else PigmentationDetails(heat_of_zones(heat, view, zones))


def _interval(main: Assessment, score: float) -> Interval | None:
    """As far below and above the score as the photo's interval is about its own score, within the scale."""
    if main.interval is None or main.score is None:
        return None
    low, high = main.interval
    return (
        PIGMENT_9.low if low <= PIGMENT_9.low else max(PIGMENT_9.low, score - max(main.score - low, 0.0)),
        PIGMENT_9.high if high >= PIGMENT_9.high else min(PIGMENT_9.high, score + max(high - main.score, 0.0)),
    )
