"""A seeded sample of the real photos of acne and of the listed clear faces."""

from __future__ import annotations

import csv
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.evaluation.measures.photo_sample import Subject, sampled
from laboratory.clear_faces import clear_faces

#: How many acne photos and clear faces are taken unless the call says otherwise.
ACNE_SAMPLE, CLEAR_SAMPLE = 150, 100


def default_photos(data: Path, *, sample: int | None, seed: int) -> list[Subject]:
    """Sampled acne photos with their persons, then sampled clear faces, each of which counts as a person.

    Raises:
        LabelsError: if the data's table of acne photos cannot be read.
    """
    table = data / "acne" / "labels.csv"
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            rows = [(row["photo"], row["subject"]) for row in csv.DictReader(lines)]
    except (OSError, KeyError) as error:
        raise LabelsError(f"{table} is missing or has no photo and subject; point DERMAGRADE_DATA to it.") from error
    acne = [Subject(data / "acne" / "photos" / photo, "acne photos", subject) for photo, subject in rows]
    faces = [Subject(data / "faces" / c / name, "clear faces", f"{c}/{name}") for c, name in clear_faces()]
    return [*sampled(acne, sample or ACNE_SAMPLE, seed), *sampled(faces, sample or CLEAR_SAMPLE, seed)]
