"""Disagreements are found, settled blind, and end in the consensus."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import AuditRow
from dermagrade.people.studies.adjudication import (
    ask_adjudicator,
    consensus_of,
    disagreements,
    open_items,
    withdraw_adjudication,
)
from dermagrade.people.studies.rater_desk import desks_of, upcoming
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.roster import add_rater, remove_rater
from dermagrade.people.studies.setup import close_study
from study_scene import Scene, answer_to, opened, people

#: First rater's and second rater's grade by photo; two of them differ by two or more.
GRADES = {"o000.jpg": (1, 1), "o001.jpg": (1, 3), "o002.jpg": (2, 3), "o003.jpg": (5, 1), "g000.jpg": (3, 4)}


def graded(db: Database, folder: Path, **settings: object) -> Scene:
    """A study in which two raters have graded everything, as :data:`GRADES` says."""
    scene = opened(db, folder, **({"ordinary": 4, "golden": 1, "raters": 2} | settings))
    names = {photo_id: name for name, photo_id in scene.photo_ids.items()}
    photo_of = {place.id: names[place.photo_id] for place in read_study(db, scene.study_id).places}
    for number, rater in enumerate(scene.raters):
        for task in scene.tasks(rater):
            scene.store(rater, answer_to(task.item_id, float(GRADES[photo_of[task.item_id]][number])))
    return scene


def ask(scene: Scene, person: str, *names: str) -> int:
    """Asks a person to settle photos by name."""
    return ask_adjudicator(
        scene.db,
        by=scene.team,
        study_id=scene.study_id,
        member_id=person,
        photo_ids=[scene.photo_ids[name] for name in names],
    )


def test_photos_whose_grades_differ_by_the_threshold_are_listed(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    record = read_study(sqlite, scene.study_id)
    assert [(d.photo.name, d.spread, d.state) for d in disagreements(record, 2)] == [
        ("o001.jpg", 2, "open"),
        ("o003.jpg", 4, "open"),
    ]
    assert {d.photo.name for d in disagreements(record, 1)} == set(GRADES) - {"o000.jpg"}
    assert disagreements(record, 4.5) == ()


@pytest.mark.parametrize("threshold", [0, -1, float("nan")])
def test_a_threshold_that_lists_everything_or_nothing_is_refused(
    sqlite: Database, tmp_path: Path, threshold: float
) -> None:
    record = read_study(sqlite, opened(sqlite, tmp_path, ordinary=1, golden=0, raters=1).study_id)
    with pytest.raises(UsageError, match="more than zero"):
        disagreements(record, threshold)


def test_a_hidden_repeat_makes_no_disagreement_and_no_part_of_the_mean(sqlite: Database, tmp_path: Path) -> None:
    scene = opened(sqlite, tmp_path, ordinary=12, golden=0, raters=2, repeats=0.25)
    kinds = {place.id: place.kind for place in read_study(sqlite, scene.study_id).places}
    assert "repeat" in kinds.values()
    for rater in scene.raters:
        for task in scene.tasks(rater):
            scene.store(rater, answer_to(task.item_id, 5.0 if kinds[task.item_id] == "repeat" else 2.0))
    record = read_study(sqlite, scene.study_id)
    assert disagreements(record, 1) == ()
    assert {found.grade for found in consensus_of(record)} == {2.0}


def test_the_adjudicated_grade_takes_the_place_of_the_mean(db: Database, tmp_path: Path) -> None:
    scene = graded(db, tmp_path)
    assert ask(scene, scene.team, "o001.jpg", "o003.jpg") == 2
    assert {d.state for d in disagreements(read_study(db, scene.study_id))} == {"asked"}
    for task in scene.tasks(scene.team):
        assert task.round == "adjudication"
        scene.store(scene.team, answer_to(task.item_id, 4.0))
    record = read_study(db, scene.study_id)
    found = {c.photo.name: (c.grade, c.source) for c in consensus_of(record)}
    assert found["o001.jpg"] == found["o003.jpg"] == (4.0, "adjudicated")
    assert found["o002.jpg"] == (2.5, "mean")
    assert {d.state for d in disagreements(record)} == {"settled"}
    assert all(given.kind != "adjudication" for given in record.blind)


def test_a_photo_that_the_adjudicator_cannot_grade_keeps_its_mean(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    ask(scene, scene.team, "o003.jpg")
    (task,) = scene.tasks(scene.team)
    scene.store(scene.team, answer_to(task.item_id, kind="cannot", reason="too dark"))
    found = {c.photo.name: (c.grade, c.source) for c in consensus_of(read_study(sqlite, scene.study_id))}
    assert found["o003.jpg"] == (3.0, "mean")


def test_the_adjudicator_finds_the_photos_on_their_own_desk_and_nothing_else(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    assert desks_of(sqlite, scene.team) == ()
    ask(scene, scene.team, *GRADES)
    (desk,) = desks_of(sqlite, scene.team)
    assert (desk.study_id, desk.done, desk.total) == (scene.study_id, 0, len(GRADES))
    assert open_items(sqlite, study_id=scene.study_id, member_id=scene.team) == len(GRADES)
    scene.grade(scene.team, photos=2)
    assert open_items(sqlite, study_id=scene.study_id, member_id=scene.team) == len(GRADES) - 2


def test_the_photos_come_shuffled_and_the_same_for_the_same_seed(sqlite: Database, tmp_path: Path) -> None:
    many = {"ordinary": 30, "golden": 0, "raters": 2}
    orders = []
    for seed in (1, 1, 2):
        scene = opened(sqlite, tmp_path, seed=seed, **many)
        for number, rater in enumerate(scene.raters):
            scene.grade(rater, photos=30, grade=1.0 + 3 * number)
        ask(scene, scene.team, *scene.photo_ids)
        names = {photo_id: name for name, photo_id in scene.photo_ids.items()}
        record = read_study(sqlite, scene.study_id)
        given = {place.id: names[place.photo_id] for place in record.places}
        orders.append([given[task.item_id] for task in scene.tasks(scene.team)])
    assert sorted(orders[0]) == sorted(orders[1])
    assert all(order != sorted(order) for order in orders)
    assert orders[0] != orders[2]


def test_a_rater_who_settles_gets_the_photos_after_their_own(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    ask(scene, scene.raters[0], "o003.jpg")
    (task,) = scene.tasks(scene.raters[0])
    assert task.position > max(p.position for p in read_study(sqlite, scene.study_id).places if p.kind == "ordinary")


def test_nobody_is_asked_twice_about_a_photo(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    assert ask(scene, scene.team, "o001.jpg", "o003.jpg") == 2
    assert ask(scene, scene.raters[0], "o002.jpg", "o003.jpg") == 1
    with pytest.raises(UsageError, match="None of these photos"):
        ask(scene, scene.raters[1], "o001.jpg", "o003.jpg")


def test_what_was_not_settled_can_be_taken_back_and_given_to_another(db: Database, tmp_path: Path) -> None:
    scene = graded(db, tmp_path)
    ask(scene, scene.team, "o001.jpg", "o003.jpg")
    scene.grade(scene.team, photos=1)
    assert withdraw_adjudication(db, by=scene.team, study_id=scene.study_id, member_id=scene.team) == 1
    with pytest.raises(UsageError, match="nothing left"):
        withdraw_adjudication(db, by=scene.team, study_id=scene.study_id, member_id=scene.team)
    states = {d.state for d in disagreements(read_study(db, scene.study_id))}
    assert states == {"settled", "open"}
    assert ask(scene, scene.raters[0], "o001.jpg", "o003.jpg") == 1


def test_an_adjudicator_is_no_rater_of_the_study(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path, per_photo=2)
    ask(scene, scene.team, "o001.jpg")
    (newcomer,) = people(sqlite, 1)
    # Nothing of a rater's share comes to the adjudicator, and codes go on where the raters' ended.
    assert add_rater(sqlite, by=scene.team, study_id=scene.study_id, member_id=newcomer) == "R03"
    remove_rater(sqlite, by=scene.team, study_id=scene.study_id, member_id=scene.raters[0])
    kinds = {p.kind for p in read_study(sqlite, scene.study_id).places if p.member_id == scene.team}
    assert kinds == {"adjudication"}
    codes = {rater.member_id: rater.code for rater in read_study(sqlite, scene.study_id).raters}
    assert codes[scene.team] == "A01"


def test_disagreements_are_settled_in_an_open_study_by_somebody_who_may_sign_in(
    sqlite: Database, tmp_path: Path
) -> None:
    scene = graded(sqlite, tmp_path)
    with pytest.raises(UsageError, match="no such person"):
        ask(scene, "nobody", "o001.jpg")
    with pytest.raises(UsageError, match="None of these photos"):
        ask(scene, scene.team, *())
    close_study(sqlite, by=scene.team, study_id=scene.study_id)
    with pytest.raises(UsageError, match="open study"):
        ask(scene, scene.team, "o001.jpg")
    assert upcoming(sqlite, study_id=scene.study_id, member_id=scene.raters[0]) == ()


def test_every_step_is_in_the_audit_log(sqlite: Database, tmp_path: Path) -> None:
    scene = graded(sqlite, tmp_path)
    ask(scene, scene.team, "o001.jpg", "o003.jpg")
    withdraw_adjudication(sqlite, by=scene.team, study_id=scene.study_id, member_id=scene.team)
    with sqlite.read() as session:
        words = list(session.scalars(select(AuditRow.what).order_by(AuditRow.number)))
    assert words[-2:] == ["adjudication.asked", "adjudication.withdrawn"]
    assert audit.verify(sqlite) is None
