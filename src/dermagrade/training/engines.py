"""The engines that carry recipes out, as one explicit table.

The zone network belongs to no condition and no recipe: its engine is :mod:`dermagrade.training.zones.engine`.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from dermagrade.training.run.job import Job


class Engine(Protocol):
    """Trains, measures on people never seen, and writes weights with manifest, card and report."""

    def __call__(self, job: Job) -> Path:
        """Carries a job out and gives back the path of the network for everybody.

        Raises:
            UsageError: if the job names what the engine does not know, or lacks what it needs.
            LabelsError: if a table is malformed.
            OutputError: if a result cannot be written.
        """
        ...


@dataclass(frozen=True)
class InModule:
    """An engine that stands in a module of its own, loaded when the engine is used: each brings much of torch along.

    Attributes:
        module: dotted name.
        function: name of the engine in it.
    """

    module: str
    function: str

    def load(self) -> Engine:
        """The engine itself.

        Raises:
            ModuleNotFoundError: if the module, or a package of the train extra that it needs, is not installed.
        """
        engine: Engine = getattr(importlib.import_module(self.module), self.function)
        return engine

    def __call__(self, job: Job) -> Path:
        """Carries a job out; see :class:`Engine`."""
        return self.load()(job)


#: Every engine by the name that recipes give.
ENGINES: Mapping[str, InModule] = MappingProxyType(
    {
        "lesions": InModule("dermagrade.training.lesions.engine", "train_lesions"),
        "simulated-lesions": InModule("dermagrade.training.lesions.simulated_engine", "train_simulated_lesions"),
        "patch-features": InModule("dermagrade.training.patch_features.engine", "train_patch_features"),
        "photo-classes": InModule("dermagrade.training.photo_classes.engine", "train_photo_classes"),
        "siamese": InModule("dermagrade.training.photo_classes.siamese", "train_siamese"),
        "zone-ordinal": InModule("dermagrade.training.zone_ordinal.engine", "train_zone_ordinal"),
    }
)
