"""Screens a photo: runs every check and gathers what was found."""

from __future__ import annotations

from collections.abc import Sequence

from dermagrade.photo import checks
from dermagrade.types import ZONES, FaceMap, Finding, Photo, Screening


def screen(photo: Photo, face: FaceMap | None, *, zones: Sequence[str] = ()) -> Screening:
    """Says what in a photo would mislead a grade, and whether it should be graded at all.

    Args:
        photo: as read.
        face: where its face is, or None where none was found; light, sharpness and colour are then measured on the
            whole photo, which is refused anyway.
        zones: the zones that the caller needs, from :data:`dermagrade.types.ZONES`; without any, a finding about
            hidden skin comes only where no zone at all is seen.

    Returns:
        The findings in the order of their codes. What could not be measured is said (P112), never taken for fine.

    Raises:
        ValueError: if a zone has another name.
    """
    if unknown := [z for z in zones if z not in ZONES]:
        raise ValueError(f"no such zone: {', '.join(unknown)}; zones are {', '.join(ZONES)}")
    area = checks.region(photo, face)
    found: list[Finding | None] = [checks.too_small(photo), checks.no_face(face), checks.not_checked(area)]
    if area.measurable:
        found += [check(area) for check in _OF_THE_REGION]
    if face is not None:
        found += [checks.face_too_small(photo, face), checks.several_faces(face)]
        found += [*checks.turned_too_far(face, zones), *checks.zone_hidden(face, zones), *checks.covered(face)]
    return Screening(tuple(sorted((f for f in found if f is not None), key=lambda f: f.code)))


_OF_THE_REGION = (checks.blurred, checks.too_dark, checks.too_bright, checks.clipped, checks.colour_cast)
