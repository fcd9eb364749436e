"""What is measured of acne grading is what the labels, the networks and the readers say."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from dermagrade.conditions import CONDITIONS
from dermagrade.errors import LabelsError, WeightsError
from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.measure import evaluate_condition, summarise
from dermagrade.evaluation.networks import Networks
from dermagrade.scales import ACNE_5
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.readings import Reading
from dermagrade.training.run.figures import card_figures
from graded_photos import add_grain
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

SIDE = 320
ACNE = CONDITIONS["acne"]
#: Centres of painted lesions, all on the person's left cheek.
SPOTS = [(210, 150), (240, 150), (210, 180), (240, 180), (210, 210), (240, 210), (225, 165)]


def save(path, spots=(), *, black=False):
    photo = grey_photo(SIDE, SIDE)
    add_grain(photo)
    if black:
        photo.pixels[:] = 0
    for x, y in spots:
        paint(photo, x, y)
    Image.fromarray(photo.pixels).save(path)


@pytest.fixture
def study(tmp_path):
    """Three photos of two persons: none, seven lesions, and a black one; and fold networks."""
    images = tmp_path / "images"
    images.mkdir()
    save(images / "clear.png")
    save(images / "spots.png", SPOTS)
    save(images / "black.png", black=True)
    folds = tmp_path / "folds"
    for k in range(2):
        write_zone_network(folds / f"fold{k}")
        write_network(folds / f"fold{k}", version=f"acne-fold{k}")
    labels = [
        PhotoLabel("clear.png", "p", 0, count=1, fold=0),
        PhotoLabel("spots.png", "q", 1, count=5, count_second=9, fold=1),
        PhotoLabel("black.png", "q", 1, count=3, fold=1),
    ]
    return labels, images, Networks("acne", folds=folds, zones_folds=folds), tmp_path / "answers.jsonl"


def test_every_photo_is_graded_by_the_networks_of_its_fold(study):
    labels, images, networks, _ = study
    found = evaluate_condition(ACNE, labels, images, networks=networks, rounds=10)
    assert [r.answered for r in found.photos] == [True, True, False]
    assert "acne-fold0@" in found.photos[0].key
    assert "acne-fold1@" in found.photos[1].key
    assert found.notes == ()
    assert found.photos[0].count == pytest.approx(0, abs=0.01)
    assert found.photos[1].count == pytest.approx(len(SPOTS), rel=0.02)
    assert len(found.photos[1].lesions) == len(SPOTS)
    coverage = found.metrics["coverage"]
    assert (coverage["photos"], coverage["answered"]) == (3, 2)
    assert coverage["share"].value == pytest.approx(2 / 3)
    assert list(coverage["unanswered"].values()) == [1]


def test_figures_are_over_the_photos_that_were_answered(study):
    labels, images, networks, _ = study
    marks = {"spots.png": np.array([(x + 3.0, y, 4.0) for x, y in SPOTS[:5]])}
    second = {"spots.png": np.array([(x, y, 4.0) for x, y in [*SPOTS, (20, 20), (20, 60)]])}
    found = evaluate_condition(ACNE, labels, images, lesions=[marks, second], networks=networks, rounds=10)
    metrics = found.metrics
    assert metrics["grade"]["network"]["accuracy"].value == 1
    assert found.confusion.tolist()[:2] == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert metrics["count"]["network, annotation 1"]["mean_absolute_error"].value == pytest.approx((1 + 2) / 2, abs=0.1)
    assert metrics["count"]["annotation 2, annotation 1"]["mean_absolute_error"].value == 4
    first = metrics["lesions"]["network, annotation 1"]
    assert first["recall"].value == 1
    assert first["precision"].value == pytest.approx(5 / 7)
    assert metrics["lesions"]["network, annotation 2"]["recall"].value == pytest.approx(7 / 9)
    assert metrics["lesions"]["annotation 2, annotation 1"]["recall"].value == 1
    assert metrics["score_by_grade"]["0"]["mean"] == pytest.approx(1, abs=0.02)
    json.dumps(found.record(), allow_nan=False)


def test_answers_kept_from_before_are_taken_over_and_a_broken_line_is_made_anew(study):
    labels, images, networks, kept = study
    before = evaluate_condition(ACNE, labels, images, networks=networks, save=kept, rounds=10)
    lines = kept.read_text().splitlines()
    kept.write_text(lines[0] + "\n" + lines[1][:40])  # killed in the middle of a line
    (images / "clear.png").unlink()  # so that it cannot be graded again
    after = evaluate_condition(ACNE, labels, images, networks=networks, save=kept, rounds=10)
    assert after.photos == before.photos
    assert after.record() == before.record()
    assert sum(PhotoResult.from_line(line) is not None for line in kept.read_text().splitlines()) == 3


def test_answers_of_other_networks_are_not_taken_over(study):
    labels, images, networks, kept = study
    evaluate_condition(ACNE, labels[:1], images, networks=networks, save=kept, rounds=10)
    write_network(networks.folds / "fold0", version="acne-newer")
    evaluate_condition(ACNE, labels[:1], images, networks=networks, save=kept, rounds=10)
    assert ["newer" in json.loads(line)["key"] for line in kept.read_text().splitlines()] == [False, True]


def test_an_unreadable_photo_is_counted_and_does_not_end_the_run(study):
    labels, images, networks, _ = study
    (images / "clear.png").write_text("no picture")
    found = evaluate_condition(ACNE, labels, images, networks=networks, rounds=10)
    assert [r.unreadable for r in found.photos] == [True, False, False]
    assert found.metrics["coverage"]["unanswered"]["The file could not be read."] == 1


def test_one_network_for_all_is_told_as_flattering(study):
    labels, images, networks, _ = study
    one = networks.folds / "fold0"
    found = evaluate_condition(ACNE, labels[:1], images, networks=Networks("acne", one, one), rounds=10)
    assert len(found.notes) == 2


def test_what_cannot_be_measured_is_said(study, tmp_path):
    labels, images, networks, _ = study
    with pytest.raises(LabelsError, match="no labelled photos"):
        evaluate_condition(ACNE, [], images, networks=networks)
    with pytest.raises(LabelsError, match=r"a\.png has no fold"):
        evaluate_condition(ACNE, [PhotoLabel("a.png", "p", 0)], images, networks=networks)
    with pytest.raises(WeightsError):
        evaluate_condition(
            ACNE, labels, images, networks=Networks("acne", folds=tmp_path, zones_folds=networks.zones_folds)
        )


def result(photo, grade, probabilities=None):
    p = probabilities or tuple(float(k == grade) for k in range(4))
    return PhotoResult(photo, "", True, grade=grade, probabilities=p, score=2.0, count=4.0, width=512, height=512)


def test_human_readers_stand_beside_the_network_on_the_photos_they_graded():
    names, published, network = "abcd", [0, 1, 2, 3], [0, 1, 2, 2]
    labels = [PhotoLabel(n, n, g, count=g) for n, g in zip(names, published, strict=True)]
    table = {"anna": [0, 1, 2, 3], "ben": [0, 1, 3], "cora": [1, 1, 1, 1]}
    readings = [Reading(n, who, g) for who, gs in table.items() for n, g in zip(names, gs, strict=False)]
    readings.append(Reading("a", "anna", 3, round=2))
    results = [result(n, g) for n, g in zip(names, network, strict=True)]
    metrics = summarise(ACNE, labels, results, readings=readings, rounds=10).metrics
    accuracies = {who: found["accuracy"].value for who, found in metrics["grade"].items()}
    assert accuracies == {
        "network": 0.75, "anna": 1, "ben": pytest.approx(2 / 3), "network, photos of ben": 1, "cora": 0.25,
    }  # fmt: skip
    # Over a, b, c, which all graded: means 1/3, 1, 2 against the network's 0, 1, 2.
    assert metrics["mean_of_raters"]["network"]["rmse"].value == pytest.approx(((1 / 9) / 3) ** 0.5)
    # Anna against the mean of the others: 0.5, 1, 2 against 0, 1, 2.
    assert metrics["mean_of_raters"]["anna"]["rmse"].value == pytest.approx((0.25 / 3) ** 0.5)


def test_the_expected_grade_weighs_the_grades_by_their_probabilities():
    assert result("a", 1, (0.25, 0.5, 0.25, 0.0)).expected_grade == pytest.approx(1.0)


def test_doubtful_places_count_for_no_lesion_figure():
    labels = [PhotoLabel("a", "a", 0, count=1, located=False)]
    found = summarise(ACNE, labels, [result("a", 0)], lesions=[{"a": np.array([[1.0, 1.0, 1.0]])}], rounds=10)
    assert found.metrics["lesions"] == {}
    assert found.metrics["count"]["network, annotation 1"]["mean_absolute_error"].value == 3


def test_labels_from_1_to_5_are_held_against_the_score():
    labels = [PhotoLabel(n, n, g) for n, g in (("a", 1.2), ("b", 3), ("c", 4.4), ("d", 5))]
    scores = dict(zip("abcd", (1.4, 3.4, 4.6, 4.9), strict=True))
    results = [PhotoResult(n, "", True, score=score) for n, score in scores.items()]
    readings = [Reading(label.photo, who, label.grade) for label in labels for who in ("anna", "ben")]
    found = summarise(ACNE, labels, results, scale=ACNE_5, readings=readings, rounds=10)
    assert found.metrics["value"]["network"]["mae"].value == pytest.approx((0.2 + 0.4 + 0.2 + 0.1) / 4)
    # 4.4 is moderate and 4.6 severe: the levels of the others agree.
    assert found.metrics["grade"]["network"]["accuracy"].value == 0.75
    assert found.metrics["grade"]["anna"]["accuracy"].value == 1
    assert found.confusion.shape == (5, 5)
    assert found.confusion[3].tolist() == [0, 0, 0, 0, 1]
    assert found.metrics["mean_of_raters"]["network"]["rmse"].value == pytest.approx(0.25)
    assert found.bland_altman[0].bias.value == pytest.approx((0.2 + 0.4 + 0.2 - 0.1) / 4)
    record = found.record()
    assert record["scale"] == "acne-5"
    json.dumps(record, allow_nan=False)


def test_a_network_without_hayashi_grades_is_not_measured_against_them():
    with pytest.raises(WeightsError, match="acne-5"):
        summarise(ACNE, [PhotoLabel("a", "a", 1)], [PhotoResult("a", "", True, score=2.0)])


def test_the_expected_grade_is_cut_at_the_edges_of_the_scale():
    labels = [PhotoLabel("a", "a", 1), PhotoLabel("b", "b", 0)]
    results = [result("a", 0, (0.45, 0.3, 0.25, 0.0)), result("b", 0, (0.8, 0.2, 0.0, 0.0))]
    found = summarise(ACNE, labels, results, rounds=10)
    assert found.metrics["grade"]["network"]["accuracy"].value == 0.5
    assert found.metrics["value"]["network"]["accuracy"].value == 1
    assert found.confusion_at_edges[:2, :2].tolist() == [[1, 0], [0, 1]]


def test_the_card_takes_its_figures_from_the_record():
    labels = [PhotoLabel(f"{g}{i}", f"p{i}", g, count=5 * g) for g in range(4) for i in range(3)]
    readings = [Reading(label.photo, who, label.grade) for label in labels for who in ("anna", "ben")]
    found = summarise(ACNE, labels, [result(x.photo, int(x.grade)) for x in labels], readings=readings, rounds=10)
    figures = card_figures(found.record())
    row = figures["Hayashi grade against the published one, people never seen"]["quadratic kappa"]
    assert (row["model"], row["anna"], row["ben"]) == (1, 1, 1)
    assert figures["Coverage"]["answered"] == 12


def test_other_answers_must_be_of_the_same_photos():
    with pytest.raises(LabelsError, match="none of the labelled photos"):
        summarise(ACNE, [PhotoLabel("a", "a", 1)], [result("a", 1)], against={"z": result("z", 1)}, rounds=10)
