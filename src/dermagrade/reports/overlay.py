"""One picture that shows at a glance what was graded: zones, lesions, scores and a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dermagrade.scales import SCALES
from dermagrade.types import ZONES, Assessment, Box, FaceMap, Lesion, Photo, Screening

#: A colour for each zone: from the palette of Okabe and Ito (2008), told apart with any common colour blindness.
ZONE_COLOURS: dict[str, tuple[int, int, int]] = {
    "forehead": (86, 180, 233),
    "nose": (240, 228, 66),
    "left_cheek": (0, 158, 115),
    "right_cheek": (230, 159, 0),
    "chin": (204, 121, 167),
}

# The longer side of the shown part of the photo ends up between these, in pixels.
_SHORTEST, _LONGEST = 1000, 1280
# A face that fills less of the photo's width than this is shown closer, with this margin around its box.
_SMALL_FACE, _FRAME_MARGIN = 0.45, 0.28
_PANEL_WIDTH = 430
_INK, _SOFT, _PAPER, _RULE = (24, 28, 36), (92, 99, 112), (250, 250, 248), (214, 216, 220)
_SURE_FROM = 0.5
_SMOOTH = 2  # drawn this many times larger, then reduced: Pillow's own lines and rings have hard edges


def zone_title(zone: str) -> str:
    """The zone's name as people read it: ``left_cheek`` is "Left cheek"."""
    return zone.replace("_", " ").capitalize()


def about_lesions(count: float) -> str:
    """An estimated number of lesions in words: "about 1 lesion"."""
    return "about 1 lesion" if round(count) == 1 else f"about {count:.0f} lesions"


def draw_overlay(
    photo: Photo, face: FaceMap, assessment: Assessment, screening: Screening | None = None
) -> Image.Image:
    """Draw zones, lesions and scores onto the photo, with a panel that explains them.

    Where the face is small in the photo, only the part around it is shown. The shown part is scaled so that its longer
    side is 1000 to 1280 pixels; the panel stands beside a portrait and below a landscape, in pixels of its own, so it
    is readable at every size of photo.

    Args:
        photo: the photo that was assessed.
        face: where the face is, in pixels of ``photo.pixels``.
        assessment: what was found, with lesions in pixels of the full photo.
        screening: findings to tell the reader; none where None.

    Returns:
        An RGB picture.
    """
    view = _View(photo, face)
    picture = view.picture.copy().convert("RGBA")
    layer = Image.new("RGBA", (picture.width * _SMOOTH, picture.height * _SMOOTH), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    rings = [view.ring(lesion, photo.scale) for lesion in assessment.lesions]
    _draw_zones(draw, face, view)
    for (x, y, radius), lesion in zip(rings, assessment.lesions, strict=True):
        _draw_ring(draw, x, y, radius, sure=lesion.confidence >= _SURE_FROM)
    _draw_labels(draw, face, assessment, view, rings)
    smooth = layer.convert("RGBa").reduce(_SMOOTH).convert("RGBA")
    picture.alpha_composite(smooth)
    return _with_panel(picture.convert("RGB"), face, assessment, screening)


def close_up(photo: Photo, face: FaceMap) -> Image.Image:
    """The part of the photo that :func:`draw_overlay` shows, at the same size, with nothing drawn on it."""
    return _View(photo, face).picture.copy()


class _View:
    """The part of the photo that is shown, and the way from its pixels to the picture's."""

    def __init__(self, photo: Photo, face: FaceMap) -> None:
        x0, y0, x1, y1 = _frame(photo, face.box)
        self.left, self.top = x0, y0
        longer = max(x1 - x0, y1 - y0)
        self.factor = min(max(longer, _SHORTEST), _LONGEST) / longer
        size = max(1, round((x1 - x0) * self.factor)), max(1, round((y1 - y0) * self.factor))
        part = Image.fromarray(photo.pixels[y0:y1, x0:x1])
        self.picture = part.resize(size, Image.Resampling.LANCZOS)
        labels = Image.fromarray(face.label_map[y0:y1, x0:x1])
        self.labels: NDArray[np.uint8] = np.asarray(labels.resize(size, Image.Resampling.NEAREST))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From pixels of ``Photo.pixels`` to pixels of the picture."""
        return (x - self.left) * self.factor, (y - self.top) * self.factor

    def ring(self, lesion: Lesion, scale: float) -> tuple[float, float, float]:
        """Centre and radius of the ring around a lesion: outside its edge, and never too small to see."""
        x, y = self.place(lesion.x / scale, lesion.y / scale)
        return x, y, max(lesion.radius / scale * self.factor * 1.35 + 2, 8.0)


def _frame(photo: Photo, box: Box) -> tuple[int, int, int, int]:
    height, width = photo.pixels.shape[:2]
    x0, y0, x1, y1 = box
    if (x1 - x0) >= _SMALL_FACE * width or x1 - x0 < 1 or y1 - y0 < 1:
        return 0, 0, width, height
    margin = _FRAME_MARGIN * max(x1 - x0, y1 - y0)
    left, top = max(0, math.floor(x0 - margin)), max(0, math.floor(y0 - margin))
    right, bottom = min(width, math.ceil(x1 + margin)), min(height, math.ceil(y1 + margin))
    if right - left < 8 or bottom - top < 8:
        return 0, 0, width, height
    return left, top, right, bottom


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _draw_zones(draw: ImageDraw.ImageDraw, face: FaceMap, view: _View) -> None:
    for name in ZONES:
        zone = face.zones[name]
        if not zone.found or len(zone.polygon) < 3:
            continue
        points = [tuple(v * _SMOOTH for v in view.place(x, y)) for x, y in zone.polygon]
        path = [*points, points[0], points[1]]
        draw.line(path, fill=(0, 0, 0, 150), width=5 * _SMOOTH, joint="curve")
        draw.line(path, fill=(*ZONE_COLOURS[name], 255), width=3 * _SMOOTH, joint="curve")


def _draw_ring(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, *, sure: bool) -> None:
    """A white ring with a dark rim for a lesion the network is sure of, a broken one for the rest."""

    def box(r: float) -> tuple[float, float, float, float]:
        return (x - r) * _SMOOTH, (y - r) * _SMOOTH, (x + r) * _SMOOTH, (y + r) * _SMOOTH

    if sure:
        draw.ellipse(box(radius + 1.5), outline=(0, 0, 0, 190), width=5 * _SMOOTH)
        draw.ellipse(box(radius), outline=(255, 255, 255, 255), width=2 * _SMOOTH)
        return
    for start in range(0, 360, 60):
        draw.arc(box(radius + 1.5), start, start + 36, fill=(0, 0, 0, 190), width=5 * _SMOOTH)
        draw.arc(box(radius), start + 3, start + 33, fill=(255, 255, 255, 255), width=2 * _SMOOTH)


def _draw_labels(
    draw: ImageDraw.ImageDraw,
    face: FaceMap,
    assessment: Assessment,
    view: _View,
    rings: Sequence[tuple[float, float, float]],
) -> None:
    """Write each zone's score close to the zone where it hides neither lesions nor, if possible, skin."""
    width, height = view.picture.size
    size = 24
    cell = 4  # the search for a place runs on a grid of this many pixels
    cost = (view.labels[::cell, ::cell] > 0).astype(np.float64)
    x0, y0 = view.place(*face.box[:2])
    x1, y1 = view.place(*face.box[2:])
    cost[max(0, int(y0 / cell)) : max(0, int(y1 / cell)), max(0, int(x0 / cell)) : max(0, int(x1 / cell))] += 0.5
    yy, xx = np.mgrid[: cost.shape[0], : cost.shape[1]]
    for x, y, radius in rings:
        cost[(xx * cell - x) ** 2 + (yy * cell - y) ** 2 <= (radius + 4) ** 2] += 60.0
    for name in ("right_eye", "left_eye"):  # a label over an eye is ugly
        if name in face.points:
            x, y = view.place(*face.points[name])
            cost[(xx * cell - x) ** 2 + (yy * cell - y) ** 2 <= (0.12 * (x1 - x0)) ** 2] += 2.0
    for name in face.found:
        score = assessment.zones.get(name)
        text = zone_title(name) if score is None else f"{zone_title(name)}  {score.score:.1f}"
        left, top, right, bottom = draw.textbbox((0, 0), text, font=_font(size))
        w, h = int(right - left) + 22, int(bottom - top) + 16
        mask = view.labels == ZONES.index(name) + 1
        if not mask.any() or w + 8 > width or h + 8 > height:
            continue
        ys, xs = np.nonzero(mask)
        middle = float(xs.mean()), float(ys.mean())
        bx, by = _cheapest(cost, cell, w, h, middle, max(width, height))
        box = (bx, by, bx + w, by + h)
        if not (box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3]):
            _draw_leader(draw, box, mask, ZONE_COLOURS[name])
        draw.rounded_rectangle(
            [v * _SMOOTH for v in box],
            radius=8 * _SMOOTH,
            fill=(20, 22, 28, 225),
            outline=(*ZONE_COLOURS[name], 255),
            width=3 * _SMOOTH,
        )
        big = _font(size * _SMOOTH)
        draw.text(
            ((bx + w / 2) * _SMOOTH, (by + h / 2) * _SMOOTH), text, font=big, fill=(255, 255, 255, 255), anchor="mm"
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
    line = [tuple(v * _SMOOTH for v in start), tuple(v * _SMOOTH for v in end)]
    draw.line(line, fill=(0, 0, 0, 170), width=5 * _SMOOTH)
    draw.line(line, fill=(*colour, 255), width=3 * _SMOOTH)


def _with_panel(
    picture: Image.Image, face: FaceMap, assessment: Assessment, screening: Screening | None
) -> Image.Image:
    if picture.height >= picture.width:
        blocks = [_headline(assessment, _PANEL_WIDTH), _zone_table(face, assessment, _PANEL_WIDTH)]
        blocks.append(_notes(assessment, screening, _PANEL_WIDTH))
        height = max(picture.height, sum(b.height for b in blocks))
        sheet = Image.new("RGB", (picture.width + _PANEL_WIDTH, height), _PAPER)
        sheet.paste(picture, (0, 0))
        top = 0
        for block in blocks:
            sheet.paste(block, (picture.width, top))
            top += block.height
        return sheet
    column = picture.width // 3
    blocks = [_headline(assessment, column), _zone_table(face, assessment, column)]
    blocks.append(_notes(assessment, screening, picture.width - 2 * column))
    sheet = Image.new("RGB", (picture.width, picture.height + max(b.height for b in blocks)), _PAPER)
    sheet.paste(picture, (0, 0))
    for i, block in enumerate(blocks):
        sheet.paste(block, (i * column, picture.height))
    return sheet


class _Column:
    """A sheet of fixed width that grows downwards while it is written on."""

    def __init__(self, width: int) -> None:
        self.width, self.y, self.pad = width, 24, 24
        self.sheet = Image.new("RGB", (width, 4000), _PAPER)
        self.draw = ImageDraw.Draw(self.sheet)

    def write(self, text: str, size: int, colour: tuple[int, int, int] = _INK, gap: int = 8) -> None:
        font = _font(size)
        room = self.width - 2 * self.pad
        for line in _wrap(self.draw, text, font, room):
            self.draw.text((self.pad, self.y), line, font=font, fill=colour)
            self.y += round(size * 1.3)
        self.y += gap

    def done(self) -> Image.Image:
        return self.sheet.crop((0, 0, self.width, min(self.y + 12, self.sheet.height)))


def _wrap(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: int
) -> list[str]:
    lines: list[str] = []
    current = ""
    for word in text.split():
        longer = f"{current} {word}".strip()
        if current and draw.textlength(longer, font=font) > room:
            lines.append(current)
            current = word
        else:
            current = longer
        while draw.textlength(current, font=font) > room:  # one word wider than the column, such as an id
            cut = next(n for n in range(len(current) - 1, 0, -1) if draw.textlength(current[:n], font=font) <= room)
            lines.append(current[:cut])
            current = current[cut:]
    return [*lines, current] if current else lines


def _headline(assessment: Assessment, width: int) -> Image.Image:
    column = _Column(width)
    column.write(assessment.condition.capitalize(), 22, _SOFT, gap=0)
    if assessment.score is None:
        column.write("No score", 40)
        column.write(assessment.abstained or "", 20, gap=12)
        return column.done()
    low, high = SCALES[assessment.scale].low, SCALES[assessment.scale].high
    column.write(assessment.label or "", 44, gap=2)
    column.write(f"{assessment.score:.1f} on a scale from {low:g} to {high:g}", 24, gap=14)
    _draw_scale(column, assessment.score, low, high, assessment.interval)
    if assessment.interval is not None:
        column.write(f"Likely between {assessment.interval[0]:.1f} and {assessment.interval[1]:.1f}", 20, _SOFT)
    if assessment.count is not None:
        column.write(f"{about_lesions(assessment.count).capitalize()}; {len(assessment.lesions)} circled", 22)
    if assessment.graded_half is not None:
        column.write(f"Graded by the worse half of the face: the person's {assessment.graded_half}", 18, _SOFT)
    return column.done()


def _draw_scale(column: _Column, score: float, low: float, high: float, interval: tuple[float, float] | None) -> None:
    x0, x1, y = column.pad + 10, column.width - column.pad - 10, column.y + 12

    def at(value: float) -> float:
        return x0 + (x1 - x0) * min(max((value - low) / (high - low), 0.0), 1.0)

    column.draw.rounded_rectangle((x0 - 8, y - 5, x1 + 8, y + 5), radius=5, fill=_RULE)
    if interval is not None:
        column.draw.rounded_rectangle((at(interval[0]), y - 5, at(interval[1]), y + 5), radius=5, fill=(140, 170, 210))
    for step in range(int(low), int(high) + 1):
        column.draw.line((at(step), y - 5, at(step), y + 9), fill=_SOFT, width=2)
        column.draw.text((at(step), y + 22), str(step), font=_font(18), fill=_SOFT, anchor="mm")
    column.draw.ellipse((at(score) - 11, y - 11, at(score) + 11, y + 11), fill=(0, 84, 147), outline="white", width=3)
    column.y = y + 46


def _zone_table(face: FaceMap, assessment: Assessment, width: int) -> Image.Image:
    column = _Column(width)
    counted = any(s.lesions is not None for s in assessment.zones.values())
    right, middle = width - column.pad, width - column.pad - 96
    font = _font(17)
    column.draw.text((column.pad, column.y), "Zone", font=font, fill=_SOFT)
    column.draw.text((middle if counted else right, column.y), "score", font=font, fill=_SOFT, anchor="ra")
    if counted:
        column.draw.text((right, column.y), "lesions", font=font, fill=_SOFT, anchor="ra")
    column.y += 28
    for name in ZONES:
        y = column.y
        found = face.zones[name].found
        box = (column.pad, y + 2, column.pad + 20, y + 22)
        column.draw.rounded_rectangle(box, radius=4, outline=_INK, fill=ZONE_COLOURS[name] if found else _PAPER)
        font = _font(21)
        column.draw.text((column.pad + 32, y), zone_title(name), font=font, fill=_INK if found else _SOFT)
        score = assessment.zones.get(name)
        if score is None:
            text = "no score" if found else "not seen"
            column.draw.text((right, y), text, font=_font(18), fill=_SOFT, anchor="ra")
        else:
            column.draw.text((middle if counted else right, y), f"{score.score:.1f}", font=font, fill=_INK, anchor="ra")
            if score.lesions is not None:
                column.draw.text((right, y), f"{score.lesions:.1f}", font=font, fill=_INK, anchor="ra")
        column.y += 34
    column.write("Left and right are the person's own.", 17, _SOFT)
    return column.done()


def _notes(assessment: Assessment, screening: Screening | None, width: int) -> Image.Image:
    column = _Column(width)
    if assessment.lesions:
        for sure, text in ((True, "lesion, fairly sure"), (False, "lesion, less sure")):
            ring = Image.new("RGBA", (40 * _SMOOTH, 40 * _SMOOTH), (*_SOFT, 255))
            _draw_ring(ImageDraw.Draw(ring), 20, 20, 11, sure=sure)
            column.sheet.paste(ring.reduce(_SMOOTH).convert("RGB"), (column.pad, column.y))
            column.draw.text((column.pad + 54, column.y + 20), text, font=_font(20), fill=_INK, anchor="lm")
            column.y += 48
        column.y += 6
    findings = screening.findings if screening is not None else ()
    ordered = sorted(findings, key=lambda f: ("refuse", "caution", "note").index(f.severity))
    for finding in ordered[:3]:
        column.write(f"Photo: {finding.message}", 18, gap=6)
    if len(ordered) > 3:
        column.write(f"and {len(ordered) - 3} more remarks on the photo", 18, _SOFT, gap=6)
    column.write("Not a diagnosis: an estimate from one photo.", 20)
    if assessment.model is not None:
        column.write(f"Model {assessment.model}", 16, _SOFT)
    return column.done()
