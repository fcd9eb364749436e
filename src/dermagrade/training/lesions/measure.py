"""Measures the networks of a run on the people of each fold, and calibrates their answers.

It is done in two passes over the photos. The answers of the first pass give, for each fold from the other folds, how
the grade is chosen of its probabilities and how wide an interval must be; with these in the manifests the second pass
makes the answers that are measured. So no person's photo has a say in how that person's photos are read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from dermagrade.evaluation.answers import PhotoResult, answer_photos
from dermagrade.evaluation.conformal import fit_calibration
from dermagrade.evaluation.measure import Evaluation
from dermagrade.evaluation.networks import Networks
from dermagrade.grading.interval import Calibration
from dermagrade.scales import acne_5_from_count
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.lesions import read_lesions
from dermagrade.tables.ratings import read_ratings
from dermagrade.training.lesions.calibrate import fit_grade_weights
from dermagrade.training.run.job import Job
from dermagrade.training.run.measure import measure_run
from dermagrade.training.run.photos import GradedPhotos
from dermagrade.weights.manifest import read_manifest, write_manifest

#: The share of photos that an interval is meant to hold.
COVERAGE = 0.9
#: An interval wider than this, in levels of ``acne-5``, is no answer.
WIDEST = 2.5
#: With fewer persons than this, nothing is calibrated.
PERSONS_AT_LEAST = 40


def measure_lesions(job: Job, photos: GradedPhotos) -> Evaluation:
    """Calibrates the networks of a run, measures them, and writes the figures into manifest, card and report.

    Args:
        job: its folder holds ``NAME.onnx`` and ``fold{k}/NAME.onnx``, their manifests without a calibration.
        photos: the labelled photos.

    Raises:
        WeightsError: if a network is missing or damaged.
        OutputError: if answers or manifests cannot be written.
    """
    calibrate_run(job, photos)
    readings = [] if job.ratings is None else read_ratings(job.ratings, scale=photos.scale.id).readings
    job.tell("measuring on the folds")
    return measure_run(
        job, photos.labels, photos.images, readings=readings, lesions=[read_lesions(path) for path in job.lesions],
        notes=photos.notes,
    )  # fmt: skip


def calibrate_run(job: Job, photos: GradedPhotos) -> None:
    """Writes into each manifest how grades are chosen and how wide intervals are, fitted on the other folds' people.

    Raises:
        WeightsError: if a network is missing or damaged.
        OutputError: if answers or manifests cannot be written.
    """
    name, out = job.condition.network, job.out
    job.tell("answering for the people of each fold, to calibrate")
    first = answer_photos(
        job.condition, photos.labels, photos.images, networks=Networks(name, folds=out), save=out / "uncalibrated.jsonl"
    )
    for without in (*sorted(set(photos.folds)), None):
        others = [(x, r) for x, r in zip(photos.labels, first, strict=True) if x.fold != without and r.answered]
        folder = out if without is None else out / f"fold{without}"
        _write_reading(folder / f"{name}.onnx", others, job.tell)


def _write_reading(
    network: Path, answers: Sequence[tuple[PhotoLabel, PhotoResult]], tell: Callable[[str], None]
) -> None:
    persons = {label.subject for label, _ in answers if label.count is not None}
    if len(persons) < PERSONS_AT_LEAST:
        if network.parent.name.startswith("fold"):
            return  # said once, for all
        tell(f"{len(persons)} persons with a count are too few to calibrate intervals; the scores carry none")
        return
    manifest = read_manifest(network)
    weights, calibration = fit_reading(answers)
    reading = {**manifest.postprocess, "grade_weights": weights}
    write_manifest(network, replace(manifest, postprocess=reading, calibration=asdict(calibration)))


def fit_reading(answers: Sequence[tuple[PhotoLabel, PhotoResult]]) -> tuple[tuple[float, ...], Calibration]:
    """The weights of the grades, and the calibration, from answers for people whom the network never saw."""
    p = np.array([result.probabilities for _, result in answers])
    grades = np.array([int(label.grade) for label, _ in answers])
    weights = fit_grade_weights(p, grades)
    calibration = fit_calibration(
        [result.score for _, result in answers],
        [np.nan if label.count is None else acne_5_from_count(label.count) for label, _ in answers],
        p,
        grades,
        [label.subject for label, _ in answers],
        chosen=(p * weights).argmax(1),
        coverage=COVERAGE,
        widest=WIDEST,
    )
    return weights, calibration
