"""The engine ``simulated-lesions``: trains on pictures that it paints itself, and reads no photo of anybody."""

from __future__ import annotations

from pathlib import Path

from dermagrade.training.lesions.train_simulated import train_clean
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import refuse_options


def train_simulated_lesions(job: Job) -> Path:
    """Carries a job out; see :class:`dermagrade.training.engines.Engine`. It makes no folds and no report.

    Settings of the recipe: ``preset``, a key of :data:`dermagrade.training.lesions.train_simulated.RECIPES`.

    Raises:
        UsageError: if the job brings photos or tables, or its folder holds something else.
        MissingExtraError: if a package that brings a portrait is not installed.
        OutputError: if the run's folder cannot be written.
    """
    foreign = ("images", "labels", "scale", "backbone", "lesions", "ratings", "clear", "mesh", "truth", "exclude")
    refuse_options(job, foreign, "learns from simulated pictures alone")
    return train_clean(
        job.out,
        recipe_name=job.recipe.settings["preset"],
        seed=job.seed,
        resume=job.resume,
        command=job.command,
        tell=job.tell,
    )
