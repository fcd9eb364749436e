"""Whether a job brings what its engine needs, and nothing that the engine would ignore."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from dermagrade.errors import UsageError
from dermagrade.training.run.job import Job

#: What a job can bring that not every engine has a use for, as on the command line without the dashes.
OPTIONS = ("images", "labels", "scale", "backbone", "lesions", "ratings", "clear", "mesh", "truth", "exclude")
#: What an engine takes that learns from graded photos.
GRADED = frozenset({"images", "labels", "scale", "exclude"})


def labelled_photos(job: Job) -> tuple[Path, Path]:
    """The table of grades and the folder of the photos.

    Raises:
        UsageError: if one is not given, or the folder is none.
    """
    if job.images is None:
        raise UsageError(f"train {job.condition.name} needs --images DIR.")
    if not job.images.is_dir():
        raise UsageError(f"--images {job.images} is no folder.")
    if job.labels is None:
        raise UsageError(f"train {job.condition.name} needs --labels CSV.")
    return job.labels, job.images


def take_options(job: Job, taken: Collection[str], why: str) -> None:
    """Refuses all of :data:`OPTIONS` but those that an engine takes; ``why`` is as for :func:`refuse_options`.

    Raises:
        UsageError: if another one is given.
    """
    refuse_options(job, [option for option in OPTIONS if option not in taken], why)


def refuse_options(job: Job, options: Iterable[str], why: str) -> None:
    """Refuses what this engine has no use for.

    Args:
        job: as asked for.
        options: names of the job's attributes, as on the command line without the dashes.
        why: a sentence about the recipe, without its subject and full stop, such as ``learns from pictures alone``.

    Raises:
        UsageError: if one of them is given.
    """
    given = [option for option in options if getattr(job, option)]
    if given:
        raise UsageError(f"The recipe {job.recipe_name} {why}; leave out --{given[0]}.")
