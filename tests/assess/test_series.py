"""A series: how each photo is assessed, who is asked, and what stands in the record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from dermagrade.assess.photo import Assessed, choose_conditions
from dermagrade.assess.series import Compared, assess_series, change_record, choose_comparing, compare_photos
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition, Extra, Look
from dermagrade.errors import MissingExtraError, UsageError
from dermagrade.grading.painting import SPOTS
from dermagrade.types import Change, Finding, Photo, Screening
from face_scene import scene
from mirrored import mirrored
from plain_condition import DARKER, DARKNESS, grade_darkness

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def seen(name: str, light: float, *, taken_at: datetime | None = None) -> Assessed:
    """A drawn face in this share of its light, assessed on its own."""
    photo, face = scene(400, 320)
    pixels = np.clip(photo.pixels * light, 0, 255).astype(np.uint8)
    photo = replace(photo, pixels=pixels, name=name, taken_at=taken_at)
    answers = {"darkness": grade_darkness(photo, face, Screening())}
    return Assessed(name, "assessed", photo, Screening(), face, answers, None, {"read": 2.0, "darkness": 1.0})


def table(monkeypatch: pytest.MonkeyPatch, *conditions: Condition) -> None:
    """Puts these into the conditions' table, wherever it is read here."""
    own = MappingProxyType({condition.name: condition for condition in conditions})
    for module in ("dermagrade.assess.photo", "dermagrade.assess.series"):
        monkeypatch.setattr(f"{module}.CONDITIONS", own)


def compared(*photos: Assessed, **more: object) -> Compared:
    found = compare_photos(photos, [DARKER], **more)  # type: ignore[arg-type]
    json.dumps(found.record(), allow_nan=False)
    return found


LIGHT, MIDDLE, DARK = seen("a.png", 1.0), seen("b.png", 0.8), seen("c.png", 0.6)


def test_the_record_has_the_keys_of_the_contract_in_their_order() -> None:
    record = compared(LIGHT, MIDDLE, DARK, subject="p1", taken_at=[DAY, None, None][:1] * 3).record()
    assert list(record) == [
        *("subject", "photos", "taken_at", "status", "darker", "findings", "model", "elapsed_ms"),
    ]
    assert (record["subject"], record["photos"], record["status"]) == ("p1", ["a.png", "b.png", "c.png"], "compared")
    assert record["taken_at"] == ["2026-03-01T00:00:00+00:00"] * 3
    darker = record["darker"]
    assert list(darker) == [
        *("scale", "verdict", "probabilities", "scores", "difference", "interval", "smallest_detectable"),
        *("slope_per_week", "zones"),
    ]
    assert (darker["scale"], darker["verdict"], darker["probabilities"]) == ("pigment-9", "worse", None)
    assert darker["difference"] == pytest.approx(darker["scores"][2] - darker["scores"][0], abs=0.011)
    assert darker["zones"]["chin"].keys() == {"verdict", "difference"}
    assert (record["findings"], record["model"]) == ([], {})
    assert set(record["elapsed_ms"]) == {"read", "darkness", "compare_darker"}
    assert record["elapsed_ms"]["read"] == 6


def test_probabilities_stand_under_names_without_spaces_in_the_order_of_the_verdicts() -> None:
    shares = {"worse": 0.01, "improved": 0.93, "no detectable change": 0.06}
    record = change_record(Change("x", "acne-5", "improved", shares))  # type: ignore[arg-type]
    assert list(record["probabilities"].items()) == [
        *(("improved", 0.93), ("no_detectable_change", 0.06), ("worse", 0.01)),
    ]


def test_a_condition_that_cannot_compare_says_scale_and_reason() -> None:
    faceless = replace(LIGHT, face=None)
    found = compared(faceless, DARK)
    assert found.record()["darker"] == {"scale": "pigment-9", "verdict": None, "abstained": "A photo shows no face."}
    assert found.status == "compared"


def test_taken_in_reverse_the_answer_is_mirrored() -> None:
    forth = compared(LIGHT, MIDDLE, DARK).changes["darker"]
    back = compared(DARK, MIDDLE, LIGHT).changes["darker"]
    assert (forth.verdict, back.verdict) == ("worse", "improved")
    assert back == mirrored(forth)
    assert mirrored(mirrored(forth)) == forth


def test_the_condition_gets_person_and_time_and_nothing_else_of_the_file() -> None:
    given: list[Look] = []

    def remember(looks: Sequence[Look]) -> Change:
        given.extend(looks)
        return Change("remembers", "acne-5", abstained="Only looks.")

    asked = Condition("remembers", "Remembers", "acne-5", takes="series", compare=remember)
    dated = seen("a.png", 1.0, taken_at=DAY)
    compare_photos([dated, DARK], [asked])
    compare_photos([dated, DARK], [asked], subject="p1", taken_at=[DAY, DAY + timedelta(days=7)])
    assert [(look.photo.subject, look.photo.taken_at) for look in given] == [
        *((None, None), (None, None), ("p1", DAY), ("p1", DAY + timedelta(days=7))),
    ]
    assert given[0].assessments == dated.assessments


def test_by_time_the_photos_are_put_in_order() -> None:
    days = [DAY + timedelta(days=n) for n in (14, 0, 7)]
    found = compared(DARK, LIGHT, MIDDLE, taken_at=days, by_time=True)
    assert [photo.name for photo in found.photos] == ["a.png", "b.png", "c.png"]
    assert list(found.taken_at) == sorted(days)
    assert found.changes["darker"] == compared(LIGHT, MIDDLE, DARK).changes["darker"]


def test_by_time_a_photo_without_a_time_refuses_the_series() -> None:
    found = compared(LIGHT, DARK, taken_at=[DAY, None], by_time=True)
    assert (found.status, [finding.code for finding in found.findings]) == ("refused", ["S102"])
    assert "c.png" in found.findings[0].message


def test_times_that_do_not_rise_are_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="time order"):
        compare_photos([LIGHT, DARK], [DARKER], taken_at=[DAY + timedelta(days=1), DAY])


def test_one_photo_is_no_series() -> None:
    found = compared(LIGHT)
    assert (found.status, found.record()["findings"][0]["code"]) == ("refused", "S101")
    assert found.changes == {}


def test_a_refused_photo_refuses_the_series_with_its_findings() -> None:
    dim = Finding("P103", "refuse", "It is too dark: find more light.", 3.0, minimum=10.0)
    blurred = Finding("P102", "caution", "Hold still.", 0.07)
    refused = replace(DARK, status="refused", screening=Screening((blurred, dim)), assessments={})
    record = compared(LIGHT, refused).record()
    assert (record["status"], record["model"]) == ("refused", {})
    assert "darker" not in record
    assert [(finding["code"], finding["photo"]) for finding in record["findings"]] == [("P103", "c.png")]


def test_a_photo_that_cannot_be_read_fails_the_series_with_the_reason() -> None:
    torn = Assessed("torn.png", "failed", error="torn.png is cut off; take it again.")
    record = compared(LIGHT, torn).record()
    assert list(record)[:5] == ["subject", "photos", "taken_at", "status", "error"]
    assert (record["status"], record["error"]) == ("failed", "torn.png is cut off; take it again.")


def test_a_condition_may_refuse_a_series_and_then_nothing_is_said_of_it() -> None:
    other = Finding("S301", "refuse", "The photos show two people.")

    def refuse(looks: Sequence[Look]) -> Change:
        return Change("strict", "acne-5", abstained=other.message, findings=(other,))

    strict = Condition("strict", "Strict", "acne-5", takes="series", compare=refuse)
    found = compare_photos([LIGHT, DARK], [DARKER, strict])
    assert (found.status, found.changes, found.findings) == ("refused", {}, (other,))


def test_the_photos_are_graded_on_what_the_comparing_conditions_need(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = replace(DARKNESS, name="compares", compare=DARKER.compare)
    table(monkeypatch, DARKNESS, own, DARKER)
    (tmp_path / "a.jpg").write_bytes(b"")
    assert choose_comparing(None) == (own, DARKER)
    assert choose_comparing(["darker"]) == (DARKER,)
    assert choose_conditions(None) == (DARKNESS, own)
    found = assess_series([tmp_path / "a.jpg"] * 2)
    assert found.status == "failed"


def test_without_a_condition_that_compares_the_call_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    table(monkeypatch, DARKNESS)
    with pytest.raises(UsageError, match="No condition is installed that can compare"):
        choose_comparing(None)
    with pytest.raises(UsageError, match="darkness cannot compare photos; these can: none"):
        choose_comparing(["darkness"])
    with pytest.raises(UsageError, match="freckles"):
        choose_comparing(["freckles"])


def test_a_condition_of_series_is_left_out_of_single_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    table(monkeypatch, DARKNESS, DARKER)
    assert choose_conditions(None) == (DARKNESS,)
    with pytest.raises(UsageError, match="darker compares photos of one person; use dermagrade compare"):
        choose_conditions(["darker"])


def test_a_condition_whose_extra_is_missing_is_left_out_or_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    needy = replace(DARKNESS, name="needy", needs=Extra("moonlight", ("no_such_module_anywhere",)))
    table(monkeypatch, DARKNESS, needy, replace(DARKER, needs=needy.needs))
    assert choose_conditions(None) == (DARKNESS,)
    with pytest.raises(MissingExtraError, match=r"pip install 'dermagrade\[moonlight\]'"):
        choose_conditions(["needy"])
    with pytest.raises(MissingExtraError, match="darker needs no_such_module_anywhere"):
        choose_comparing(["darker"])


def test_a_condition_must_grade_what_it_takes_and_name_signs_that_there_are() -> None:
    with pytest.raises(ValueError, match="must grade photos"):
        Condition("x", "X", "acne-5")
    with pytest.raises(ValueError, match="must compare"):
        Condition("x", "X", "acne-5", takes="series")
    with pytest.raises(ValueError, match="must grade photos"):
        replace(DARKER, grade=DARKNESS.grade)
    with pytest.raises(ValueError, match="moonlight"):
        replace(DARKNESS, own_signs=(SPOTS, "moonlight"))


@pytest.mark.parametrize("condition", [c for c in (*CONDITIONS.values(), DARKER) if c.compare], ids=lambda c: c.name)
def test_every_condition_that_compares_answers_for_each_photo_and_mirrors(condition: Condition) -> None:
    def looks(*photos: Assessed) -> list[Look]:
        known = [(one, one.photo) for one in photos]
        return [Look(photo, one.face, Screening(), graded(photo, one)) for one, photo in known if photo is not None]

    def graded(photo: Photo, one: Assessed) -> dict[str, object]:
        return {c.name: c.grade(photo, one.face, Screening()) for c in choose_conditions(None)}

    assert condition.compare is not None
    forth = condition.compare(looks(LIGHT, MIDDLE, DARK))  # type: ignore[arg-type]
    back = condition.compare(looks(DARK, MIDDLE, LIGHT))  # type: ignore[arg-type]
    assert (forth.condition, forth.scale) == (condition.name, condition.scale)
    assert len(forth.scores) == 3 or forth.verdict is None
    assert replace(back, details=None) == mirrored(forth)
