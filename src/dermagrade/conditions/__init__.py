"""The skin conditions that Dermagrade grades, as one explicit table.

A new condition is a folder beside this file and a line in :data:`CONDITIONS`; everything else picks it up from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from dermagrade.conditions.acne import recipes as acne_recipes
from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.conditions.acne.paint import METHODS as ACNE_METHODS
from dermagrade.conditions.acne.paint import paint_acne
from dermagrade.conditions.acne.visit import combine_acne
from dermagrade.conditions.pigmentation import recipes as pigmentation_recipes
from dermagrade.conditions.pigmentation.grade import grade_pigmentation
from dermagrade.conditions.pigmentation.measures import MEASURES
from dermagrade.conditions.pigmentation.paint import METHODS as PIGMENTATION_METHODS
from dermagrade.conditions.pigmentation.paint import paint_pigmentation
from dermagrade.conditions.pigmentation.visit import combine_pigmentation
from dermagrade.grading.painting import Paint
from dermagrade.grading.recipe import Recipe
from dermagrade.grading.views import View
from dermagrade.types import Assessment, FaceMap, Photo, Screening
from dermagrade.weights.model import Model
from dermagrade.weights.store import SHIPPED, installed_names


class Grade(Protocol):
    """What a condition does with one photo: a score, or the reason why there is none."""

    def __call__(
        self,
        photo: Photo,
        face: FaceMap | None,
        screening: Screening,
        *,
        model: Model | None = None,
        pupil_distance_mm: float | None = None,
    ) -> Assessment:
        """Grades one photo.

        Args:
            photo: the photo.
            face: where the face is in it, or None.
            screening: of the photo.
            model: the network; the default weights where None.
            pupil_distance_mm: of the person, for numbers that need the size of the face; None where it is not known.
        """
        ...


class Combine(Protocol):
    """What a condition does with its answers for several photos of one visit: one answer for the face."""

    def __call__(self, views: Sequence[View], chosen: Mapping[str, int]) -> tuple[Assessment, tuple[int, ...]]:
        """Puts two views or more together.

        Args:
            views: photos that have a score.
            chosen: every part of the face to the index of the view that it is taken from.

        Returns:
            The assessment, and for each of its lesions the index of the view that it is in.
        """
        ...


@dataclass(frozen=True)
class Condition:
    """One skin condition.

    Attributes:
        name: as on the command line, such as ``acne``.
        title: as in a report.
        scale: id of the scale that its score is given on.
        weights: name of its default weights.
        grade: grades one photo; with ``model`` None it takes the default weights.
        combine: puts the photos of one visit together; None where the condition cannot yet.
        paint: paints the condition onto a face, for simulated studies and reference pictures; None where it cannot.
        paint_methods: names of the ways of painting, the default first.
        label_scales: ids of the scales that labels may be given on, the default first.
        recipes: name to how a network is trained, the default first.
        measures: keys of the further numbers that it may give (``Assessment.measures``), in their order.
    """

    name: str
    title: str
    scale: str
    weights: str
    grade: Grade
    combine: Combine | None = None
    paint: Paint | None = None
    paint_methods: tuple[str, ...] = ()
    label_scales: tuple[str, ...] = ()
    recipes: Mapping[str, Recipe] = field(default_factory=lambda: MappingProxyType({}))
    measures: tuple[str, ...] = ()

    @property
    def card(self) -> Path:
        """Where the card of the shipped weights lies: what they were trained on and where they fail."""
        return SHIPPED / f"{self.weights}.md"

    @property
    def ships(self) -> bool:
        """True where its default weights are installed."""
        return self.weights in installed_names()


#: Every condition by its name, in the order in which results show them.
CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        condition.name: condition
        for condition in (
            Condition(
                name="acne",
                title="Acne",
                scale="acne-5",
                weights="acne",
                grade=grade_acne,
                combine=combine_acne,
                paint=paint_acne,
                paint_methods=ACNE_METHODS,
                label_scales=("acne-hayashi", "acne-5"),
                recipes=acne_recipes.RECIPES,
            ),
            Condition(
                name="pigmentation",
                title="Mottled hyperpigmentation",
                scale="pigment-9",
                weights="pigmentation",
                grade=grade_pigmentation,
                combine=combine_pigmentation,
                paint=paint_pigmentation,
                paint_methods=PIGMENTATION_METHODS,
                label_scales=("pigment-9",),
                recipes=pigmentation_recipes.RECIPES,
                measures=MEASURES,
            ),
        )
    }
)
