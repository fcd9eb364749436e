"""The shipped network sees what is painted, says where, and tells it from redness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dermagrade.cli.demo import portrait
from dermagrade.conditions.details import details_of
from dermagrade.conditions.pigmentation.grade import grade_pigmentation
from dermagrade.conditions.pigmentation.load import face_load, grade_of_load, load_of_grade
from dermagrade.conditions.pigmentation.measures import MEASURES
from dermagrade.conditions.pigmentation.paint import METHODS, paint_pigmentation
from dermagrade.errors import WeightsError
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.simulate.confounders import disturb
from dermagrade.types import Assessment, FaceMap, Photo, Screening
from dermagrade.weights.model import load_model

Seen = tuple[Photo, FaceMap]


@pytest.fixture(scope="module")
def seen() -> Seen:
    photo = read_photo(portrait())
    face = find_face(photo)
    assert face is not None
    return photo, face


def graded(seen: Seen, pixels: np.ndarray | None = None, **more: float) -> Assessment:
    photo, face = seen
    return grade_pigmentation(photo if pixels is None else replace(photo, pixels=pixels), face, Screening(), **more)


@pytest.mark.parametrize("method", METHODS)
def test_the_more_is_painted_the_higher_is_the_score(seen: Seen, method: str) -> None:
    scores = [
        graded(seen, paint_pigmentation(*seen, grade=grade, seed=2, method=method).pixels).score
        for grade in (0.0, 4.0, 8.0)
    ]
    assert None not in scores
    assert scores == sorted(scores)
    assert (scores[2] or 0) - (scores[0] or 0) > 2


def test_the_score_of_the_face_is_that_of_its_zones_loads(seen: Seen) -> None:
    answer = graded(seen)
    loads = {zone: load_of_grade(score.score) for zone, score in answer.zones.items()}
    assert answer.score == pytest.approx(grade_of_load(face_load(loads)))
    assert set(answer.zones) == set(seen[1].found)


def test_the_map_shows_what_was_painted_where_it_was_painted(seen: Seen) -> None:
    painted = paint_pigmentation(*seen, grade=7.0, seed=2)
    assert painted.truth is not None
    heat = details_of(graded(seen, painted.pixels)).marks().heat
    assert heat is not None
    rows, columns = np.indices(heat.values.shape)
    scale = seen[0].scale
    ys = ((heat.origin[1] + (rows + 0.5) * heat.scale) / scale).astype(int).clip(0, painted.truth.shape[0] - 1)
    xs = ((heat.origin[0] + (columns + 0.5) * heat.scale) / scale).astype(int).clip(0, painted.truth.shape[1] - 1)
    skin = seen[1].label_map[ys, xs] > 0
    assert not heat.values[~skin].any()
    assert np.corrcoef(heat.values[skin], painted.truth[ys, xs][skin])[0, 1] > 0.5


def test_a_flush_moves_the_score_less_than_as_much_brown_would(seen: Seen) -> None:
    photo, face = seen
    flushed = disturb(
        photo.pixels, face.label_map, box=face.box, kind="erythema", strength=1.0, seed=1, points=face.points
    )
    brown = paint_pigmentation(photo, face, grade=6.0, seed=1, bare=False)
    plain = graded(seen).score or 0.0
    assert abs((graded(seen, flushed).score or 0.0) - plain) < 0.5 * ((graded(seen, brown.pixels).score or 0.0) - plain)


def test_numbers_per_area_need_the_size_of_the_face(seen: Seen) -> None:
    without = [measure.name for measure in graded(seen).measures]
    having = [measure.name for measure in graded(seen, pupil_distance_mm=63.0).measures]
    assert "spots_per_cm2" not in without
    assert set(having) == {*without, "spots_per_cm2"}
    assert having == [name for name in MEASURES if name in having]


def test_it_abstains_where_no_zone_is_visible(seen: Seen) -> None:
    photo, face = seen
    hidden = replace(face, zones={name: replace(zone, visible=0.1) for name, zone in face.zones.items()})
    answer = grade_pigmentation(photo, hidden, Screening())
    assert answer.score is None
    assert answer.abstained


def test_weights_of_another_kind_are_refused(seen: Seen) -> None:
    with pytest.raises(WeightsError, match="kind that grades pigmentation"):
        grade_pigmentation(*seen, Screening(), model=load_model("acne"))
