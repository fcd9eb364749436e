"""The zones' names and scores, written where they hide no mark and, if possible, no skin."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

from dermagrade.reports.crop import Crop
from dermagrade.reports.marks import SMOOTH, ZONE_COLOURS, font_of, zone_title
from dermagrade.types import ZONES, Assessment, FaceMap


def draw_labels(
    draw: ImageDraw.ImageDraw,
    face: FaceMap,
    assessment: Assessment,
    crop: Crop,
    rings: Sequence[tuple[float, float, float]],
) -> None:
    """Write each zone's score close to the zone, where it hides no ring and, if possible, no skin."""
    width, height = crop.picture.size
    size = 24
    cell = 4  # the search for a place runs on a grid of this many pixels
    cost = (crop.labels[::cell, ::cell] > 0).astype(np.float64)
    x0, y0 = crop.place(*face.box[:2])
    x1, y1 = crop.place(*face.box[2:])
    cost[max(0, int(y0 / cell)) : max(0, int(y1 / cell)), max(0, int(x0 / cell)) : max(0, int(x1 / cell))] += 0.5
    yy, xx = np.mgrid[: cost.shape[0], : cost.shape[1]]
    for x, y, radius in rings:
        cost[(xx * cell - x) ** 2 + (yy * cell - y) ** 2 <= (radius + 4) ** 2] += 60.0
    for name in ("right_eye", "left_eye"):  # a label over an eye is ugly
        if name in face.points:
            x, y = crop.place(*face.points[name])
            cost[(xx * cell - x) ** 2 + (yy * cell - y) ** 2 <= (0.12 * (x1 - x0)) ** 2] += 2.0
    for name in face.found:
        score = assessment.zones.get(name)
        text = zone_title(name) if score is None else f"{zone_title(name)}  {score.score:.1f}"
        left, top, right, bottom = draw.textbbox((0, 0), text, font=font_of(size))
        w, h = int(right - left) + 22, int(bottom - top) + 16
        mask = crop.labels == ZONES.index(name) + 1
        if not mask.any() or w + 8 > width or h + 8 > height:
            continue
        ys, xs = np.nonzero(mask)
        middle = float(xs.mean()), float(ys.mean())
        bx, by = _cheapest(cost, cell, w, h, middle, max(width, height))
        box = (bx, by, bx + w, by + h)
        if not (box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]):
            _draw_leader(draw, box, mask, ZONE_COLOURS[name])
        draw.rounded_rectangle(
            [v * SMOOTH for v in box],
            radius=8 * SMOOTH,
            fill=(20, 22, 28, 225),
            outline=(*ZONE_COLOURS[name], 255),
            width=3 * SMOOTH,
        )
        big = font_of(size * SMOOTH)
        draw.text(
            ((bx + w / 2) * SMOOTH, (by + h / 2) * SMOOTH), text, font=big, fill=(255, 255, 255, 255), anchor="mm"
        )
        cost[max(0, by // cell - 2) : (by + h) // cell + 3, max(0, bx // cell - 2) : (bx + w) // cell + 3] += 500.0


def _cheapest(
    cost: NDArray[np.float64], cell: int, w: int, h: int, middle: tuple[float, float], reach: int
) -> tuple[int, int]:
    """Upper left corner of the place of ``w`` by ``h`` pixels that hides least and lies near ``middle``."""
    cw, ch = math.ceil(w / cell), math.ceil(h / cell)
    total = np.pad(cost, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    hidden = total[ch:, cw:] - total[:-ch, cw:] - total[ch:, :-cw] + total[:-ch, :-cw]
    rows, columns = np.mgrid[: hidden.shape[0], : hidden.shape[1]]
    away = np.hypot(columns * cell + w / 2 - middle[0], rows * cell + h / 2 - middle[1]) / reach
    rim = (rows == 0) | (columns == 0) | (rows == hidden.shape[0] - 1) | (columns == hidden.shape[1] - 1)
    best = int(np.argmin(hidden / (cw * ch) + 4.0 * away + 0.5 * rim))
    return int(best % hidden.shape[1]) * cell, int(best // hidden.shape[1]) * cell


def _draw_leader(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    mask: NDArray[np.bool_],
    colour: tuple[int, int, int],
) -> None:
    """A short line from the label to the nearest pixel of its zone."""
    ys, xs = np.nonzero(mask[::4, ::4])
    if not len(xs):
        return
    px, py = xs * 4.0, ys * 4.0
    nearest = int(np.argmin((px - np.clip(px, box[0], box[2])) ** 2 + (py - np.clip(py, box[1], box[3])) ** 2))
    end = float(px[nearest]), float(py[nearest])
    start = float(np.clip(end[0], box[0] + 8, box[2] - 8)), float(np.clip(end[1], box[1], box[3]))
    line = [tuple(v * SMOOTH for v in start), tuple(v * SMOOTH for v in end)]
    draw.line(line, fill=(0, 0, 0, 170), width=5 * SMOOTH)
    draw.line(line, fill=(*colour, 255), width=3 * SMOOTH)
