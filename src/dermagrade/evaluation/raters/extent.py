"""What a table of ratings holds and what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.tables.readings import Reading, Ungraded


@dataclass(frozen=True)
class Extent:
    """Counts of one table, of first rounds unless said otherwise.

    Attributes:
        raters: who graded a photo.
        photos: that somebody graded.
        persons: whose photos these are.
        readings: cells that are filled.
        by_all: photos that every rater graded.
        by_two: photos that at least two raters graded.
        repeats: readings of later rounds.
        cannot: rater to the photos that they said cannot be graded, all rounds.
        reasons: reason to how often it was given.
    """

    raters: int
    photos: int
    persons: int
    readings: int
    by_all: int
    by_two: int
    repeats: int
    cannot: Mapping[str, int]
    reasons: Mapping[str, int]

    @property
    def complete(self) -> bool:
        """Whether every rater graded every photo."""
        return self.by_all == self.photos

    def record(self) -> dict[str, Any]:
        """As it stands in JSON."""
        counts = ("raters", "photos", "persons", "readings", "by_all", "by_two", "repeats")
        cells = self.raters * self.photos
        missing = {"missing": cells - self.readings, "cannot_grade": dict(self.cannot), "reasons": dict(self.reasons)}
        return {name: getattr(self, name) for name in counts} | missing

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing and what is done about it, a sentence each."""
        said = []
        cells = self.raters * self.photos
        if self.readings < cells and self.raters > 1:
            said.append(
                f"{cells - self.readings} of {cells} cells are missing: {self.by_all} of {self.photos} photos were "
                f"graded by all {self.raters} raters, {self.by_two} by two or more. Nothing is filled in: kappa is "
                "over the photos that both graded; alpha and the intraclass correlations are over those that two or "
                "more graded. All of it takes cells as missing by chance."
            )
        if self.cannot:
            most = ", ".join(f"{name} {n}" for name, n in self.cannot.items())
            said.append(
                f"Said to be impossible to grade, and counted as missing: {sum(self.cannot.values())} ({most})."
            )
        return tuple(said)


def extent_of(
    readings: Sequence[Reading], ungraded: Sequence[Ungraded] = (), *, persons: Mapping[str, str] | None = None
) -> Extent:
    """Counts a table.

    Args:
        readings: of any number of raters and rounds.
        ungraded: what raters said cannot be graded.
        persons: photo to person; a photo that it lacks is a person of its own.
    """
    table = by_rater(readings)
    times = Counter(photo for grades in table.values() for photo in grades)
    return Extent(
        raters=len(table),
        photos=len(times),
        persons=len({(persons or {}).get(photo, photo) for photo in times}),
        readings=times.total(),
        by_all=sum(n == len(table) for n in times.values()),
        by_two=sum(n > 1 for n in times.values()),
        repeats=sum(reading.round > 1 for reading in readings),
        cannot=dict(sorted(Counter(item.rater for item in ungraded).items())),
        reasons=dict(Counter(item.reason or "no reason given" for item in ungraded).most_common()),
    )
