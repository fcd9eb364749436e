"""One picture that shows at a glance what was graded: zones, rings or heat, scores and a legend."""

from __future__ import annotations

from PIL import Image, ImageDraw

from dermagrade.conditions.details import details_of
from dermagrade.reports.crop import Crop
from dermagrade.reports.heat import heat_layer
from dermagrade.reports.marks import SMOOTH, ZONE_COLOURS, draw_ring, draw_zones, zone_title
from dermagrade.reports.panel import with_panel
from dermagrade.reports.zone_labels import draw_labels
from dermagrade.types import Assessment, FaceMap, Photo, Screening

__all__ = ["ZONE_COLOURS", "close_up", "draw_overlay", "zone_title"]

# Outlines of zones in pixels; thinner over a map of colours, which they would hide.
_OUTLINE, _OUTLINE_ON_HEAT = 3, 2


def draw_overlay(
    photo: Photo, face: FaceMap, assessment: Assessment, screening: Screening | None = None
) -> Image.Image:
    """Draw zones, the condition's own marks, and scores onto the photo, with a panel that explains them.

    Where the face is small in the photo, only the part around it is shown. The shown part is scaled so that its longer
    side is 1000 to 1280 pixels; the panel stands beside a portrait and below a landscape, in pixels of its own, so it
    is readable at every size of photo.

    Args:
        photo: the photo that was assessed.
        face: where the face is, in pixels of ``photo.pixels``.
        assessment: what was found; its marks are those of its details (:class:`~dermagrade.conditions.details.Marks`).
        screening: findings to tell the reader; none where None.

    Returns:
        An RGB picture.
    """
    crop = Crop(photo, face)
    picture = crop.picture.copy().convert("RGBA")
    marks = details_of(assessment).marks()
    if marks.heat is not None:
        picture.alpha_composite(heat_layer(marks.heat, crop, photo.scale))
    layer = Image.new("RGBA", (picture.width * SMOOTH, picture.height * SMOOTH), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    rings = [crop.ring(ring, photo.scale) for ring in marks.rings]
    draw_zones(draw, face, crop, width=_OUTLINE if marks.heat is None else _OUTLINE_ON_HEAT)
    for (x, y, radius), ring in zip(rings, marks.rings, strict=True):
        draw_ring(draw, x, y, radius, sure=ring.sure)
    draw_labels(draw, face, assessment, crop, rings)
    smooth = layer.convert("RGBa").reduce(SMOOTH).convert("RGBA")
    picture.alpha_composite(smooth)
    return with_panel(picture.convert("RGB"), face, assessment, screening)


def close_up(photo: Photo, face: FaceMap) -> Image.Image:
    """The part of the photo that :func:`draw_overlay` shows, at the same size, with nothing drawn on it."""
    return Crop(photo, face).picture.copy()
