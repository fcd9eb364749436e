"""What a rater said of a photo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reading:
    """One rater's grade for one photo.

    Attributes:
        photo: its name.
        rater: name of the rater.
        grade: on the study's scale.
        round: above 1 it is the same rater again.
        position: place in the rater's order, from 0, if it is known.
        rated_at: when the grade was given, if it is known.
    """

    photo: str
    rater: str
    grade: float
    round: int = 1
    position: int | None = None
    rated_at: datetime | None = None


@dataclass(frozen=True)
class Ungraded:
    """A photo that a rater said cannot be graded; it counts as a missing cell."""

    photo: str
    rater: str
    reason: str = ""
    round: int = 1
