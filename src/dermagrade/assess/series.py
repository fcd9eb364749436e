"""Photos of one person over time: each is assessed on its own, then every condition that compares is asked.

Nobody checks that the photos show the same person; that is for whoever puts them together, or for a condition that can.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from dermagrade.assess.photo import Assessed, assess_file, finding_record, rounded
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition, Look
from dermagrade.conditions.details import details_of
from dermagrade.errors import UsageError
from dermagrade.photo.read import DEFAULT_MAX_PIXELS
from dermagrade.types import COURSES, Change, Finding, Photo, Series

Status = Literal["compared", "refused", "failed"]

#: Refuses a series of fewer than two photos.
TOO_FEW = "S101"
#: Refuses a series in order of time where a photo names no time.
NO_TIME = "S102"


@dataclass(frozen=True, eq=False)
class Compared:
    """All that is known of one person's photos after they were compared.

    Attributes:
        photos: each on its own, in the order in which they were compared.
        subject: pseudonym of the person; None where it is not known.
        taken_at: of each photo; None where it is not known.
        changes: condition name to its answer; empty unless the status is ``compared``.
        findings: on the series as a whole; one that refuses withdraws the answers.
        elapsed_ms: milliseconds by stage, summed over the photos; those of a comparison as ``compare_NAME``.
    """

    photos: tuple[Assessed, ...]
    subject: str | None = None
    taken_at: tuple[datetime | None, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    elapsed_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """``failed`` if a photo could not be read; else ``refused`` if a photo or the series is; else ``compared``."""
        statuses = {photo.status for photo in self.photos}
        if "failed" in statuses:
            return "failed"
        refuses = any(finding.severity == "refuse" for finding in self.findings)
        return "refused" if refuses or "refused" in statuses else "compared"

    @property
    def error(self) -> str | None:
        """Why photos could not be read, a sentence each; None where all could."""
        return " ".join(photo.error for photo in self.photos if photo.error) or None

    def record(self) -> dict[str, Any]:
        """The record of the series as ``dermagrade compare --json`` prints it; ``docs/compare.md`` explains it."""
        record: dict[str, Any] = {
            "subject": self.subject,
            "photos": [photo.name for photo in self.photos],
            "taken_at": [None if taken is None else taken.isoformat() for taken in self.taken_at],
            "status": self.status,
        }
        if self.error is not None:
            record["error"] = self.error
        record |= {name: change_record(change) for name, change in self.changes.items()}
        record["findings"] = [finding_record(finding) for finding in self.findings]
        for photo in self.photos:
            if photo.status == "refused" and photo.screening is not None:
                refusing = [finding for finding in photo.screening.findings if finding.severity == "refuse"]
                record["findings"] += [finding_record(finding) | {"photo": photo.name} for finding in refusing]
        record["model"] = {name: change.model for name, change in self.changes.items() if change.model}
        record["elapsed_ms"] = {stage: round(ms) for stage, ms in self.elapsed_ms.items()}
        return record


def choose_comparing(names: Sequence[str] | None) -> tuple[Condition, ...]:
    """The conditions of these names that compare photos; for None, all that are installed.

    Raises:
        UsageError: for a name that is not in the table or does not compare, or if none is installed that compares.
        MissingExtraError: for a condition whose optional part of the package is not installed.
    """
    can = [condition.name for condition in CONDITIONS.values() if condition.compare is not None]
    if names is None:
        chosen = tuple(CONDITIONS[name] for name in can if CONDITIONS[name].ships)
        if not chosen:
            raise UsageError("No condition is installed that can compare photos.")
        return chosen
    for name in names:
        if name not in CONDITIONS:
            raise UsageError(f"There is no condition {name!r}; there are: {', '.join(CONDITIONS)}.")
        if name not in can:
            raise UsageError(f"{name} cannot compare photos; these can: {', '.join(can) or 'none'}.")
        CONDITIONS[name].check_extra()
    return tuple(condition for condition in CONDITIONS.values() if condition.name in names)


def assess_series(
    paths: Sequence[str | os.PathLike[str]],
    *,
    conditions: Sequence[str] | None = None,
    subject: str | None = None,
    taken_at: Sequence[datetime | None] | None = None,
    by_time: bool = False,
    max_pixels: int = DEFAULT_MAX_PIXELS,
) -> Compared:
    """Reads, screens and grades one person's photos, and asks every condition that compares how the last differs.

    Args:
        paths: the files, in order.
        conditions: names of conditions that compare; None for all that are installed.
        subject: pseudonym of the person; None where it is not known.
        taken_at: when each photo was taken, rising; None where that is not known.
        by_time: True to take the time of each photo from its file, and to put them in that order; else nothing that
            the files say of time is used.
        max_pixels: width times height above which a photo is not opened.

    Raises:
        UsageError: as for :func:`choose_comparing`, or for times that do not rise.
        MissingExtraError: likewise.
        WeightsError: if weights are missing or damaged.
    """
    chosen = choose_comparing(conditions)
    names = _graded_for(chosen)
    photos = [assess_file(path, conditions=names, max_pixels=max_pixels) for path in paths]
    known = list(taken_at or [None] * len(photos))
    if by_time:
        known = [None if one.photo is None else one.photo.taken_at for one in photos]
    return compare_photos(photos, chosen, subject=subject, taken_at=known, by_time=by_time)


def compare_photos(
    photos: Sequence[Assessed],
    conditions: Sequence[Condition],
    *,
    subject: str | None = None,
    taken_at: Sequence[datetime | None] = (),
    by_time: bool = False,
) -> Compared:
    """Compares photos of one person that were already assessed.

    Args:
        photos: each on its own, in order.
        conditions: those to ask; each compares.
        subject: as for :func:`assess_series`.
        taken_at: of each photo; empty where no times are known.
        by_time: True to put the photos in order of their times, and to refuse the series where one has none.

    Raises:
        UsageError: if the times do not rise.
    """
    known = list(taken_at) or [None] * len(photos)
    order = list(range(len(photos)))
    findings = _findings(photos, known, by_time=by_time)
    if by_time and not any(finding.code == NO_TIME for finding in findings):
        order.sort(key=lambda i: taken.timestamp() if (taken := known[i]) is not None else 0.0)
    compared = Compared(
        photos=tuple(photos[i] for i in order),
        subject=subject,
        taken_at=tuple(known[i] for i in order),
        findings=tuple(findings),
        elapsed_ms=_summed([one.elapsed_ms for one in photos]),
    )
    return _with_changes(compared, conditions) if compared.status == "compared" else compared


def change_record(change: Change) -> dict[str, Any]:
    """A condition's comparison as it stands in a record, rounded; scale and reason alone where it abstained."""
    if change.verdict is None:
        return {"scale": change.scale, "verdict": None, "abstained": change.abstained}
    probabilities = change.probabilities
    return {
        "scale": change.scale,
        "verdict": change.verdict,
        "probabilities": None
        if probabilities is None
        else {course.replace(" ", "_"): round(probabilities[course], 4) for course in COURSES},
        "scores": [rounded(score, 2) for score in change.scores],
        "difference": rounded(change.difference, 2),
        "interval": [round(end, 2) for end in change.interval] if change.interval else None,
        "smallest_detectable": rounded(change.smallest_detectable, 2),
        "slope_per_week": rounded(change.slope_per_week, 4),
        "zones": {
            name: {"verdict": zone.verdict, "difference": round(zone.difference, 2)}
            for name, zone in change.zones.items()
        },
    } | details_of(change).record()


def _with_changes(compared: Compared, conditions: Sequence[Condition]) -> Compared:
    """The same with what each condition says of it; one that refuses the series withdraws what the others say."""
    looks = _looks(compared)
    changes: dict[str, Change] = {}
    elapsed = dict(compared.elapsed_ms)
    for condition in conditions:
        if condition.compare is None:
            raise ValueError(f"{condition.name} does not compare")
        start = time.perf_counter()
        changes[condition.name] = condition.compare(looks)
        elapsed[f"compare_{condition.name}"] = 1000 * (time.perf_counter() - start)
    said = tuple(dict.fromkeys(finding for change in changes.values() for finding in change.findings))
    refused = any(finding.severity == "refuse" for finding in said)
    return replace(compared, changes={} if refused else changes, findings=said, elapsed_ms=elapsed)


def _summed(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Milliseconds by stage, over all photos."""
    total: dict[str, float] = {}
    for part in parts:
        for stage, ms in part.items():
            total[stage] = total.get(stage, 0.0) + ms
    return total


def _graded_for(comparing: Sequence[Condition]) -> list[str]:
    """The conditions that each photo is graded on: those that compare their own answers; all for one of series."""
    on_photos = [condition for condition in CONDITIONS.values() if condition.takes == "photo" and condition.ships]
    every = any(condition.takes == "series" for condition in comparing)
    return [condition.name for condition in on_photos if every or condition in comparing]


def _findings(photos: Sequence[Assessed], known: Sequence[datetime | None], *, by_time: bool) -> list[Finding]:
    """Why the series cannot be compared, whatever the photos show."""
    findings = []
    if len(photos) < 2:
        findings.append(Finding(TOO_FEW, "refuse", "A comparison needs two photos of the person or more."))
    if by_time:
        without = [one.name for one, taken in zip(photos, known, strict=True) if one.photo and taken is None]
        if without:
            message = (
                f"{without[0]} does not say when it was taken; give the photos in order, or a table with the times."
            )
            findings.append(Finding(NO_TIME, "refuse", message))
    return findings


def _looks(compared: Compared) -> list[Look]:
    """What the conditions are given: every photo with the person and the time that are known."""
    looks = []
    for one, taken in zip(compared.photos, compared.taken_at, strict=True):
        if one.photo is None or one.screening is None:
            raise ValueError(f"{one.name} was not read")
        photo: Photo = replace(one.photo, subject=compared.subject, taken_at=taken)
        looks.append(Look(photo, one.face, one.screening, one.assessments))
    try:
        Series(tuple(look.photo for look in looks))
    except ValueError as error:
        raise UsageError(f"These photos are no series: {error}.") from error
    return looks
