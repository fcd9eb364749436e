"""Pictures of the grades belong to what raters grade with: they change its version, and stay once a study is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.studies.instrument import instrument_of, pictures_of, version_of
from dermagrade.people.studies.record import read_study
from dermagrade.people.studies.scale_pictures import set_pictures
from dermagrade.people.studies.setup import delete_draft, open_study
from dermagrade.scales import SCALES
from study_scene import Scene, draft, incoming


@pytest.fixture
def scene(db: Database, tmp_path: Path) -> Scene:
    return draft(db, tmp_path, scale="pigment-9")


def give(scene: Scene, *grades: float, note: str = "", of: str = "face") -> None:
    """Pictures of these grades."""
    pictures = {grade: incoming(f"{of} {grade}") for grade in grades}
    set_pictures(scene.db, scene.photos, by=scene.team, study_id=scene.study_id, pictures=pictures, note=note)


def files(scene: Scene) -> int:
    return sum(1 for _ in scene.photos.folder.iterdir())


def version(scene: Scene) -> str:
    return read_study(scene.db, scene.study_id).instrument_version


def test_pictures_are_kept_in_rising_order_with_their_note(scene: Scene) -> None:
    before = files(scene)
    give(scene, 6, 0, 4.5, note="  Simulated,\n not photographed. ")
    instrument = read_study(scene.db, scene.study_id).instrument
    kept = pictures_of(instrument)
    assert [one.grade for one in kept] == [0, 4.5, 6]
    assert scene.photos.get(kept[1].key) == incoming("face 4.5").data
    assert instrument["pictures_note"] == "Simulated, not photographed."
    assert files(scene) == before + 3


def test_the_version_follows_what_the_pictures_show_and_not_where_they_are_kept(scene: Scene) -> None:
    plain = version(scene)
    assert plain == version_of(instrument_of(SCALES["pigment-9"]))
    give(scene, 0, 6)
    once = version(scene)
    give(scene, 0, 6)
    assert version(scene) == once
    give(scene, 0, 6, of="other face")
    assert version(scene) not in (plain, once)
    give(scene)
    assert version(scene) == plain


def test_pictures_that_are_replaced_leave_nothing_behind(scene: Scene) -> None:
    before = files(scene)
    give(scene, 0, 3, 6)
    give(scene, 9)
    assert files(scene) == before + 1
    give(scene)
    assert files(scene) == before


@pytest.mark.parametrize("grade", [-1.0, 4.25, 9.5])
def test_a_picture_of_no_level_is_refused_and_nothing_is_stored(scene: Scene, grade: float) -> None:
    before = files(scene)
    with pytest.raises(UsageError, match="is none of"):
        give(scene, 3, grade)
    assert files(scene) == before
    assert not pictures_of(read_study(scene.db, scene.study_id).instrument)


def test_a_long_note_is_refused(scene: Scene) -> None:
    with pytest.raises(UsageError, match="300 characters"):
        give(scene, 3, note="x" * 301)


def test_an_open_study_keeps_the_pictures_that_its_raters_may_have_seen(scene: Scene) -> None:
    give(scene, 3)
    open_study(scene.db, by=scene.team, study_id=scene.study_id)
    with pytest.raises(UsageError, match="only a draft's pictures"):
        give(scene, 4)
    assert [one.grade for one in pictures_of(read_study(scene.db, scene.study_id).instrument)] == [3]


def test_a_draft_that_is_deleted_takes_its_pictures_along(scene: Scene) -> None:
    give(scene, 3, 6)
    delete_draft(scene.db, scene.photos, by=scene.team, study_id=scene.study_id)
    assert files(scene) == 0
