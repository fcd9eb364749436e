"""A network is measured on painted pictures of the people whom its training kept apart, and of nobody else."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dermagrade.cli.demo import portrait
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import LabelsError, UsageError
from dermagrade.training.zone_ordinal.measure_painted import grade_study, grader_errors, kept_apart
from dermagrade.weights.model import load_model

CONDITION = CONDITIONS["pigmentation"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("study")
    (root / "photos").mkdir()
    with (root / "labels.csv").open("w", newline="") as opened:
        table = csv.writer(opened)
        table.writerow(("photo", "subject", "grade", "truth", "truth_chin"))
        for person in ("ann", "ben"):
            Image.open(portrait()).save(root / f"photos/{person}.png")
            table.writerow((f"{person}.png", person, 2.0, 2.1, 1.5))
    return root


def test_only_people_kept_apart_are_graded(study: Path) -> None:
    answers = grade_study(CONDITION, load_model("pigmentation"), study, {"ben"})
    assert [(answer.photo, answer.truth) for answer in answers] == [("ben.png", 2.1)]
    assert answers[0].zone_truths == {"chin": 1.5}
    assert 0 <= answers[0].score <= 9


def test_a_study_of_other_people_is_refused(study: Path) -> None:
    with pytest.raises(LabelsError, match="none of the people"):
        grade_study(CONDITION, load_model("pigmentation"), study, {"eve"})


def test_a_folder_that_is_no_training_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finished training"):
        kept_apart(tmp_path)


def test_the_graders_errors_are_those_of_the_answers(tmp_path: Path) -> None:
    rows = [{"subject": f"p{i}", "truth": t, "score": t + e} for i, (t, e) in enumerate([(1, 1), (5, -1), (8, 1)])]
    (tmp_path / "by_photo.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = grader_errors(tmp_path, 0.25)
    assert (found["repeatability_sd"], found["rmse"]) == (0.25, 1.0)
    assert found["correlation"] == pytest.approx(np.corrcoef([1, 5, 8], [2, 4, 9])[0, 1], abs=1e-4)
    assert kept_apart(tmp_path) == {"p0", "p1", "p2"}
