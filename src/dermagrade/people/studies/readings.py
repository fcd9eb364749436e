"""A study's blind grades as the statistics of raters take them, by rater code."""

from __future__ import annotations

from dermagrade.people.studies.record import StudyRecord
from dermagrade.tables.readings import Reading, Ungraded


def readings_of(record: StudyRecord) -> list[Reading]:
    """Every blind grade; calibration and adjudication stay out."""
    return [
        Reading(g.photo.name, g.rater, g.grade, g.round, position=g.position, rated_at=g.answered_at)
        for g in record.blind
        if g.grade is not None
    ]


def ungraded_of(record: StudyRecord) -> list[Ungraded]:
    """What raters said cannot be graded."""
    return [Ungraded(g.photo.name, g.rater, g.reason or "", g.round) for g in record.blind if g.grade is None]


def persons_of(record: StudyRecord) -> dict[str, str]:
    """Photo to person, where the team named one."""
    return {p.name: p.person for p in record.photos.values() if p.person != p.name}


def golden_of(record: StudyRecord) -> dict[str, float]:
    """Golden photo to the grade that is held to be right."""
    return {p.name: p.reference for p in record.photos.values() if p.kind == "golden" and p.reference is not None}
