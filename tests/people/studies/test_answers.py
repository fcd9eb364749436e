"""Every answer is stored once and for good, and only where it fits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from dermagrade.errors import UsageError
from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow, RatingRow, Study, new_id
from dermagrade.people.studies.answers import Answer, current_ratings, store_answer
from dermagrade.people.studies.rater_desk import last_answer
from dermagrade.people.studies.roster import remove_rater
from dermagrade.people.studies.setup import close_study, reopen_study
from study_scene import Scene, answer_to, opened, people


def rows(db: Database) -> list[RatingRow]:
    with db.read() as session:
        return list(session.scalars(select(RatingRow).order_by(RatingRow.number)))


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Runs the tasks in threads that all begin together; what each gave back, or the refusal that it met."""
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return task()
        except UsageError as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_an_answer_keeps_all_that_was_said_and_how_it_came_about(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    task = scene.next_task(rater)
    answer = answer_to(task.item_id, 4.0)
    assert scene.store(rater, answer).new
    (row,) = rows(db)
    assert (row.key, row.item_id, row.member_id, row.kind, row.grade) == (answer.key, task.item_id, rater, "grade", 4.0)
    assert (row.shown_at, row.answered_at) == (answer.shown_at, answer.answered_at)
    assert row.received_at.utcoffset() == timedelta(0)
    with db.read() as session:
        study = session.get_one(Study, scene.study_id)
    assert (row.position, row.seed, row.instrument_version) == (task.position, study.seed, study.instrument_version)
    assert row.marks is None


def test_an_answer_sent_again_is_acknowledged_and_not_stored_again(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    answer = answer_to(scene.next_task(rater).item_id)
    assert [scene.store(rater, answer).new for _ in range(3)] == [True, False, False]
    assert len(rows(db)) == 1


def test_an_answer_sent_again_is_acknowledged_even_when_the_study_was_closed_meanwhile(
    db: Database, tmp_path: Path
) -> None:
    scene = opened(db, tmp_path)
    (answer,) = scene.grade(scene.raters[0])
    close_study(db, by=scene.team, study_id=scene.study_id)
    assert not scene.store(scene.raters[0], answer).new


def test_a_key_cannot_be_used_for_another_answer(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater, other = scene.raters[:2]
    (answer,) = scene.grade(rater)
    wrong = [
        (rater, replace(answer, grade=5.0)),
        (rater, answer_to(scene.next_task(rater).item_id, key=answer.key)),
        (other, answer_to(scene.next_task(other).item_id, key=answer.key)),
    ]
    for person, again in wrong:
        with pytest.raises(UsageError, match="belongs to another one"):
            scene.store(person, again)
    assert len(rows(db)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"grade": 2.5}, "none of 1, 2, 3, 4, 5"),
        ({"grade": 0.0}, "none of 1, 2"),
        ({"grade": float("nan")}, "none of 1, 2"),
        ({"grade": None}, "has a grade"),
        ({"kind": "maybe"}, "one of grade, cannot, undone"),
        ({"kind": "cannot", "reason": "  "}, "needs a reason"),
        ({"kind": "cannot", "reason": "x" * 501}, "at most 500"),
        ({"reason": "too dark"}, "no other answer has one"),
        ({"kind": "undone"}, "key is needed"),
        ({"corrects": "nobody's key"}, "no such answer"),
        ({"kind": "undone", "corrects": "nobody's key"}, "no such answer"),
        ({"key": "short"}, "8 to 64"),
        ({"key": "k" * 65}, "8 to 64"),
        ({"marks": ()}, "only where the study asks"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_words(
    sqlite: Database, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    scene = opened(sqlite, tmp_path)
    rater = scene.raters[0]
    answer = answer_to(scene.next_task(rater).item_id, **{"grade": 2.0, **wrong})  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=said):
        scene.store(rater, answer)
    assert rows(sqlite) == []


def test_a_time_without_a_zone_is_refused(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path)
    answer = answer_to(scene.next_task(scene.raters[0]).item_id)
    with pytest.raises(UsageError, match="time zone"):
        scene.store(scene.raters[0], replace(answer, shown_at=answer.shown_at.replace(tzinfo=None)))


@pytest.mark.parametrize("grade", [0.0, 0.5, 9.0])
def test_half_steps_are_grades_where_the_scale_has_them(sqlite: Database, tmp_path: Path, grade: float) -> None:
    scene = opened(sqlite, tmp_path, scale="pigment-9")
    assert scene.store(scene.raters[0], answer_to(scene.next_task(scene.raters[0]).item_id, grade)).new


def test_only_the_rater_whose_photo_it_is_can_answer(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    item = scene.next_task(scene.raters[0]).item_id
    (stranger,) = people(db, 1)
    for person in (scene.raters[1], stranger, scene.team):
        with pytest.raises(UsageError, match="among yours"):
            scene.store(person, answer_to(item))
    with pytest.raises(UsageError, match="among yours"):
        scene.store(scene.raters[0], answer_to(new_id()))


def test_a_closed_study_takes_no_answer_until_it_is_opened_again(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    answer = answer_to(scene.next_task(rater).item_id)
    close_study(db, by=scene.team, study_id=scene.study_id)
    with pytest.raises(UsageError, match="closed"):
        scene.store(rater, answer)
    reopen_study(db, by=scene.team, study_id=scene.study_id)
    assert scene.store(rater, answer).new


def test_a_rater_who_was_taken_out_can_answer_nothing_more(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    (done,) = scene.grade(rater)
    answer = answer_to(scene.next_task(rater).item_id)
    correction = answer_to(done.item_id, 5.0, corrects=done.key)
    remove_rater(db, by=scene.team, study_id=scene.study_id, member_id=rater)
    for late in (answer, correction):
        with pytest.raises(UsageError, match="not a rater"):
            scene.store(rater, late)
    assert len(rows(db)) == 1


def test_a_correction_is_a_row_of_its_own_and_the_first_answer_stays(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    (first,) = scene.grade(rater, grade=2.0)
    second = answer_to(first.item_id, 3.0, corrects=first.key)
    scene.store(rater, second)
    assert [(row.grade, row.corrects) for row in rows(db)] == [(2.0, None), (3.0, first.key)]
    (current,) = current_ratings(db, scene.study_id)
    assert (current.grade, current.key, current.rows) == (3.0, second.key, 2)
    with pytest.raises(UsageError, match="another answer already"):
        scene.store(rater, answer_to(first.item_id, 4.0, corrects=first.key))
    with pytest.raises(UsageError, match="another answer already"):
        scene.store(rater, answer_to(first.item_id, 4.0))


def test_what_was_taken_back_does_not_count_and_can_be_graded_anew(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    first, second = scene.grade(rater, 2)
    undone = answer_to(second.item_id, kind="undone", corrects=second.key)
    scene.store(rater, undone)
    assert [one.key for one in current_ratings(db, scene.study_id)] == [first.key]
    last = last_answer(db, study_id=scene.study_id, member_id=rater)
    assert last is not None
    assert last.key == first.key
    assert scene.next_task(rater).item_id == second.item_id
    with pytest.raises(UsageError, match="no such answer"):
        scene.store(rater, answer_to(second.item_id, kind="undone", corrects=second.key))
    again = answer_to(second.item_id, 5.0)
    assert scene.store(rater, again).new
    assert {one.key: one.rows for one in current_ratings(db, scene.study_id)} == {first.key: 1, again.key: 3}


def test_a_photo_that_cannot_be_graded_has_a_reason_and_no_grade(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    scene.store(rater, answer_to(scene.next_task(rater).item_id, kind="cannot", reason="out of focus"))
    (current,) = current_ratings(db, scene.study_id)
    assert (current.answer, current.grade, current.reason) == ("cannot", None, "out of focus")


def test_lesions_are_kept_as_they_were_marked(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, lesions=True)
    rater = scene.raters[0]
    marks = ({"x": 0.0, "y": 299.5, "radius": 3.25}, {"x": 400.0, "y": 0.0, "radius": 12.0})
    item = scene.next_task(rater).item_id
    scene.store(rater, answer_to(item, marks=marks))
    (current,) = current_ratings(db, scene.study_id)
    assert current.marks == marks


@pytest.mark.parametrize(
    "mark",
    [
        {"x": -1, "y": 5, "radius": 2},
        {"x": 401, "y": 5, "radius": 2},
        {"x": 5, "y": 301, "radius": 2},
        {"x": 5, "y": 5, "radius": 0},
        {"x": 5, "y": 5, "radius": 401},
        {"x": float("nan"), "y": 5, "radius": 2},
        {"x": 5, "y": 5, "radius": float("inf")},
        {"x": 5, "y": 5},
        {"x": 5, "y": 5, "radius": 2, "note": 1},
    ],
)
def test_a_lesion_off_the_photo_is_refused(sqlite: Database, tmp_path: Path, mark: dict[str, float]) -> None:
    scene = opened(sqlite, tmp_path, lesions=True)
    with pytest.raises(UsageError, match="on the photo"):
        scene.store(scene.raters[0], answer_to(scene.next_task(scene.raters[0]).item_id, marks=(mark,)))


def test_the_right_grade_is_told_in_the_calibration_round_alone(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, calibration=2, golden=3, ordinary=3)
    rater = scene.raters[0]
    tasks = scene.tasks(rater)
    assert [task.round for task in tasks] == ["calibration"] * 2 + ["study"] * 6
    told = [scene.store(rater, answer_to(task.item_id)).reference for task in tasks]
    assert told == [4.0, 4.0] + [None] * 6


def test_the_first_answer_locks_the_study_and_says_so_in_the_log(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    scene.grade(scene.raters[0], 2)
    with db.read() as session:
        assert session.get_one(Study, scene.study_id).locked_at is not None
        locked = session.scalars(select(AuditRow).where(AuditRow.what == "study.locked")).all()
    assert [row.study_id for row in locked] == [scene.study_id]


@pytest.mark.parametrize("table", [RatingRow, AuditRow])
def test_the_database_itself_refuses_to_change_or_delete_a_row(
    db: Database, tmp_path: Path, table: type[RatingRow | AuditRow]
) -> None:
    scene = opened(db, tmp_path)
    scene.grade(scene.raters[0])
    with db.read() as session:
        before = session.scalars(select(table.number)).all()
    assert before
    for statement in (update(table).values(study_id=None), delete(table), delete(table).where(table.number == 1)):
        with pytest.raises(IntegrityError, match="only ever added"), db.begin() as session:
            session.execute(statement)
    with db.read() as session:
        assert session.scalars(select(table.number)).all() == before


def test_one_answer_from_many_connections_at_once_is_stored_once(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    answer = answer_to(scene.next_task(rater).item_id)
    results = at_once([lambda: scene.store(rater, answer).new] * 8)
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]
    assert len(rows(db)) == 1


def test_one_key_for_two_photos_at_once_is_stored_for_one_of_them(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    one, other = scene.raters[:2]
    answers = [(rater, answer_to(scene.next_task(rater).item_id, key="the same key")) for rater in (one, other)]
    results = at_once([lambda pair=pair: scene.store(*pair).new for pair in answers])  # type: ignore[misc]
    assert len([result for result in results if result is True]) == 1
    assert len([result for result in results if isinstance(result, UsageError)]) == 1
    assert len(rows(db)) == 1


def test_of_corrections_of_one_answer_at_the_same_time_one_is_stored(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    (first,) = scene.grade(rater)
    corrections = [answer_to(first.item_id, grade, corrects=first.key) for grade in (1.0, 3.0, 4.0, 5.0)]
    results = at_once([lambda one=one: scene.store(rater, one).new for one in corrections])  # type: ignore[misc]
    assert [str(result) for result in results if result is not True] == [
        "This photo has another answer already; look at it again."
    ] * 3
    assert len(rows(db)) == 2


def test_fifty_raters_who_answer_at_once_lose_nothing_and_double_nothing(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=4, golden=1, raters=50)
    given: dict[str, list[Answer]] = {
        rater: [answer_to(task.item_id) for task in scene.tasks(rater)] for rater in scene.raters
    }

    def work(rater: str) -> None:
        for answer in given[rater]:
            assert store_answer(db, member_id=rater, answer=answer).new
            assert not store_answer(db, member_id=rater, answer=answer).new

    assert at_once([lambda rater=rater: work(rater) for rater in scene.raters]) == [None] * 50  # type: ignore[misc]
    assert sorted(row.key for row in rows(db)) == sorted(one.key for answers in given.values() for one in answers)
    assert verify(db) is None


def test_answers_and_the_end_of_a_study_at_once_leave_nothing_in_between(db: Database, tmp_path: Path) -> None:
    scene: Scene = opened(db, tmp_path, raters=6)
    answers = [(rater, answer_to(scene.next_task(rater).item_id)) for rater in scene.raters]
    tasks: list[Callable[[], object]] = [lambda pair=pair: scene.store(*pair).new for pair in answers]  # type: ignore[misc]
    tasks.append(lambda: close_study(db, by=scene.team, study_id=scene.study_id))
    results = at_once(tasks)
    stored = {answers[number][1].key for number, result in enumerate(results[:-1]) if result is True}
    assert results[-1] is None
    assert {row.key for row in rows(db)} == stored
    with db.read() as session:
        study = session.get_one(Study, scene.study_id)
    assert study.state == "closed"
    assert (study.locked_at is not None) == bool(stored)
