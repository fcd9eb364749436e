"""Samples of a training on the disk, where the processes that train side by side share them."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.training.lesions.bystanders import Bystanders
from dermagrade.training.lesions.data import LesionSamples
from dermagrade.training.run.folder import load_arrays, save_arrays
from dermagrade.training.run.workers import one_thread, side_by_side

#: Painted versions of a photo. No more are shown in one training on average, and all trainings share them: to paint
#: anew for each takes longer than the training itself.
VERSIONS = 2
#: So many pieces the painting is done in; those that are done outlast a stop.
PARTS = 8


def keep_samples(folder: Path, samples: LesionSamples) -> None:
    """Writes samples so that several processes can share them."""
    arrays = {
        f.name: np.asarray(getattr(samples, f.name)) for f in fields(samples) if f.name not in ("lesions", "painted")
    }
    # Of each photo and annotation: how many lesions, -1 where that annotation is missing; then all in one row.
    known = [[-1 if marks is None else len(marks) for marks in pair] for pair in samples.lesions]
    every = [marks for pair in samples.lesions for marks in pair if marks is not None]
    arrays["lesion_numbers"] = np.array(known, np.int64)
    arrays["lesion_places"] = np.concatenate([np.zeros((0, 2)), *every])
    save_arrays(folder, arrays)


def kept_samples(folder: Path) -> LesionSamples:
    """Reads what :func:`keep_samples` wrote."""
    arrays: dict[str, Any] = load_arrays(folder)
    numbers, places = arrays.pop("lesion_numbers"), arrays.pop("lesion_places")
    lesions: list[list[NDArray[np.float64] | None]] = []
    at = 0
    for row in numbers.tolist():
        pair: list[NDArray[np.float64] | None] = []
        for n in row:
            pair.append(None if n < 0 else places[at : at + n])
            at += max(n, 0)
        lesions.append(pair)
    return LesionSamples(names=arrays.pop("names").tolist(), lesions=lesions, **arrays)


def paint_samples(folder: Path, samples: Path, *, learnt: str, seed: int, at_once: int) -> None:
    """Paints other conditions onto kept samples; goes on where an earlier call stopped.

    Args:
        folder: where the versions are kept, for :func:`with_painted`.
        samples: folder of :func:`keep_samples`.
        learnt: name of the condition that is learnt; all others are painted.
        seed: of the painting; what a row gets does not depend on the other rows.
        at_once: processes side by side.

    Raises:
        OutputError: if a process ended before its work was done.
    """
    folder.mkdir(exist_ok=True)
    missing = [part for part in range(PARTS) if not _part(folder, part).exists()]
    side_by_side(_paint_part, [(folder, samples, learnt, seed, part) for part in missing], min(at_once, len(missing)))


def _paint_part(folder: Path, samples_folder: Path, learnt: str, seed: int, part: int) -> None:
    samples, bystanders = kept_samples(samples_folder), Bystanders(learnt)
    rows, versions = [], []
    with one_thread():
        for row in range(part, len(samples), PARTS):
            width, height = samples.sizes[row].tolist()
            pixels = np.array(samples.pixels[row, :height, :width])
            rngs = [np.random.default_rng([seed, row, version]) for version in range(VERSIONS)]
            # Severe grades are mistaken most, and on a clear face alone it is known that nothing is a lesion.
            for painted in bystanders.paint(pixels, rngs, severe=bool(samples.clear[row])):
                if painted is not pixels:
                    whole = np.zeros(samples.pixels.shape[1:], np.uint8)
                    whole[:height, :width] = painted
                    rows.append(row)
                    versions.append(whole)
    kept = np.array(versions, np.uint8).reshape(-1, *samples.pixels.shape[1:])
    save_arrays(_part(folder, part), {"rows": np.array(rows, np.int64), "pixels": kept})


def with_painted(samples: LesionSamples, folder: Path) -> LesionSamples:
    """The samples with the versions of :func:`paint_samples`, as far as there are any."""
    painted: dict[int, list[NDArray[np.uint8]]] = {}
    for part in range(PARTS):
        if _part(folder, part).exists():
            arrays = load_arrays(_part(folder, part))
            for row, pixels in zip(arrays["rows"].tolist(), arrays["pixels"], strict=True):
                painted.setdefault(row, []).append(pixels)
    return replace(samples, painted=painted)


def _part(folder: Path, part: int) -> Path:
    return folder / f"part{part}"
