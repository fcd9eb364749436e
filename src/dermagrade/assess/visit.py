"""Several photos of one visit as one face: each part is taken from the photo that shows it best.

Nobody checks that the photos show the same person; that is for whoever puts them together.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dermagrade.assess.photo import (
    Assessed,
    Status,
    assess_file,
    assessment_record,
    box_record,
    choose_conditions,
    measures_record,
    screening_record,
    zone_record,
)
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.errors import UsageError
from dermagrade.face.parts import parts_of
from dermagrade.grading.views import View, choose_parts
from dermagrade.photo.read import DEFAULT_MAX_PIXELS
from dermagrade.types import ZONES, Assessment, FaceMap, Photo

PhotoStatus = Literal["assessed", "refused", "failed", "copy"]


@dataclass(frozen=True, eq=False)
class Visit:
    """All that is known of the photos of one visit after they were looked at.

    Attributes:
        photos: every photo on its own, in the order given.
        copies: index of a photo that is the same file as an earlier one, to the index of that one; it is used once.
        chosen: every part of the face to the index of the photo it is taken from; empty where nothing was graded.
        assessments: condition name to its answer for the face.
        elapsed_ms: milliseconds by stage, summed over the photos, and ``visit`` for putting them together.
    """

    photos: tuple[Assessed, ...]
    copies: Mapping[int, int] = field(default_factory=dict)
    chosen: Mapping[str, int] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    elapsed_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """``assessed`` if any photo is; else ``refused`` if any could be read; else ``failed``."""
        statuses = {photo.status for photo in self.photos}
        return next(s for s in ("assessed", "refused", "failed") if s in statuses)

    def photo_status(self, index: int) -> PhotoStatus:
        """The status of one photo; ``copy`` where it was already there."""
        return "copy" if index in self.copies else self.photos[index].status

    @property
    def used(self) -> tuple[int, ...]:
        """Indices of the photos that some part of the face is taken from."""
        return tuple(sorted(set(self.chosen.values())))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of this visit, one sentence each."""
        notes = [
            f"{self.photos[copy].name} is the same file as {self.photos[of].name}; it was used once."
            for copy, of in self.copies.items()
        ]
        for cheek, side in (("left_cheek", "left"), ("right_cheek", "right")):
            if self.chosen and not self._face(self.chosen[cheek])[1].zones[cheek].found:
                notes.append(f"No photo shows the {side} cheek, so that side of the face may go uncounted.")
        return tuple(notes)

    def part_of_visit(self, index: int) -> dict[str, Assessment]:
        """The answers for the face with only what is taken from one photo, to draw on it.

        Of the zones those that are taken from it, and of the rest what the condition says (``Condition.on_photo``).
        """
        zones = {zone for zone in ZONES if index in self._zone_photos(zone)}
        photo, face = self._face(index)
        answers = {}
        for name, answer in self.assessments.items():
            view = View(photo, face, self.photos[index].assessments[name], index)
            on_photo = CONDITIONS[name].on_photo
            answers[name] = replace(
                answer,
                zones={zone: score for zone, score in answer.zones.items() if zone in zones},
                details=None if on_photo is None else on_photo(answer, view, zones),
            )
        return answers

    def record(self) -> dict[str, Any]:
        """The record of the visit as ``dermagrade assess --visit --json`` prints it; ``docs/visit.md`` explains it."""
        loaded = [a.photo for a in self.photos]
        record: dict[str, Any] = {
            "photo": [a.name for a in self.photos],
            "sha256": [photo.sha256 if photo else None for photo in loaded],
            "width": [photo.width if photo else None for photo in loaded],
            "height": [photo.height if photo else None for photo in loaded],
            "status": self.status,
        }
        if self.status == "failed":
            record["error"] = " ".join(a.error for a in self.photos if a.error)
        record["photos"] = [self._photo_record(i) for i in range(len(self.photos))]
        record["notes"] = list(self.notes)
        record["screening"] = [screening_record(a.screening) if a.screening else None for a in self.photos]
        record["face"] = self._face_record()
        record |= {name: assessment_record(answer) for name, answer in self.assessments.items()}
        record["model"] = {name: a.model for name, a in self.assessments.items() if a.model}
        record["elapsed_ms"] = {stage: round(ms) for stage, ms in self.elapsed_ms.items()}
        return record

    def _photo_record(self, index: int) -> dict[str, Any]:
        one = self.photos[index]
        findings = one.screening.findings if one.screening else ()
        reasons = [one.error] if one.error else []
        reasons += [finding.message for finding in findings if finding.severity == "refuse"]
        reasons += [f"{a.condition} not graded: {a.abstained}" for a in one.assessments.values() if a.abstained]
        if index in self.copies:
            reasons = [f"It is the same file as photo {self.copies[index]}."]
        record: dict[str, Any] = {
            "status": self.photo_status(index),
            "used": index in self.used,
            "reason": " ".join(reasons) or None,
        }
        measures = {name: measures_record(a.measures) for name, a in one.assessments.items() if a.measures}
        return record | ({"measures": measures} if measures else {})

    def _face_record(self) -> dict[str, Any] | None:
        faces = [(a.face, a.photo.scale) if a.face and a.photo else None for a in self.photos]
        if not any(faces):
            return None
        return {
            "box": [box_record(known[0].box, known[1]) if known else None for known in faces],
            "yaw_deg": [round(float(known[0].yaw_deg), 1) if known else None for known in faces],
            "zones": {zone: self._zone_record(zone) for zone in ZONES},
        }

    def _zone_record(self, zone: str) -> dict[str, Any]:
        photos = self._zone_photos(zone)
        if not photos:
            return {"visible": 0.0, "polygon": [], "photo": None, "halves": None}
        # Where its halves come from two photos, the zone is shown in the one that shows more of it.
        index = max(photos, key=lambda i: (self._face(i)[1].zones[zone].visible, -i))
        photo, face = self._face(index)
        halves = {"left": photos[0], "right": photos[-1]} if len(photos) > 1 else None
        return zone_record(face.zones[zone], photo.scale) | {"photo": index, "halves": halves}

    def _zone_photos(self, zone: str) -> list[int]:
        """The photos of a zone's parts; none where no photo was graded."""
        return [self.chosen[part] for part in parts_of(zone)] if self.chosen else []

    def _face(self, index: int) -> tuple[Photo, FaceMap]:
        one = self.photos[index]
        if one.photo is None or one.face is None:
            raise ValueError(f"no face is known in photo {index}")
        return one.photo, one.face


def assess_visit(
    paths: Iterable[str | os.PathLike[str]],
    *,
    conditions: Sequence[str] | None = None,
    max_pixels: int = DEFAULT_MAX_PIXELS,
    pupil_distance_mm: float | None = None,
) -> Visit:
    """Reads, screens and grades the photos of one visit and puts them together to one answer for the face.

    Every photo is looked at on its own; one that cannot be read, is refused or cannot be graded is left out, and the
    rest goes on. All photos are held in memory until the answer is there.

    Args:
        paths: the files, at least one.
        conditions: as for :func:`~dermagrade.assess.photo.assess_file`.
        max_pixels: width times height above which a photo is not opened.
        pupil_distance_mm: as for :func:`~dermagrade.assess.photo.assess_file`.

    Raises:
        UsageError: for a condition that there is not, if there are no photos, or for a distance that nobody has.
        WeightsError: if weights are missing or damaged.
    """
    names = [condition.name for condition in choose_conditions(conditions)]
    return combine_photos(
        [
            assess_file(path, conditions=names, max_pixels=max_pixels, pupil_distance_mm=pupil_distance_mm)
            for path in paths
        ]
    )


def combine_photos(photos: Sequence[Assessed]) -> Visit:
    """Puts photos of one visit together that were already looked at.

    Args:
        photos: each on its own, graded on the same conditions; at least one.

    Raises:
        UsageError: if there are none.
    """
    if not photos:
        raise UsageError("A visit needs at least one photo.")
    start = time.perf_counter()
    first: dict[str, int] = {}
    copies = {}
    for i, one in enumerate(photos):
        if one.photo is not None and first.setdefault(one.photo.sha256, i) != i:
            copies[i] = first[one.photo.sha256]
    graded = [i for i, one in enumerate(photos) if one.status == "assessed" and i not in copies]
    scored = [i for i in graded if any(a.score is not None for a in photos[i].assessments.values())]
    names = photos[graded[0]].assessments if graded else ()
    answers = {name: _combine(CONDITIONS[name], photos, graded) for name in names}
    elapsed: dict[str, float] = {}
    for one in photos:
        for stage, ms in one.elapsed_ms.items():
            elapsed[stage] = elapsed.get(stage, 0.0) + ms
    return Visit(
        photos=tuple(photos),
        copies=copies,
        chosen=_chosen(photos, scored),
        assessments=answers,
        elapsed_ms=elapsed | {"visit": 1000 * (time.perf_counter() - start)},
    )


def _chosen(photos: Sequence[Assessed], of: Sequence[int]) -> dict[str, int]:
    """Every part of the face to the photo among those of these indices that shows it best."""
    known = [(i, photos[i].photo, photos[i].face) for i in of]
    faces = [(i, photo, face) for i, photo, face in known if photo is not None and face is not None]
    if not faces:
        return {}
    return {part: faces[at][0] for part, at in choose_parts([(photo, face) for _, photo, face in faces]).items()}


def _combine(condition: Condition, photos: Sequence[Assessed], graded: Sequence[int]) -> Assessment:
    """A condition's answer for the face."""
    answers = {i: photos[i].assessments[condition.name] for i in graded}
    scored = [i for i in graded if answers[i].score is not None]
    if not scored:
        return answers[graded[0]]
    chosen = _chosen(photos, scored)
    if condition.combine is None or not chosen:
        if len(scored) == 1:
            return answers[scored[0]]
        reason = f"{condition.title} is graded on single photos only; leave --visit out."
        return Assessment(condition=condition.name, scale=condition.scale, abstained=reason)
    views = []
    for i in scored:
        photo, face = photos[i].photo, photos[i].face
        if photo is not None and face is not None:
            views.append(View(photo, face, answers[i], i))
    order = [view.number for view in views]
    return condition.combine(views, {part: order.index(photo) for part, photo in chosen.items()})
