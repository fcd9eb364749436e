"""What one call of ``dermagrade train`` asks for, as every engine takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dermagrade.conditions import Condition
from dermagrade.evaluation.measure import Evaluation
from dermagrade.grading.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Job:
    """One training run.

    Attributes:
        condition: what is graded.
        recipe: how it is learnt.
        recipe_name: its name in the condition's recipes.
        out: folder of the run and its results.
        tell: takes a line of progress.
        command: the call as a person would type it again.
        labels: table of the grades.
        images: folder of the photos.
        scale: id of the scale of the grades; the labels' column or the condition's own where None.
        truth: folder with a map of the truth for each photo, as ``dermagrade simulate`` writes it.
        lesions: tables of marked lesions.
        ratings: table of further readers.
        clear: folders of faces without the condition.
        exclude: tables of photos that train nothing (:mod:`dermagrade.tables.exclude`).
        mesh: meshes of the photos.
        backbone: name or folder of a backbone; the recipe's own where None.
        licence: of the weights, for manifest and card.
        people: whose skin the photos show, for the card.
        folds: where the labels name none.
        seed: of the random numbers.
        resume: True to go on with the run in the folder.
        at_once: processes at once; as many as there are cores where None.
        report: takes what was measured of the run's networks, for a report.
    """

    condition: Condition
    recipe: Recipe
    recipe_name: str
    out: Path
    tell: Callable[[str], None]
    command: str
    labels: Path | None = None
    images: Path | None = None
    scale: str | None = None
    truth: Path | None = None
    lesions: tuple[Path, ...] = ()
    ratings: Path | None = None
    clear: tuple[Path, ...] = ()
    exclude: tuple[Path, ...] = ()
    mesh: tuple[Path, ...] = ()
    backbone: str | None = None
    licence: str | None = None
    people: str | None = None
    folds: int = 5
    seed: int = 20
    resume: bool = False
    at_once: int | None = None
    report: Callable[[Evaluation], None] = lambda _: None
