"""Puts the acne of several photos of one visit together to one answer for the face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dermagrade.face.parts import PARTS, parts_of
from dermagrade.grading.views import View, lesion_parts
from dermagrade.scales import ACNE_5, acne_5_from_count
from dermagrade.types import ZONES, Assessment, Hayashi, Lesion, PartCount, ZoneScore

#: Both cheeks must be this visible, each in its photo, for the halves to be counted apart; as on a frontal photo.
_HALF_FROM = 0.6

Interval = tuple[float, float]


def combine_acne(views: Sequence[View], chosen: Mapping[str, int]) -> tuple[Assessment, tuple[int, ...]]:
    """One answer for the face from the answers for its photos.

    Each part of the face is counted in one photo, so no lesion is counted in two. As on a single photo, lesions
    outside every zone go with the nearest. Where both cheeks are seen, the halves of the face are counted apart, and
    the worse one is graded by the declared mapping; else all that is seen is.

    The Hayashi probabilities, and how far the interval reaches to both sides of the score, are those of the photo that
    gave most lesions to what is graded. Nothing was calibrated on visits.

    Args:
        views: photos on which acne was graded, at least two.
        chosen: every part of the face to the index of the view that it is taken from.

    Returns:
        The assessment, and for each of its lesions the index of the view that it is in. It abstains where the network
        gives no counts, as those that grade patches do not.
    """
    counts: dict[str, PartCount] = {}
    for part, i in chosen.items():
        of_photo = views[i].assessment.parts
        if of_photo is None:
            reason = "The weights count no lesions, so photos cannot be put together; leave --visit out."
            return Assessment(condition="acne", scale=ACNE_5.id, abstained=reason), ()
        counts[part] = of_photo[part]
    halves = None
    if all(views[chosen[cheek]].face.zones[cheek].visible >= _HALF_FROM for cheek in ("left_cheek", "right_cheek")):
        halves = {
            side: sum(counts[part].total for part, (_, half) in PARTS.items() if half == side)
            for side in ("left", "right")
        }
    graded_half = max(halves, key=halves.__getitem__) if halves else None
    graded = [part for part, (_, half) in PARTS.items() if graded_half in (None, half)]
    score = acne_5_from_count(sum(counts[part].total for part in graded))
    level = ACNE_5.level_of(score)

    zones = {}
    for zone in ZONES:
        parts = parts_of(zone)
        if any(zone in views[chosen[part]].assessment.zones for part in parts):
            lesions = [counts[part].inside for part in parts]
            share = max(lesions) if halves else sum(lesions)
            zones[zone] = ZoneScore(min(acne_5_from_count(share), score), sum(lesions))

    pointed: list[Lesion] = []
    photos: list[int] = []
    for i, view in enumerate(views):
        for lesion, place in zip(view.assessment.lesions, lesion_parts(view, view.assessment.lesions), strict=True):
            if place is not None and chosen[place] == i:
                pointed.append(lesion)
                photos.append(i)

    main = views[_main(views, chosen, counts, graded)].assessment
    answer = Assessment(
        condition="acne",
        scale=ACNE_5.id,
        score=score,
        level=level.value,
        label=level.label,
        interval=_interval(main, score),
        zones=zones,
        lesions=tuple(pointed),
        count=sum(counts[part].total for part in PARTS),
        halves=halves,
        graded_half=graded_half,
        hayashi=_hayashi(main, graded_half),
        model=main.model,
        parts=counts,
    )
    return answer, tuple(photos)


def _main(
    views: Sequence[View], chosen: Mapping[str, int], counts: Mapping[str, PartCount], graded: Sequence[str]
) -> int:
    """The view that gave most lesions to what is graded; of equals the one that gave more parts."""

    def gave(i: int) -> tuple[float, int, str]:
        parts = [part for part in graded if chosen[part] == i]
        return round(sum(counts[part].total for part in parts), 6), len(parts), views[i].photo.sha256

    return max(range(len(views)), key=gave)


def _hayashi(main: Assessment, graded_half: str | None) -> Hayashi | None:
    """Of the half that is graded, where the photo tells the halves apart, else of the whole photo."""
    if main.half_hayashi is not None and graded_half is not None:
        return main.half_hayashi[graded_half]
    return main.hayashi


def _interval(main: Assessment, score: float) -> Interval | None:
    """As far below and above the score as the photo's interval is about its own score.

    An interval that ends with the scale may have been cut there; then this one ends there as well.
    """
    if main.interval is None or main.score is None:
        return None
    low, high = main.interval
    below, above = max(main.score - low, 0.0), max(high - main.score, 0.0)
    return (
        ACNE_5.low if low <= ACNE_5.low else max(ACNE_5.low, score - below),
        ACNE_5.high if high >= ACNE_5.high else min(ACNE_5.high, score + above),
    )
