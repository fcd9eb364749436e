"""What a comparison must be when its photos are taken in reverse."""

from __future__ import annotations

from dataclasses import replace

from dermagrade.types import COURSES, Change, Course, ZoneChange

_OTHER: dict[Course, Course] = dict(zip(COURSES, reversed(COURSES), strict=True))


def mirrored(change: Change) -> Change:
    """The same comparison with the last photo first; what the condition says of its own is left out."""
    zones = {
        name: ZoneChange(-zone.difference, None if zone.verdict is None else _OTHER[zone.verdict])
        for name, zone in change.zones.items()
    }
    return replace(
        change,
        verdict=None if change.verdict is None else _OTHER[change.verdict],
        probabilities=None
        if change.probabilities is None
        else {_OTHER[course]: share for course, share in change.probabilities.items()},
        scores=change.scores[::-1],
        difference=None if change.difference is None else -change.difference,
        interval=None if change.interval is None else (-change.interval[1], -change.interval[0]),
        slope_per_week=None if change.slope_per_week is None else -change.slope_per_week,
        zones=zones,
        details=None,
    )
