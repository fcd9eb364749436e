"""Measures a trained network on simulated studies of the people whom it never saw, the way a user's photo goes.

``python -m dermagrade.training.zone_ordinal.measure_painted RUN --study TITLE=DIR... [--repeatability-sd X]``

``RUN`` is the folder of a training with ``by_photo.jsonl``, which names the people kept apart; ``DIR`` is a study as
``dermagrade simulate --study`` makes it, painted on the same photos, by another way of painting for instance. Only its
pictures of people kept apart are graded. The figures go to standard output, and into the manifest and card of the run's
network. With the ``repeatability_sd`` that ``python -m dermagrade.evaluation.measures.steadiness`` prints, the manifest
also gets what ``dermagrade power`` plans studies by.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.errors import DermagradeError, LabelsError, UsageError
from dermagrade.evaluation.planning.grader_noise import STUDY
from dermagrade.face.colour import skin_angle, tone_of
from dermagrade.face.zones import find_face
from dermagrade.grading.interval import Calibration
from dermagrade.photo.read import read_photo
from dermagrade.photo.screen import screen
from dermagrade.scales import SCALES, Scale
from dermagrade.tables.row import read_rows
from dermagrade.training.run.figures import add_figures
from dermagrade.training.run.folder import save_text
from dermagrade.training.zone_ordinal.figures import Answer, answer_figures
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


def grade_study(condition: Condition, model: Model, study: Path, people: set[str]) -> list[Answer]:
    """What a network says of a study's pictures of certain people.

    Args:
        condition: what is graded.
        model: its network.
        study: the folder.
        people: subjects of the study's table.

    Raises:
        LabelsError: if the table is malformed, or none of its pictures is of these people.
    """
    rows = [row for row in read_rows(study / "labels.csv", ("photo", "subject", "truth")) if row["subject"] in people]
    if not rows:
        raise LabelsError(f"{study} shows none of the people that were kept apart.")
    answers = []
    for row in tqdm(rows, unit="photo", disable=None):
        photo = read_photo(study / "photos" / row["photo"])
        face = find_face(photo)
        said = condition.grade(photo, face, screen(photo, face), model=model)
        if said.score is None or face is None:
            continue
        angle = skin_angle(photo, face)
        true = {zone: float(row[f"truth_{zone}"]) for zone in said.zones if row.get(f"truth_{zone}")}
        answers.append(
            Answer(
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


def study_figures(answers: Sequence[Answer], model: Model, scale: Scale) -> dict[str, Any]:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; see the module."""
    parser = argparse.ArgumentParser(
        prog="python -m dermagrade.training.zone_ordinal.measure_painted", description=__doc__
    )
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("--study", action="append", required=True, metavar="TITLE=DIR")
    parser.add_argument("--condition", choices=tuple(CONDITIONS), help="(default: that of the run)")
    parser.add_argument("--repeatability-sd", type=float, metavar="X", help="of retakes of one face")
    args = parser.parse_args(arguments)
    try:
        people = kept_apart(args.run)
        asked = json.loads((args.run / "run.json").read_text("utf-8"))
        condition = CONDITIONS[args.condition or asked["model"]]
        path = args.run / f"{condition.network}.onnx"
        model = load_model(path)
        found: dict[str, Any] = {}
        for text in args.study:
            title, _, folder = text.partition("=")
            if not folder:
                raise UsageError(f"--study must be like TITLE=DIR, not {text}.")
            answers = grade_study(condition, model, Path(folder), people)
            name = "".join(c if c.isalnum() else "_" for c in title)
            save_text(args.run / f"{name}.jsonl", "".join(json.dumps(vars(a)) + "\n" for a in answers))
            figures = study_figures(answers, model, SCALES[condition.scale])
            found |= {f"{title}: {key[0].lower()}{key[1:]}": value for key, value in figures.items()}
        errors = {} if args.repeatability_sd is None else {STUDY: grader_errors(args.run, args.repeatability_sd)}
        add_figures(path, found | errors)
    except DermagradeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(found, indent=2) + os.linesep)
    return 0


if __name__ == "__main__":
    sys.exit(main())
