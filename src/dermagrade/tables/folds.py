"""Folds of whole people, so that nobody stands on both sides of a split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from dermagrade.errors import LabelsError
from dermagrade.tables.labels import PhotoLabel


def folds_by_subject(labels: Sequence[PhotoLabel], folds: int, seed: int) -> list[int]:
    """The fold of each label: whole subjects, with the grades spread as evenly as they allow.

    The subjects are shuffled, then placed from the one with most photos down, each into the fold that most lacks its
    grades. The same arguments give the same folds.

    Args:
        labels: of the photos.
        folds: how many, from 2.
        seed: of the shuffle.

    Raises:
        LabelsError: if there are fewer subjects than folds.
    """
    photos: dict[str, list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        photos[label.subject].append(i)
    if folds < 2 or len(photos) < folds:
        raise LabelsError(f"{len(photos)} subjects cannot be split into {folds} folds; ask for 2 to {len(photos)}.")
    subjects = sorted(photos)
    subjects = [subjects[k] for k in np.random.default_rng(seed).permutation(len(subjects))]
    subjects.sort(key=lambda s: -len(photos[s]))
    totals = Counter(label.grade for label in labels)
    held: list[Counter[float]] = [Counter() for _ in range(folds)]
    result = [0] * len(labels)
    for placed, subject in enumerate(subjects):
        own = Counter(labels[i].grade for i in photos[subject])
        # As many subjects left as folds that are empty: then an empty one it must be.
        empty = [k for k in range(folds) if not held[k]]
        allowed = empty if len(subjects) - placed <= len(empty) else range(folds)

        def crowding(k: int, own: Counter[float] = own) -> tuple[float, int, int]:
            share = sum(n * held[k][grade] / totals[grade] for grade, n in own.items())
            return share, held[k].total(), k

        best = min(allowed, key=crowding)
        held[best].update(own)
        for i in photos[subject]:
            result[i] = best
    return result


def check_folds(labels: Sequence[PhotoLabel]) -> None:
    """Holds that every label has a fold, that there are at least two, and that nobody stands in two of them.

    Raises:
        LabelsError: naming the photo or subject that breaks this.
    """
    fold_of: dict[str, int] = {}
    for label in labels:
        if label.fold is None:
            raise LabelsError(f"{label.photo} has no fold, though others have; fill the column or leave it out.")
        if fold_of.setdefault(label.subject, label.fold) != label.fold:
            raise LabelsError(
                f"The subject {label.subject} stands in the folds {fold_of[label.subject]} and {label.fold}; "
                "keep each person in one."
            )
    if len(set(fold_of.values())) < 2:
        raise LabelsError("The fold column names fewer than two folds.")
