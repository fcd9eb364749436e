"""Photos, lesions and grades for the lesion network: read once, warped anew for every step."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from dermagrade.photo.read import read_photo
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.lesions import Marks, marks_of
from dermagrade.training.lesions.net import GRADES, STRIDE

#: Photos are kept at this longer side.
STORED_SIDE = 512
#: Share of the face box that the view of a face adds on each side, in training as in grading.
FACE_MARGIN = 0.15
#: Grades of a clear face that nobody graded: nearly always 0, as portraits are not always without a spot.
CLEAR_GRADES = (0.90, 0.09, 0.01, 0.0)


@dataclass(eq=False)
class LesionSamples:
    """Decoded photos with what is known of them.

    Attributes:
        names: file names; clear faces carry their folder before a slash.
        pixels: ``(n, 512, 512, 3)`` uint8, padded at the right and below.
        sizes: ``(n, 2)`` width and height of the real photo in it.
        boxes: ``(n, 4)`` face box in stored pixels; NaN where unknown.
        lesions: per photo, one ``(k, 2)`` array of stored x, y per annotation, or None where that one is missing.
        counts: ``(n, 2)`` number of lesions after each annotation; NaN where unknown.
        grades: ``(n, 4)`` probability of each Hayashi grade, from the published grade and the readings.
        clear: ``(n,)`` bool, weak negatives.
        published: ``(n,)`` published grade of the labelled photos, -1 for the clear faces; empty where not given.
        painted: row to versions of its pixels that bear another condition; rows without any are missing.
    """

    names: list[str]
    pixels: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    boxes: NDArray[np.float64]
    lesions: list[list[NDArray[np.float64] | None]]
    counts: NDArray[np.float64]
    grades: NDArray[np.float64]
    clear: NDArray[np.bool_]
    published: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    painted: Mapping[int, Sequence[NDArray[np.uint8]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)


def grade_target(label: PhotoLabel) -> NDArray[np.float64]:
    """Half the published grade, half the readings of other raters, each a vote; with a little of the neighbours.

    One grade by one reader is itself uncertain: a second reading by the same expert agrees with the first on 61 %.
    """
    votes = np.zeros(GRADES)
    votes[int(label.grade)] += 1.0
    if label.readings:
        readings = np.zeros(GRADES)
        for reading in label.readings:
            readings[int(reading)] += 1.0
        votes = 0.5 * votes + 0.5 * readings / readings.sum()
    spread = votes * 0.9
    spread[1:] += 0.05 * votes[:-1]
    spread[:-1] += 0.05 * votes[1:]
    target: NDArray[np.float64] = spread / spread.sum()
    return target


def load_samples(
    labels: Sequence[PhotoLabel],
    files: Mapping[str, Path],
    lesions: Sequence[Marks],
    clear: Sequence[tuple[str, Path]],
    boxes: dict[str, NDArray[np.float64]],
) -> LesionSamples:
    """Read labelled photos and clear faces.

    Args:
        labels: the labelled photos.
        files: their files, by name.
        lesions: one or two annotations, photo name to x, y, radius in pixels of the photo.
        clear: name and path of further photos, taken as weak negatives.
        boxes: face boxes in pixels of the photo, by name, where known.

    Raises:
        PhotoError: if a photo cannot be read.
    """
    n = len(labels) + len(clear)
    samples = LesionSamples(
        [label.photo for label in labels] + [name for name, _ in clear],
        np.zeros((n, STORED_SIDE, STORED_SIDE, 3), np.uint8),
        np.zeros((n, 2), np.int64),
        np.full((n, 4), np.nan),
        [[None, None] for _ in range(n)],
        np.full((n, 2), np.nan),
        np.tile(np.array(CLEAR_GRADES), (n, 1)),
        np.arange(n) >= len(labels),
        np.array([*(int(label.grade) for label in labels), *(-1 for _ in clear)], np.int64),
    )
    paths = [files[label.photo] for label in labels] + [path for _, path in clear]
    for i, (name, path) in enumerate(zip(samples.names, paths, strict=True)):
        image = Image.fromarray(read_photo(path, full_size=True).pixels)
        scale = STORED_SIDE / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        pixels = np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0))
        samples.pixels[i, : size[1], : size[0]] = pixels
        samples.sizes[i] = size
        if name in boxes:
            samples.boxes[i] = boxes[name] * scale
        if samples.clear[i]:
            samples.lesions[i] = [np.zeros((0, 2)), np.zeros((0, 2))]
            samples.counts[i] = 0.0
            continue
        label = labels[i]
        samples.grades[i] = grade_target(label)
        known = (label.count, label.count_second)
        for a in range(2):
            value = known[a]
            if value is not None:
                samples.counts[i, a] = value
            if a < len(lesions) and label.located:
                marks = marks_of(lesions[a], name, value)
                samples.lesions[i][a] = None if marks is None else marks[:, :2] * scale
    return samples


@dataclass
class LesionBatch:
    """One training batch at side s; maps have s / 4."""

    image: Tensor  # (n, 3, s, s)
    density: Tensor  # (n, 2, s/4, s/4)
    mapped: Tensor  # (n, 2) bool: the density of this annotation is known
    grade: Tensor  # (n, 4)
    weight: Tensor  # (n,) of the sample


class LesionSampler:
    """Makes batches with random placement, light, focus and compression; seeded.

    Every picture is brought to the scale that grading uses: the face and its margin measure ``side`` pixels. A patch
    is a small cut at that scale, mostly around a lesion; a whole view shows the face with its margin. With ``others``
    that share of the graded faces and with ``clear_others`` that share of the clear ones is shown in a painted version,
    where they have one; grade and lesions stay what they were.
    """

    def __init__(
        self, samples: LesionSamples, seed: int, side: int, others: float = 0.0, clear_others: float = 0.0
    ) -> None:
        self.samples = samples
        self.side = side
        self.others = others
        self.clear_others = clear_others
        self.rng = np.random.default_rng(seed)
        torch.manual_seed(seed)

    def _view(self, i: int) -> tuple[float, float, float, float]:
        """What grading would show of a photo: its face box and a margin, within the photo; all where none is known."""
        width, height = self.samples.sizes[i].astype(float).tolist()
        x0, y0, x1, y1 = self.samples.boxes[i].tolist()
        if math.isnan(x0):
            return 0.0, 0.0, width, height
        dx, dy = FACE_MARGIN * (x1 - x0), FACE_MARGIN * (y1 - y0)
        return max(0.0, x0 - dx), max(0.0, y0 - dy), min(width, x1 + dx), min(height, y1 + dy)

    def _matrix(self, i: int, patch: int | None, spread: float) -> NDArray[np.float64]:
        """2x3 matrix from output to stored pixels, of a patch of this side or, for None, of the whole view."""
        rng = self.rng
        x0, y0, x1, y1 = self._view(i)
        scale = max(x1 - x0, y1 - y0, 8.0) / self.side * math.exp(rng.normal(0, 0.18 * spread))
        angle = math.radians(rng.normal(0, 15 * spread))
        if patch is not None and rng.random() < 0.3:
            angle += math.pi / 2 * int(rng.integers(4))
        c, q = math.cos(angle) * scale, math.sin(angle) * scale
        linear = np.array([[c, -q], [q, c]])
        if spread and rng.random() < 0.5:
            linear[:, 0] *= -1
        if patch is None:
            side = self.side
            centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        else:
            side = patch
            centre = rng.uniform((x0, y0), (x1, y1))
            marked = [points for points in self.samples.lesions[i] if points is not None and len(points)]
            if marked and rng.random() < 0.6:
                points = marked[int(rng.integers(len(marked)))]
                centre = points[int(rng.integers(len(points)))] + rng.uniform(-0.3, 0.3, 2) * side * scale
        return np.concatenate([linear, (centre - linear @ np.array([side / 2, side / 2]))[:, None]], axis=1)

    def _place(self, i: int, patch: int | None, spread: float) -> tuple[Tensor, list[NDArray[np.float64] | None]]:
        """The warped photo (3, side, side) and the marks of both annotations in it."""
        s = self.samples
        side = self.side if patch is None else patch
        matrix = self._matrix(i, patch, spread)
        at = torch.arange(side, dtype=torch.float32) + 0.5
        yy, xx = torch.meshgrid(at, at, indexing="ij")
        m = torch.from_numpy(matrix).float()
        x = m[0, 0] * xx + m[0, 1] * yy + m[0, 2]
        y = m[1, 0] * xx + m[1, 1] * yy + m[1, 2]
        grid = torch.stack([x, y], -1)[None] * 2 / STORED_SIDE - 1
        pixels = torch.from_numpy(self._pixels(i)).permute(2, 0, 1)[None].float() / 255
        image = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="zeros", align_corners=False)[0]
        inverse = np.linalg.inv(matrix[:, :2])
        marks: list[NDArray[np.float64] | None] = []
        for points in s.lesions[i]:
            if points is None:
                marks.append(None)
                continue
            moved = (points - matrix[:, 2]) @ inverse.T
            inside = ((moved >= 0) & (moved < side)).all(1)
            marks.append(moved[inside])
        return image, marks

    def _pixels(self, i: int) -> NDArray[np.uint8]:
        """A stored photo, by chance in a version that bears another condition."""
        share = self.clear_others if self.samples.clear[i] else self.others
        versions = self.samples.painted.get(i, ()) if share else ()
        if not versions or self.rng.random() >= share:
            pixels: NDArray[np.uint8] = self.samples.pixels[i]
            return pixels
        return versions[int(self.rng.integers(len(versions)))]

    def plain(self, i: int) -> tuple[Tensor, list[NDArray[np.float64] | None], float]:
        """The whole view of a photo (3, side, side) as grading shows it, the marks in it, and stored pixels a pixel."""
        image, marks = self._place(i, None, 0.0)
        x0, y0, x1, y1 = self._view(i)
        return image, marks, max(x1 - x0, y1 - y0, 8.0) / self.side

    def _light(self, image: Tensor, softness: float) -> Tensor:
        """Light, colour cast, loss of sharpness, compression and noise: nothing that a lesion comes from."""
        rng = self.rng
        side = image.shape[-1]
        gain = torch.tensor(np.exp(rng.normal(0, 0.07, 3) + rng.normal(0, 0.2)), dtype=torch.float32)
        image = (image.clamp(1e-3, 1) ** math.exp(rng.normal(0, 0.15))) * gain[:, None, None]
        if rng.random() < 0.3:
            grey = image.mean(0, keepdim=True)
            image = grey + (image - grey) * float(rng.uniform(0.6, 1.3))
        if rng.random() < 0.3:
            ramp = torch.linspace(-1, 1, side)
            slope = rng.normal(0, 0.25, 2)
            image = image * torch.exp(slope[0] * ramp[None, None, :] + slope[1] * ramp[None, :, None])
        image = image.clamp(0, 1)
        if rng.random() < softness:
            factor = float(rng.uniform(1.2, 3.0))
            small = F.interpolate(image[None], scale_factor=1 / factor, mode="bilinear", antialias=True)
            image = F.interpolate(small, size=(side, side), mode="bilinear")[0]
        if rng.random() < 0.2:
            image = image + float(rng.uniform(0, 0.04)) * torch.randn_like(image)
        if rng.random() < 0.2:
            buffer = io.BytesIO()
            array = (image.clamp(0, 1) * 255).byte().permute(1, 2, 0).numpy()
            Image.fromarray(array).save(buffer, "JPEG", quality=int(rng.integers(25, 90)))
            image = torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1).float() / 255
        return image.clamp(0, 1)

    def batch(
        self, indices: Sequence[int], *, patch: int | None, spread: float = 1.0, softness: float = 0.35
    ) -> LesionBatch:
        """A batch of these samples.

        Args:
            indices: rows of the samples.
            patch: side of the patches, a multiple of 32; None for whole views.
            spread: how far placement varies; at 0 the picture is placed plainly and its light is left alone.
            softness: share of the pictures that lose sharpness.
        """
        side = self.side if patch is None else patch
        n, cells = len(indices), side // STRIDE
        out = LesionBatch(
            torch.empty(n, 3, side, side),
            torch.zeros(n, 2, cells, cells),
            torch.zeros(n, 2, dtype=torch.bool),
            torch.zeros(n, GRADES),
            torch.ones(n),
        )
        at = torch.arange(cells) + 0.5
        for row, i in enumerate(indices):
            image, marks = self._place(i, patch, spread)
            out.image[row] = self._light(image, softness) if spread else image
            for a, points in enumerate(marks):
                if points is None:
                    continue
                out.mapped[row, a] = True
                for x, y in points / STRIDE:
                    gx = torch.exp(-((at - x) ** 2) / 2)
                    gy = torch.exp(-((at - y) ** 2) / 2)
                    bump = gy[:, None] * gx[None]
                    out.density[row, a] += bump / bump.sum()
            out.grade[row] = torch.from_numpy(self.samples.grades[i]).float()
            out.weight[row] = 0.5 if self.samples.clear[i] else 1.0
        return out
