"""What an engine says of a network that it made, and the manifest that is built from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dermagrade.weights.manifest import Manifest, network_digest, today


@dataclass(frozen=True, kw_only=True)
class Described:
    """A network as its manifest describes it; the names are the manifest's.

    Attributes:
        version: of the weights.
        inputs: ``size`` in pixels, and the shape of each input.
        normalisation: how the inputs are prepared, in words.
        training_data: a sentence for each source.
        licence: of the weights.
        recipe: ``name`` and settings of the training.
        seed: of the random numbers.
        command: the call as typed.
        postprocess: how the output is read.
        metrics: figures, nested at will.
        condition: that is graded; None for what grades none.
        kind: of network, where a condition has several.
        scale: id of the scale that was learnt, where the kind does not say it.
        grouping: names and values of the groups of grades that were learnt.
        people: whose skin the photos show, where the recipe does not say it.
        calibration: of the intervals.
    """

    version: str
    inputs: Mapping[str, Any]
    normalisation: str
    training_data: Sequence[str]
    licence: str
    recipe: Mapping[str, Any]
    seed: int
    command: str
    postprocess: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None
    kind: str | None = None
    scale: str | None = None
    grouping: Mapping[str, Any] | None = None
    people: str | None = None
    calibration: Mapping[str, Any] | None = None

    def manifest(self, network: Path) -> Manifest:
        """The manifest of a network's file, made today."""
        return Manifest(sha256=network_digest(network), created=today(), **vars(self))
