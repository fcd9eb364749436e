"""A study is set up in words that are checked, and nothing of it can be changed once a rating came in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dermagrade.errors import StoreError, UsageError
from dermagrade.people.store.audit import verify
from dermagrade.people.store.database import Database
from dermagrade.people.store.photos import PhotoStore
from dermagrade.people.store.schema import AuditRow, Item, Study, StudyPhoto
from dermagrade.people.studies.rater_desk import desks_of
from dermagrade.people.studies.setup import (
    add_photo,
    close_study,
    create_study,
    delete_draft,
    open_study,
    reopen_study,
    set_kind,
)
from dermagrade.scales import SCALES
from study_scene import Scene, draft, incoming, opened, people


def kinds(scene: Scene) -> list[tuple[str, str]]:
    """Name of photo and kind of item of the first rater, in order."""
    names = {photo_id: name for name, photo_id in scene.photo_ids.items()}
    with scene.db.read() as session:
        items = session.scalars(select(Item).where(Item.member_id == scene.raters[0]).order_by(Item.position))
        return [(names[item.photo_id], item.kind) for item in items]


def test_a_draft_keeps_the_words_of_its_scale(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path, scale="pigment-9")
    with db.read() as session:
        study = session.get_one(Study, scene.study_id)
    assert study.state == "draft"
    levels = [(level["value"], level["label"]) for level in study.instrument["levels"]]
    assert levels == [(level.value, level.label) for level in SCALES["pigment-9"].levels]
    assert desks_of(db, scene.raters[0]) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "x" * 201}, "needs a name"),
        ({"scale": "acne-6"}, "no scale acne-6"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"per_photo": 0}, "one rater or more"),
        ({"repeats": 0.51}, "0 to 0.5"),
        ({"repeats": float("nan")}, "0 to 0.5"),
        ({"by": "nobody"}, "no such person"),
    ],
)
def test_a_study_that_cannot_be_is_refused_in_words(sqlite: Database, wrong: dict[str, object], said: str) -> None:
    (team,) = people(sqlite, 1)
    with pytest.raises(UsageError, match=said):
        create_study(sqlite, **{"by": team, "name": "A study", "scale": "acne-5", "seed": 1, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"kind": "silver"}, "not silver"),
        ({"reference": 3.0}, "no reference grade"),
        ({"kind": "golden"}, "from 1 to 5"),
        ({"kind": "calibration", "reference": 5.1}, "from 1 to 5"),
        ({"kind": "golden", "reference": float("nan")}, "from 1 to 5"),
        ({"width": 0}, "no pixels"),
        ({"person": "p" * 256}, "more than 255"),
    ],
)
def test_a_photo_that_does_not_fit_is_refused_and_not_stored(
    sqlite: Database, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    scene = draft(sqlite, tmp_path, ordinary=1, golden=0)
    with pytest.raises(UsageError, match=said):
        add_photo(
            sqlite,
            scene.photos,
            by=scene.team,
            study_id=scene.study_id,
            incoming=replace(incoming("new.jpg"), **wrong),  # type: ignore[arg-type]
        )
    assert len(list(scene.photos.folder.iterdir())) == 1


def test_the_same_photo_twice_is_refused_with_the_name_it_has_already(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path, ordinary=2)
    again = replace(incoming("o001.jpg"), name="another.jpg")
    same_name = replace(incoming("other pixels"), name="o001.jpg")
    for twin, said in ((again, "the same as o001.jpg"), (same_name, "a photo o001.jpg already")):
        with pytest.raises(UsageError, match=said):
            add_photo(db, scene.photos, by=scene.team, study_id=scene.study_id, incoming=twin)
    other = draft(db, tmp_path / "other", ordinary=0)
    assert add_photo(db, other.photos, by=other.team, study_id=other.study_id, incoming=again)


def test_a_photo_without_a_person_stands_for_one_of_its_own(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path, ordinary=1)
    add_photo(db, scene.photos, by=scene.team, study_id=scene.study_id, incoming=incoming("n.jpg", person="P7"))
    with db.read() as session:
        people_by_name = {photo.name: photo.person for photo in session.scalars(select(StudyPhoto))}
    assert people_by_name["o000.jpg"] == "o000.jpg"
    assert people_by_name["n.jpg"] == "P7"


def test_a_photo_that_cannot_be_written_is_not_in_the_study(sqlite: Database, tmp_path: Path) -> None:
    scene = draft(sqlite, tmp_path, ordinary=0, golden=0)
    (tmp_path / "a file").write_text("")
    with pytest.raises(StoreError, match="cannot be stored"):
        add_photo(
            sqlite,
            PhotoStore(tmp_path / "a file"),
            by=scene.team,
            study_id=scene.study_id,
            incoming=incoming("n.jpg"),
        )
    with sqlite.read() as session:
        assert session.scalars(select(StudyPhoto)).all() == []


def test_a_study_needs_a_photo_and_a_rater_to_be_opened(db: Database, tmp_path: Path) -> None:
    for number, missing in enumerate(({"ordinary": 0, "golden": 0}, {"raters": 0})):
        scene = draft(db, tmp_path / str(number), **missing)
        with pytest.raises(UsageError, match="needs a photo and a rater"):
            open_study(db, by=scene.team, study_id=scene.study_id)


def test_the_same_study_set_up_twice_is_allocated_the_same(db: Database, tmp_path: Path) -> None:
    wanted = {"ordinary": 12, "golden": 3, "calibration": 1, "repeats": 0.3, "per_photo": 2, "seed": 8}
    one, two = (opened(db, tmp_path / name, **wanted) for name in ("one", "two"))
    assert kinds(one) == kinds(two)
    assert len(kinds(one)) == 8 + 3 + 1 + 2
    assert not set(one.photo_ids.values()) & set(two.photo_ids.values())


def test_a_study_goes_from_draft_to_open_to_closed_and_back_to_open(db: Database, tmp_path: Path) -> None:
    scene = draft(db, tmp_path)
    who = {"by": scene.team, "study_id": scene.study_id}
    for verb in (close_study, reopen_study):
        with pytest.raises(UsageError, match="not"):
            verb(db, **who)
    open_study(db, **who)
    for wrong in (lambda: open_study(db, **who), lambda: delete_draft(db, scene.photos, **who)):
        with pytest.raises(UsageError, match="only a draft"):
            wrong()
    close_study(db, **who)
    assert desks_of(db, scene.raters[0])[0].state == "closed"
    reopen_study(db, **who)
    assert desks_of(db, scene.raters[0])[0].state == "open"
    with db.read() as session:
        whats = session.scalars(select(AuditRow.what).order_by(AuditRow.number.desc()).limit(3)).all()
    assert whats == ["study.reopened", "study.closed", "study.opened"]
    assert verify(db) is None


def test_nothing_of_a_study_can_be_changed_once_a_rating_came_in(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path)
    who = {"by": scene.team, "study_id": scene.study_id}
    before = kinds(scene)
    scene.grade(scene.raters[2])
    with pytest.raises(UsageError, match="locked"):
        add_photo(db, scene.photos, **who, incoming=incoming("late.jpg"))
    for name, kind, reference in (
        ("o000.jpg", "golden", 2.0),
        ("g000.jpg", "golden", 5.0),
        ("g000.jpg", "ordinary", None),
    ):
        with pytest.raises(UsageError, match="locked"):
            set_kind(db, **who, photo_id=scene.photo_ids[name], kind=kind, reference=reference)
    assert kinds(scene) == before


def test_an_open_study_without_ratings_can_still_be_put_right(db: Database, tmp_path: Path) -> None:
    scene = opened(db, tmp_path, ordinary=3, golden=1)
    who = {"by": scene.team, "study_id": scene.study_id}
    set_kind(db, **who, photo_id=scene.photo_ids["o000.jpg"], kind="calibration", reference=2.5)
    scene.photo_ids["n.jpg"] = add_photo(db, scene.photos, **who, incoming=incoming("n.jpg"))
    assert kinds(scene)[0] == ("o000.jpg", "calibration")
    assert sorted(kinds(scene)[1:]) == [
        ("g000.jpg", "golden"),
        ("n.jpg", "ordinary"),
        ("o001.jpg", "ordinary"),
        ("o002.jpg", "ordinary"),
    ]


def test_a_photo_of_another_study_cannot_be_changed(db: Database, tmp_path: Path) -> None:
    one, two = draft(db, tmp_path / "one"), draft(db, tmp_path / "two")
    with pytest.raises(UsageError, match="no such photo"):
        set_kind(
            db,
            by=one.team,
            study_id=one.study_id,
            photo_id=two.photo_ids["o000.jpg"],
            kind="golden",
            reference=2.0,
        )
    with pytest.raises(UsageError, match="no such study"):
        open_study(db, by=one.team, study_id="none")


def test_a_deleted_draft_leaves_no_photo_but_its_name_in_the_log(db: Database, tmp_path: Path) -> None:
    scene, other = draft(db, tmp_path / "one"), draft(db, tmp_path / "two")
    delete_draft(db, scene.photos, by=scene.team, study_id=scene.study_id)
    assert list(scene.photos.folder.iterdir()) == []
    assert len(list(other.photos.folder.iterdir())) == 8
    with db.read() as session:
        assert [study.id for study in session.scalars(select(Study))] == [other.study_id]
        assert session.scalar(select(func.count()).select_from(StudyPhoto)) == 8
        row = session.scalars(select(AuditRow).order_by(AuditRow.number.desc()).limit(1)).one()
    assert (row.what, row.study_id, row.details) == (
        "study.deleted",
        scene.study_id,
        {"name": "A study", "photos": 8},
    )
    assert verify(db) is None
