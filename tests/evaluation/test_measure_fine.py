"""A condition on a scale of half steps is measured as acne is, by distances and by the scale's bands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dermagrade.cli.evaluate import as_text
from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.measure import Evaluation, evaluate_condition, summarise
from dermagrade.evaluation.networks import Networks
from dermagrade.evaluation.statistics.intraclass import icc_2_1
from dermagrade.reports.evaluation.grades import confusions
from dermagrade.reports.evaluation.report import render_evaluation, tables
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.readings import Reading
from dullness import DULLNESS, save_grey
from red_dots import write_network
from still_face import write_zone_network

#: Published grade and score of each photo.
PAIRS = {"a": (0.0, 0.2), "b": (2.0, 2.5), "c": (4.0, 3.4), "d": (6.5, 7.75), "e": (9.0, 9.0), "f": (3.25, 3.75)}
ANNA = {"a": 0.0, "b": 2.5, "c": 3.5, "d": 7.0, "e": 8.5, "f": 3.0}
BEN = {"a": 0.5, "b": 3.0, "c": 4.5, "d": 7.0, "e": 9.0, "f": 4.0}


@pytest.fixture(scope="module")
def found() -> Evaluation:
    labels = [PhotoLabel(n, n, truth) for n, (truth, _) in PAIRS.items()]
    results = [
        PhotoResult(n, "", True, score=score, interval=(score - 1, score + 1)) for n, (_, score) in PAIRS.items()
    ]
    readings = [Reading(n, who, g) for who, own in (("anna", ANNA), ("ben", BEN)) for n, g in own.items()]
    return summarise(DULLNESS, labels, results, readings=readings, rounds=20)


def test_the_score_is_held_against_the_grade_as_a_number(found: Evaluation) -> None:
    truth, score = np.array(list(PAIRS.values())).T
    value = found.metrics["value"]["network"]
    assert value["rmse"].value == pytest.approx(np.sqrt(np.mean((score - truth) ** 2)))
    assert value["bias"].value == pytest.approx((0.2 + 0.5 - 0.6 + 1.25 + 0 + 0.5) / 6)
    assert value["pearson"].value == pytest.approx(np.corrcoef(truth, score)[0, 1])
    assert value["icc_2_1"].value == pytest.approx(icc_2_1(np.column_stack((truth, score))))
    assert value["within_0.5"].value == pytest.approx(4 / 6)  # 0.5 off is within
    assert value["within_1.0"].value == pytest.approx(5 / 6)


def test_levels_are_half_steps_and_hits_are_counted_by_band_too(found: Evaluation) -> None:
    value = found.metrics["value"]["network"]
    # Half steps nearest to the scores: 0, 2.5, 3, 8, 9, 4 (a score on an edge belongs above); grades: 3.25 is 3.
    assert value["accuracy"].value == pytest.approx(2 / 6)
    # Bands: c is Moderate and answered as Mild, f is Mild and answered as Moderate.
    assert value["band_accuracy"].value == pytest.approx(4 / 6)
    assert found.confusion.tolist() == [[1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 0, 0], [0, 0, 0, 2]]
    (title, rows), = confusions(found)  # fmt: skip
    assert "level" in title
    assert [row["label"] for row in rows] == [
        "None, from 0", "Mild, from 0.5", "Moderate, from 3.5", "Severe, from 6.5",
    ]  # fmt: skip


def test_readers_stand_beside_it_with_their_own_agreement(found: Evaluation) -> None:
    assert {c.measure for c in found.ceiling} == {"quadratic_kappa", "accuracy", "balanced_accuracy", "rmse"}
    readers = icc_2_1(np.column_stack(([*ANNA.values()], [*BEN.values()])))
    assert found.metrics["intraclass"]["the readers"]["icc_2_1"].value == pytest.approx(readers)
    assert {one.title for one in found.bland_altman} == {
        "score and the published grade", "score and the readers' mean",
    }  # fmt: skip


def test_its_intervals_are_held_against_the_grade(found: Evaluation) -> None:
    assert set(found.coverage) == {"interval"}
    assert found.coverage["interval"][0].held.value == pytest.approx(5 / 6)


def test_nothing_in_page_text_or_record_speaks_of_another_condition(found: Evaluation) -> None:
    page = render_evaluation(found)
    assert "How well dullness is graded" in page
    for text in (page, as_text(found)):
        for word in ("acne", "hayashi", "lesion", "expected grade"):
            assert word not in text.lower()
    assert all(table.rows for table in tables(found))
    record = found.record()
    assert (record["condition"], record["scale"]) == ("dullness", "pigment-9")
    json.dumps(record, allow_nan=False)


def test_photos_go_the_way_of_the_condition_with_the_networks_of_their_fold(tmp_path: Path) -> None:
    labels = []
    for i, grade in enumerate((2.0, 5.0, 6.5)):
        save_grey(tmp_path / f"{i}.png", grade)
        labels.append(PhotoLabel(f"{i}.png", f"p{i}", grade, fold=i % 2))
    for k in range(2):
        write_zone_network(tmp_path / f"fold{k}")
        write_network(tmp_path / f"fold{k}", name="dullness", version=f"dull-fold{k}")
    networks = Networks("dullness", folds=tmp_path, zones_folds=tmp_path)
    found = evaluate_condition(DULLNESS, labels, tmp_path, networks=networks, rounds=10)
    assert [f"dull-fold{i % 2}@" in result.key for i, result in enumerate(found.photos)] == [True] * 3
    assert found.metrics["value"]["network"]["mae"].value < 0.2
    assert found.notes == ()
    one = evaluate_condition(DULLNESS, labels, tmp_path, networks=Networks("dullness", tmp_path / "fold0"), rounds=10)
    assert one.notes[0].startswith("One dullness network")
