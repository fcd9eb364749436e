"""A visit of several photos: what is left out and why, and the record that the documentation describes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dermagrade.assess.photo import Assessed, assess_file
from dermagrade.assess.visit import Visit, assess_visit, combine_photos
from dermagrade.conditions.acne.answer import acne_details
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.details import details_of
from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.errors import UsageError
from dermagrade.types import ZONES, Assessment, Finding, HeatMap, Measure, Screening
from dermagrade.weights.model import load_model

pytest.importorskip("onnx", reason="makes a network; onnx comes with the train extra")
from drawn_visit import Place, head
from red_dots import write_network

LESIONS: list[Place] = [(30, 0.55), (70, 0.6), (25, 0.15), (-40, 0.5), (-25, 0.85)]
ELAPSED = {"read": 10.0, "face": 5.0}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Assessed]:
    """The drawn head from the left, the front and the right, each assessed on its own."""
    model = load_model(write_network(tmp_path_factory.mktemp("weights")))
    assessed = {}
    for name, yaw in {"left": -50, "front": 0, "right": 50}.items():
        photo, face = head(LESIONS, yaw_deg=yaw)
        acne = grade_acne(photo, face, Screening(), model=model)
        photo = replace(photo, name=f"{name}.png")
        assessed[name] = Assessed(photo.name, "assessed", photo, Screening(), face, {"acne": acne}, None, ELAPSED)
    return assessed


def _refused(one: Assessed) -> Assessed:
    finding = Finding("P103", "refuse", "It is too dark: find more light.", 3.0, minimum=10.0)
    return replace(one, status="refused", screening=Screening((finding,)), assessments={})


def _visit(*photos: Assessed) -> Visit:
    visit = combine_photos(photos)
    json.dumps(visit.record(), allow_nan=False)  # whatever the visit, its record is JSON
    return visit


def test_a_single_photo_answers_as_it_does_without_a_visit(photos: dict[str, Assessed]) -> None:
    for one in photos.values():
        visit = _visit(one)
        assert visit.assessments == one.assessments
        plain, record = one.record(), visit.record()
        assert [{k: v for k, v in item.items() if k != "photo"} for item in record["acne"]["lesions"]["items"]] == (
            plain["acne"]["lesions"]["items"]
        )
        assert {k: v for k, v in record["acne"].items() if k != "lesions"} == {
            k: v for k, v in plain["acne"].items() if k != "lesions"
        }
        assert (record["photo"], record["sha256"]) == ([plain["photo"]], [plain["sha256"]])
        assert record["face"]["box"] == [plain["face"]["box"]]


def test_the_record_lists_every_photo_and_says_where_each_zone_is_from(photos: dict[str, Assessed]) -> None:
    record = _visit(photos["left"], photos["front"], photos["right"]).record()
    assert list(record) == [
        *("photo", "sha256", "width", "height", "status", "photos", "notes", "screening", "face", "acne", "model"),
        "elapsed_ms",
    ]
    assert record["photo"] == ["left.png", "front.png", "right.png"]
    assert (record["width"], record["height"]) == ([320] * 3, [320] * 3)
    assert record["status"] == "assessed"
    assert record["photos"] == [{"status": "assessed", "used": True, "reason": None}] * 3
    assert record["notes"] == []
    assert record["screening"] == [{"verdict": "good", "findings": []}] * 3
    assert record["face"]["yaw_deg"] == [-50.0, 0.0, 50.0]
    zones = record["face"]["zones"]
    assert list(zones) == list(ZONES)
    assert {name: zone["photo"] for name, zone in zones.items()} == {
        "forehead": 1,
        "nose": 1,
        "left_cheek": 0,
        "right_cheek": 2,
        "chin": 1,
    }
    assert zones["left_cheek"]["halves"] is None
    assert zones["chin"]["halves"] == {"left": 1, "right": 1}
    assert list(zones["chin"]) == ["visible", "polygon", "photo", "halves"]
    acne = record["acne"]
    assert list(acne) == ["scale", "score", "interval", "level", "label", "hayashi", "lesions", "zones"]
    assert sorted(item["photo"] for item in acne["lesions"]["items"]) == [0, 0, 1, 1, 2]
    assert acne["lesions"]["count"] == pytest.approx(len(LESIONS), abs=0.1)
    assert record["elapsed_ms"]["read"] == 30


def test_a_zone_whose_halves_are_from_two_photos_says_so(photos: dict[str, Assessed]) -> None:
    zones = _visit(photos["right"], photos["left"]).record()["face"]["zones"]
    assert zones["chin"]["halves"] == {"left": 1, "right": 0}
    assert zones["chin"]["photo"] in (0, 1)


def test_a_refused_and_a_failed_photo_are_left_out_with_their_reasons(photos: dict[str, Assessed]) -> None:
    failed = Assessed("torn.png", "failed", error="torn.png is cut off; take it again.")
    visit = _visit(photos["left"], _refused(photos["front"]), failed, photos["right"])
    alone = _visit(photos["left"], photos["right"])
    record = visit.record()
    assert visit.status == "assessed"
    assert [(p["status"], p["used"], p["reason"]) for p in record["photos"]] == [
        ("assessed", True, None),
        ("refused", False, "It is too dark: find more light."),
        ("failed", False, "torn.png is cut off; take it again."),
        ("assessed", True, None),
    ]
    assert (record["sha256"][2], record["screening"][2], record["face"]["box"][2]) == (None, None, None)
    assert visit.assessments == alone.assessments
    assert {item["photo"] for item in record["acne"]["lesions"]["items"]} == {0, 3}


def test_if_one_good_photo_is_left_it_answers_alone(photos: dict[str, Assessed]) -> None:
    visit = _visit(_refused(photos["left"]), photos["front"])
    assert visit.assessments == photos["front"].assessments
    assert set(acne_details(visit.assessments["acne"].details).photos) == {1}


def test_if_none_is_left_the_visit_is_refused_or_failed(photos: dict[str, Assessed]) -> None:
    failed = Assessed("torn.png", "failed", error="torn.png is cut off; take it again.")
    record = _visit(failed, _refused(photos["front"])).record()
    assert record["status"] == "refused"
    assert "acne" not in record
    assert record["model"] == {}
    assert {zone["photo"] for zone in record["face"]["zones"].values()} == {None}
    record = _visit(failed).record()
    assert (record["status"], record["error"], record["face"]) == ("failed", failed.error, None)


def test_the_same_file_twice_is_used_once_and_a_note_says_so(photos: dict[str, Assessed]) -> None:
    copy = replace(photos["front"], name="copy.png")
    visit = _visit(photos["front"], photos["left"], copy)
    assert visit.assessments == _visit(photos["front"], photos["left"]).assessments
    assert visit.record()["photos"][2] == {"status": "copy", "used": False, "reason": "It is the same file as photo 0."}
    assert visit.notes == ("copy.png is the same file as front.png; it was used once.",)
    assert _visit(photos["front"], copy).assessments == photos["front"].assessments


def test_a_side_that_no_photo_shows_is_noted(photos: dict[str, Assessed]) -> None:
    assert any("right cheek" in note for note in _visit(photos["left"]).notes)
    assert _visit(photos["left"], photos["right"]).notes == ()


def test_a_photo_that_cannot_be_graded_is_left_out_with_the_reason(photos: dict[str, Assessed]) -> None:
    unsure = replace(photos["front"], assessments={"acne": Assessment("acne", "acne-5", abstained="Too uncertain.")})
    visit = _visit(photos["left"], unsure, photos["right"])
    assert visit.assessments == _visit(photos["left"], photos["right"]).assessments
    assert visit.record()["photos"][1] == {
        "status": "assessed",
        "used": False,
        "reason": "acne not graded: Too uncertain.",
    }
    assert 1 not in visit.used
    alone = _visit(unsure)
    assert (alone.status, alone.assessments["acne"].abstained, alone.used) == ("assessed", "Too uncertain.", ())


def test_each_photo_is_drawn_with_what_is_taken_from_it(photos: dict[str, Assessed]) -> None:
    visit = _visit(photos["left"], photos["front"], photos["right"])
    drawn = [visit.part_of_visit(i)["acne"] for i in visit.used]
    assert [set(answer.zones) for answer in drawn] == [{"left_cheek"}, {"forehead", "nose", "chin"}, {"right_cheek"}]
    shown = [lesion for answer in drawn for lesion in acne_details(answer.details).lesions]
    assert len(shown) == len(acne_details(visit.assessments["acne"].details).lesions)
    assert set(shown) == set(acne_details(visit.assessments["acne"].details).lesions)
    assert {answer.score for answer in drawn} == {visit.assessments["acne"].score}


def test_the_order_of_the_photos_does_not_matter(photos: dict[str, Assessed]) -> None:
    record = _visit(photos["left"], photos["front"], photos["right"]).record()["acne"]
    other = _visit(photos["right"], photos["left"], photos["front"]).record()["acne"]
    assert len(record["lesions"].pop("items")) == len(other["lesions"].pop("items"))
    assert record == other


def test_a_visit_without_photos_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one"):
        combine_photos([])
    with pytest.raises(UsageError, match="freckles"):
        assess_visit(["a.jpg"], conditions=["freckles"])


def test_files_are_read_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    visit = assess_visit([tmp_path / "a.jpg"], conditions=["acne"])
    assert visit.status == "failed"
    assert visit.record()["error"] == assess_file(tmp_path / "a.jpg", conditions=["acne"]).error


def _measured(one: Assessed) -> Assessed:
    """The same with a number."""
    measures = (Measure("share", "Share", 12.5, "%"),)
    return replace(one, assessments={"acne": replace(one.assessments["acne"], measures=measures)})


def _heated(one: Assessed) -> Assessed:
    """The same with another condition's answer, which has heat all over the photo."""
    heat = PigmentationDetails(HeatMap(np.ones((80, 80), np.float32), (0.0, 0.0), 4.0, 1.0, "Heat"))
    zones = one.assessments["acne"].zones
    answer = Assessment("pigmentation", "pigment-9", 3.0, 3.0, "Mild", zones=zones, details=heat)
    return replace(one, assessments={"pigmentation": answer})


def test_measures_are_those_of_single_photos_and_not_of_the_face(photos: dict[str, Assessed]) -> None:
    visit = _visit(_measured(photos["left"]), photos["front"], _measured(photos["right"]))
    record = visit.record()
    assert "measures" not in record["acne"]
    measured = {"acne": {"share": {"value": 12.5, "unit": "%"}}}
    assert [one.get("measures") for one in record["photos"]] == [measured, None, measured]
    alone = _visit(_measured(photos["front"])).record()
    assert alone["acne"]["measures"] == measured["acne"]


def test_heat_is_drawn_on_each_photo_in_the_zones_that_are_taken_from_it(photos: dict[str, Assessed]) -> None:
    visit = _visit(*(_heated(photos[name]) for name in ("left", "front", "right")))
    taken = set()
    for index in visit.used:
        answer = visit.part_of_visit(index)["pigmentation"]
        face = visit.photos[index].face
        assert face is not None
        heat = details_of(answer).marks().heat
        assert heat is not None
        zones = {ZONES[n - 1] for n in np.unique(face.label_map[2::4, 2::4][heat.values > 0])}
        assert zones == set(answer.zones)
        taken |= zones
    assert taken == set(ZONES)
