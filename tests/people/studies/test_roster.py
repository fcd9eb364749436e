"""Raters come and go; what is done stays, and no photo is left without its raters."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from dermagrade.errors import UsageError
from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, Member, StudyRater
from dermagrade.people.studies.answers import current_ratings
from dermagrade.people.studies.rater_desk import photo_of, upcoming
from dermagrade.people.studies.roster import add_rater, remove_rater
from dermagrade.people.studies.setup import close_study
from study_scene import Scene, answer_to, draft, opened, people


def live(scene: Scene) -> list[Item]:
    """Items that are graded or still to be graded."""
    with scene.db.read() as session:
        ours = select(Item).where(Item.study_id == scene.study_id, Item.cancelled_at.is_(None))
        return list(session.scalars(ours.order_by(Item.member_id, Item.position)))


def raters_of_photos(scene: Scene) -> Counter[str]:
    """How many raters each ordinary photo has."""
    return Counter(item.photo_id for item in live(scene) if item.kind == "ordinary")


def join(scene: Scene, person: str) -> str:
    return add_rater(scene.db, by=scene.team, study_id=scene.study_id, member_id=person)


def leave(scene: Scene, person: str) -> None:
    remove_rater(scene.db, by=scene.team, study_id=scene.study_id, member_id=person)


def test_codes_count_up_and_tell_nothing_else(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path, raters=2)
    (new,) = people(db, 1)
    assert join(scene, new) == "R03"
    with db.read() as session:
        codes = session.scalars(select(StudyRater.code).order_by(StudyRater.code)).all()
    assert codes == ["R01", "R02", "R03"]


def test_somebody_who_cannot_be_a_rater_is_refused_in_words(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path)
    with db.begin() as session:
        left = Member(name="Somebody who left", active=False)
        session.add(left)
    for person, said in (("nobody", "no such person"), (left.id, "may not sign in"), (scene.raters[0], "already")):
        with pytest.raises(UsageError, match=said):
            join(scene, person)
    with pytest.raises(UsageError, match="not a rater"):
        leave(scene, scene.team)


def test_a_newcomer_gets_all_golden_photos_and_a_fair_share_and_nobody_loses_what_is_done(
    db: Database, tmp_path: Path
) -> None:
    scene = opened(db, tmp_path, ordinary=20, golden=3, calibration=1, per_photo=2, raters=4)
    for rater in scene.raters:
        scene.grade(rater, 4)
    done = {one.item_id for one in current_ratings(db, scene.study_id)}
    (new,) = people(db, 1)
    join(scene, new)
    items = live(scene)
    assert done <= {item.id for item in items}
    assert set(raters_of_photos(scene).values()) == {2}
    loads = Counter(item.member_id for item in items if item.kind == "ordinary")
    assert sorted(loads.values()) == [8] * 5
    theirs = Counter(item.kind for item in items if item.member_id == new)
    assert (theirs["golden"], theirs["calibration"]) == (3, 1)
    assert [task.round for task in scene.tasks(new)] == ["calibration"] + ["study"] * 11


def test_the_rest_of_somebody_who_leaves_goes_to_the_others(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=12, golden=2, per_photo=2, raters=4)
    left = scene.raters[1]
    scene.grade(left, 3)
    before = {one.item_id for one in current_ratings(db, scene.study_id)}
    leave(scene, left)
    assert {one.item_id for one in current_ratings(db, scene.study_id)} == before
    assert {item.id for item in live(scene) if item.member_id == left} == before
    assert set(raters_of_photos(scene).values()) == {2}
    with pytest.raises(UsageError, match="not a rater"):
        upcoming(db, study_id=scene.study_id, member_id=left)


def test_what_a_rater_looks_at_is_not_taken_from_them(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=10, golden=0, per_photo=1, raters=1)
    rater = scene.raters[0]
    shown = scene.tasks(rater)[:7]
    for task in shown:
        photo_of(db, item_id=task.item_id, member_id=rater)
    for newcomer in people(db, 4):
        join(scene, newcomer)
    assert [task.item_id for task in scene.tasks(rater)[:7]] == [task.item_id for task in shown]
    for task in shown:
        assert scene.store(rater, answer_to(task.item_id)).new


def test_what_moved_cannot_be_answered_by_the_one_who_had_it(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=10, golden=0, per_photo=1, raters=1)
    rater = scene.raters[0]
    tasks = scene.tasks(rater)
    join(scene, *people(db, 1))
    kept = {task.item_id for task in scene.tasks(rater)}
    moved = [task.item_id for task in tasks if task.item_id not in kept]
    assert len(moved) == 5
    for verb in (
        lambda: scene.store(rater, answer_to(moved[0])),
        lambda: photo_of(db, item_id=moved[0], member_id=rater),
    ):
        with pytest.raises(UsageError, match="no longer"):
            verb()


def test_somebody_who_comes_back_has_their_code_and_does_not_grade_anything_twice(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=9, golden=3, calibration=2, repeats=0.4, raters=2)
    rater = scene.raters[0]
    answers = scene.grade(rater, 6)
    leave(scene, rater)
    assert join(scene, rater) == "R01"
    theirs = [item for item in live(scene) if item.member_id == rater]
    assert {answer.item_id for answer in answers} <= {item.id for item in theirs}
    assert len({(item.photo_id, item.kind) for item in theirs}) == len(theirs)
    kinds = Counter(item.kind for item in theirs)
    assert (kinds["ordinary"], kinds["golden"], kinds["calibration"]) == (9, 3, 2)
    assert len(scene.tasks(rater)) == len(theirs) - 6


def test_an_answer_that_was_taken_back_before_its_rater_left_is_given_by_another(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=6, golden=0, per_photo=1, raters=2)
    rater = scene.raters[0]
    (answer,) = scene.grade(rater)
    scene.store(rater, answer_to(answer.item_id, kind="undone", corrects=answer.key))
    leave(scene, rater)
    assert len(scene.tasks(scene.raters[1])) == 6


def test_an_open_study_keeps_one_rater_and_a_closed_one_all(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, raters=1)
    with pytest.raises(UsageError, match="last rater"):
        leave(scene, scene.raters[0])
    close_study(db, by=scene.team, study_id=scene.study_id)
    with pytest.raises(UsageError, match="closed"):
        leave(scene, scene.raters[0])
    with pytest.raises(UsageError, match="closed"):
        join(scene, *people(db, 1))
    assert verify(db) is None


def test_raters_who_grade_and_a_team_that_changes_their_number_at_once_do_not_block_each_other(
    db: Database, tmp_path: Path
) -> None:
    scene = opened(db, tmp_path, ordinary=24, golden=0, per_photo=1, raters=3)
    newcomers = people(db, 3)
    barrier = threading.Barrier(4)

    def grade(rater: str) -> int:
        barrier.wait()
        stored = 0
        for task in scene.tasks(rater):
            try:
                photo_of(db, item_id=task.item_id, member_id=rater)
            except UsageError:  # it went to a newcomer before this rater saw it
                continue
            # What was shown stays theirs.
            stored += scene.store(rater, answer_to(task.item_id)).new
        return stored

    def change() -> int:
        barrier.wait()
        for newcomer in newcomers:
            join(scene, newcomer)
        leave(scene, newcomers[0])
        return 0

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(grade, rater) for rater in scene.raters] + [pool.submit(change)]
        stored = sum(one.result() for one in running)
    assert len(current_ratings(db, scene.study_id)) == stored
    assert set(raters_of_photos(scene).values()) == {1}
    assert len(raters_of_photos(scene)) == 24


def test_a_rater_of_a_draft_leaves_no_trace_but_in_the_log(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path, raters=1)
    leave(scene, scene.raters[0])
    with db.read() as session:
        assert session.scalars(select(StudyRater)).all() == []
    assert verify(db) is None
