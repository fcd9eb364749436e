"""Measures the networks of an acne run on the people of each fold, and calibrates their answers.

It is done in two passes over the photos. The answers of the first pass give, for each fold from the other folds, how
the grade is chosen of its probabilities and how wide an interval must be; with these in the manifests the second pass
makes the answers that are measured. So no person's photo has a say in how that person's photos are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.answers import PhotoResult, answer_photos
from dermagrade.evaluation.conformal import fit_calibration
from dermagrade.evaluation.labelled import Labelled
from dermagrade.evaluation.measure import Evaluation, evaluate_condition
from dermagrade.evaluation.networks import Networks
from dermagrade.grading.interval import Calibration
from dermagrade.scales import acne_5_from_count
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.readings import Reading
from dermagrade.training.lesions.calibrate import fit_grade_weights
from dermagrade.training.run.figures import add_figures, card_figures
from dermagrade.weights.manifest import read_manifest, write_manifest

ACNE = CONDITIONS["acne"]
#: The share of photos that an interval is meant to hold.
COVERAGE = 0.9
#: An interval wider than this, in levels of ``acne-5``, is no answer.
WIDEST = 2.5
#: With fewer persons than this, nothing is calibrated.
PERSONS_AT_LEAST = 40

Progress = Callable[[Sequence[Labelled]], Iterable[Labelled]]


def measure_acne(
    run: Path,
    labels: Sequence[PhotoLabel],
    images: Path,
    *,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Mapping[str, Any]] = (),
    progress: Progress = iter,
    tell: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Calibrates the networks of a run, measures them, and writes the figures into manifest and card.

    Args:
        run: folder with ``acne.onnx`` and ``fold{k}/acne.onnx``, their manifests without a calibration.
        labels: the labelled photos, each with its fold.
        images: their folder.
        readings: of further raters.
        lesions: one or two annotations.
        progress: for a progress bar.
        tell: takes a line of progress.

    Raises:
        WeightsError: if a network is missing or damaged.
        OutputError: if answers or manifests cannot be written.
    """
    networks = Networks(ACNE.network, folds=run)
    tell("answering for the people of each fold, to calibrate")
    first = answer_photos(ACNE, labels, images, networks=networks, save=run / "uncalibrated.jsonl", progress=progress)
    for without in (*sorted({label.fold for label in labels if label.fold is not None}), None):
        others = [(x, r) for x, r in zip(labels, first, strict=True) if x.fold != without and r.answered]
        folder = run if without is None else run / f"fold{without}"
        _write_reading(folder / "acne.onnx", others, tell)
    tell("measuring on the folds")
    evaluation = evaluate_condition(
        ACNE, labels, images, readings=readings, lesions=lesions, networks=networks, save=run / "by_photo.jsonl",
        progress=progress,
    )  # fmt: skip
    add_figures(run / "acne.onnx", card_figures(evaluation.record()))
    return evaluation


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


def with_folds(labels: Sequence[PhotoLabel], folds: Sequence[int]) -> list[PhotoLabel]:
    """The labels that have a fold, each with it."""
    return [replace(label, fold=k) for label, k in zip(labels, folds, strict=True) if k >= 0]
