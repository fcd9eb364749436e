"""Every photo belongs to one group of each kind, and small groups are said to be small."""

import json

import pytest

from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.evaluation.subgroups import FEW, NOT_MEASURED, subgroups
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.labels import PhotoLabel
from dermagrade.types import ZONES
from graded_photos import answer

DRAWS = Draws(rounds=50)


def measured(photo, grade, *, ita=30.0, yaw=0.0, zones=5, sharp=0.3, face=300.0):
    visible = {name: 0.9 if i < zones else 0.1 for i, name in enumerate(ZONES)}
    return answer(
        photo, grade, ita_deg=ita, yaw_deg=yaw, sharpness=sharp, face_px=face, zones=ZONES[:zones], visible=visible
    )


def groups_of(results, truths):
    labels = [PhotoLabel(r.photo, r.photo, t) for r, t in zip(results, truths, strict=True)]
    return {(g.by, g.name): g for g in subgroups(labels, results, ACNE_HAYASHI, DRAWS)}


def test_groups_of_each_kind_hold_every_photo_once():
    results = [
        measured(f"{i}", i % 4, ita=60 - 10 * i, yaw=10 * i, zones=i % 6, sharp=i / 10, face=100 + i) for i in range(12)
    ]
    found = groups_of(results, [i % 4 for i in range(12)])
    kinds = {by for by, _ in found}
    assert len(kinds) == 6
    for kind in kinds:
        assert sum(g.photos for (by, _), g in found.items() if by == kind) == 12


def test_edges_of_pose_and_tone_and_thirds_of_sharpness():
    results = [measured(f"{i}", 1, yaw=yaw, sharp=i) for i, yaw in enumerate((-19.9, 20, -44.9, 45, -80, 0))]
    found = groups_of(results, [1] * 6)
    turn = {name: g.photos for (by, name), g in found.items() if by == "turn of the head"}
    assert turn == {"below 20°": 2, "20° to 45°": 2, "from 45°": 2}
    assert [g.photos for (by, _), g in found.items() if by == "sharpness"] == [2, 2, 2]


def test_figures_are_of_the_group_alone():
    results = [measured(f"l{i}", 2, ita=50) for i in range(4)] + [measured(f"d{i}", 1, ita=0) for i in range(4)]
    found = groups_of(results, [1] * 8)
    light, brown = found["skin tone", "light"], found["skin tone", "brown"]
    assert (light.mae.value, light.bias.value) == (1, 1)
    assert (brown.mae.value, brown.bias.value) == (0, 0)
    assert light.mean_truth.value == 1
    json.dumps(light.record(), allow_nan=False)


def test_a_group_is_few_by_the_photos_that_were_answered():
    results = [measured(f"{i}", 1) for i in range(FEW)]
    assert not groups_of(results, [1] * FEW)["skin tone", "intermediate"].few
    silent = PhotoResult("0", "k", False, reason="x", ita_deg=30.0)
    group = groups_of([silent, *results[1:]], [1] * FEW)["skin tone", "intermediate"]
    assert group.few
    assert group.photos == FEW
    assert group.answered.value == pytest.approx((FEW - 1) / FEW)


def test_what_was_not_measured_stands_apart_and_where_nothing_was_there_are_no_groups():
    found = groups_of([measured("a", 1, ita=None), measured("b", 1)], [1, 1])
    assert found["skin tone", NOT_MEASURED].photos == 1
    assert groups_of([answer("a", 1), answer("b", 1)], [1, 1]) == {}
