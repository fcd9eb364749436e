"""Measures the networks of a run on the people of each fold, for any condition: manifest, card and report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dermagrade.evaluation.measure import Evaluation, evaluate_condition
from dermagrade.evaluation.networks import Networks
from dermagrade.scales import SCALES
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.lesions import Marks
from dermagrade.tables.readings import Reading
from dermagrade.training.run.figures import add_figures, card_figures
from dermagrade.training.run.job import Job


def measure_run(
    job: Job,
    labels: Sequence[PhotoLabel],
    images: Path,
    *,
    readings: Sequence[Reading] = (),
    lesions: Sequence[Marks] = (),
    notes: Sequence[str] = (),
) -> Evaluation:
    """Has every photo graded by the network of its fold, and writes what comes out.

    The figures go into manifest and card of the network for everybody, the answers into ``by_photo.jsonl``, and the
    evaluation to the job's report. Where every fold was trained already, a stopped measurement goes on.

    Args:
        job: its folder holds ``NAME.onnx`` and ``fold{k}/NAME.onnx`` with their manifests, NAME being that of the
            condition's weights.
        labels: the photos, each with its fold, on the job's scale.
        images: their folder.
        readings: of further raters.
        lesions: one or two annotations of lesions.
        notes: what a reader must know of the labels, such as that they are simulated.

    Raises:
        LabelsError: if there are no photos, or one has no fold.
        WeightsError: if a network is missing or damaged.
        OutputError: if answers or manifest cannot be written.
    """
    evaluation = evaluate_condition(
        job.condition,
        labels,
        images,
        scale=None if job.scale is None else SCALES[job.scale],
        readings=readings,
        lesions=lesions,
        networks=Networks(job.condition.network, folds=job.out),
        save=job.out / "by_photo.jsonl",
        notes=notes,
    )
    add_figures(job.out / f"{job.condition.network}.onnx", card_figures(evaluation.record()))
    job.report(evaluation)
    return evaluation
