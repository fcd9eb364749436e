"""Networks are calibrated on other people than those they are measured on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.answers import PhotoResult, read_answers
from dermagrade.evaluation.measure import Evaluation
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.labels import PhotoLabel
from dermagrade.training.lesions.measure import PERSONS_AT_LEAST, fit_reading, measure_lesions
from dermagrade.training.run.job import Job
from dermagrade.training.run.photos import GradedPhotos
from graded_photos import add_grain, answer
from red_dots import grey_photo, paint, write_network
from still_face import write_zone_network

pytestmark = pytest.mark.long

PERSONS = 84


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two fold networks that count red dots, and photos of many people with some dots each."""
    (tmp_path / "zones").mkdir()
    write_zone_network(tmp_path / "zones")
    monkeypatch.setenv("DERMAGRADE_WEIGHTS", str(tmp_path / "zones"))
    for folder in (".", "fold0", "fold1"):
        (tmp_path / "run" / folder).mkdir(parents=True, exist_ok=True)
        write_network(tmp_path / "run" / folder)
    (tmp_path / "photos").mkdir()
    for i in range(PERSONS):
        photo = grey_photo()
        add_grain(photo)
        for k in range(i % 7):
            paint(photo, 180 + 20 * k, 150)
        Image.fromarray(photo.pixels).save(tmp_path / "photos" / f"{i}.png")
    return tmp_path / "run"


def measure(run: Path, persons: int, tell: Callable[[str], None] = lambda _: None) -> Evaluation:
    acne = CONDITIONS["acne"]
    job = Job(acne, acne.recipes["smoke"], "smoke", run, tell=tell, command="")
    labels = tuple(
        PhotoLabel(f"{i}.png", f"p{i}", min(i % 7 // 2, 3), count=float(i % 7), fold=i % 2) for i in range(persons)
    )
    images = run.parent / "photos"
    files = tuple(images / label.photo for label in labels)
    return measure_lesions(job, GradedPhotos(run / "labels.csv", images, ACNE_HAYASHI, labels, files))


def test_each_fold_is_calibrated_on_the_others_and_its_answers_carry_it(run: Path) -> None:
    evaluation = measure(run, PERSONS)
    for fold in (0, 1):
        manifest = json.loads((run / f"fold{fold}/acne.json").read_text())
        assert manifest["calibration"]["persons"] == PERSONS // 2
        assert len(manifest["postprocess"]["grade_weights"]) == 4
    assert json.loads((run / "acne.json").read_text())["calibration"]["persons"] == PERSONS
    assert all(result.interval is not None for result in read_answers(run / "by_photo.jsonl").values())
    assert set(evaluation.coverage) == {"interval", "hayashi_set"}
    assert "is held" in (run / "acne.md").read_text()


def test_too_few_people_leave_the_networks_without_a_calibration(run: Path) -> None:
    told: list[str] = []
    measure(run, PERSONS_AT_LEAST - 2, told.append)
    assert "calibration" not in json.loads((run / "acne.json").read_text())
    assert any("too few to calibrate" in line for line in told)


def test_what_the_network_never_names_is_weighed_up() -> None:
    rng = np.random.default_rng(3)
    answers: list[tuple[PhotoLabel, PhotoResult]] = []
    for i in range(600):
        grade = int(rng.choice(4, p=[0.5, 0.35, 0.1, 0.05]))
        p = np.array([0.5, 0.35, 0.1, 0.05]) * np.exp(-0.8 * (np.arange(4) - grade - 0.6 * rng.normal()) ** 2)
        p = p / p.sum()
        label = PhotoLabel(f"{i}.png", f"p{i}", grade, count=5.0)
        answers.append((label, answer(f"{i}.png", int(p.argmax()), tuple(p.tolist()), score=3.0 + 0.1 * rng.normal())))
    weights, calibration = fit_reading(answers)
    assert weights[3] > weights[0]
    low, high = calibration.interval(3.0, low=1, high=5)
    assert low < 3.3 < high  # the score of five lesions
