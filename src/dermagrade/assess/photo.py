"""The whole way for one photo: read, find the face, screen, grade, and the record of it that the contract names."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.conditions.details import details_of
from dermagrade.errors import PhotoError, UsageError, WeightsError
from dermagrade.face.size import check_pupil_distance
from dermagrade.face.zones import find_face
from dermagrade.photo.read import DEFAULT_MAX_PIXELS, read_photo
from dermagrade.photo.screen import screen
from dermagrade.types import Assessment, Box, FaceMap, Finding, Measure, Photo, Screening, Zone

Status = Literal["assessed", "refused", "failed"]


@dataclass(frozen=True, eq=False)
class Assessed:
    """All that is known of one photo after it was looked at.

    Attributes:
        name: of the photo; for a file, the path as given.
        status: ``assessed``; ``refused`` by the screening, so nothing was graded; or ``failed``, it could not be read.
        photo: None where it could not be read.
        screening: None where there is no photo.
        face: None where none was found.
        assessments: condition name to its assessment; empty where nothing was graded.
        error: one sentence, where it failed.
        elapsed_ms: milliseconds by stage (``read``, ``face``, ``screen`` and each condition). The first photo of a
            process also pays for loading the networks.
    """

    name: str
    status: Status
    photo: Photo | None = None
    screening: Screening | None = None
    face: FaceMap | None = None
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    error: str | None = None
    elapsed_ms: Mapping[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The record of one photo as ``dermagrade assess --json`` prints it; coordinates in pixels of the full photo.

        What is not known stands as None, so the keys up to ``face`` are the same for every photo.
        """
        photo = self.photo
        record: dict[str, Any] = {
            "photo": self.name,
            "sha256": photo.sha256 if photo else None,
            "width": photo.width if photo else None,
            "height": photo.height if photo else None,
            "status": self.status,
        }
        if self.error is not None:
            record["error"] = self.error
        record["screening"] = screening_record(self.screening) if self.screening else None
        record["face"] = _face_record(self.face, photo.scale) if self.face and photo else None
        record |= {name: assessment_record(a) for name, a in self.assessments.items()}
        record["model"] = {name: a.model for name, a in self.assessments.items() if a.model}
        record["elapsed_ms"] = {stage: round(ms) for stage, ms in self.elapsed_ms.items()}
        return record


def assess_file(
    path: str | os.PathLike[str],
    *,
    conditions: Sequence[str] | None = None,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    pupil_distance_mm: float | None = None,
) -> Assessed:
    """Reads, screens and grades one photo file.

    Args:
        path: the file.
        conditions: names from :data:`~dermagrade.conditions.CONDITIONS`; None for all whose weights are installed,
            and an empty sequence for screening alone.
        max_pixels: width times height above which the photo is not opened.
        pupil_distance_mm: of the person, 40 to 80, for numbers that need the size of the face; None where not known.

    Returns:
        What was found. A photo that cannot be read gives the status ``failed`` and the sentence that says why.

    Raises:
        UsageError: for a condition that there is not, or a distance of the pupils that nobody has.
        WeightsError: if weights are missing or damaged, which no other photo would change.
    """
    chosen = choose_conditions(conditions)
    check_pupil_distance(pupil_distance_mm)
    elapsed: dict[str, float] = {}
    try:
        with _timed(elapsed, "read"):
            photo = read_photo(path, max_pixels=max_pixels)
    except PhotoError as error:
        return Assessed(name=os.fspath(path), status="failed", error=str(error), elapsed_ms=elapsed)
    return _assess(photo, chosen, elapsed, pupil_distance_mm)


def assess_photo(
    photo: Photo, *, conditions: Sequence[str] | None = None, pupil_distance_mm: float | None = None
) -> Assessed:
    """Screens and grades a photo that was already read.

    Args:
        photo: the photo.
        conditions: as for :func:`assess_file`.
        pupil_distance_mm: as for :func:`assess_file`.

    Raises:
        UsageError: for a condition that there is not, or a distance of the pupils that nobody has.
        WeightsError: if weights are missing or damaged.
    """
    chosen = choose_conditions(conditions)
    check_pupil_distance(pupil_distance_mm)
    return _assess(photo, chosen, {}, pupil_distance_mm)


def choose_conditions(names: Sequence[str] | None) -> tuple[Condition, ...]:
    """The conditions of these names, in the order of the table; for None, all that grade photos and are installed.

    Raises:
        UsageError: for a name that is not in the table, or a condition that grades no single photo.
        MissingExtraError: for a condition whose optional part of the package is not installed.
        WeightsError: if the names are None and no condition is installed that grades photos.
    """
    if names is None:
        installed = tuple(c for c in CONDITIONS.values() if c.takes == "photo" and c.ships)
        if not installed:
            raise WeightsError("No weights are installed that could grade a photo; install Dermagrade again.")
        return installed
    for name in names:
        if name not in CONDITIONS:
            raise UsageError(f"There is no condition {name!r}; there are: {', '.join(CONDITIONS)}.")
        CONDITIONS[name].check_grades_photos()
        CONDITIONS[name].check_extra()
    return tuple(c for c in CONDITIONS.values() if c.name in names)


def screening_record(screening: Screening) -> dict[str, Any]:
    """The verdict and the findings as they stand in a record; a limit that a finding does not have is left out."""
    return {"verdict": screening.verdict, "findings": [finding_record(f) for f in screening.findings]}


def box_record(box: Box, scale: float) -> list[float]:
    """A box as it stands in a record, in pixels of the full photo, ``scale`` of them for one of ``Photo.pixels``."""
    return [round(float(v) * scale, 1) for v in box]


def zone_record(zone: Zone, scale: float) -> dict[str, Any]:
    """A zone as it stands in a record, its outline in pixels of the full photo."""
    record: dict[str, Any] = {
        "visible": round(float(zone.visible), 3),
        "polygon": [[round(float(x) * scale, 1), round(float(y) * scale, 1)] for x, y in zone.polygon],
    }
    if zone.covered:
        record["covered"] = {kind: round(float(share), 3) for kind, share in zone.covered.items()}
    return record


def _assess(
    photo: Photo, conditions: Sequence[Condition], elapsed: dict[str, float], pupil_distance_mm: float | None
) -> Assessed:
    with _timed(elapsed, "face"):
        face = find_face(photo)
    with _timed(elapsed, "screen"):
        screening = screen(photo, face)
    refused = screening.verdict == "refuse"
    assessments = {}
    for condition in () if refused else conditions:
        with _timed(elapsed, condition.name):
            assessments[condition.name] = condition.grade(photo, face, screening, pupil_distance_mm=pupil_distance_mm)
    return Assessed(
        name=photo.name,
        status="refused" if refused else "assessed",
        photo=photo,
        screening=screening,
        face=face,
        assessments=assessments,
        elapsed_ms=elapsed,
    )


@contextmanager
def _timed(elapsed: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        elapsed[stage] = 1000 * (time.perf_counter() - start)


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in a record; a limit that it does not have is left out."""
    record: dict[str, Any] = {"code": finding.code, "severity": finding.severity, "value": rounded(finding.value, 4)}
    if finding.minimum is not None:
        record["minimum"] = finding.minimum
    if finding.maximum is not None:
        record["maximum"] = finding.maximum
    return record | {"message": finding.message}


def _face_record(face: FaceMap, scale: float) -> dict[str, Any]:
    return {
        "box": box_record(face.box, scale),
        "yaw_deg": round(float(face.yaw_deg), 1),
        "zones": {name: zone_record(zone, scale) for name, zone in face.zones.items()},
    }


def assessment_record(a: Assessment) -> dict[str, Any]:
    """A condition's answer as it stands in a record, rounded; scale and reason alone where it abstained."""
    if a.score is None:
        return {"scale": a.scale, "score": None, "abstained": a.abstained}
    record: dict[str, Any] = {
        "scale": a.scale,
        "score": round(a.score, 2),
        "interval": [round(v, 2) for v in a.interval] if a.interval else None,
        "level": _number(a.level),
        "label": a.label,
    }
    details = details_of(a)
    record |= details.record()
    figures = details.zone_figures()
    record["zones"] = {
        name: {"score": round(zone.score, 2)}
        | ({details.zone_figure: round(figures[name], 2)} if name in figures else {})
        for name, zone in a.zones.items()
    }
    if a.measures:
        record["measures"] = measures_record(a.measures)
    return record


def measures_record(measures: Sequence[Measure]) -> dict[str, Any]:
    """Further numbers as they stand in a record: each with its unit, empty for a plain number."""
    return {m.name: {"value": _number(round(m.value, 4)), "unit": m.unit} for m in measures}


def _number(value: float | None) -> float | None:
    """Whole levels stand without a decimal point."""
    return int(value) if value is not None and float(value).is_integer() else value


def rounded(value: float | None, digits: int) -> float | None:
    """A number to so many digits; None stays None."""
    return None if value is None else round(float(value), digits)
