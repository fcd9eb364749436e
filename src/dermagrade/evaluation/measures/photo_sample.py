"""Photos to measure on: those of folders, or a seeded sample of the real photos that lie outside the repository."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.clear_faces import clear_faces
from dermagrade.photo.read import SUFFIXES

#: How many acne photos and clear faces are taken unless the call says otherwise.
ACNE_SAMPLE, CLEAR_SAMPLE = 150, 100


@dataclass(frozen=True)
class Subject:
    """A photo to measure.

    Attributes:
        path: of the file.
        group: what kind of photo it is, such as ``acne``.
        person: whose it is; the file where nobody knows.
    """

    path: Path
    group: str
    person: str


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
        raise LabelsError(f"{table} is missing or has no photo and subject; name photos by --folder.") from error
    acne = [Subject(data / "acne" / "photos" / photo, "acne photos", subject) for photo, subject in rows]
    faces = [Subject(data / "faces" / c / name, "clear faces", f"{c}/{name}") for c, name in clear_faces()]
    return [*_sampled(acne, sample or ACNE_SAMPLE, seed), *_sampled(faces, sample or CLEAR_SAMPLE, seed)]


def folder_photos(folders: Iterable[Path], *, sample: int | None, seed: int) -> list[Subject]:
    """Photos of folders, sampled from each; nobody knows the persons, so every photo counts as one.

    Raises:
        UsageError: if a folder is missing or holds no photo.
    """
    chosen: list[Subject] = []
    for folder in folders:
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []
        if not files:
            raise UsageError(f"{folder} is no folder with photos.")
        own = [Subject(path, folder.name, str(path)) for path in files]
        chosen += _sampled(own, sample or len(own), seed)
    return chosen


def with_progress(subjects: Sequence[Subject]) -> Iterator[Subject]:
    """The photos one by one, with a bar on a terminal."""
    with tqdm(subjects, unit="photo", disable=None) as bar:  # None: only on a terminal
        yield from bar


def _sampled(subjects: Sequence[Subject], count: int, seed: int) -> list[Subject]:
    return random.Random(seed).sample(list(subjects), min(count, len(subjects)))
