"""A face painted at a grade has that grade by the declared function, in either way of painting."""

from __future__ import annotations

import numpy as np
import pytest

from dermagrade.cli.demo import portrait
from dermagrade.conditions.pigmentation.load import face_load, grade_of_load, load_of
from dermagrade.conditions.pigmentation.paint import METHODS, paint_pigmentation
from dermagrade.errors import UsageError
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.types import ZONES, FaceMap, Photo


@pytest.fixture(scope="module")
def seen() -> tuple[Photo, FaceMap]:
    photo = read_photo(portrait())
    face = find_face(photo)
    assert face is not None
    return photo, face


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("grade", [1.0, 4.5, 7.5])
def test_the_wished_grade_is_met(seen: tuple[Photo, FaceMap], method: str, grade: float) -> None:
    painted = paint_pigmentation(*seen, grade=grade, seed=3, method=method)
    assert painted.grade == pytest.approx(grade, abs=0.2)


def test_the_grade_is_that_of_the_map(seen: tuple[Photo, FaceMap]) -> None:
    photo, face = seen
    painted = paint_pigmentation(photo, face, grade=5.0, seed=1)
    assert painted.truth is not None
    loads = {zone: load_of(painted.truth, face.label_map == ZONES.index(zone) + 1) for zone in face.found}
    assert painted.grade == pytest.approx(grade_of_load(face_load(loads)))
    assert painted.zones == pytest.approx({zone: grade_of_load(load) for zone, load in loads.items()})


def test_a_bare_face_is_evened_out_first_and_another_stays_as_it_is(seen: tuple[Photo, FaceMap]) -> None:
    photo, _ = seen
    bare = paint_pigmentation(*seen, grade=0.0, seed=1)
    own = paint_pigmentation(*seen, grade=0.0, seed=1, bare=False)
    assert (own.pixels == photo.pixels).all()
    assert (bare.pixels != photo.pixels).any()
    assert bare.grade == own.grade == 0.0


def test_the_photo_itself_is_not_changed(seen: tuple[Photo, FaceMap]) -> None:
    photo, face = seen
    before = photo.pixels.copy()
    paint_pigmentation(photo, face, grade=8.0, seed=1)
    assert np.array_equal(photo.pixels, before)


def test_an_unknown_way_of_painting_is_refused(seen: tuple[Photo, FaceMap]) -> None:
    with pytest.raises(UsageError, match="melanin, glaze"):
        paint_pigmentation(*seen, grade=3.0, seed=1, method="oil")
