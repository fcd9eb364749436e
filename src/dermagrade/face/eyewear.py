"""The frame of glasses, and where in a face from the front a pixel lies."""

from __future__ import annotations

import numpy as np
from PIL import Image

from dermagrade.face.upright import FACE_PX, Floats, Upright
from dermagrade.light import LUMINANCE, to_linear
from dermagrade.masks import Mask
from dermagrade.types import FaceMap, Photo

#: The strip around the eyes is brought to this distance between them, in pixels.
_EYES_PX = 48
#: The strip from above the brows to the mouth, and half its width, in distances between the eyes.
_TOP, _BOTTOM, _HALF = -0.6, 1.0, 1.2
#: How much darker a line is than the skin on both sides of it, as natural logarithm of light: over the nose and, on
#: average of both eyes, below the eyes.
_BRIDGE_FROM, _RIM_FROM = 0.1, 0.08
#: How much darker it is than the person's cheeks; a wrinkle between two gleams, on dark skin above all, is not.
_BRIDGE_DARKER, _RIM_DARKER = 0.3, 0.1
#: Rows that the line over the nose, and the straighter of the two below the eyes, may span: spots lie all over.
_BRIDGE_SPAN_PX, _RIM_SPAN_PX = 13, 10
#: Skin this far on both sides of a line is compared with it, in pixels of the strip: wrinkles and bags are wider.
_BESIDE_PX = 2


#: A face turned or tilted further than this is not taken for one from the front.
_FRONTAL_WITHIN_DEG = 30.0
#: Distance of the eyes over the longer side of the face's box, seen from the front.
_APART = (0.25, 0.6)


def ahead(face: FaceMap, view: Upright) -> Floats | None:
    """Where each pixel of the view lies in a face from the front, ``(h, w, 2)``; None where it is not from there.

    x to the viewer's right and y down from the middle between the eyes, in distances between the eyes.
    """
    if not {"right_eye", "left_eye", "nose_tip"} <= set(face.points):
        return None
    if max(abs(face.yaw_deg), abs(face.roll_deg)) > _FRONTAL_WITHIN_DEG:
        return None
    right, left, nose = (view.to_view(face.points[name]) for name in ("right_eye", "left_eye", "nose_tip"))
    apart = float(np.hypot(*(left - right)))
    if not _APART[0] <= apart / FACE_PX <= _APART[1]:
        return None
    across = (left - right) / apart
    # In the view the eyes stand level, and the nose below them; elsewhere the points cannot be trusted.
    middle = (left + right) / 2
    if across[0] < 0.9 or not 0.3 <= (nose - middle)[1] / apart <= 1.1 or abs((nose - middle)[0]) > 0.5 * apart:
        return None
    ys, xs = np.mgrid[: view.labels.shape[0], : view.labels.shape[1]] + 0.5
    x, y = xs - (left[0] + right[0]) / 2, ys - (left[1] + right[1]) / 2
    return np.stack([x * across[0] + y * across[1], y * across[0] - x * across[1]], axis=-1) / apart


def find_glasses(photo: Photo, face: FaceMap, view: Upright) -> Mask | None:
    """The pixels of the view under the frame of glasses; None where there are none, or none that can be told.

    A thin dark line crosses the nose between the eyes, and another runs below each eye. The lenses themselves count
    as clear. Only in a face from the front.
    """
    strip = None if ahead(face, view) is None else _strip(photo, face)
    if strip is None:
        return None
    light, matrix = strip
    rows = (np.arange(light.shape[0]) + 0.5) / _EYES_PX + _TOP
    columns = (np.arange(light.shape[1]) + 0.5) / _EYES_PX - _HALF
    # Averaged along the line, so that single pixels and lashes do not count.
    wide = np.pad(np.log(light + 0.01), ((0, 0), (2, 2)), mode="edge")
    line = sum((wide[:, i : i + light.shape[1]] for i in range(5)), np.zeros_like(light)) / 5
    tall = np.pad(line, ((_BESIDE_PX, _BESIDE_PX), (0, 0)), mode="edge")
    depth = np.minimum(tall[: -2 * _BESIDE_PX], tall[2 * _BESIDE_PX :]) - line
    cheeks = line[np.ix_((rows > 0.65) & (rows < 0.95), (np.abs(columns) > 0.2) & (np.abs(columns) < 0.8))]
    frame = np.zeros(light.shape, bool)
    depths, darker, spans = [], [], []
    parts = [(np.abs(columns) < 0.12, (rows > -0.25) & (rows < 0.3))]
    parts += [(np.abs(columns - eye) < 0.22, (rows > 0.22) & (rows < 0.75)) for eye in (-0.5, 0.5)]
    for across, down in parts:
        inside = depth[np.ix_(down, across)]
        deepest = inside.argmax(axis=0)
        spans.append(int(np.ptp(deepest)))
        depths.append(float(np.quantile(inside.max(axis=0), 0.25)))
        at_deepest = line[np.ix_(down, across)][deepest, np.arange(inside.shape[1])]
        darker.append(float(np.median(cheeks) - np.median(at_deepest)))
        found = np.abs(np.arange(inside.shape[0])[:, None] - deepest[None]) <= 2
        frame[np.ix_(down, across)] |= found
    bridge, right, left = depths
    if bridge < _BRIDGE_FROM or (right + left) / 2 < _RIM_FROM or min(right, left) < _RIM_FROM / 2:
        return None
    if darker[0] < _BRIDGE_DARKER or (darker[1] + darker[2]) / 2 < _RIM_DARKER:
        return None
    if spans[0] > _BRIDGE_SPAN_PX or min(spans[1:]) > _RIM_SPAN_PX:
        return None
    return _in_view(frame, matrix, view)


def _strip(photo: Photo, face: FaceMap) -> tuple[Floats, Floats] | None:
    """Luminance of the strip around the eyes, and the ``(2, 3)`` matrix from its pixels to those of the photo."""
    if not {"right_eye", "left_eye"} <= set(face.points):
        return None
    right, left = (np.array(face.points[name]) for name in ("right_eye", "left_eye"))
    apart = float(np.hypot(*(left - right)))
    if apart < 8:
        return None
    across = (left - right) / apart
    scale = apart / _EYES_PX
    linear = np.stack([across, np.array([-across[1], across[0]])], axis=1) * scale
    width, height = round(2 * _HALF * _EYES_PX), round((_BOTTOM - _TOP) * _EYES_PX)
    shift = (left + right) / 2 + linear @ np.array([-width / 2, _TOP * _EYES_PX])
    matrix = np.concatenate([linear, shift[:, None]], axis=1)
    reach = 2 * apart
    x0, y0 = (max(0, int(v - reach)) for v in (left + right) / 2)
    x1, y1 = (int(v + reach) + 1 for v in (left + right) / 2)
    shrink = max(1, round(scale))
    near = matrix.copy()
    near[:, 2] -= (x0, y0)
    image = Image.fromarray(photo.pixels[y0:y1, x0:x1]).reduce(shrink)
    data = tuple((near / shrink).ravel().tolist())
    seen = np.asarray(image.transform((width, height), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR))
    return np.asarray(to_linear(seen) @ LUMINANCE), matrix


def _in_view(frame: Mask, matrix: Floats, view: Upright) -> Mask:
    """A mask of the strip as one of the view."""
    inverse = np.linalg.inv(matrix[:, :2])
    linear = inverse @ view.matrix[:, :2]
    shift = inverse @ (view.matrix[:, 2] - matrix[:, 2])
    data = tuple(np.concatenate([linear, shift[:, None]], axis=1).ravel().tolist())
    size = (view.labels.shape[1], view.labels.shape[0])
    return np.asarray(Image.fromarray(frame.astype(np.uint8)).transform(size, Image.Transform.AFFINE, data)) > 0
