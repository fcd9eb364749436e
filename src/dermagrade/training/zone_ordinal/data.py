"""What the engine of ordinal zones learns from: faces of labelled photos in their frames, and the truth if known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import PhotoError
from dermagrade.face.colour import skin_angle
from dermagrade.face.zones import find_face
from dermagrade.grading.face_frame import cut, frame_face, frame_shape
from dermagrade.photo.read import read_photo
from dermagrade.simulate.truth_map import read_truth
from dermagrade.training.run.folder import load_arrays, save_arrays
from dermagrade.training.run.workers import side_by_side
from dermagrade.types import ZONES

#: Photos prepared at once; each part is on disk before the next begins.
PART = 250


@dataclass(frozen=True, eq=False)
class Samples:
    """Prepared photos; the arrays are mapped from the disk.

    Attributes:
        pixels: a part's ``(n, h, w, 3)`` uint8.
        labels: ``(n, h, w)`` uint8, the zone of each pixel.
        truth: ``(n, h / 2, w / 2)`` float16; NaN where it is not known.
        load: ``(n, 5)`` float32, mean truth over the zone by the pale share; NaN likewise, and where a zone is absent.
        tone: ``(n,)`` float32, typology angle in degrees; NaN where it was not measured.
        found: ``(n,)`` bool, False for photos without a face; their rows are empty.
    """

    parts: tuple[Mapping[str, NDArray[Any]], ...]

    def __len__(self) -> int:
        return sum(len(part["found"]) for part in self.parts)

    def take(self, name: str, index: NDArray[np.int64]) -> NDArray[Any]:
        """Rows of one array, in the order of ``index``."""
        rows = [self.parts[i // PART][name][i % PART] for i in index.tolist()]
        return np.stack(rows)

    def in_memory(self) -> Samples:
        """The same, read from the disk once: a fit asks for single photos in an order that no disk is quick at."""
        return Samples(tuple({name: np.array(values) for name, values in part.items()} for part in self.parts))

    def column(self, name: str) -> NDArray[Any]:
        """All rows of a small array."""
        return np.concatenate([np.asarray(part[name]) for part in self.parts])


def prepare_samples(
    photos: Sequence[Path],
    truths: Sequence[Path | None],
    folder: Path,
    *,
    size: int,
    pale_share: float,
    at_once: int,
    tell: Callable[[str], None],
) -> Samples:
    """Finds the zones of every photo and keeps their frames; what a stopped run has kept is taken over.

    Args:
        photos: the files.
        truths: the map of the truth of each, or None.
        folder: where the arrays go.
        size: height of the frames in pixels.
        pale_share: what negative truth counts, as a share of positive.
        at_once: processes.
        tell: takes a line of progress.

    Raises:
        OutputError: if a process ended early.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(photos), PART)
    jobs = [
        (list(photos[s : s + PART]), list(truths[s : s + PART]), folder / f"part{s // PART:04d}", size, pale_share)
        for s in starts
        if not (folder / f"part{s // PART:04d}").is_dir()
    ]
    if jobs:
        tell(f"preparing {len(photos)} photos, {len(jobs)} of {len(starts)} parts to do")
        # A process costs seconds to start, so each takes many parts.
        side_by_side(_prepare_parts, [(jobs[k::at_once],) for k in range(min(at_once, len(jobs)))], at_once)
    return Samples(tuple(load_arrays(folder / f"part{s // PART:04d}") for s in starts))


def _prepare_parts(jobs: list[tuple[list[Path], list[Path | None], Path, int, float]]) -> None:
    for job in jobs:
        _prepare_part(*job)


def _prepare_part(photos: list[Path], truths: list[Path | None], folder: Path, size: int, pale_share: float) -> None:
    n, zones = len(photos), len(ZONES)
    height, width = frame_shape(size)
    arrays: dict[str, NDArray[Any]] = {
        "pixels": np.zeros((n, height, width, 3), np.uint8),
        "labels": np.zeros((n, height, width), np.uint8),
        "truth": np.full((n, height // 2, width // 2), np.nan, np.float16),
        "load": np.full((n, zones), np.nan, np.float32),
        "tone": np.full(n, np.nan, np.float32),
        "found": np.zeros(n, bool),
    }
    for i, (path, truth_path) in enumerate(zip(photos, truths, strict=True)):
        try:
            photo = read_photo(path)
        except PhotoError:
            continue
        face = find_face(photo)
        if face is None or not face.found:
            continue
        truth = None if truth_path is None else read_truth(truth_path)
        angle = skin_angle(photo, face)
        arrays["tone"][i] = np.nan if angle is None else angle
        frame = frame_face(photo, face, size=size)
        if frame is None:
            continue
        arrays["found"][i] = True
        arrays["pixels"][i], arrays["labels"][i] = frame.pixels, frame.labels
        if truth is None or truth.shape != face.label_map.shape:
            continue
        arrays["truth"][i] = cut(truth, frame.origin, 2 * frame.scale, (height // 2, width // 2))
        for k in sorted(set(np.unique(frame.labels).tolist()) - {0}):
            own = truth[face.label_map == k]
            arrays["load"][i, k - 1] = np.maximum(own, 0).mean() + pale_share * np.maximum(-own, 0).mean()
    save_arrays(folder, arrays)
