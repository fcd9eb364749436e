"""Puts the acne of several photos of one visit together to one answer for the face."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dermagrade.conditions.acne.answer import AcneDetails, Hayashi, acne_details
from dermagrade.face.parts import PARTS, PartCount, parts_of
from dermagrade.grading.views import View, lesion_parts
from dermagrade.scales import ACNE_5, acne_5_from_count
from dermagrade.types import ZONES, Assessment, Lesion, ZoneScore

#: Both cheeks must be this visible, each in its photo, for the halves to be counted apart; as on a frontal photo.
_HALF_FROM = 0.6

Interval = tuple[float, float]


def combine_acne(views: Sequence[View], chosen: Mapping[str, int]) -> Assessment:
    """One answer for the face from the answers for its photos.

    Each part of the face is counted in one photo, so no lesion is counted in two. As on a single photo, lesions
    outside every zone go with the nearest. Where both cheeks are seen, the halves of the face are counted apart, and
    the worse one is graded by the declared mapping; else all that is seen is. A single photo's answer stays as it is.

    The Hayashi probabilities, and how far the interval reaches to both sides of the score, are those of the photo that
    gave most lesions to what is graded. Nothing was calibrated on visits.

    Args:
        views: photos on which acne was graded, one or more.
        chosen: every part of the face to the index of the view that it is taken from.

    Returns:
        The assessment; its details name the photo of each lesion. It abstains where the network gives no counts, as
        those that grade patches do not.
    """
    if len(views) == 1:
        (view,) = views
        own = acne_details(view.assessment.details)
        if not own.lesions:
            return view.assessment
        return replace(view.assessment, details=replace(own, photos=(view.number,) * len(own.lesions)))
    details = [acne_details(view.assessment.details) for view in views]
    counts: dict[str, PartCount] = {}
    for part, i in chosen.items():
        of_photo = details[i].parts
        if of_photo is None:
            reason = "The weights count no lesions, so photos cannot be put together; leave --visit out."
            return Assessment(condition="acne", scale=ACNE_5.id, abstained=reason)
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
    zones, zone_lesions = _zones(views, chosen, counts, score, by_half=halves is not None)
    pointed, photos = _pointed(views, chosen)
    at = _main(views, chosen, counts, graded)
    main = views[at].assessment
    return Assessment(
        condition="acne",
        scale=ACNE_5.id,
        score=score,
        level=level.value,
        label=level.label,
        interval=_interval(main, score),
        zones=zones,
        model=main.model,
        details=AcneDetails(
            lesions=pointed,
            count=sum(counts[part].total for part in PARTS),
            halves=halves,
            graded_half=graded_half,
            hayashi=_hayashi(details[at], graded_half),
            zone_lesions=zone_lesions,
            parts=counts,
            photos=photos,
        ),
    )


def acne_on_photo(answer: Assessment, view: View, zones: Collection[str]) -> AcneDetails:
    """A visit's answer with only the lesions that are in this photo, to draw on it."""
    own = acne_details(answer.details)
    kept = [(le, photo) for le, photo in zip(own.lesions, own.photos, strict=True) if photo == view.number]
    return replace(
        own,
        lesions=tuple(lesion for lesion, _ in kept),
        photos=tuple(photo for _, photo in kept),
        zone_lesions={zone: count for zone, count in own.zone_lesions.items() if zone in zones},
    )


def _zones(
    views: Sequence[View], chosen: Mapping[str, int], counts: Mapping[str, PartCount], score: float, *, by_half: bool
) -> tuple[dict[str, ZoneScore], dict[str, float]]:
    """Score and lesions of every zone that some photo it is taken from shows."""
    zones, lesions = {}, {}
    for zone in ZONES:
        parts = parts_of(zone)
        if any(zone in views[chosen[part]].assessment.zones for part in parts):
            inside = [counts[part].inside for part in parts]
            share = max(inside) if by_half else sum(inside)
            zones[zone] = ZoneScore(min(acne_5_from_count(share), score))
            lesions[zone] = sum(inside)
    return zones, lesions


def _pointed(views: Sequence[View], chosen: Mapping[str, int]) -> tuple[tuple[Lesion, ...], tuple[int, ...]]:
    """The lesions of the parts that are taken from each photo, and the number of that photo for each."""
    pointed: list[Lesion] = []
    photos: list[int] = []
    for i, view in enumerate(views):
        lesions = acne_details(view.assessment.details).lesions
        for lesion, place in zip(lesions, lesion_parts(view, lesions), strict=True):
            if place is not None and chosen[place] == i:
                pointed.append(lesion)
                photos.append(view.number)
    return tuple(pointed), tuple(photos)


def _main(
    views: Sequence[View], chosen: Mapping[str, int], counts: Mapping[str, PartCount], graded: Sequence[str]
) -> int:
    """The view that gave most lesions to what is graded; of equals the one that gave more parts."""

    def gave(i: int) -> tuple[float, int, str]:
        parts = [part for part in graded if chosen[part] == i]
        return round(sum(counts[part].total for part in parts), 6), len(parts), views[i].photo.sha256

    return max(range(len(views)), key=gave)


def _hayashi(main: AcneDetails, graded_half: str | None) -> Hayashi | None:
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
