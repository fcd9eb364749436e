"""Settings of a network that learns from whole faces, and the small networks for machines without a pretrained one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from dermagrade.training.run.job import Job

#: Key of a recipe's settings that changes nothing: what was published of it, to be shown beside its own figures.
PUBLISHED = "published"


@dataclass(frozen=True)
class PhotoSettings:
    """Settings of a training; saved beside the weights. The defaults are the study's where it names them.

    Attributes:
        backbone: name or folder for :func:`~dermagrade.training.run.backbones.load_backbone`, or a key of
        :data:`PRESETS`. size: side of the square pictures, in pixels.
        batch: pictures a step.
        epochs: passes over the training photos.
        dropout: share of the feature map that is left out in a step.
        low_rate: learning rate at the ends of a cycle; the study names no number for the rates.
        high_rate: learning rate in the middle of the first cycle.
        cycle: epochs from one low to the next.
        decay: factor on the height of the rate from cycle to cycle.
        embedding: numbers that a siamese network makes of a picture.
        references: training photos of each class, at most, that a siamese network keeps for comparison.
        keep_every: epochs between checkpoints.
        parts: one part in so many of the people outside a fold does not train, but chooses the epoch.
    """

    backbone: str = "microsoft/resnet-50"
    size: int = 512
    batch: int = 32
    epochs: int = 50
    dropout: float = 0.5
    low_rate: float = 1e-5
    high_rate: float = 1e-3
    cycle: int = 4
    decay: float = 0.8
    embedding: int = 224
    references: int = 100
    keep_every: int = 5
    parts: int = 6


@dataclass(frozen=True)
class Preset:
    """A small network that starts from chance, with nothing frozen, for machines without a pretrained one.

    Attributes:
        title: what every table and card calls it.
        layers: of ``transformers.ResNetConfig``.
        settings: those of :class:`PhotoSettings` that it changes.
    """

    title: str
    layers: Mapping[str, Any]
    settings: Mapping[str, Any] = field(default_factory=dict)


#: Small networks by the name that ``--backbone`` takes.
PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "small": Preset(
            "small preset, from scratch",
            {
                "embedding_size": 16,
                "hidden_sizes": [16, 32, 64, 96],
                "depths": [1, 1, 1, 1],
                "layer_type": "basic",
            },
            {"size": 112, "epochs": 20, "low_rate": 3e-4, "high_rate": 4e-3, "references": 40},
        ),
        "smoke": Preset(
            "a try in seconds, from scratch",
            {"embedding_size": 8, "hidden_sizes": [8, 16], "depths": [1, 1], "layer_type": "basic"},
            {"size": 32, "epochs": 2, "batch": 8, "low_rate": 1e-3, "high_rate": 1e-2, "keep_every": 1},
        ),
    }
)


def settings_of(job: Job) -> PhotoSettings:
    """The settings of a job: the recipe's, then those that the preset changes."""
    own = {key: value for key, value in job.recipe.settings.items() if key != PUBLISHED}
    settings = replace(PhotoSettings(), **own)
    settings = replace(settings, backbone=job.backbone or settings.backbone)
    preset = PRESETS.get(settings.backbone)
    return settings if preset is None else replace(settings, **preset.settings)
