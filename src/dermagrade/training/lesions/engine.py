"""The engine ``lesions``: trains on marked and graded photos, then calibrates and measures on each fold."""

from __future__ import annotations

from pathlib import Path

from dermagrade.errors import UsageError
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.lesions import read_lesions
from dermagrade.tables.ratings import read_ratings
from dermagrade.training.lesions.fit import RECIPES
from dermagrade.training.lesions.measure import measure_acne, with_folds
from dermagrade.training.lesions.train import AcneTables, acne_labels, train_acne
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos, refuse_options


def train_lesions(job: Job) -> Path:
    """Carries a job out; see :class:`dermagrade.training.engines.Engine`.

    Settings of the recipe: ``preset``, a key of :data:`dermagrade.training.lesions.fit.RECIPES`.

    Raises:
        UsageError: if the job lacks labels or photos, names a backbone, or another scale than ``acne-hayashi``.
        LabelsError: if a table is malformed.
        PhotoError: if a photo cannot be read.
        WeightsError: if there is no zone network to find the faces.
        OutputError: if the run's folder cannot be written.
    """
    labels, images = labelled_photos(job)
    if job.backbone is not None:
        others = [name for name, recipe in job.condition.recipes.items() if "backbone" in recipe.settings]
        raise UsageError(f"--backbone belongs to the recipe {' or '.join(others)}.")
    if job.scale not in (None, ACNE_HAYASHI.id):
        raise UsageError(
            f"train {job.condition.name} learns grades on {ACNE_HAYASHI.id} only for now, not on {job.scale}."
        )
    refuse_options(job, ("truth",), "learns from marked lesions and grades")
    tables = AcneTables(labels, images, job.lesions, job.ratings, job.clear, job.mesh, job.exclude)
    done = train_acne(
        tables,
        job.out,
        RECIPES[job.recipe.settings["preset"]],
        recipe_name=job.recipe_name,
        seed=job.seed,
        folds=job.folds,
        resume=job.resume,
        at_once=job.at_once,
        licence=job.licence,
        people=job.people,
        command=job.command,
        tell=job.tell,
    )
    evaluation = measure_acne(
        job.out,
        with_folds(*acne_labels(tables, job.folds, job.seed)),
        images,
        readings=[] if job.ratings is None else read_ratings(job.ratings, scale=ACNE_HAYASHI.id).readings,
        lesions=[read_lesions(path) for path in job.lesions],
        tell=job.tell,
    )
    job.report(evaluation)
    return done
