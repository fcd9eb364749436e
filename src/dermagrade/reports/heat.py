"""How strong something is at each place, as a colour over the photo, and the bar that explains the colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.reports.column import INK, RULE, SOFT, Column
from dermagrade.reports.crop import Crop
from dermagrade.reports.marks import font_of
from dermagrade.types import HeatMap

#: Colours from weak to strong. Blue and cyan lie across from skin, whose hue is orange at every tone, also for people
#: who do not see red or green or blue; and they get lighter all the way, so that the order is seen without colour. The
#: common maps end in yellow or pass through green or pink, which some readers cannot tell from skin.
RAMP: tuple[tuple[int, int, int], ...] = ((45, 10, 140), (30, 60, 235), (0, 160, 255), (60, 235, 255))

#: Share of full strength below which nothing is drawn, from which the colour covers most, and how much that is.
CLEAR_TO, COVERED_FROM, MOST_COVER = 0.05, 0.35, 0.8

_BAR_HEIGHT = 26


def heat_colours(strength: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The colour of each strength.

    Args:
        strength: any shape, 0 to 1; what is beyond is drawn like the end.

    Returns:
        The same shape and 4: red, green, blue and how much of the photo they cover, 0 to 255.
    """
    at = np.clip(np.nan_to_num(np.asarray(strength, np.float64)), 0, 1)
    knots = np.linspace(0, 1, len(RAMP))
    channels = [np.interp(at, knots, [colour[i] for colour in RAMP]) for i in range(3)]
    cover = 255 * MOST_COVER * np.clip((at - CLEAR_TO) / (COVERED_FROM - CLEAR_TO), 0, 1)
    return np.rint(np.stack([*channels, cover], axis=-1)).astype(np.uint8)


def heat_layer(heat: HeatMap, crop: Crop, scale: float) -> Image.Image:
    """The map in the colours of :func:`heat_colours`, over the part of the photo that is shown.

    Args:
        heat: the map; values below 0 are drawn as 0.
        crop: the part.
        scale: pixels of the full photo for one pixel of ``Photo.pixels``.

    Returns:
        An RGBA picture of the view's size.
    """
    step = scale / crop.factor / heat.scale  # cells for a pixel of the picture
    left = (crop.left * scale - heat.origin[0]) / heat.scale
    top = (crop.top * scale - heat.origin[1]) / heat.scale
    values = Image.fromarray(np.ascontiguousarray(heat.values, np.float32))
    placed = values.transform(
        crop.picture.size, Image.Transform.AFFINE, (step, 0, left, 0, step, top), Image.Resampling.BILINEAR
    )
    return Image.fromarray(heat_colours(np.asarray(placed) / heat.high))


def write_colour_bar(column: Column, heat: HeatMap) -> None:
    """Writes what the map shows, and a bar from 0 to full strength as it looks over skin."""
    unit = f" ({heat.unit})" if heat.unit else ""
    column.write(f"{heat.title}{unit}", 20, gap=4)
    x0, x1, y = column.pad, column.width - column.pad, column.y
    for row, skin in enumerate(_SKIN):
        colours = heat_colours(np.linspace(0, 1, x1 - x0))[None].repeat(_BAR_HEIGHT // len(_SKIN), axis=0)
        strip = Image.new("RGBA", (x1 - x0, colours.shape[0]), (*skin, 255))
        strip.alpha_composite(Image.fromarray(colours))
        column.sheet.paste(strip.convert("RGB"), (x0, y + row * colours.shape[0]))
    column.draw.rectangle((x0 - 1, y - 1, x1, y + _BAR_HEIGHT), outline=RULE)
    _write_ends(column.draw, y + _BAR_HEIGHT, x0, x1, heat.high)
    column.y = y + _BAR_HEIGHT + 36


#: A light and a dark skin that the bar is shown on.
_SKIN: Sequence[tuple[int, int, int]] = ((228, 185, 160), (88, 56, 42))


def _write_ends(draw: ImageDraw.ImageDraw, y: int, x0: int, x1: int, high: float) -> None:
    font = font_of(18)
    for share, anchor in ((0.0, "la"), (0.5, "ma"), (1.0, "ra")):
        x = x0 + share * (x1 - x0)
        draw.line((x, y, x, y + 5), fill=SOFT, width=2)
        text = f"{share * high:.3g}" + (" or more" if share == 1 else "")
        draw.text((x, y + 8), text, font=font, fill=INK, anchor=anchor)
