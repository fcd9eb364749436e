"""Trains the network of one fold on the samples that the run keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dermagrade.training.lesions.data import LesionSamples
from dermagrade.training.lesions.fit import LesionRecipe, fit
from dermagrade.training.lesions.kept_samples import kept_samples, with_painted
from dermagrade.training.run.folder import save_state
from dermagrade.training.run.folds import Split
from dermagrade.training.run.workers import one_thread


@dataclass(frozen=True)
class Shared:
    """What the networks of a run share, as a process of its own takes it.

    Attributes:
        out: folder of the run.
        recipe: numbers of the fit.
    """

    out: Path
    recipe: LesionRecipe

    @property
    def samples(self) -> Path:
        """Folder of the samples, as long as they are needed."""
        return self.out / "samples"

    @property
    def painted(self) -> Path:
        """Folder of the versions that bear another condition."""
        return self.out / "painted"

    def mark(self, split: Split) -> Path:
        """The state of a trained network."""
        return self.out / f"{split.title}.pt"


def training_rows(samples: LesionSamples, split: Split) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labelled rows that a network learns from, and the rows of clear faces."""
    return np.array(split.fit, np.int64), np.flatnonzero(samples.clear)


def train_one(shared: Shared, split: Split) -> None:
    """Trains one network and keeps its state."""
    with one_thread():
        samples = with_painted(kept_samples(shared.samples), shared.painted)
        labelled, clear = training_rows(samples, split)
        net = fit(samples, labelled, clear, recipe=shared.recipe, seed=split.seed, out=shared.out, title=split.title)
        save_state(shared.mark(split), net.state_dict())
