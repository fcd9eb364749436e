"""The record of one photo, built from known parts, and what stops or does not stop an assessment."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dermagrade.assess.photo import Assessed, assess_file, assess_photo, choose_conditions
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.acne.answer import AcneDetails, Hayashi
from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.errors import UsageError
from dermagrade.types import (
    ZONES,
    Assessment,
    FaceMap,
    Finding,
    HeatMap,
    Lesion,
    Measure,
    Photo,
    Screening,
    Zone,
    ZoneScore,
)

SHA = "ab" * 32


def _assessed(assessment: Assessment, findings: tuple[Finding, ...] = ()) -> Assessed:
    photo = Photo(np.zeros((400, 300, 3), np.uint8), SHA, 1200, 1600, name="a.jpg")
    zones = {name: Zone(name, 0.0, np.zeros((0, 2))) for name in ZONES}
    zones["nose"] = Zone("nose", 0.98765, np.array([[10.0, 20.0], [30.0, 20.0], [20.0, 40.126]]))
    face = FaceMap((1.0, 2.0, 201.0, 302.26), {}, 31.04, 0.0, 0.0, np.zeros((400, 300), np.uint8), zones, 0.9)
    elapsed = {"read": 30.7, "face": 4.2, "screen": 1.0, "acne": 12.49}
    return Assessed("a.jpg", "assessed", photo, Screening(findings), face, {"acne": assessment}, None, elapsed)


def _answer() -> Assessment:
    return Assessment(
        condition="acne",
        scale="acne-5",
        score=3.9267,
        level=4,
        label="Moderate",
        zones={"nose": ZoneScore(2.1)},
        model="acne-2026.11@1f3a9c2e",
        details=AcneDetails(
            lesions=(Lesion(812.04, 990.06, 9.5, 0.83, "nose"), Lesion(1.0, 2.0, 9.5, 0.2, None)),
            count=11.204,
            halves={"left": 8.0, "right": 3.204},
            graded_half="left",
            hayashi=Hayashi(1, "moderate", (0.2, 0.6, 0.15, 0.05)),
            zone_lesions={"nose": 1.7},
        ),
    )


def test_the_record_is_the_contract_s_in_pixels_of_the_full_photo() -> None:
    findings = (Finding("P102", "caution", "Hold still.", 0.07, minimum=0.1), Finding("P999", "note", "So it is."))
    assert _assessed(_answer(), findings).record() == {
        "photo": "a.jpg",
        "sha256": SHA,
        "width": 1200,
        "height": 1600,
        "status": "assessed",
        "screening": {
            "verdict": "caution",
            "findings": [
                {"code": "P102", "severity": "caution", "value": 0.07, "minimum": 0.1, "message": "Hold still."},
                {"code": "P999", "severity": "note", "value": None, "message": "So it is."},
            ],
        },
        "face": {
            "box": [4.0, 8.0, 804.0, 1209.0],
            "yaw_deg": 31.0,
            "zones": {
                name: {"visible": 0.988, "polygon": [[40.0, 80.0], [120.0, 80.0], [80.0, 160.5]]}
                if name == "nose"
                else {"visible": 0.0, "polygon": []}
                for name in ZONES
            },
        },
        "acne": {
            "scale": "acne-5",
            "score": 3.93,
            "interval": None,
            "level": 4,
            "label": "Moderate",
            "hayashi": {"grade": 1, "label": "moderate", "probabilities": [0.2, 0.6, 0.15, 0.05]},
            "lesions": {
                "count": 11.2,
                "graded_half": "left",
                "halves": {"left": 8.0, "right": 3.2},
                "items": [
                    {"x": 812.0, "y": 990.1, "radius": 9.5, "confidence": 0.83, "zone": "nose"},
                    {"x": 1.0, "y": 2.0, "radius": 9.5, "confidence": 0.2, "zone": None},
                ],
            },
            "zones": {"nose": {"score": 2.1, "lesions": 1.7}},
        },
        "model": {"acne": "acne-2026.11@1f3a9c2e"},
        "elapsed_ms": {"read": 31, "face": 4, "screen": 1, "acne": 12},
    }


def test_the_record_keeps_the_contract_s_order_and_whole_levels() -> None:
    text = json.dumps(_assessed(_answer()).record())
    assert list(json.loads(text)) == [
        *("photo", "sha256", "width", "height", "status", "screening", "face", "acne", "model", "elapsed_ms"),
    ]
    assert '"level": 4,' in text


def test_a_condition_that_abstains_says_scale_and_reason_and_names_no_model() -> None:
    record = _assessed(Assessment("acne", "acne-5", abstained="No zone.")).record()
    assert record["acne"] == {"scale": "acne-5", "score": None, "abstained": "No zone."}
    assert record["model"] == {}


def test_a_condition_without_lesions_has_none_in_its_record() -> None:
    answer = Assessment("pigmentation", "pigment-9", 3.5, 3.5, "Moderate", (3.0, 4.111), {"nose": ZoneScore(3.5)})
    assert _assessed(answer).record()["acne"] == {
        "scale": "pigment-9",
        "score": 3.5,
        "interval": [3.0, 4.11],
        "level": 3.5,
        "label": "Moderate",
        "zones": {"nose": {"score": 3.5}},
    }


def test_measures_stand_in_the_record_with_value_and_unit_and_heat_does_not() -> None:
    measures = (Measure("area_share", "Share", 12.345678, "%"), Measure("spots", "Spots", 7.0, "", "A note."))
    heat = PigmentationDetails(HeatMap(np.ones((4, 4), np.float32), (0, 0), 1, 1, "Brown"))
    answer = Assessment("freckles", "pigment-9", 3.5, 3.5, "Moderate", measures=measures, details=heat)
    record = _assessed(answer).record()["acne"]
    assert list(record)[-1] == "measures"
    assert record["measures"] == {"area_share": {"value": 12.3457, "unit": "%"}, "spots": {"value": 7, "unit": ""}}
    assert "heat" not in record
    assert json.loads(json.dumps(record)) == record


@pytest.mark.parametrize("distance", [0.0, 630.0, float("nan")])
def test_a_distance_of_pupils_that_nobody_has_is_refused_before_the_photo_is_read(distance: float) -> None:
    with pytest.raises(UsageError, match="40 to 80 mm"):
        assess_file("nowhere.jpg", conditions=[], pupil_distance_mm=distance)
    wall = Photo(np.full((600, 600, 3), 140, np.uint8), SHA, 600, 600, name="wall")
    with pytest.raises(UsageError, match="40 to 80 mm"):
        assess_photo(wall, conditions=[], pupil_distance_mm=distance)


def test_a_file_that_is_no_photo_fails_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    result = assess_file(tmp_path / "a.jpg", conditions=["acne"])
    assert result.status == "failed"
    assert result.error
    record = result.record()
    assert list(record)[:6] == ["photo", "sha256", "width", "height", "status", "error"]
    assert record["photo"] == str(tmp_path / "a.jpg")
    assert (record["sha256"], record["screening"], record["face"], record["model"]) == (None, None, None, {})


def test_a_photo_without_a_face_is_refused_and_nothing_is_graded() -> None:
    wall = Photo(np.full((600, 600, 3), 140, np.uint8), SHA, 600, 600, name="wall")
    result = assess_photo(wall)
    assert result.status == "refused"
    assert result.assessments == {}
    assert set(result.elapsed_ms) == {"face", "screen"}


def test_a_condition_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="freckles"):
        choose_conditions(["acne", "freckles"])


def test_by_default_every_condition_whose_weights_ship_is_graded() -> None:
    assert choose_conditions(None) == tuple(c for c in CONDITIONS.values() if c.takes == "photo" and c.ships)
    assert choose_conditions([]) == ()
