"""The graded photos of a run: table, files, persons and folds, read once for every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dermagrade.errors import UsageError
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.exclude import kept_labels, read_exclusions
from dermagrade.tables.grade_scale import scale_named_by, within
from dermagrade.tables.labels import PhotoLabel, read_labels, simulated_rows, with_readings
from dermagrade.tables.lesions import check_lesions, read_lesions
from dermagrade.tables.persons import infer_subjects
from dermagrade.tables.photo_files import locate_photos
from dermagrade.tables.ratings import read_ratings
from dermagrade.training.run.folder import file_digest
from dermagrade.training.run.folds import with_folds
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos


@dataclass(frozen=True, eq=False)
class GradedPhotos:
    """The photos that a run learns from and is measured on.

    Attributes:
        table: of the grades.
        images: folder of the photos.
        scale: of the grades.
        labels: of the photos, each with a subject and a fold.
        files: of the photos, in the same order.
        notes: what a reader of any figure must know of the persons, a sentence each.
        excluded: tables of photos that were left out.
    """

    table: Path
    images: Path
    scale: Scale
    labels: tuple[PhotoLabel, ...]
    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()
    excluded: tuple[Path, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def settings(self) -> dict[str, Any]:
        """What of these photos makes it another run."""
        return {"photos": len(self), "scale": self.scale.id, "labels": file_digest(self.table)} | self.left_out

    @property
    def left_out(self) -> dict[str, Any]:
        """What of the photos that are left out makes it another run; nothing where none are.

        So a run that was begun before photos could be left out is gone on with.
        """
        return {"exclude": [file_digest(table) for table in self.excluded]} if self.excluded else {}

    @property
    def folds(self) -> tuple[int, ...]:
        """The fold of each photo."""
        return tuple(label.fold for label in self.labels if label.fold is not None)

    @property
    def grades(self) -> tuple[float, ...]:
        """The grade of each photo."""
        return tuple(label.grade for label in self.labels)

    @property
    def simulated(self) -> bool:
        """True where the table says that grades are those of painted pictures."""
        return simulated_rows(self.table) > 0

    def subjects_of(self, rows: Sequence[int]) -> int:
        """How many persons these photos show."""
        return len({self.labels[row].subject for row in rows})

    def source(self, rows: Sequence[int], without: int | None) -> str:
        """A sentence for a card: how many photos, of how many persons, and which fold is left out."""
        left_out = "" if without is None else f", without fold {without}"
        name = self.table.resolve().parent.name
        return f"{name}: {len(rows)} graded photos of {self.subjects_of(rows)} subjects{left_out}"


def learnt_scale(job: Job, table: Path, *, only: str | None = None) -> Scale:
    """The scale of the grades: the one named, else that of the table's column ``scale``, else the condition's own.

    Args:
        job: as asked for.
        table: of the grades.
        only: id of the one scale that the engine learns; any of the condition's label scales where None.

    Raises:
        UsageError: if the condition's photos are not labelled on it, or the engine does not learn it.
        LabelsError: if the table cannot be read.
    """
    allowed = job.condition.label_scales or (job.condition.scale,)
    named = job.scale or scale_named_by(table) or allowed[0]
    if only is not None and named != only:
        raise UsageError(f"The recipe {job.recipe_name} learns grades on {only} only, not on {named}.")
    if named not in allowed:
        there_are = " or ".join(sorted(allowed))
        raise UsageError(f"{job.condition.title} is learnt from grades on {there_are}, not on {named}.")
    return SCALES[named]


def read_graded(
    job: Job,
    scale: Scale,
    *,
    classed: Callable[[float], float],
    allowed: Callable[[float], bool] | None = None,
    others: Iterable[Path] = (),
) -> GradedPhotos:
    """Reads the labels, finds the photos, leaves out what is excluded, infers persons, and splits them into folds.

    What is left out, what is inferred, and which ratings and marks are of no labelled photo is told.

    Args:
        job: as asked for.
        scale: of the grades.
        classed: grade to the class by which photos are spread over the folds.
        allowed: says whether a grade may be learnt; every one on the scale where None.
        others: further photos of the run, which ``--exclude`` may name.

    Raises:
        UsageError: if labels or photos are not given.
        LabelsError: if the table is malformed, a photo is missing, a person stands in two folds, or there are too few.
        PhotoError: if persons have to be inferred and a photo cannot be read.
    """
    table, images = labelled_photos(job)
    labels = read_labels(table, allowed=allowed or within(scale), scale=scale.id)
    files = locate_photos([label.photo for label in labels], images, table=str(table))
    labels, said = _with_tables(job, labels, scale, allowed)
    exclusions = read_exclusions(job.exclude)
    left_out = exclusions.report([*files.values(), *others])
    labels = kept_labels(labels, files, exclusions)
    notes: list[str] = []
    if not all(label.subject_given for label in labels):
        labels, notes = infer_subjects(labels, images)
    placed = with_folds(labels, [classed(label.grade) for label in labels], folds=job.folds, seed=job.seed)
    for line in (*said, *left_out, *notes):
        job.tell(line)
    return GradedPhotos(
        table, images, scale, placed, tuple(files[label.photo] for label in labels), tuple(notes), job.exclude
    )


def _with_tables(
    job: Job, labels: Sequence[PhotoLabel], scale: Scale, allowed: Callable[[float], bool] | None
) -> tuple[list[PhotoLabel], list[str]]:
    """The labels with the ratings of further readers; and what ratings and marked lesions do not match."""
    joined, notes = list(labels), list[str]()
    if job.ratings is not None:
        ratings = read_ratings(job.ratings, scale=scale.id, allowed=allowed)
        joined, said = with_readings(labels, ratings.readings, table=str(job.ratings))
        notes += [*ratings.notes, *said]
    for number, path in enumerate(job.lesions):
        notes += check_lesions(read_lesions(path), labels, table=str(path), second=number == 1)
    return joined, notes
