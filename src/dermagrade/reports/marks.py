"""What is drawn onto a photo: the outlines of the zones and rings around places, and the words that name them."""

from __future__ import annotations

from PIL import ImageDraw, ImageFont

from dermagrade.reports.crop import Crop
from dermagrade.types import ZONES, FaceMap, Measure

#: A colour for each zone: from the palette of Okabe and Ito (2008), told apart with any common colour blindness.
ZONE_COLOURS: dict[str, tuple[int, int, int]] = {
    "forehead": (86, 180, 233),
    "nose": (240, 228, 66),
    "left_cheek": (0, 158, 115),
    "right_cheek": (230, 159, 0),
    "chin": (204, 121, 167),
}

#: Marks are drawn this many times larger, then reduced: Pillow's own lines and rings have hard edges.
SMOOTH = 2


def zone_title(zone: str) -> str:
    """The zone's name as people read it: ``left_cheek`` is "Left cheek"."""
    return zone.replace("_", " ").capitalize()


def measure_text(measure: Measure) -> str:
    """A further number with its unit, as short as it stays clear: "12.3 %"."""
    digits = (
        0 if float(measure.value).is_integer() or abs(measure.value) >= 100 else 1 if abs(measure.value) >= 10 else 2
    )
    return f"{measure.value:.{digits}f} {measure.unit}".rstrip()


def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font, which is there on every machine."""
    return ImageFont.load_default(size)


def draw_zones(draw: ImageDraw.ImageDraw, face: FaceMap, crop: Crop, *, width: int = 3) -> None:
    """The outline of each zone that was found, in its colour with a dark rim, ``width`` pixels wide without the rim."""
    for name in ZONES:
        zone = face.zones[name]
        if not zone.found or len(zone.polygon) < 3:
            continue
        points = [tuple(v * SMOOTH for v in crop.place(x, y)) for x, y in zone.polygon]
        path = [*points, points[0], points[1]]
        draw.line(path, fill=(0, 0, 0, 150), width=(width + 2) * SMOOTH, joint="curve")
        draw.line(path, fill=(*ZONE_COLOURS[name], 255), width=width * SMOOTH, joint="curve")


def draw_ring(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, *, sure: bool) -> None:
    """A white ring with a dark rim; broken where the condition is not sure of what is there."""

    def box(r: float) -> tuple[float, float, float, float]:
        return (x - r) * SMOOTH, (y - r) * SMOOTH, (x + r) * SMOOTH, (y + r) * SMOOTH

    if sure:
        draw.ellipse(box(radius + 1.5), outline=(0, 0, 0, 190), width=5 * SMOOTH)
        draw.ellipse(box(radius), outline=(255, 255, 255, 255), width=2 * SMOOTH)
        return
    for start in range(0, 360, 60):
        draw.arc(box(radius + 1.5), start, start + 36, fill=(0, 0, 0, 190), width=5 * SMOOTH)
        draw.arc(box(radius), start + 3, start + 33, fill=(255, 255, 255, 255), width=2 * SMOOTH)
