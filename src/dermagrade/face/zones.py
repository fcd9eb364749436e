"""Finds the face of a photo and its five skin zones with the package's own small network.

The network sees the photo twice: once whole, to find faces, and once cropped to the face and turned upright, to read
zones, key points and pose. Nothing of a third party runs here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dermagrade.face.cover import uncovered
from dermagrade.masks import largest_part, smoothed, trace
from dermagrade.types import KEY_POINTS, ZONES, Box, FaceMap, Photo, Zone
from dermagrade.weights.model import Model, load_model

Floats = NDArray[np.float64]

#: Share of the cropped view that the longer side of the face fills.
_FACE_SHARE = 0.68
#: A face turned more than this in the picture is turned upright and read again.
_UPRIGHT_WITHIN_DEG = 30.0
#: At most this many faces are looked at.
_MOST_FACES = 6
#: A zone is drawn where the network gives it at least this probability.
_ZONE_FROM = 0.5
#: A key point is reported from this height of its map on.
_POINT_FROM = 0.2
#: A zone that fewer cells of the network's map than this show is not visible.
_FEWEST_CELLS = 3
#: Where each zone and each point stands in the mirror.
_MIRRORED_ZONES = [ZONES.index(z) for z in ("forehead", "nose", "right_cheek", "left_cheek", "chin")]
_MIRRORED_POINTS = [
    KEY_POINTS.index(p) for p in ("left_eye", "right_eye", "nose_tip", "mouth_left", "mouth_right", "chin")
]
#: The label map is drawn with the face at most this large, then enlarged: its outline is no finer anyway.
_DRAWN_FACE_PX = 400


@dataclass(frozen=True, eq=False)
class _View:
    """What the network says of one view; ``matrix`` (2, 3) takes view pixels to photo pixels."""

    matrix: Floats
    maps: dict[str, NDArray[np.float32]]
    cell: float

    def to_photo(self, xy: Floats) -> Floats:
        """View pixels ``(n, 2)`` to photo pixels."""
        return xy @ self.matrix[:, :2].T + self.matrix[:, 2]


@dataclass(frozen=True)
class _Candidate:
    box: Box
    score: float

    @property
    def area(self) -> float:
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])


def find_face(photo: Photo, *, model: Model | None = None, cover: bool = True) -> FaceMap | None:
    """The largest face of a photo with its zones, or None where there is no face.

    Args:
        photo: upright, sRGB.
        model: the zone network; the shipped one where None.
        cover: whether skin that something hides is looked for and left out (:mod:`dermagrade.face.cover`); False
            for what the network says by itself.

    Returns:
        A :class:`~dermagrade.types.FaceMap` in pixels of ``photo.pixels``; ``others`` holds the boxes of further
        faces.

    Raises:
        WeightsError: if the network's weights are absent or damaged.
    """
    model = model or load_model("zones")
    threshold = model.manifest.reading("face_threshold")
    look_again = model.manifest.reading("candidate_threshold")
    image = Image.fromarray(photo.pixels)
    whole = _look(model, image, _square(0.0, 0.0, float(image.width), float(image.height), 0.0, model))
    found: list[tuple[_Candidate, _View]] = []
    for candidate in _candidates(whole, image.size, look_again)[:_MOST_FACES]:
        view = _closer(model, image, candidate, whole)
        seen = [c for c in _candidates(view, image.size, look_again) if _overlap(c.box, candidate.box) > 0.2]
        if not seen:
            continue
        best = max(seen, key=lambda c: c.score)
        sure = replace(best, score=_confidence(candidate.score, best.score, view))
        if sure.score >= threshold and all(_overlap(sure.box, c.box) < 0.3 for c, _ in found):
            found.append((sure, view))
    if not found:
        return None
    found.sort(key=lambda pair: -pair[0].area)
    (main, view), *rest = found
    view = _upright(model, image, main, view)
    face = _read(view, image.size, main, tuple(c.box for c, _ in rest))
    return uncovered(photo, face) if cover else face


def _confidence(far: float, near: float, view: _View) -> float:
    """How sure it is that a view shows a face, 0 to 1.

    The geometric mean of four answers: the centre in the whole photo, the centre in the closer view, the three surest
    key points, and how decided the zones are. An object that looks like a face in one way seldom does in all.
    """
    zones = view.maps["zones"][:5].max(axis=0)
    drawn = zones[zones >= _ZONE_FROM]
    decided = float(drawn.mean()) if drawn.size else 0.0
    surest = np.sort(view.maps["points"].reshape(len(KEY_POINTS), -1).max(axis=1))[-3:]
    return float((far * near * decided * float(surest.mean())) ** 0.25)


def _square(x0: float, y0: float, x1: float, y1: float, roll_deg: float, model: Model) -> Floats:
    """Matrix of a square view around a box, turned so that a face rolled by that angle stands upright."""
    side = model.manifest.size
    scale = max(x1 - x0, y1 - y0) / side
    c, s = math.cos(math.radians(roll_deg)) * scale, math.sin(math.radians(roll_deg)) * scale
    linear = np.array([[c, -s], [s, c]])
    shift = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) - linear @ np.array([side / 2, side / 2])
    return np.concatenate([linear, shift[:, None]], axis=1)


def _look(model: Model, image: Image.Image, matrix: Floats) -> _View:
    """A view and its mirror image, answers averaged: steadier points, and faces told apart better."""
    side = model.manifest.size
    scale = math.hypot(matrix[0, 0], matrix[1, 0])
    shrink = max(1, int(scale))
    source = image.reduce(shrink) if shrink > 1 else image
    data = tuple((matrix / shrink).ravel().tolist())
    seen = source.transform((side, side), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)
    pixels = np.asarray(seen, np.float32).transpose(2, 0, 1)[None] / np.float32(255)
    one = model.run(image=np.ascontiguousarray(pixels))
    two = model.run(image=np.ascontiguousarray(pixels[..., ::-1]))
    mirrored = {
        "centre": two["centre"][..., ::-1],
        "size": two["size"][..., ::-1],
        "zones": two["zones"][[*_MIRRORED_ZONES, 5]][..., ::-1],
        "points": two["points"][_MIRRORED_POINTS][..., ::-1],
        "visible": two["visible"][_MIRRORED_ZONES],
        "pose": two["pose"] * np.array([-1, 1, -1, 1], np.float32),
    }
    maps = {name: (one[name] + mirrored[name]) / 2 for name in mirrored}
    return _View(matrix, maps, side / maps["centre"].shape[-1])


def _candidates(view: _View, size: tuple[int, int], threshold: float) -> list[_Candidate]:
    """Faces by their centre's probability, best first, doubles removed; boxes in photo pixels, within the photo."""
    heat = view.maps["centre"]
    padded = np.pad(heat, 1)
    h, w = heat.shape
    around = np.max([padded[i : i + h, j : j + w] for i in range(3) for j in range(3)], axis=0)
    ys, xs = np.nonzero((heat >= threshold) & (heat >= around))
    order = np.argsort(-heat[ys, xs])
    kept: list[_Candidate] = []
    for y, x in zip(ys[order], xs[order], strict=True):
        centre = view.to_photo(np.array([[(x + 0.5) * view.cell, (y + 0.5) * view.cell]]))[0]
        side = view.cell * w
        half = np.exp(view.maps["size"][:, y, x].astype(np.float64)) * side / 2
        # The box of the ellipse that fills the network's box, after the turn of the view.
        reach = np.sqrt(view.matrix[:, :2] ** 2 @ half**2)
        low = np.maximum(centre - reach, 0.0)
        high = np.minimum(centre + reach, np.array(size, np.float64))
        if (high - low).min() < 2:
            continue
        candidate = _Candidate((float(low[0]), float(low[1]), float(high[0]), float(high[1])), float(heat[y, x]))
        if all(_overlap(candidate.box, other.box) < 0.3 for other in kept):
            kept.append(candidate)
    return kept


def _overlap(a: Box, b: Box) -> float:
    """Shared area over that of the smaller box, so that a part of a face is not another face."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return width * height / smaller


def _closer(model: Model, image: Image.Image, candidate: _Candidate, whole: _View) -> _View:
    """The view in which this face has its usual size; the whole photo's view where it has that already."""
    x0, y0, x1, y1 = candidate.box
    side = max(x1 - x0, y1 - y0) / _FACE_SHARE
    longest = max(image.size)
    if side >= 0.92 * longest:
        return whole
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    return _look(model, image, _square(cx - side / 2, cy - side / 2, cx + side / 2, cy + side / 2, 0.0, model))


def _upright(model: Model, image: Image.Image, main: _Candidate, view: _View) -> _View:
    """The view again, turned, where the face is far from upright in it."""
    roll = _roll_deg(view)
    if abs(roll) <= _UPRIGHT_WITHIN_DEG:
        return view
    x0, y0, x1, y1 = main.box
    side = max(x1 - x0, y1 - y0) / _FACE_SHARE
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    turned = _look(model, image, _square(cx - side / 2, cy - side / 2, cx + side / 2, cy + side / 2, roll, model))
    # Kept only if the network finds the face at least as well, and upright, after the turn.
    better = turned.maps["centre"].max() >= 0.8 * view.maps["centre"].max() and abs(_roll_deg(turned)) < abs(roll)
    return turned if better else view


def _roll_deg(view: _View) -> float:
    pose = view.maps["pose"]
    return math.degrees(math.atan2(float(pose[2]), float(pose[3])))


def _read(view: _View, size: tuple[int, int], main: _Candidate, others: tuple[Box, ...]) -> FaceMap:
    """Zones, points and pose of a view, in photo pixels."""
    probability = view.maps["zones"][:5]
    winner = probability.argmax(axis=0)
    zones: dict[str, Zone] = {}
    for i, name in enumerate(ZONES):
        shown = (probability[i] >= _ZONE_FROM) & (winner == i)
        visible = float(np.clip(view.maps["visible"][i], 0.0, 1.0)) if shown.sum() >= _FEWEST_CELLS else 0.0
        polygon = np.zeros((0, 2))
        if visible > 0:
            fine = _twice(np.where(winner == i, probability[i], np.minimum(probability[i], _ZONE_FROM - 0.01)))
            corners = smoothed(trace(largest_part(fine >= _ZONE_FROM)))
            polygon = view.to_photo(corners * view.cell / 2)
            polygon = np.clip(polygon, 0.0, np.array(size, np.float64))
        zones[name] = Zone(name, visible if len(polygon) else 0.0, polygon)
    turn = math.degrees(math.atan2(view.matrix[1, 0], view.matrix[0, 0]))
    roll = (_roll_deg(view) + turn + 180) % 360 - 180
    pose = view.maps["pose"]
    return FaceMap(
        box=main.box,
        points=_points(view, size),
        yaw_deg=float(np.clip(pose[0], -1.2, 1.2)) * 90,
        pitch_deg=float(np.clip(pose[1], -1.0, 1.0)) * 90,
        roll_deg=roll,
        label_map=_label_map(view, size, main.box, tuple(zones[z].visible > 0 for z in ZONES)),
        zones=zones,
        confidence=min(1.0, main.score),
        others=others,
    )


def _points(view: _View, size: tuple[int, int]) -> dict[str, tuple[float, float]]:
    """Key points as the centre of mass around each map's peak."""
    points: dict[str, tuple[float, float]] = {}
    for name, heat in zip(KEY_POINTS, view.maps["points"], strict=True):
        y, x = np.unravel_index(int(heat.argmax()), heat.shape)
        if heat[y, x] < _POINT_FROM:
            continue
        y0, y1, x0, x1 = max(0, y - 2), y + 3, max(0, x - 2), x + 3
        patch = heat[y0:y1, x0:x1].astype(np.float64)
        ys, xs = np.mgrid[y0 : y0 + patch.shape[0], x0 : x0 + patch.shape[1]]
        at = np.array([[(xs * patch).sum(), (ys * patch).sum()]]) / patch.sum() + 0.5
        px, py = view.to_photo(at * view.cell)[0]
        if 0 <= px < size[0] and 0 <= py < size[1]:
            points[name] = (float(px), float(py))
    return points


def _twice(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """A map enlarged to twice its sides, smoothly."""
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize((2 * image.width, 2 * image.height), Image.Resampling.BILINEAR))


def _label_map(view: _View, size: tuple[int, int], box: Box, visible: tuple[bool, ...]) -> NDArray[np.uint8]:
    """The zone of every photo pixel; zones that are not visible are left out."""
    width, height = size
    labels = np.zeros((height, width), np.uint8)
    # The zones may reach a little beyond the box.
    grow = 0.15 * max(box[2] - box[0], box[3] - box[1])
    x0, y0 = max(0, int(box[0] - grow)), max(0, int(box[1] - grow))
    x1, y1 = min(width, math.ceil(box[2] + grow)), min(height, math.ceil(box[3] + grow))
    step = max(1, round(max(x1 - x0, y1 - y0) / _DRAWN_FACE_PX))
    shape = (math.ceil((x1 - x0) / step), math.ceil((y1 - y0) / step))
    inverse = np.linalg.inv(view.matrix[:, :2])
    linear = inverse * step / view.cell
    shift = inverse @ (np.array([x0, y0]) - view.matrix[:, 2]) / view.cell
    data = tuple(np.concatenate([linear, shift[:, None]], axis=1).ravel().tolist())
    best = np.full((shape[1], shape[0]), _ZONE_FROM, np.float32)
    drawn = np.zeros((shape[1], shape[0]), np.uint8)
    for i, probability in enumerate(view.maps["zones"][:5]):
        if not visible[i]:
            continue
        heat = np.asarray(
            Image.fromarray(probability.astype(np.float32)).transform(
                shape, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
            )
        )
        wins = heat >= best
        drawn[wins] = i + 1
        best = np.maximum(best, heat)
    enlarged = drawn.repeat(step, axis=0).repeat(step, axis=1)
    labels[y0:y1, x0:x1] = enlarged[: y1 - y0, : x1 - x0]
    return labels
