"""How much better a network looks when people, or copies of photos, stand on both sides of its split.

Two sets of answers are held side by side: one by folds of persons, one by folds that were drawn photo by photo. What
the second gains on photos whose person or copy was trained on is no skill.

Source: Kapoor S, Narayanan A. Leakage and the reproducibility crisis in machine-learning-based science. Patterns
2023;4(9):100804.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.cases import cases_of
from dermagrade.evaluation.comparison import Pair, compare_answers
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.raters.pairs import Grades
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.scales import Scale

#: Two photos that belong together, and why: such as ``near-duplicate`` or ``flip``.
Twins = tuple[str, str, str]

SAME_PERSON = "same person"


@dataclass(frozen=True)
class Leakage:
    """The audit of a naive split.

    Attributes:
        photos: that both sets answered.
        folds: number of folds of each split, ``by person`` and ``naive``; 1 where one network answered for all.
        leaked: kind to the number of photos of which another one of that kind stands in the training part of the
            network that answered, for each split; ``any kind`` counts each photo once.
        twins: pairs of the list given that the naive split puts in different folds.
        figures: group of photos to measure to the pair of figures, naive first: all photos, then those whose person
            or copy the naive split trained on, and the rest.
    """

    photos: int
    folds: Mapping[str, int]
    leaked: Mapping[str, Mapping[str, int]]
    twins: tuple[Twins, ...]
    figures: Mapping[str, Mapping[str, Pair]]

    def record(self) -> dict[str, Any]:
        """As it stands in JSON; the first figure of a pair is the naive split's. Pairs of photos stay out."""
        figures = {
            group: {name: pair.record() for name, pair in pairs.items()} for group, pairs in self.figures.items()
        }
        return {
            "photos": self.photos,
            "folds": dict(self.folds),
            "leaked": {split: dict(kinds) for split, kinds in self.leaked.items()},
            "twins_across_naive_folds": len(self.twins),
            "naive_minus_by_person": figures,
        }


def audit_leakage(
    labels: Sequence[Labelled],
    by_person: Sequence[PhotoResult],
    naive: Mapping[str, PhotoResult],
    *,
    scale: Scale,
    draws: Draws,
    pairs: Sequence[Twins] = (),
    consensus: Grades | None = None,
) -> Leakage | None:
    """Compares answers by folds of persons with answers by folds of photos.

    Args:
        labels: the photos.
        by_person: one answer for each label, in order.
        naive: photo to the answer of the naive split.
        scale: of the labels.
        draws: for the intervals.
        pairs: photos that belong together beyond the labels' persons, and the kind.
        consensus: photo to the mean of all readers, if there are readers.

    Returns:
        The audit; None where no photo has an answer in both.
    """
    rows = [(label, a, naive[label.photo]) for label, a in zip(labels, by_person, strict=True) if label.photo in naive]
    rows = [row for row in rows if row[1].answered and row[2].answered]
    if not rows:
        return None
    chosen = [row[0] for row in rows]
    splits = {
        "by person": _folds([row[1] for row in rows]),
        "naive": _folds([row[2] for row in rows]),
    }
    kinds = {name: leaked_photos(chosen, folds, pairs) for name, folds in splits.items()}
    touched = set().union(*kinds["naive"].values()) if kinds["naive"] else set()
    across = tuple(t for t in pairs if _apart(splits["naive"], t[0], t[1]))
    figures = {}
    groups = {
        "all photos": chosen,
        "person or copy in the naive training part": [label for label in chosen if label.photo in touched],
        "neither in the naive training part": [label for label in chosen if label.photo not in touched],
    }
    clean_of = {row[0].photo: row[1] for row in rows}
    for group, members in groups.items():
        if members and (group == "all photos" or len(members) < len(chosen)):
            first = cases_of(members, [naive[label.photo] for label in members], scale)
            second = cases_of(members, [clean_of[label.photo] for label in members], scale)
            figures[group] = compare_answers(first, second, draws, consensus=consensus)
    return Leakage(
        photos=len(rows),
        folds={name: len(set(folds.values())) for name, folds in splits.items()},
        leaked={
            name: {kind: len(photos) for kind, photos in found.items()}
            | {"any kind": len(set().union(*found.values())) if found else 0}
            for name, found in kinds.items()
        },
        twins=across,
        figures=figures,
    )


def leaked_photos(
    labels: Sequence[Labelled], folds: Mapping[str, Hashable], pairs: Sequence[Twins] = ()
) -> dict[str, set[str]]:
    """Kind to the photos of which another photo of the same person, or their twin, stands in another fold.

    Another fold is the training part of the network that answers, so these photos were not unseen.

    Args:
        labels: the photos.
        folds: photo to its fold.
        pairs: photos that belong together, and the kind; photos without a fold are skipped.
    """
    found: dict[str, set[str]] = {SAME_PERSON: set()}
    folds_of: dict[str, set[Hashable]] = {}
    for label in labels:
        if label.photo in folds:
            folds_of.setdefault(label.subject, set()).add(folds[label.photo])
    for label in labels:
        if label.photo in folds and len(folds_of[label.subject]) > 1:
            found[SAME_PERSON].add(label.photo)
    for a, b, kind in pairs:
        found.setdefault(kind, set())
        if _apart(folds, a, b):
            found[kind] |= {a, b}
    return found


def _apart(folds: Mapping[str, Hashable], a: str, b: str) -> bool:
    return a in folds and b in folds and folds[a] != folds[b]


def _folds(results: Sequence[PhotoResult]) -> dict[str, Hashable]:
    """Photo to its fold. Files of earlier versions lack it: there each grading network's name stands for its fold."""
    if all(result.fold is not None for result in results):
        return {result.photo: result.fold for result in results}
    return {result.photo: result.key.rpartition("+")[2].partition("/")[0] for result in results}
