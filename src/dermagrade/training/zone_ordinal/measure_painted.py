"""Measures a trained network on simulated studies of the people whom it never saw, the way a user's photo goes.

A run is the folder of a training with ``by_photo.jsonl``, which names the people kept apart; a study is a folder as
``dermagrade simulate --study`` makes it, painted on the same photos, by another way of painting for instance. Only its
pictures of people kept apart are graded. The figures go into the manifest and card of the run's network. With the
``repeatability_sd`` that ``dermagrade measure steadiness`` prints, the manifest also gets what ``dermagrade power``
plans studies by.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.planning.grader_noise import STUDY
from dermagrade.face.colour import skin_angle, tone_of
from dermagrade.face.zones import find_face
from dermagrade.grading.interval import Calibration
from dermagrade.photo.read import read_photo
from dermagrade.photo.screen import screen
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.row import Row, read_rows
from dermagrade.training.run.figures import add_figures
from dermagrade.training.run.folder import save_text
from dermagrade.training.zone_ordinal.figures import UnseenAnswer, answer_figures
from dermagrade.weights.model import Model, load_model


def kept_apart(run: Path) -> set[str]:
    """The people that the run's network never saw.

    Raises:
        UsageError: if the folder holds no answers.
    """
    try:
        lines = (run / "by_photo.jsonl").read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{run} is no finished training: it has no by_photo.jsonl.") from error
    return {json.loads(line)["subject"] for line in lines}


def grader_errors(run: Path, repeatability_sd: float) -> dict[str, float]:
    """How the network errs on people it never saw; read by :mod:`dermagrade.evaluation.planning.grader_noise`."""
    rows = [json.loads(line) for line in (run / "by_photo.jsonl").read_text("utf-8").splitlines()]
    truth, score = (np.array([row[key] for row in rows]) for key in ("truth", "score"))
    return {
        "repeatability_sd": round(repeatability_sd, 4),
        "rmse": round(float(np.sqrt(((score - truth) ** 2).mean())), 4),
        "correlation": round(float(np.corrcoef(truth, score)[0, 1]), 4),
    }


def grade_study(
    condition: Condition,
    model: Model,
    study: Path,
    people: set[str],
    *,
    progress: Callable[[Sequence[Row]], Iterable[Row]] = iter,
) -> list[UnseenAnswer]:
    """What a network says of a study's pictures of certain people.

    Args:
        condition: what is graded.
        model: its network.
        study: the folder.
        people: subjects of the study's table.
        progress: goes through the pictures, such as a bar that counts.

    Raises:
        LabelsError: if the table is malformed, or none of its pictures is of these people.
    """
    rows = [row for row in read_rows(study / "labels.csv", ("photo", "subject", "truth")) if row["subject"] in people]
    if not rows:
        raise LabelsError(f"{study} shows none of the people that were kept apart.")
    answers = []
    for row in progress(rows):
        photo = read_photo(study / "photos" / row["photo"])
        face = find_face(photo)
        said = condition.grade(photo, face, screen(photo, face), model=model)
        if said.score is None or face is None:
            continue
        angle = skin_angle(photo, face)
        true = {zone: float(row[f"truth_{zone}"]) for zone in said.zones if row.get(f"truth_{zone}")}
        answers.append(
            UnseenAnswer(
                photo=row["photo"],
                subject=row["subject"],
                truth=float(row["truth"]),
                score=said.score,
                zones={zone: answer.score for zone, answer in said.zones.items()},
                zone_truths=true,
                tone="" if angle is None else tone_of(angle),
            )
        )
    return answers


def study_figures(answers: Sequence[UnseenAnswer], model: Model, scale: Scale) -> dict[str, Any]:
    """The figures of one study, with the share of truths that the network's own intervals hold."""
    figures = answer_figures(answers, scale, simulated=True)
    title = next(iter(figures))
    # Intervals fitted on this very painting would flatter: those of the network itself are what a user gets.
    figures = {key: rows for key, rows in figures.items() if "intervals" not in key}
    calibration = Calibration.from_record(model.manifest.calibration)
    if calibration is not None:
        ends = [calibration.interval(a.score, low=scale.low, high=scale.high) for a in answers]
        held = [low <= a.truth <= high for a, (low, high) in zip(answers, ends, strict=True)]
        figures[title]["within the interval"] = round(float(np.mean(held)), 3)
    return figures


def measure_painted(
    run: Path,
    studies: Mapping[str, Path],
    *,
    condition: str | None = None,
    repeatability_sd: float | None = None,
    progress: Callable[[Sequence[Row]], Iterable[Row]] = iter,
) -> dict[str, Any]:
    """Measures the run's network on studies, and writes the figures into its manifest and card.

    Args:
        run: folder of a finished training.
        studies: folder of each study by its title in the figures.
        condition: name of what is graded; that of the run where None.
        repeatability_sd: of the scores of one face over its retakes, in grades, if known.
        progress: goes through the pictures of a study, such as a bar that counts.

    Returns:
        The figures, as they stand in the manifest.

    Raises:
        UsageError: if the folder is no finished training.
        LabelsError: if a study's table is malformed, or none of its pictures is of people kept apart.
        WeightsError: if the run's network is absent or damaged.
        OutputError: if a file cannot be written.
    """
    people = kept_apart(run)
    asked = json.loads((run / "run.json").read_text("utf-8"))
    graded = CONDITIONS[condition or asked["model"]]
    path = run / f"{graded.network}.onnx"
    model = load_model(path)
    found: dict[str, Any] = {}
    for title, folder in studies.items():
        answers = grade_study(graded, model, folder, people, progress=progress)
        name = "".join(c if c.isalnum() else "_" for c in title)
        save_text(run / f"{name}.jsonl", "".join(json.dumps(vars(a)) + "\n" for a in answers))
        figures = study_figures(answers, model, SCALES[graded.scale])
        found |= {f"{title}: {key[0].lower()}{key[1:]}": value for key, value in figures.items()}
    errors = {} if repeatability_sd is None else {STUDY: grader_errors(run, repeatability_sd)}
    add_figures(path, found | errors)
    return found
