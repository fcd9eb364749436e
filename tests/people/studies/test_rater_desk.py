"""The desk gets what a rater needs and nothing that tells one kind of photo from another."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import select

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item
from dermagrade.people.studies.rater_desk import (
    Answered,
    Desk,
    Task,
    desks_of,
    last_answer,
    photo_of,
    task_of,
    upcoming,
)
from dermagrade.people.studies.roster import remove_rater
from dermagrade.people.studies.setup import close_study
from study_scene import answer_to, draft, opened


def test_a_desk_counts_what_is_done(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=4, golden=2)
    rater = scene.raters[0]
    answers = scene.grade(rater, 3)
    scene.store(rater, answer_to(answers[-1].item_id, kind="undone", corrects=answers[-1].key))
    (desk,) = desks_of(db, rater)
    assert (desk.study_id, desk.done, desk.total, desk.state) == (scene.study_id, 2, 6, "open")
    assert desks_of(db, scene.team) == ()


def test_drafts_and_studies_that_a_rater_was_taken_out_of_are_not_theirs(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path / "one")
    remove_rater(db, by=scene.team, study_id=scene.study_id, member_id=scene.raters[0])
    assert desks_of(db, scene.raters[0]) == ()
    assert desks_of(db, draft(db, tmp_path / "two").raters[0]) == ()


def test_photos_come_in_the_raters_order_without_those_that_are_done(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=5, golden=1)
    rater = scene.raters[0]
    tasks = scene.tasks(rater)
    assert [task.position for task in tasks] == list(range(6))
    assert upcoming(db, study_id=scene.study_id, member_id=rater) == tasks[:2]
    assert upcoming(db, study_id=scene.study_id, member_id=rater, after=3, count=9) == tasks[4:]
    scene.store(rater, answer_to(tasks[1].item_id))
    assert [task.item_id for task in scene.tasks(rater)] == [task.item_id for task in (tasks[0], *tasks[2:])]
    assert {task.done for task in scene.tasks(rater)} == {1}


def test_a_closed_study_has_nothing_to_grade_and_shows_no_photo(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    task = scene.next_task(rater)
    close_study(db, by=scene.team, study_id=scene.study_id)
    assert scene.tasks(rater) == ()
    with pytest.raises(UsageError, match="closed"):
        photo_of(db, item_id=task.item_id, member_id=rater)


def test_a_photo_is_shown_to_its_rater_alone_and_the_first_time_is_noted(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater, other = scene.raters[:2]
    task = scene.next_task(rater)
    for person in (other, scene.team):
        with pytest.raises(UsageError, match="among yours"):
            photo_of(db, item_id=task.item_id, member_id=person)
        with pytest.raises(UsageError, match="among yours"):
            task_of(db, item_id=task.item_id, member_id=person)
    key, width, height = photo_of(db, item_id=task.item_id, member_id=rater)
    assert scene.photos.get(key).startswith(b"the pixels of ")
    assert (width, height) == (400, 300)
    with db.read() as session:
        first = session.get_one(Item, task.item_id).shown_at
    assert first is not None
    photo_of(db, item_id=task.item_id, member_id=rater)
    with db.read() as session:
        assert session.get_one(Item, task.item_id).shown_at == first


def test_the_last_answer_is_the_latest_that_counts(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    rater = scene.raters[0]
    assert last_answer(db, study_id=scene.study_id, member_id=rater) is None
    first, _ = scene.grade(rater, 2)
    correction = answer_to(first.item_id, kind="cannot", reason="too dark", corrects=first.key)
    scene.store(rater, correction)
    assert last_answer(db, study_id=scene.study_id, member_id=rater) == Answered(
        first.item_id, correction.key, "cannot", None, "too dark", None
    )
    assert last_answer(db, study_id=scene.study_id, member_id=scene.raters[1]) is None
    assert task_of(db, item_id=first.item_id, member_id=rater).position == 0


def test_nobody_but_a_rater_of_the_study_gets_anything(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    for person, study, said in (
        (scene.team, scene.study_id, "not a rater"),
        (scene.raters[0], "none", "no such study"),
    ):
        with pytest.raises(UsageError, match=said):
            upcoming(db, study_id=study, member_id=person)
        with pytest.raises(UsageError, match=said):
            last_answer(db, study_id=study, member_id=person)


def test_what_the_desk_is_told_is_the_same_for_golden_and_ordinary_photos_and_repeats(
    db: Database, tmp_path: Path
) -> None:
    scene = opened(db, tmp_path, ordinary=12, golden=4, repeats=0.5)
    rater = scene.raters[0]
    tasks = scene.tasks(rater)
    told = {(task.total, task.done, task.width, task.height, task.round) for task in tasks}
    assert told == {(len(tasks), 0, 400, 300, "study")}
    assert {len(task.item_id) for task in tasks} == {22}
    with db.read() as session:
        kinds = {item.kind for item in session.scalars(select(Item).where(Item.member_id == rater))}
    assert kinds == {"ordinary", "golden", "repeat"}
    names = {field.name for kind in (Task, Desk, Answered) for field in fields(kind)}
    assert not names & {"photo_id", "reference", "golden", "photo"}
