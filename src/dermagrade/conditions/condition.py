"""What a condition is: the contract that every line of the table keeps, and that the rest of the package relies on."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

from dermagrade.conditions.details import Details
from dermagrade.errors import MissingExtraError, UsageError
from dermagrade.grading.painting import SPOTS, Paint
from dermagrade.grading.recipe import Recipe
from dermagrade.grading.views import View
from dermagrade.simulate.confounders import CONFOUNDERS
from dermagrade.types import Assessment, Change, FaceMap, Photo, Screening
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
            model: the network; the default weights where None. A condition without weights is never given one.
            pupil_distance_mm: of the person, for numbers that need the size of the face; None where it is not known.
        """
        ...


class Combine(Protocol):
    """What a condition does with its answers for several photos of one visit: one answer for the face."""

    def __call__(self, views: Sequence[View], chosen: Mapping[str, int]) -> Assessment:
        """Puts the views together; of a single one the answer stays as it is.

        Args:
            views: photos that have a score, one or more.
            chosen: every part of the face to the index of the view that it is taken from.
        """
        ...


class DetailsOnPhoto(Protocol):
    """What of a visit's answer is drawn on one of its photos."""

    def __call__(self, answer: Assessment, view: View, zones: Collection[str]) -> Details | None:
        """The details to draw; None for none.

        Args:
            answer: of the visit.
            view: the photo, with the answer for it alone.
            zones: names of the zones that are taken from it.
        """
        ...


@dataclass(frozen=True, eq=False)
class Look:
    """One photo of a series: where the face is in it, and what each condition that was asked says of it.

    Attributes:
        photo: with the time it was taken, where that is known.
        face: None where none was found.
        screening: of the photo; it does not refuse it.
        assessments: condition name to its assessment.
    """

    photo: Photo
    face: FaceMap | None
    screening: Screening
    assessments: Mapping[str, Assessment] = field(default_factory=dict)


class Compare(Protocol):
    """What a condition does with the photos of one person in time order: how the last differs from the first."""

    def __call__(self, looks: Sequence[Look]) -> Change:
        """Compares the photos; in reverse, the answer is mirrored exactly (see :class:`~dermagrade.types.Change`).

        Args:
            looks: two photos or more, in order.
        """
        ...


@dataclass(frozen=True)
class Extra:
    """An optional part of the package that a condition needs: its name, and the modules that it brings."""

    name: str
    modules: tuple[str, ...]

    @property
    def installed(self) -> bool:
        """True where every module can be imported."""
        return all(importlib.util.find_spec(module) is not None for module in self.modules)


def _no_photo(*_: object, **__: object) -> Assessment:
    raise UsageError("This condition compares photos of one person and grades none alone; use dermagrade compare.")


@dataclass(frozen=True)
class Condition:
    """One skin condition.

    Attributes:
        name: as on the command line, such as ``acne``.
        title: as in a report.
        scale: id of the scale that its score is given on.
        weights: name of its default weights; None for a condition that needs no network.
        grade: grades one photo; with ``model`` None it takes the default weights. Required unless it takes a series.
        takes: ``photo``, or ``series`` for one that says nothing of a single photo.
        details: the type of what it says of its own (``Assessment.details``).
        combine: puts the photos of one visit together; None where the condition cannot.
        on_photo: what of that is drawn on one of the photos; None for nothing but zones and scores.
        compare: compares the photos of one person. Required where it takes a series; else None where it cannot.
        paint: paints the condition onto a face, for simulated studies and reference pictures; None where it cannot.
        paint_methods: names of the ways of painting, the default first.
        own_signs: kinds of :data:`~dermagrade.simulate.confounders.CONFOUNDERS`, or
            :data:`~dermagrade.grading.painting.SPOTS`, that are signs of the condition itself: nobody may paint them
            as something that its truth does not count.
        label_scales: ids of the scales that labels may be given on, the default first.
        recipes: name to how a network is trained, the default first.
        measures: keys of the further numbers that it may give (``Assessment.measures``), in their order.
        needs: the optional part of the package that it needs; None where the base install will do.

    Raises:
        ValueError: if it does not grade what it takes, or names a sign that there is not.
    """

    name: str
    title: str
    scale: str
    weights: str | None = None
    grade: Grade = _no_photo
    takes: Literal["photo", "series"] = "photo"
    details: type[Details] = Details
    combine: Combine | None = None
    on_photo: DetailsOnPhoto | None = None
    compare: Compare | None = None
    paint: Paint | None = None
    paint_methods: tuple[str, ...] = ()
    own_signs: tuple[str, ...] = ()
    label_scales: tuple[str, ...] = ()
    recipes: Mapping[str, Recipe] = field(default_factory=lambda: MappingProxyType({}))
    measures: tuple[str, ...] = ()
    needs: Extra | None = None

    def __post_init__(self) -> None:
        if (self.takes == "photo") == (self.grade is _no_photo):
            raise ValueError(
                f"{self.name} takes a {self.takes}, so it must grade photos if, and only if, it takes them"
            )
        if self.takes == "series" and self.compare is None:
            raise ValueError(f"{self.name} takes a series, so it must compare")
        unknown = set(self.own_signs) - {SPOTS, *CONFOUNDERS}
        if unknown:
            raise ValueError(f"{self.name} names signs that there are not: {', '.join(sorted(unknown))}")

    @property
    def card(self) -> Path | None:
        """Where the card of the shipped weights lies: what they were trained on and where they fail; None without."""
        return None if self.weights is None else SHIPPED / f"{self.weights}.md"

    @property
    def ships(self) -> bool:
        """True where all that it needs is installed: its default weights and its extra, if it has them."""
        has_weights = self.weights is None or self.weights in installed_names()
        return has_weights and (self.needs is None or self.needs.installed)

    def check_grades_photos(self) -> None:
        """Refuses a condition that grades no single photo.

        Raises:
            UsageError: if it takes a series.
        """
        if self.takes != "photo":
            raise UsageError(f"{self.name} compares photos of one person; use dermagrade compare.")

    def check_extra(self) -> None:
        """Refuses a condition whose extra is not installed.

        Raises:
            MissingExtraError: with the way to install it.
        """
        if self.needs is not None and not self.needs.installed:
            raise MissingExtraError(
                f"{self.name} needs {', '.join(self.needs.modules)}; run: pip install 'dermagrade[{self.needs.name}]'"
            )

    @property
    def network(self) -> str:
        """Name of its default weights.

        Raises:
            UsageError: if it needs no network.
        """
        if self.weights is None:
            raise UsageError(f"{self.name} needs no network, so none can be named, trained or measured for it.")
        return self.weights
