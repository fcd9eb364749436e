"""The rule by which every run splits people: the table's folds where it names any, else whole subjects by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.tables.folds import check_folds, folds_by_subject
from dermagrade.tables.labels import PhotoLabel

#: Title of the network for everybody.
EVERYBODY = "final"
#: Added to the seed of the network for everybody.
_SEED_STEP = 1000


@dataclass(frozen=True)
class Split:
    """One network of a run: who teaches it, and whom it never sees.

    Attributes:
        title: ``fold0`` and so on, or :data:`EVERYBODY` for the network that is handed on.
        fold: number of the fold that it never sees; None for the network for everybody.
        fit: rows of the photos that it learns from.
        held: rows of the photos that it is measured on; they show other people.
        seed: of its random numbers.
    """

    title: str
    fold: int | None
    fit: tuple[int, ...]
    held: tuple[int, ...]
    seed: int


def with_folds(
    labels: Sequence[PhotoLabel], classes: Sequence[float], *, folds: int, seed: int
) -> tuple[PhotoLabel, ...]:
    """The labels, each with its fold: the table's where it names any, else whole subjects by chance.

    Args:
        labels: of the photos.
        classes: one for each label; they are spread over the folds as evenly as the subjects allow.
        folds: how many, where the table names none.
        seed: of the chance.

    Raises:
        LabelsError: if a person stands in two folds, a label lacks one, or there are too few persons.
    """
    if any(label.fold is not None for label in labels):
        check_folds(labels)
        return tuple(labels)
    return tuple(
        replace(label, fold=fold) for label, fold in zip(labels, part_people(labels, classes, folds, seed), strict=True)
    )


def part_people(labels: Sequence[PhotoLabel], classes: Sequence[float], parts: int, seed: int) -> list[int]:
    """The part of each label: whole subjects, with the classes spread evenly; see :func:`folds_by_subject`."""
    by_class = [replace(label, grade=float(own)) for label, own in zip(labels, classes, strict=True)]
    return folds_by_subject(by_class, parts, seed)


def stopping_part(
    labels: Sequence[PhotoLabel], classes: Sequence[float], rows: Sequence[int], *, parts: int, seed: int
) -> tuple[list[int], list[int]]:
    """Parts those whom a network learns from once more: most teach it, and the others say when to stop.

    Args:
        labels: of all photos.
        classes: of all photos; they are spread evenly.
        rows: of the photos that a network learns from.
        parts: one part in so many says when to stop; of fewer subjects, one.
        seed: of the chance.

    Returns:
        The rows that teach, and the rows of other people who say when to stop.

    Raises:
        LabelsError: if the rows are all of one person.
    """
    subjects = {labels[i].subject for i in rows}
    if len(subjects) < 2:
        raise LabelsError(
            f"A fold leaves photos with a face of {len(subjects)} subjects to train on, and it needs two: one to train "
            "on and one to say when to stop."
        )
    own = part_people([labels[i] for i in rows], [classes[i] for i in rows], min(parts, len(subjects)), seed)
    placed = list(zip(rows, own, strict=True))
    return [i for i, part in placed if part != 0], [i for i, part in placed if part == 0]


def splits_of(folds: Sequence[int], usable: Sequence[bool] | NDArray[np.bool_], seed: int) -> tuple[Split, ...]:
    """A network for each fold, which never sees it, and last the one for everybody.

    Args:
        folds: of every photo.
        usable: for every photo, whether it shows what a network learns from.
        seed: that of the network of fold k is ``seed + k``.

    Raises:
        LabelsError: if a fold is left without a photo to learn from or to measure on.
    """
    own, found = np.asarray(folds), np.asarray(usable, bool)
    splits = [
        Split(f"fold{k}", k, _rows(found & (own != k)), _rows(found & (own == k)), seed + k)
        for k in sorted(set(own.tolist()))
    ]
    if not all(split.fit and split.held for split in splits):
        raise LabelsError("Too few photos show a face: a fold is left without any to learn from or to measure on.")
    return (*splits, Split(EVERYBODY, None, _rows(found), (), seed + _SEED_STEP))


def split_once(folds: Sequence[int], usable: Sequence[bool] | NDArray[np.bool_], seed: int) -> tuple[Split, ...]:
    """One network alone, which is handed on and never sees the first fold, so that it is measured itself.

    Args:
        folds: of every photo.
        usable: for every photo, whether it shows what a network learns from.
        seed: of its random numbers.

    Raises:
        LabelsError: if there is no photo to learn from or to measure on.
    """
    first = splits_of(folds, usable, seed)[0]
    return (Split(EVERYBODY, None, first.fit, first.held, seed),)


def _rows(chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(chosen).tolist())
