"""Photos, lesions and grades for the acne network: read once, warped anew for every step."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from dermagrade.training.acne_net import GRADES, STRIDE
from dermagrade.training.labels import PhotoLabel

#: Photos are kept at this longer side; the network reads at most 320.
STORED_SIDE = 400
#: Grades of a clear face that nobody graded: nearly always 0, as portraits are not always without a spot.
CLEAR_GRADES = (0.90, 0.09, 0.01, 0.0)


@dataclass(eq=False)
class AcneSamples:
    """Decoded photos with what is known of them.

    Attributes:
        names: file names; clear faces carry their folder before a slash.
        pixels: ``(n, 400, 400, 3)`` uint8, padded at the right and below.
        sizes: ``(n, 2)`` width and height of the real photo in it.
        boxes: ``(n, 4)`` face box in stored pixels; NaN where unknown.
        lesions: per photo, one ``(k, 2)`` array of stored x, y per annotation, or None where that one is missing.
        counts: ``(n, 2)`` number of lesions after each annotation; NaN where unknown.
        grades: ``(n, 4)`` probability of each Hayashi grade, from the published grade and the readings.
        clear: ``(n,)`` bool, weak negatives.
    """

    names: list[str]
    pixels: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    boxes: NDArray[np.float64]
    lesions: list[list[NDArray[np.float64] | None]]
    counts: NDArray[np.float64]
    grades: NDArray[np.float64]
    clear: NDArray[np.bool_]

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
    return spread / spread.sum()


def load_acne(
    labels: Sequence[PhotoLabel],
    images: Path,
    lesions: Sequence[dict[str, NDArray[np.float64]]],
    clear: Sequence[tuple[str, Path]],
    boxes: dict[str, NDArray[np.float64]],
) -> AcneSamples:
    """Read labelled photos and clear faces.

    Args:
        labels: the labelled photos.
        images: their folder.
        lesions: one or two annotations, photo name to x, y, radius in pixels of the photo.
        clear: name and path of further photos, taken as weak negatives.
        boxes: face boxes in pixels of the photo, by name, where known.
    """
    n = len(labels) + len(clear)
    samples = AcneSamples(
        [label.photo for label in labels] + [name for name, _ in clear],
        np.zeros((n, STORED_SIDE, STORED_SIDE, 3), np.uint8),
        np.zeros((n, 2), np.int64),
        np.full((n, 4), np.nan),
        [[None, None] for _ in range(n)],
        np.full((n, 2), np.nan),
        np.tile(np.array(CLEAR_GRADES), (n, 1)),
        np.arange(n) >= len(labels),
    )
    paths = [images / label.photo for label in labels] + [path for _, path in clear]
    for i, (name, path) in enumerate(zip(samples.names, paths, strict=True)):
        with Image.open(path) as opened:
            image = opened.convert("RGB")
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
            if a < len(lesions) and label.located and value is not None:
                marks = lesions[a].get(name, np.zeros((0, 3)))
                samples.lesions[i][a] = marks[:, :2] * scale
    return samples


@dataclass
class AcneBatch:
    """One training batch at side s; maps have s / 4."""

    image: Tensor  # (n, 3, s, s)
    region: Tensor  # (n, 1, s/4, s/4)
    density: Tensor  # (n, 2, s/4, s/4)
    mapped: Tensor  # (n, 2) bool: the density of this annotation is known
    count: Tensor  # (n, 2) lesions in the region, NaN where unknown
    grade: Tensor  # (n, 4)
    weight: Tensor  # (n,) of the sample


class AcneSampler:
    """Makes batches with random placement, light, focus, compression and pairs of photos; seeded."""

    def __init__(self, samples: AcneSamples, seed: int) -> None:
        self.samples = samples
        self.rng = np.random.default_rng(seed)
        torch.manual_seed(seed)

    def _matrix(self, i: int, side: int, spread: float) -> NDArray[np.float64]:
        """2x3 matrix from output to stored pixels: around the face box where known, else the whole photo."""
        rng, s = self.rng, self.samples
        width, height = s.sizes[i].astype(float)
        box = s.boxes[i]
        if not np.isnan(box[0]) and (s.clear[i] or rng.random() < 0.7):
            margin = rng.uniform(0.05, 0.3)
            bw, bh = box[2] - box[0], box[3] - box[1]
            x0, x1 = max(0.0, box[0] - margin * bw), min(width, box[2] + margin * bw)
            y0, y1 = max(0.0, box[1] - margin * bh), min(height, box[3] + margin * bh)
        else:
            x0, y0, x1, y1 = 0.0, 0.0, width, height
        scale = max(x1 - x0, y1 - y0, 8.0) / side * math.exp(rng.normal(0, 0.12 * spread))
        angle = math.radians(rng.normal(0, 12 * spread))
        if spread and rng.random() < 0.15:
            angle += math.pi / 2 * int(rng.integers(4))
        c, q = math.cos(angle) * scale, math.sin(angle) * scale
        linear = np.array([[c, -q], [q, c]])
        if spread and rng.random() < 0.5:
            linear[:, 0] *= -1
        where = side / 2 + rng.uniform(-0.05, 0.05, 2) * side * spread
        centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        return np.concatenate([linear, (centre - linear @ where)[:, None]], axis=1)

    def _place(self, i: int, side: int, spread: float) -> tuple[Tensor, list[NDArray[np.float64] | None]]:
        """The warped photo (3, side, side) and the marks of both annotations in it."""
        s = self.samples
        matrix = self._matrix(i, side, spread)
        width, height = s.sizes[i]
        at = torch.arange(side, dtype=torch.float32) + 0.5
        yy, xx = torch.meshgrid(at, at, indexing="ij")
        m = torch.from_numpy(matrix).float()
        x = m[0, 0] * xx + m[0, 1] * yy + m[0, 2]
        y = m[1, 0] * xx + m[1, 1] * yy + m[1, 2]
        grid = torch.stack([x, y], -1)[None] * 2 / STORED_SIDE - 1
        pixels = torch.from_numpy(s.pixels[i]).permute(2, 0, 1)[None].float() / 255
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

    def _light(self, image: Tensor) -> Tensor:
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
        chance = rng.random()
        if chance < 0.35:
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

    def batch(self, indices: Sequence[int], side: int, *, spread: float = 1.0, pairs: float = 0.08) -> AcneBatch:
        """A batch of these samples at one side; with ``spread`` 0, placed plainly and not altered.

        A share ``pairs`` of the samples shows two photos side by side and asks for one of them, so that the grade
        of a region does not lean on what stands beside it.
        """
        n, cells, rng = len(indices), side // STRIDE, self.rng
        out = AcneBatch(
            torch.empty(n, 3, side, side), torch.ones(n, 1, cells, cells), torch.zeros(n, 2, cells, cells),
            torch.zeros(n, 2, dtype=torch.bool), torch.full((n, 2), math.nan), torch.zeros(n, GRADES), torch.ones(n),
        )
        at = torch.arange(cells) + 0.5
        for row, i in enumerate(indices):
            image, marks = self._place(i, side, spread)
            if spread and rng.random() < pairs:
                other = int(indices[int(rng.integers(n))])
                beside, beside_marks = self._place(other, side, spread)
                image, marks, region = _side_by_side(image, marks, beside, beside_marks, int(rng.integers(2)), side)
                out.region[row] = region
            out.image[row] = self._light(image) if spread else image
            for a, points in enumerate(marks):
                if points is None:
                    continue
                out.mapped[row, a] = True
                for x, y in points / STRIDE:
                    gx = torch.exp(-((at - x) ** 2) / 2)
                    gy = torch.exp(-((at - y) ** 2) / 2)
                    bump = gy[:, None] * gx[None]
                    out.density[row, a] += bump / bump.sum()
                out.count[row, a] = (out.density[row, a] * out.region[row, 0]).sum()
            out.grade[row] = torch.from_numpy(self.samples.grades[i]).float()
            out.weight[row] = 0.5 if self.samples.clear[i] else 1.0
        return out


def _side_by_side(
    asked: Tensor,
    asked_marks: list[NDArray[np.float64] | None],
    beside: Tensor,
    beside_marks: list[NDArray[np.float64] | None],
    asked_half: int,
    side: int,
) -> tuple[Tensor, list[NDArray[np.float64] | None], Tensor]:
    """Two pictures squeezed into one: the asked one in one half, its region there."""
    half = side // 2
    quarter = side // 4
    image = torch.zeros(3, side, side)
    marks: list[NDArray[np.float64] | None] = []
    for slot, picture in ((asked_half, asked), (1 - asked_half, beside)):
        small = F.interpolate(picture[None], size=(half, half), mode="bilinear", antialias=True)[0]
        image[:, quarter : quarter + half, slot * half : slot * half + half] = small
    for first, second in zip(asked_marks, beside_marks, strict=True):
        if first is None or second is None:
            marks.append(None)
            continue
        moved = [p / 2 + np.array([slot * half, quarter]) for slot, p in ((asked_half, first), (1 - asked_half, second))]
        marks.append(np.concatenate(moved))
    cells = side // STRIDE
    region = torch.zeros(1, cells, cells)
    region[:, :, asked_half * cells // 2 : (asked_half + 1) * cells // 2] = 1.0
    return image, marks, region
