"""Clear skin: shares count every photo, and no name of a video frame is put out."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from dermagrade.weights.model import load_model
from laboratory import clear_skin
from laboratory.clear_skin import SkinScore, describe, person_of_frame, sample_frames, summarise
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

SCORES = [
    SkinScore("scut", "a.jpg", score=1.0, count=0.0),
    SkinScore("scut", "b.jpg", score=2.5, count=2.5),
    SkinScore("utk", "20_1_3_2017.jpg", score=3.1, count=4.0, findings=("P102",)),
    SkinScore("utk", "20_1_0_2018.jpg"),
]


def test_a_photo_without_a_score_does_not_pass_for_clear():
    found = describe(SCORES)
    assert (found["photos"], found["scored"]) == (4, 3)
    assert found["share_clear"]["value"] == 0.5
    assert found["share_clear_of_scored"]["value"] == pytest.approx(2 / 3, abs=1e-4)


def test_exceptions_are_named_with_what_marks_them():
    found = summarise(SCORES, [])
    assert [e["photo"] for e in found["exceptions"]] == ["20_1_3_2017.jpg", "20_1_0_2018.jpg"]
    assert found["exceptions_in_common"]["not_clear"]["findings"] == {"P102": 1}
    assert set(found["clear_faces"]["utk_by_race_code"]) == {"0", "3"}
    assert found["clear_faces"]["by_collection"]["scut"]["share_clear"]["value"] == 1


def test_video_frames_give_a_distribution_and_no_names():
    frames = [SkinScore("p1", f"Some_Body_{i}.jpg", score=1.0 + i, count=1.0) for i in range(3)]
    found = summarise(SCORES, frames)
    assert "Some" not in json.dumps(found)
    assert "Some" not in clear_skin.as_text(found)
    assert found["video_frames"]["share_clear"]["persons"] == 1
    assert person_of_frame("Some_Body_12.jpg") == "Some_Body"


def test_the_sample_of_frames_is_seeded(tmp_path):
    for i in range(20):
        (tmp_path / f"x_{i}.jpg").touch()
    (tmp_path / "notes.txt").touch()
    assert sample_frames(tmp_path, 5, 1) == sample_frames(tmp_path, 5, 1) != sample_frames(tmp_path, 5, 2)
    assert len(sample_frames(tmp_path, 99, 0)) == 20


def test_the_score_is_the_conditions_own(tmp_path):
    zones = load_model(write_zone_network(tmp_path))
    acne = load_model(write_network(tmp_path))
    photo = grey_photo()
    Image.fromarray(photo.pixels).save(tmp_path / "clear.png")
    for x in (200, 220, 240, 260):
        for y in (150, 170, 190):
            paint(photo, x, y)
    Image.fromarray(photo.pixels).save(tmp_path / "spots.png")
    clear, spots = (
        clear_skin.score_photo(tmp_path / f"{name}.png", "scut", zones=zones, acne=acne) for name in ("clear", "spots")
    )
    assert clear.clear
    assert not spots.clear
    assert spots.count == pytest.approx(12, rel=0.02)
    assert spots.frontal
