"""Infers whose photo it is where the labels do not say, and finds labels that contradict each other.

Photos that near-duplicate search links become one subject, so that a copy of a training photo cannot stand in the test.
That is the least that can be done, not the whole: two different photos of one person stay two subjects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.near_duplicates import NearDuplicate, near_duplicates
from dermagrade.tables.photo_files import locate_photos


def infer_subjects(
    labels: Sequence[PhotoLabel], images: Path | str, *, pairs: Sequence[NearDuplicate] | None = None
) -> tuple[list[PhotoLabel], list[str]]:
    """Labels with a subject for every photo, and what a reader of any figure must know of them.

    Subjects that the table names stay. A photo without one takes that of a photo which it is linked with, else the
    group's own, named after its first photo.

    Args:
        labels: of the photos, as read; ``subject_given`` says which subjects are the table's. It stays False where a
            subject was inferred.
        images: folder of the photos.
        pairs: near-duplicates by place in ``labels``, if they are known already.

    Returns:
        The labels in the same order, and notes, a sentence each: how persons were inferred, which photos of two
        subjects are near-duplicates, which copies have two grades.

    Raises:
        LabelsError: if a photo is missing.
        PhotoError: if a photo cannot be read.
    """
    if pairs is None:
        files = locate_photos([label.photo for label in labels], images)
        pairs = near_duplicates([files[label.photo] for label in labels])
    unnamed = sum(not label.subject_given for label in labels)
    notes = []
    done = list(labels)
    if unnamed:
        group = _groups(len(labels), pairs)
        owner: dict[int, str] = {}
        for place in range(len(labels)):
            if labels[place].subject_given:
                owner.setdefault(group[place], labels[place].subject)
        for place, label in enumerate(labels):
            if not label.subject_given:
                subject = owner.setdefault(group[place], label.photo)
                done[place] = replace(label, subject=subject)
        persons = len({label.subject for label in done if not label.subject_given})
        notes.append(
            f"Persons inferred: {unnamed} photos without a subject -> {persons} persons; near-duplicate search "
            "cannot tell two different photos of one person, so figures may be better than on new people."
        )
    apart = [pair for pair in pairs if done[pair.first].subject != done[pair.second].subject]
    if apart:
        one = apart[0]
        notes.append(
            f"Near-duplicates under two subjects: {len(apart)} pairs, such as {done[one.first].photo} and "
            f"{done[one.second].photo}; a split by subject may put one person on both sides."
        )
    against = contradictions(labels, pairs)
    if against:
        a, b = (labels[place] for place in (against[0].first, against[0].second))
        notes.append(
            f"The same picture with two grades: {len(against)} pairs, such as {a.photo} ({a.grade:g}) and {b.photo} "
            f"({b.grade:g})."
        )
    return done, notes


def contradictions(labels: Sequence[PhotoLabel], pairs: Sequence[NearDuplicate]) -> list[NearDuplicate]:
    """Pairs that are copies of one picture and have different grades.

    Args:
        labels: of the photos.
        pairs: near-duplicates by place in ``labels``.
    """
    return [pair for pair in pairs if pair.copy and labels[pair.first].grade != labels[pair.second].grade]


def _groups(size: int, pairs: Sequence[NearDuplicate]) -> list[int]:
    """The lowest place that each place is linked with, by one pair or a chain of them."""
    parent = list(range(size))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for pair in pairs:
        a, b = sorted((root(pair.first), root(pair.second)))
        parent[b] = a
    return [root(place) for place in range(size)]
