"""Whole people are split, the same way for every engine, and nobody stands on two sides of a split."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.errors import LabelsError
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.run.folds import EVERYBODY, part_people, split_once, splits_of, stopping_part, with_folds

LABELS = [PhotoLabel(f"{i}", f"p{i // 3}", float(i % 4)) for i in range(30)]
CLASSES = [i % 3 for i in range(30)]


def test_the_folds_of_the_table_are_taken_as_they_stand() -> None:
    named = [PhotoLabel(label.photo, label.subject, label.grade, fold=7 - i // 15) for i, label in enumerate(LABELS)]
    assert [label.fold for label in with_folds(named, CLASSES, folds=5, seed=1)] == [7] * 15 + [6] * 15
    with pytest.raises(LabelsError, match="has no fold, though others have"):
        with_folds([*named[:-1], LABELS[-1]], CLASSES, folds=5, seed=1)


def test_without_folds_in_the_table_whole_subjects_are_split_by_chance_by_class_and_not_by_grade() -> None:
    found = with_folds(LABELS, CLASSES, folds=5, seed=1)
    folds: dict[str, set[int | None]] = {}
    for label in found:
        folds.setdefault(label.subject, set()).add(label.fold)
    assert {len(own) for own in folds.values()} == {1}
    assert {fold for own in folds.values() for fold in own} == set(range(5))
    assert [label.fold for label in found] == part_people(LABELS, CLASSES, 5, 1)
    assert [label.grade for label in found] == [label.grade for label in LABELS]


def test_every_fold_has_a_network_that_never_sees_it_and_the_last_is_for_everybody() -> None:
    folds, usable = [0, 0, 1, 1, 2, 2], [True, False, True, True, True, True]
    *of_folds, last = splits_of(folds, usable, 20)
    assert [(split.title, split.fold, split.seed) for split in of_folds] == [
        ("fold0", 0, 20), ("fold1", 1, 21), ("fold2", 2, 22),
    ]  # fmt: skip
    assert (of_folds[0].fit, of_folds[0].held) == ((2, 3, 4, 5), (0,))
    assert (last.title, last.fold, last.fit, last.held, last.seed) == (EVERYBODY, None, (0, 2, 3, 4, 5), (), 1020)


def test_one_network_alone_is_handed_on_and_never_sees_the_first_fold() -> None:
    (only,) = split_once([2, 1, 1, 2], [True, True, False, True], 5)
    assert (only.title, only.fit, only.held, only.seed) == (EVERYBODY, (0, 3), (1,), 5)


def test_a_fold_without_a_face_is_said_before_anything_is_trained() -> None:
    with pytest.raises(LabelsError, match="Too few photos show a face"):
        splits_of([0, 0, 1], [True, True, False], 1)


def test_those_who_say_when_to_stop_are_other_people_than_those_who_train() -> None:
    rows = list(range(0, 30, 2))
    fit, chosen = stopping_part(LABELS, CLASSES, rows, parts=6, seed=1)
    assert 0 < len(chosen) < len(rows)
    assert sorted(fit + chosen) == rows
    assert not {LABELS[i].subject for i in chosen} & {LABELS[i].subject for i in fit}
    with pytest.raises(LabelsError, match="needs two"):
        stopping_part(LABELS, [0] * 30, [0, 1, 2], parts=6, seed=1)
