"""Which networks grade a labelled photo: the shipped ones, others, or those that never saw its person."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.evaluation.labelled import Labelled
from dermagrade.weights.backends import DEFAULT
from dermagrade.weights.model import Model, load_model
from dermagrade.weights.store import named_network

#: Raised when answers gain or change a field, so that older ones are made anew.
_ANSWERS = 2


@dataclass(frozen=True)
class Networks:
    """Which networks grade a photo.

    Attributes:
        weights: name of the condition's weights; None for a condition that needs no network.
        model: path of the network that grades; None for the shipped one.
        zones: path of the zone network; None for the shipped one.
        folds: folder with ``fold0/NAME.onnx`` and so on, NAME being that of the weights, each trained without the
            people of that fold; it takes the place of ``model``.
        zones_folds: folder with ``fold0/zones.onnx`` and so on; it takes the place of ``zones``.
    """

    weights: str | None
    model: Path | None = None
    zones: Path | None = None
    folds: Path | None = None
    zones_folds: Path | None = None

    def of(self, label: Labelled) -> tuple[Model, Model | None]:
        """The zone network and the network that grades, for one photo; None for a condition that needs none.

        Raises:
            LabelsError: if folds are asked for and the photo has none.
            WeightsError: if a network is absent, damaged, or does not fit.
        """
        zones = load_model(self._place("zones", self.zones, self.zones_folds, label))
        if self.weights is None:
            return zones, None
        return zones, load_model(self._place(self.weights, self.model, self.folds, label))

    def key(self, label: Labelled) -> str:
        """Names the networks of one photo and how their output is read; errors as for :meth:`of`."""
        return "+".join(_key(model) for model in self.of(label) if model is not None)

    @staticmethod
    def _place(name: str, path: Path | None, folds: Path | None, label: Labelled) -> Path | str:
        if folds is None:
            return name if path is None else named_network(path, name)
        if label.fold is None:
            raise LabelsError(f"{label.photo} has no fold in the labels, so no network of the folds can be chosen.")
        return folds / f"fold{label.fold}" / f"{name}.onnx"


def _key(model: Model) -> str:
    """Names a network and how its output is read, which the manifest may change while the network stays."""
    known = model.manifest.record()
    reading: dict[str, object] = {key: known.get(key) for key in ("inputs", "postprocess", "calibration")}
    if model.backend != DEFAULT:  # another backend's answers differ in their last digits
        reading["backend"] = model.backend
    digest = hashlib.sha256(json.dumps(reading | {"answers": _ANSWERS}, sort_keys=True, default=str).encode())
    return f"{model.id}/{digest.hexdigest()[:8]}"
