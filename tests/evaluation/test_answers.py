"""Answers by photo survive their file, and files of earlier versions still say what they hold."""

import json
import math

import pytest
from PIL import Image

from dermagrade.conditions import CONDITIONS
from dermagrade.errors import LabelsError
from dermagrade.evaluation.answers import PhotoResult, answer_photos, read_answers
from dermagrade.evaluation.networks import Networks
from dermagrade.tables.labels import PhotoLabel
from graded_photos import answer
from red_dots import grey_photo, write_network
from still_face import write_zone_network

#: As written before answers held what groups are told apart by.
EARLIER = {
    "photo": "a.jpg", "key": "z@1/x+a@1/y", "answered": True, "reason": "", "unreadable": False, "grade": 1,
    "probabilities": [0.2, 0.6, 0.1, 0.1], "score": 3.0, "count": 4.5, "lesions": [[1.0, 2.0, 0.5]],
    "zones": ["nose"], "frontal": False, "width": 9, "height": 8,
}  # fmt: skip


def test_an_answer_comes_back_from_its_line_as_it_was():
    full = answer(
        "ä.jpg",
        2,
        (0.1, 0.2, 0.6, 0.1),
        lesions=((1.0, 2.0, 0.5),),
        zones=("nose", "chin"),
        interval=(2.5, 3.5),
        hayashi_set=(1, 2),
        fold=3,
        ita_deg=33.3,
        yaw_deg=-12.0,
        sharpness=0.4,
        face_px=300.0,
        visible={"nose": 0.9},
    )
    assert PhotoResult.from_line(full.line()) == full


def test_an_answer_that_was_not_given_keeps_what_was_measured():
    silent = PhotoResult("a", "k", False, reason="Too uncertain.", ita_deg=20.0, visible={"nose": 0.5})
    assert PhotoResult.from_line(silent.line()) == silent
    assert "score" not in json.loads(silent.line())


def test_a_line_of_an_earlier_version_is_read_and_lacks_only_what_is_new():
    found = PhotoResult.from_line(json.dumps(EARLIER))
    assert found is not None
    assert found.expected_grade == pytest.approx(0.6 + 0.2 + 0.3)
    assert (found.interval, found.hayashi_set, found.ita_deg, dict(found.visible)) == (None, (), None, {})


@pytest.mark.parametrize("line", ["", "[1]", '{"photo": "a"', '{"photo": "a"}', '{"no": 1}'])
def test_a_line_that_is_none_of_ours_is_passed_over(line):
    assert PhotoResult.from_line(line) is None


def test_of_several_answers_for_a_photo_the_last_counts(tmp_path):
    kept = tmp_path / "kept.jsonl"
    kept.write_text("\n".join(r.line() for r in (answer("a", 1), answer("b", 0), answer("a", 3))) + "\n{broken")
    found = read_answers(kept)
    assert {photo: result.grade for photo, result in found.items()} == {"a": 3, "b": 0}


@pytest.mark.parametrize("content", [None, "", "photo,grade\na,1\n"])
def test_a_file_without_answers_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "x").write_text(content)
    with pytest.raises(LabelsError, match="--by-photo"):
        read_answers(tmp_path / "x")


def test_without_probabilities_there_is_no_expected_grade():
    assert math.isnan(PhotoResult("a", "k", True, score=2.0).expected_grade)


def test_what_groups_are_told_apart_by_is_measured_and_an_abstaining_photo_keeps_it(tmp_path):
    photo = grey_photo()
    photo.pixels[:] = (205, 160, 135)
    Image.fromarray(photo.pixels).save(tmp_path / "a.png")
    write_zone_network(tmp_path)
    write_network(tmp_path)
    write_zone_network(tmp_path / "hidden", visible=0.1)
    seen = answer_photos(
        CONDITIONS["acne"], [PhotoLabel("a.png", "p", 0)], tmp_path, networks=Networks("acne", tmp_path, tmp_path)
    )[0]
    assert seen.answered
    assert seen.ita_deg is not None
    assert 20 < seen.ita_deg < 70
    assert seen.visible == pytest.approx(dict.fromkeys(seen.visible, 0.9), abs=0.01)
    assert seen.yaw_deg == pytest.approx(0, abs=1)
    assert seen.face_px is not None
    networks = Networks("acne", tmp_path, tmp_path / "hidden")
    unseen = answer_photos(CONDITIONS["acne"], [PhotoLabel("a.png", "p", 0)], tmp_path, networks=networks)[0]
    assert not unseen.answered
    assert unseen.yaw_deg is not None
    assert set(unseen.visible) == set(seen.visible)
