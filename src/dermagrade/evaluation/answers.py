"""What was found in each labelled photo: graded as a user's photo is, and kept in a file as it comes."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.conditions.condition import Condition
from dermagrade.conditions.details import details_of
from dermagrade.errors import LabelsError, OutputError, PhotoError
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.networks import Networks
from dermagrade.face.colour import skin_angle
from dermagrade.face.zones import find_face
from dermagrade.photo.checks import face_side_px, region, sharpness
from dermagrade.photo.read import read_photo
from dermagrade.tables.photo_files import find_photos
from dermagrade.types import FaceMap, Photo, Screening


@dataclass(frozen=True)
class PhotoResult:
    """What was found in one labelled photo.

    Attributes:
        photo: name.
        key: of the networks and settings that were used; an answer kept under another key is not reused.
        answered: True where the condition gave a score.
        reason: why it gave none.
        unreadable: True where the file could not be read.
        grade: class that the condition names, such as a Hayashi grade; -1 where it names none.
        probabilities: of the classes, rising; empty where the condition gives none.
        score: on the condition's scale.
        count: lesions in the whole photo; NaN where the network does not count.
        lesions: x, y, confidence of each lesion pointed at, in pixels of the full photo.
        zones: names of the zones that were found.
        frontal: True where the halves were graded apart.
        width: of the full photo in pixels.
        height: likewise.
        interval: low and high on that scale; None where the network carries no calibration.
        hayashi_set: classes that cannot be ruled out; empty without a calibration. Named after the first such scale,
            since files of earlier versions call it so.
        fold: whose network answered: the one trained without this fold; None where one network answered for all.
        ita_deg: typology angle of the visible skin; None where it was not measured.
        yaw_deg: turn of the head; None without a face.
        sharpness: as the screening measures it; None where it was not measured.
        face_px: longer side of the face in pixels of the full photo; None without a face.
        visible: zone name to its visible share; empty without a face.
    """

    photo: str
    key: str
    answered: bool
    reason: str = ""
    unreadable: bool = False
    grade: int = -1
    probabilities: tuple[float, ...] = ()
    score: float = math.nan
    count: float = math.nan
    lesions: tuple[tuple[float, float, float], ...] = ()
    zones: tuple[str, ...] = ()
    frontal: bool = False
    width: int = 0
    height: int = 0
    interval: tuple[float, float] | None = None
    hayashi_set: tuple[int, ...] = ()
    fold: int | None = None
    ita_deg: float | None = None
    yaw_deg: float | None = None
    sharpness: float | None = None
    face_px: float | None = None
    visible: Mapping[str, float] = field(default_factory=dict)

    @property
    def expected_grade(self) -> float:
        """Mean of the classes, weighted by their probabilities; NaN without probabilities."""
        p = self.probabilities
        return float(np.dot(np.arange(len(p)), p)) if p else math.nan

    @property
    def places(self) -> NDArray[np.float64]:
        """``(n, 2)`` x, y of the lesions pointed at."""
        return np.array(self.lesions, np.float64).reshape(-1, 3)[:, :2]

    def line(self) -> str:
        """As one line of JSON; what was not found is left out."""
        content = {f.name: getattr(self, f.name) for f in fields(self)}
        told = {key: v for key, v in content.items() if v is not None and not (isinstance(v, float) and math.isnan(v))}
        return json.dumps(told, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> PhotoResult | None:
        """The result that a line holds; None for a line that was cut off or is none of ours."""
        try:
            content = json.loads(line)
            for name in ("probabilities", "zones", "hayashi_set", "interval"):
                if content.get(name) is not None:
                    content[name] = tuple(content[name])
            content["lesions"] = tuple(tuple(x) for x in content.get("lesions", ()))
            return cls(**content)
        except (ValueError, TypeError, AttributeError):
            return None


def answer_photos(
    condition: Condition,
    labels: Sequence[Labelled],
    images: Path,
    *,
    networks: Networks,
    save: Path | None = None,
    progress: Callable[[Sequence[Labelled]], Iterable[Labelled]] = iter,
) -> list[PhotoResult]:
    """The answer for each label, in order: those kept from before with the same networks, then the rest.

    Args:
        condition: what is graded.
        labels: the photos.
        images: their folder.
        networks: which to use.
        save: file of JSON lines to which each answer goes at once, and from which answers of the same networks are
            taken over.
        progress: given the photos still to do, gives them back one by one.

    Raises:
        LabelsError: if folds are asked for and a photo has none, or none of the photos is in the folder.
        WeightsError: if a network is absent, damaged, or does not fit.
        OutputError: if the answers cannot be kept.
    """
    keys = {label.photo: networks.key(label) for label in labels}
    kept = {(r.photo, r.key): r for r in _lines(save)} if save is not None and save.exists() else {}
    results = {photo: kept[photo, key] for photo, key in keys.items() if (photo, key) in kept}
    missing = [label for label in labels if label.photo not in results]
    located = find_photos([label.photo for label in missing], images, table="the table of labels")
    if not results and not located.found:
        raise LabelsError(located.report.notes_on_names[0])
    for label in progress(missing):
        file = located.found.get(label.photo, images / label.photo)
        result = _answer(condition, label, file, networks, keys[label.photo])
        results[label.photo] = result
        if save is not None:
            _keep(save, result)
    return [results[label.photo] for label in labels]


def read_answers(path: Path) -> dict[str, PhotoResult]:
    """Photo to its answer, from a file that :func:`answer_photos` kept, whatever the networks.

    Where the file holds several answers for a photo, the last one counts. Files of earlier versions are read too: what
    they lack is as if it had not been measured.

    Raises:
        LabelsError: if the file cannot be read or holds no answer.
    """
    if not path.is_file():
        raise LabelsError(f"There is no file {path} of answers by photo; evaluate writes one with --by-photo.")
    found = {result.photo: result for result in _lines(path)}
    if not found:
        raise LabelsError(f"{path} holds no answer by photo; evaluate writes such a file with --by-photo.")
    return found


def _answer(condition: Condition, label: Labelled, file: Path, networks: Networks, key: str) -> PhotoResult:
    zones, model = networks.of(label)
    fold = None if networks.folds is None else label.fold
    try:
        photo = read_photo(file)
    except PhotoError as error:
        return PhotoResult(label.photo, key, answered=False, reason=str(error), unreadable=True, fold=fold)
    face = find_face(photo, model=zones)
    assessment = condition.grade(photo, face, Screening(), model=model)
    measured: dict[str, Any] = {"fold": fold, "width": photo.width, "height": photo.height}
    if face is not None:
        measured |= _measured(photo, face)
    if assessment.score is None:
        return PhotoResult(label.photo, key, answered=False, reason=assessment.abstained or "", **measured)
    said = details_of(assessment).evaluated()
    return PhotoResult(
        photo=label.photo,
        key=key,
        answered=True,
        grade=-1 if said.grade is None else said.grade,
        probabilities=said.probabilities,
        score=assessment.score,
        count=math.nan if said.count is None else said.count,
        lesions=tuple((round(x.x, 2), round(x.y, 2), round(x.confidence, 4)) for x in said.places),
        interval=assessment.interval,
        hayashi_set=said.possible,
        **measured,
    )


def _measured(photo: Photo, face: FaceMap) -> dict[str, Any]:
    """What groups of photos are told apart by."""
    area = region(photo, face)
    angle = skin_angle(photo, face)
    return {
        "zones": face.found,
        "frontal": face.frontal,
        "ita_deg": None if angle is None else round(angle, 2),
        "yaw_deg": round(face.yaw_deg, 2),
        "sharpness": round(sharpness(area), 4) if area.measurable else None,
        "face_px": round(face_side_px(photo, face), 1),
        "visible": {name: round(zone.visible, 4) for name, zone in face.zones.items()},
    }


def _lines(path: Path) -> list[PhotoResult]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(f"The answers kept in {path} cannot be read; name another file.") from error
    return [result for line in lines if (result := PhotoResult.from_line(line)) is not None]


def _keep(save: Path, result: PhotoResult) -> None:
    try:
        with save.open("ab+") as out:
            if out.tell():  # a line that was cut off must not swallow this one
                out.seek(-1, os.SEEK_END)
                if out.read(1) != b"\n":
                    out.write(b"\n")
            out.write(result.line().encode() + b"\n")
    except OSError as error:
        raise OutputError(f"{save} cannot be written: {error.strerror}.") from error
