"""How far raters are and how they stand to the golden photos."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.studies.progress import golden_answers, list_studies, progress_of
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.roster import remove_rater
from study_scene import answer_to, draft, opened


def test_a_study_is_listed_with_what_is_done_of_what_is_to_be_done(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=6, golden=2, raters=3)
    answers = scene.grade(scene.raters[0], photos=3)
    scene.store(scene.raters[0], answer_to(answers[2].item_id, kind="undone", grade=None, corrects=answers[2].key))
    later = draft(db, tmp_path, ordinary=1, golden=0, raters=1)
    lines = {line.id: line for line in list_studies(db)}
    line = lines[scene.study_id]
    assert (line.state, line.photos, line.raters, line.done, line.total) == ("open", 8, 3, 2, 24)
    assert (lines[later.study_id].state, lines[later.study_id].total) == ("draft", 0)


def test_progress_counts_each_item_once_however_often_it_was_corrected(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=5, golden=1, raters=2)
    first, *_ = scene.grade(scene.raters[0], photos=4)
    scene.store(scene.raters[0], answer_to(first.item_id, 5.0, corrects=first.key))
    one, other = progress_of(read_study(sqlite, scene.study_id))
    assert (one.code, one.done, one.total) == ("R01", 4, 6)
    assert one.median_seconds == 7
    assert one.last_answer is not None
    assert (other.done, other.total, other.last_answer, other.median_seconds) == (0, 6, None, None)


def test_the_share_that_cannot_be_graded_is_of_the_answers(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=4, golden=0, raters=1)
    for number, task in enumerate(scene.tasks(scene.raters[0])):
        answer = answer_to(task.item_id, kind="cannot", reason="blurred") if number == 0 else answer_to(task.item_id)
        scene.store(scene.raters[0], answer)
    (rater,) = progress_of(read_study(sqlite, scene.study_id))
    assert rater.cannot_share == 0.25


def test_repeats_are_compared_with_the_first_grade_of_the_same_photo(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=20, golden=0, raters=1, repeats=0.2)
    kinds = {place.id: place.kind for place in read_study(sqlite, scene.study_id).places}
    repeated = 0
    for task in scene.tasks(scene.raters[0]):
        repeated += kinds[task.item_id] == "repeat"
        # Every first grade is 2; of the repeats, all but the first two are 2 as well.
        grade = 4.0 if kinds[task.item_id] == "repeat" and repeated <= 2 else 2.0
        scene.store(scene.raters[0], answer_to(task.item_id, grade))
    (rater,) = progress_of(read_study(sqlite, scene.study_id))
    assert rater.repeats is not None
    assert rater.repeats.pairs == repeated == 4
    assert rater.repeats.same == 0.5
    assert rater.repeats.distance == 1.0


def test_golden_answers_are_differences_in_the_raters_own_order(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=6, golden=4, calibration=2, raters=2)
    tasks = scene.tasks(scene.raters[0])
    for number, task in enumerate(tasks):
        scene.store(scene.raters[0], answer_to(task.item_id, 5.0 if number >= len(tasks) // 2 else 3.0))
    found = golden_answers(read_study(sqlite, scene.study_id))
    assert set(found) == {"R01"}  # the other one graded nothing
    places = [answer.place for answer in found["R01"]]
    assert places == sorted(places)
    assert len(places) == 4  # calibration photos have a reference, too, and are no part of it
    assert {answer.difference for answer in found["R01"]} <= {0.0, 2.0}
    assert found["R01"][-1].difference == 2.0
    assert all(0 <= place <= 1 for place in places)


def test_a_removed_rater_stays_in_the_figures(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=4, golden=1, raters=2)
    scene.grade(scene.raters[1], photos=2)
    remove_rater(sqlite, by=scene.team, study_id=scene.study_id, member_id=scene.raters[1])
    removed = progress_of(read_study(sqlite, scene.study_id))[1]
    assert (removed.removed, removed.done, removed.total) == (True, 2, 2)


def test_there_is_no_record_of_a_study_that_is_none(sqlite: Database) -> None:
    with pytest.raises(UsageError, match="no such study"):
        read_study(sqlite, "nothing")
