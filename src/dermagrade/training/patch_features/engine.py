"""The engine ``patch-features``: trains a small head on the features of a frozen backbone."""

from __future__ import annotations

from pathlib import Path

from dermagrade.training.patch_features.mlp import RECIPES
from dermagrade.training.patch_features.train import train_features
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos, refuse_options


def train_patch_features(job: Job) -> Path:
    """Carries a job out; see :class:`dermagrade.training.engines.Engine`. Its figures are in the card, not in a report.

    Settings of the recipe: ``preset``, a key of :data:`dermagrade.training.patch_features.mlp.RECIPES`; ``backbone``,
    where the job names none.

    Raises:
        UsageError: if the job lacks labels or photos, or brings what this engine does not learn from.
        LabelsError: if a table is malformed, or too few people are left to train on.
        PhotoError: if a photo cannot be read.
        WeightsError: if the backbone cannot be had.
        OutputError: if the run's folder cannot be written.
    """
    labels, images = labelled_photos(job)
    foreign = ("lesions", "ratings", "clear", "mesh", "truth")
    refuse_options(job, foreign, "learns from photos and their grades alone")
    return train_features(
        labels,
        images,
        job.out,
        RECIPES[job.recipe.settings["preset"]],
        recipe_name=job.recipe_name,
        backbone=job.backbone or job.recipe.settings["backbone"],
        scale=job.scale,
        seed=job.seed,
        folds=job.folds,
        resume=job.resume,
        at_once=job.at_once,
        exclude=job.exclude,
        command=job.command,
        tell=job.tell,
    )
