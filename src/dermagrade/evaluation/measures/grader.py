"""A condition with the networks that grade it, for measurements that hold for any condition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.assess.photo import choose_conditions
from dermagrade.conditions import Condition
from dermagrade.evaluation.measures.variants import as_png
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo_bytes
from dermagrade.types import Assessment, FaceMap, Photo, Screening
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import named_network


@dataclass(frozen=True, eq=False)
class Grader:
    """Grades photos for one condition, as a user's photo is graded, but for the screening.

    Attributes:
        condition: what is graded.
        model: its network; its own default where None, or none at all where it needs none.
        zones: the zone network; the shipped one where None.
    """

    condition: Condition
    model: Model | None = None
    zones: Model | None = None

    @property
    def models(self) -> list[str]:
        """Ids of the networks that were named."""
        return [model.id for model in (self.model, self.zones) if model is not None]

    def face(self, photo: Photo) -> FaceMap | None:
        """The face in a photo.

        Raises:
            WeightsError: if the zone network does not fit.
        """
        return find_face(photo, model=self.zones)

    def grade(self, photo: Photo, face: FaceMap | None) -> Assessment:
        """The condition's answer.

        Raises:
            WeightsError: if its network does not fit.
        """
        return self.condition.grade(photo, face, Screening(), model=self.model)

    def score(self, photo: Photo) -> float | None:
        """The score of a photo whose face is not known yet; None without one. Errors as for :meth:`grade`."""
        return self.grade(photo, self.face(photo)).score


def arrived(pixels: NDArray[np.uint8], photo: Photo) -> Photo:
    """Pixels that were made of a photo, as they come back from a file without loss, under the photo's name."""
    return read_photo_bytes(as_png(pixels), name=photo.name)


def make_grader(condition: str, *, model: Path | None = None, zones: Path | None = None) -> Grader:
    """The grader of a condition.

    Args:
        condition: its name in the table.
        model: its network, or a folder with it; the shipped one where None.
        zones: the zone network, or a folder with it; the shipped one where None.

    Raises:
        UsageError: for a condition that there is not or that grades no photos, or a network for one that needs none.
        WeightsError: if a network is absent or damaged.
    """
    (chosen,) = choose_conditions([condition])
    network = None
    if model is not None:
        network = load_model(named_network(model, chosen.network))
    elif chosen.weights is not None:
        network = load_model(chosen.weights)
    return Grader(chosen, network, zones_of(zones))


def zones_of(path: Path | None) -> Model:
    """The zone network at a path, or the shipped one.

    Raises:
        WeightsError: if it is absent or damaged.
    """
    return load_model("zones" if path is None else named_network(path, "zones"))
