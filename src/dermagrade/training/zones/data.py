"""Pictures and targets for the zone network: read once, then warped anew for every step.

Each sample places a face somewhere, at some size, turned and cropped, on some background, under some light and
focus; a share of the samples holds no face and another share two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from dermagrade.photo.read import read_photo
from dermagrade.training.run.workers import end_with_parent
from dermagrade.training.zones.net import INPUT_SIZE, STRIDE
from dermagrade.training.zones.targets import COVERED, ZoneTarget, ZoneTopology, draw_target
from dermagrade.types import KEY_POINTS

#: Pictures are kept at this longer side; the network reads 160.
STORED_SIDE = 256
#: The person's left becomes the right when a picture is mirrored.
MIRRORED_LABELS = torch.tensor([0, 1, 2, 4, 3, 5, 6, 7])
MIRRORED_ZONES = [0, 1, 3, 2, 4]
MIRRORED_POINTS = [
    KEY_POINTS.index(n) for n in ("left_eye", "right_eye", "nose_tip", "mouth_left", "mouth_right", "chin")
]
#: Fewer photos than this are read in one process.
WORTH_WORKERS = 64

Floats = NDArray[np.float64]


@dataclass(eq=False)
class ZoneSamples:
    """Decoded pictures with targets, all padded to one square.

    Attributes:
        names: collection/file of each picture.
        pixels: ``(n, 256, 256, 3)`` uint8, padded at the right and below.
        sizes: ``(n, 2)`` width and height of the real picture in it.
        labels: ``(n, 256, 256)`` uint8; see :class:`~dermagrade.training.zones.targets.ZoneTarget`.
        weights: ``(n, 256, 256)`` uint8.
        totals, points, boxes, poses: as in ``ZoneTarget``, one row a picture.
        taught: ``(n,)`` bool, False where no mesh is known (such pictures give no target).
    """

    names: list[str]
    pixels: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    labels: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    totals: Floats
    points: Floats
    boxes: Floats
    poses: Floats
    taught: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.names)


def read_meshes(path: Path) -> dict[str, Floats]:
    """Photo name to ``(468, 3)`` mesh in pixels, from an NPZ with ``photo`` and ``points``; NaN rows left out."""
    with np.load(path) as table:
        names, points = table["photo"], table["points"].astype(np.float64)
    return {str(n): p for n, p in zip(names, points, strict=True) if not np.isnan(p).any()}


def _prepare(job: tuple[Path, Floats | None, ZoneTopology]) -> tuple[NDArray[np.uint8], ZoneTarget | None]:
    path, mesh, topology = job
    image = Image.fromarray(read_photo(path, full_size=True).pixels)
    scale = STORED_SIDE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    pixels = np.asarray(image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
    return pixels, None if mesh is None else draw_target(mesh * scale, pixels, topology)


def load_samples(
    photos: Sequence[tuple[str, Path]],
    meshes: Mapping[str, Floats],
    topology: ZoneTopology,
    *,
    workers: int = 2,
) -> ZoneSamples:
    """Read photos (name, path) and draw their targets from the meshes of the same names.

    Raises:
        PhotoError: if a photo cannot be read.
    """
    n, side = len(photos), STORED_SIDE
    samples = ZoneSamples(
        [name for name, _ in photos],
        np.zeros((n, side, side, 3), np.uint8),
        np.zeros((n, 2), np.int64),
        np.zeros((n, side, side), np.uint8),
        np.zeros((n, side, side), np.uint8),
        np.ones((n, 5)),
        np.zeros((n, len(KEY_POINTS), 2)),
        np.zeros((n, 4)),
        np.zeros((n, 3)),
        np.zeros(n, bool),
    )
    jobs = [(path, meshes.get(name), topology) for name, path in photos]
    if n < WORTH_WORKERS or workers == 1:
        _fill_samples(samples, map(_prepare, jobs))
    else:
        # Torch has started threads by now, which a forked process would lack.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=end_with_parent) as pool:
            _fill_samples(samples, pool.map(_prepare, jobs, chunksize=16))
    return samples


def _fill_samples(samples: ZoneSamples, prepared: Iterable[tuple[NDArray[np.uint8], ZoneTarget | None]]) -> None:
    for i, (pixels, target) in enumerate(prepared):
        height, width = pixels.shape[:2]
        samples.pixels[i, :height, :width] = pixels
        samples.sizes[i] = width, height
        if target is not None:
            samples.labels[i, :height, :width] = target.labels
            samples.weights[i, :height, :width] = target.weights
            samples.totals[i], samples.points[i] = target.totals, target.points
            samples.boxes[i], samples.poses[i] = target.box, target.pose
            samples.taught[i] = True


@dataclass
class ZoneBatch:
    """One training batch; maps are a quarter of the input's side."""

    image: Tensor  # (n, 3, 160, 160)
    zones: Tensor  # (n, 6, 40, 40)
    centre: Tensor  # (n, 1, 40, 40)
    size: Tensor  # (n, 2, 40, 40), NaN away from centres
    points: Tensor  # (n, k, 40, 40)
    visible: Tensor  # (n, 5)
    pose: Tensor  # (n, 4)
    single: Tensor  # (n,) bool: exactly one face, so that zones, points, visible and pose are taught


def _grid(matrix: Floats, out: int, source: int) -> Tensor:
    """Sampling grid of a 2x3 matrix that takes output pixels to source pixels, for ``grid_sample``."""
    step = INPUT_SIZE / out
    at = (torch.arange(out, dtype=torch.float32) + 0.5) * step
    yy, xx = torch.meshgrid(at, at, indexing="ij")
    m = torch.from_numpy(matrix).float()
    x = m[0, 0] * xx + m[0, 1] * yy + m[0, 2]
    y = m[1, 0] * xx + m[1, 1] * yy + m[1, 2]
    return torch.stack([x, y], -1)[None] * 2 / source - 1


@dataclass(frozen=True, eq=False)
class _PlacedFace:
    """One face as it stands in the network's input; lengths and places in its pixels."""

    image: Tensor  # (3, 160, 160)
    real: Tensor  # (1, 160, 160), 1 where the photo has pixels
    labels: Tensor  # (40, 40)
    weights: Tensor  # (40, 40)
    totals: Floats
    points: Floats
    box: Floats
    pose: Floats


class ZoneSampler:
    """Makes batches from samples with random placement, light, focus, covers and backgrounds; seeded.

    Args:
        samples: the pictures.
        background: ``(m, 160, 160, 3)`` uint8, pictures with no face.
        seed: of all chance.
        partners: indices of the samples from which both faces of a collage are drawn (of these only place and size
            are taught); every sample with a target where None.
    """

    def __init__(
        self,
        samples: ZoneSamples,
        background: NDArray[np.uint8],
        seed: int,
        partners: NDArray[np.int64] | None = None,
    ) -> None:
        self.samples = samples
        self.background = background
        self.partners = np.flatnonzero(samples.taught) if partners is None else partners
        self.rng = np.random.default_rng(seed)
        torch.manual_seed(seed)

    def _placement(self, i: int, mode: str) -> tuple[Floats, bool]:
        """Matrix from output to source pixels, and whether the picture is mirrored."""
        rng, box = self.rng, self.samples.boxes[i]
        face = max(box[2] - box[0], box[3] - box[1])
        share = {
            "crop": rng.uniform(0.5, 0.95),
            "small": math.exp(rng.uniform(math.log(0.13), math.log(0.5))),
            "close": rng.uniform(0.95, 2.0),
            "double": rng.uniform(0.25, 0.45),
        }[mode]
        scale = face / (share * INPUT_SIZE)
        angle = math.radians(rng.uniform(-180, 180) if rng.random() < 0.06 else rng.normal(0, 14))
        mirrored = rng.random() < 0.5
        aspect = math.exp(rng.normal(0, 0.05))
        c, s = math.cos(angle) * scale, math.sin(angle) * scale
        linear = np.array([[c * aspect, -s], [s * aspect, c]])
        if mirrored:
            linear[:, 0] *= -1
        centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
        room = INPUT_SIZE * {"crop": 0.12, "small": 0.5 - share / 2 + 0.02, "close": 0.3 * share, "double": 0.0}[mode]
        where = INPUT_SIZE / 2 + rng.uniform(-room, room, 2)
        return np.concatenate([linear, (centre - linear @ where)[:, None]], axis=1), mirrored

    def _warp(self, i: int, matrix: Floats) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Picture (3, 160, 160), where it is real (1, 160, 160), labels and weights (40, 40)."""
        s = self.samples
        width, height = s.sizes[i]
        pixels = torch.from_numpy(s.pixels[i]).permute(2, 0, 1)[None].float() / 255
        source = STORED_SIDE
        shrink = math.sqrt(abs(np.linalg.det(matrix[:, :2])))
        matrix_pixels = matrix
        if shrink > 1.7:
            pool = 4 if shrink > 3.4 else 2
            pixels = F.avg_pool2d(pixels, pool)
            matrix_pixels, source = matrix / pool, source // pool
        grid = _grid(matrix_pixels, INPUT_SIZE, source)
        image = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)[0]
        u, v = (grid[0, ..., 0] + 1) / 2 * STORED_SIDE, (grid[0, ..., 1] + 1) / 2 * STORED_SIDE
        real = ((u >= 0.5) & (u <= width - 1) & (v >= 0.5) & (v <= height - 1))[None].float()
        both = torch.from_numpy(np.stack([s.labels[i], s.weights[i]])).float()[None]
        maps = F.grid_sample(
            both,
            _grid(matrix, INPUT_SIZE // STRIDE, STORED_SIDE),
            mode="nearest",
            padding_mode="zeros",
            align_corners=False,
        )[0]
        return image, real, maps[0].long(), maps[1]

    def _cover(self, image: Tensor, labels: Tensor) -> Tensor:
        """Lay something over a part of the face (hand, mask, bar, hair, paper) and take it from the labels."""
        rng = self.rng
        ys, xs = torch.nonzero(labels > 0, as_tuple=True)
        if len(xs) < 40:
            return image
        low, high = ys.min().item(), ys.max().item()
        span = max(4, high - low) * STRIDE
        k = int(rng.integers(len(xs)))
        cx, cy = (xs[k].item() + 0.5) * STRIDE, (ys[k].item() + 0.5) * STRIDE
        w, h = rng.uniform(0.08, 0.4, 2) * span
        angle = rng.uniform(0, math.pi)
        yy, xx = torch.meshgrid(torch.arange(INPUT_SIZE) + 0.5, torch.arange(INPUT_SIZE) + 0.5, indexing="ij")
        a = ((xx - cx) * math.cos(angle) + (yy - cy) * math.sin(angle)) / w
        b = (-(xx - cx) * math.sin(angle) + (yy - cy) * math.cos(angle)) / h
        power = 2 if rng.random() < 0.6 else 8
        inside = (a.abs() ** power + b.abs() ** power < 1).float()
        colour = torch.tensor(rng.uniform(0, 1, 3), dtype=torch.float32)
        kind = rng.random()
        if kind < 0.35:  # dark, as hair, a bar or glasses are
            colour = colour * 0.2
        elif kind < 0.6:  # white or light blue, as a mask or paper is
            colour = 1 - 0.3 * colour
        elif kind < 0.75:  # the photo's own colours from elsewhere
            roll = torch.roll(image, (INPUT_SIZE // 2, INPUT_SIZE // 3), (1, 2))
            image = image * (1 - inside) + roll * inside
            inside_small = F.avg_pool2d(inside[None, None], STRIDE)[0, 0] > 0.5
            labels[inside_small & (labels > 0)] = COVERED
            return image
        texture = colour[:, None, None] + 0.06 * torch.randn(3, INPUT_SIZE, INPUT_SIZE)
        image = image * (1 - inside) + texture.clamp(0, 1) * inside
        inside_small = F.avg_pool2d(inside[None, None], STRIDE)[0, 0] > 0.5
        labels[inside_small & (labels > 0)] = COVERED
        return image

    def _light(self, image: Tensor) -> Tensor:
        """Exposure, contrast, colour cast, a gradient of light, softness, noise, small steps of compression."""
        rng = self.rng
        if rng.random() < 0.15:
            image = image.mean(0, keepdim=True).expand(3, -1, -1)
        gain = torch.tensor(np.exp(rng.normal(0, 0.1, 3) + rng.normal(0, 0.28)), dtype=torch.float32)
        image = (image.clamp(1e-3, 1) ** math.exp(rng.normal(0, 0.2))) * gain[:, None, None]
        if rng.random() < 0.4:
            ramp = torch.linspace(-1, 1, INPUT_SIZE)
            slope = rng.normal(0, 0.35, 2)
            image = image * torch.exp(slope[0] * ramp[None, None, :] + slope[1] * ramp[None, :, None])
        if rng.random() < 0.4:
            factor = float(rng.uniform(1.5, 4))
            small = F.interpolate(image[None], scale_factor=1 / factor, mode="bilinear", antialias=True)
            image = F.interpolate(small, size=(INPUT_SIZE, INPUT_SIZE), mode="bilinear")[0]
        if rng.random() < 0.4:
            image = image + float(rng.uniform(0, 0.06)) * torch.randn_like(image)
        return image.clamp(0, 1)

    def _fill(self) -> Tensor:
        """Something to stand behind a picture: plain colour or a picture with no face."""
        rng = self.rng
        if rng.random() < 0.35:
            colour = torch.tensor(rng.uniform(0, 1, 3), dtype=torch.float32)
            if rng.random() < 0.5:
                colour = colour.mean().round().expand(3)
            return colour[:, None, None].expand(3, INPUT_SIZE, INPUT_SIZE)
        picture = torch.from_numpy(self.background[int(rng.integers(len(self.background)))])
        picture = picture.permute(2, 0, 1).float() / 255
        if rng.random() < 0.5:
            picture = picture.flip(2)
        return picture

    def _face(self, i: int, mode: str) -> _PlacedFace:
        """One face, placed as this mode says."""
        s = self.samples
        matrix, mirrored = self._placement(i, mode)
        image, real, labels, weights = self._warp(i, matrix)
        inverse = np.linalg.inv(matrix[:, :2])
        points = (s.points[i] - matrix[:, 2]) @ inverse.T
        x0, y0, x1, y1 = s.boxes[i]
        centre = inverse @ (np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - matrix[:, 2])
        # A face is about an ellipse in its box; this is the box of the ellipse after the turn.
        half = np.sqrt(inverse**2 @ np.array([(x1 - x0) / 2, (y1 - y0) / 2]) ** 2)
        box = np.concatenate([centre - half, centre + half])
        totals = s.totals[i] * abs(np.linalg.det(inverse))
        yaw, pitch, roll = s.poses[i]
        across = inverse @ np.array([math.cos(math.radians(roll)), math.sin(math.radians(roll))])
        if mirrored:
            yaw, across = -yaw, -across
            labels = MIRRORED_LABELS[labels]
            totals, points = totals[MIRRORED_ZONES], points[MIRRORED_POINTS]
        across = across / np.linalg.norm(across)
        pose = np.array([yaw / 90, pitch / 90, across[1], across[0]])
        return _PlacedFace(image, real, labels, weights, totals, points, box, pose)

    def batch(self, indices: Sequence[int]) -> ZoneBatch:
        """A batch of the samples at these indices; index -1 stands for a picture with no face."""
        n, cells, k = len(indices), INPUT_SIZE // STRIDE, len(KEY_POINTS)
        out = ZoneBatch(
            torch.empty(n, 3, INPUT_SIZE, INPUT_SIZE),
            torch.zeros(n, 6, cells, cells),
            torch.zeros(n, 1, cells, cells),
            torch.full((n, 2, cells, cells), math.nan),
            torch.zeros(n, k, cells, cells),
            torch.zeros(n, 5),
            torch.zeros(n, 4),
            torch.zeros(n, dtype=torch.bool),
        )
        rng = self.rng
        for row, i in enumerate(indices):
            image = self._fill()
            if i < 0:
                picture = torch.from_numpy(self.background[int(rng.integers(len(self.background)))])
                image = picture.permute(2, 0, 1).float() / 255
                out.image[row] = self._light(image)
                continue
            mode = str(rng.choice(["crop", "small", "close", "double"], p=[0.52, 0.24, 0.18, 0.06]))
            if mode == "double":
                halves = [self._face(int(rng.choice(self.partners)), mode) for _ in range(2)]
                pair = torch.empty(3, INPUT_SIZE, INPUT_SIZE)
                for side, half in enumerate(halves):
                    part = slice(INPUT_SIZE // 4, 3 * INPUT_SIZE // 4)
                    left = slice(side * INPUT_SIZE // 2, (side + 1) * INPUT_SIZE // 2)
                    pair[:, :, left] = torch.where(half.real[:, :, part] > 0, half.image[:, :, part], image[:, :, left])
                    box = half.box + np.tile([(side - 0.5) * INPUT_SIZE / 2, 0], 2)
                    self._mark_centre(out, row, box, side * INPUT_SIZE / 2, (side + 1) * INPUT_SIZE / 2)
                out.image[row] = self._light(pair)
                continue
            face = self._face(i, mode)
            labels = face.labels
            image = torch.where(face.real > 0, face.image, image) if rng.random() < 0.75 else face.image
            if rng.random() < 0.3:
                image = self._cover(image, labels)
            out.image[row] = self._light(image)
            out.single[row] = True
            for zone in range(5):
                seen = labels == zone + 1
                out.zones[row, zone] = seen.float()
                share = float((face.weights * seen).sum()) * STRIDE**2 / max(face.totals[zone], 1e-6)
                out.visible[row, zone] = min(1.0, share)
            out.zones[row, 5] = (labels > 0).float()
            out.pose[row] = torch.from_numpy(face.pose).float()
            longer = max(face.box[2] - face.box[0], face.box[3] - face.box[1])
            sigma = max(0.9, 0.02 * longer / STRIDE)
            at = torch.arange(cells) + 0.5
            for j, (x, y) in enumerate(face.points / STRIDE):
                if -0.5 < x < cells + 0.5 and -0.5 < y < cells + 0.5:
                    gx, gy = torch.exp(-((at - x) ** 2) / (2 * sigma**2)), torch.exp(-((at - y) ** 2) / (2 * sigma**2))
                    out.points[row, j] = gy[:, None] * gx[None]
            self._mark_centre(out, row, face.box, 0, INPUT_SIZE)
        return out

    def _mark_centre(self, out: ZoneBatch, row: int, box: Floats, left: float, right: float) -> None:
        """Mark the centre of the part of a face that is in the frame, and its size around it."""
        x0, x1 = np.clip(box[[0, 2]], left, right)
        y0, y1 = np.clip(box[[1, 3]], 0, INPUT_SIZE)
        if x1 - x0 < 6 or y1 - y0 < 6:
            return
        cells = INPUT_SIZE // STRIDE
        cx, cy = (x0 + x1) / 2 / STRIDE, (y0 + y1) / 2 / STRIDE
        sigma = max(0.8, 0.06 * max(x1 - x0, y1 - y0) / STRIDE)
        at = torch.arange(cells) + 0.5
        bump = torch.exp(-((at - cy) ** 2) / (2 * sigma**2))[:, None] * torch.exp(-((at - cx) ** 2) / (2 * sigma**2))
        near = bump > 0.5
        peak_y, peak_x = min(cells - 1, int(cy)), min(cells - 1, int(cx))
        near[peak_y, peak_x] = True
        bump[peak_y, peak_x] = 1.0
        out.centre[row, 0] = torch.maximum(out.centre[row, 0], bump)
        out.size[row, 0][near] = math.log((x1 - x0) / INPUT_SIZE)
        out.size[row, 1][near] = math.log((y1 - y0) / INPUT_SIZE)
