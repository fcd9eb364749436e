"""A face on a coarse grid: what is smooth is worked out there and enlarged, which costs little on any photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from dermagrade.light import to_linear32
from dermagrade.simulate.texture import cloud
from dermagrade.types import ZONES

Coarse = NDArray[np.float32]

# Skin of one face differs less than this in the log ratio of two channels, redness and brown patches included.
_SKIN_REACH = 0.45


@dataclass(frozen=True, eq=False)
class CoarseFace:
    """A photo's face on a grid of about as many cells across the face as were asked for.

    Attributes:
        size: width and height of the photo in pixels.
        step: pixels of the photo for one cell.
        labels: ``(h, w)`` uint8, the label map.
        colour: ``(h, w, 3)`` float32, linear light.
        x: ``(1, w)`` float32, place in pixels of the photo.
        y: ``(h, 1)`` float32, place in pixels of the photo.
    """

    size: tuple[int, int]
    step: float
    labels: NDArray[np.uint8]
    colour: Coarse
    x: Coarse
    y: Coarse

    @classmethod
    def of(
        cls, pixels: NDArray[np.uint8], label_map: NDArray[np.uint8], *, face_width_px: float, cells: int
    ) -> CoarseFace:
        """The grid of a photo.

        Args:
            pixels: ``(h, w, 3)`` uint8, sRGB.
            label_map: ``(h, w)`` uint8.
            face_width_px: width of the face.
            cells: across the face; fewer where the photo has fewer pixels there.
        """
        height, width = label_map.shape
        step = max(1.0, face_width_px / cells)
        shape = (max(2, round(width / step)), max(2, round(height / step)))
        labels = np.asarray(Image.fromarray(label_map).resize(shape, Image.Resampling.NEAREST))
        small = Image.fromarray(pixels).resize(shape, Image.Resampling.BOX)
        colour = to_linear32(np.asarray(small))
        x = (np.arange(shape[0], dtype=np.float32) + np.float32(0.5)) * np.float32(width / shape[0])
        y = (np.arange(shape[1], dtype=np.float32) + np.float32(0.5)) * np.float32(height / shape[1])
        return cls((width, height), step, labels, colour, x[None, :], y[:, None])

    def grown(self, values: Coarse) -> Coarse:
        """A field of the grid enlarged to the photo's size, smoothly."""
        image = Image.fromarray(np.ascontiguousarray(values, np.float32))
        return np.asarray(image.resize(self.size, Image.Resampling.BICUBIC), np.float32)

    def zones(self, shares: Mapping[str, float], width_px: float) -> Coarse:
        """Zones with a share from 0 to 1 each, after a Gaussian blur of that standard deviation in pixels of the photo.

        Zones that are not named have the share 0.
        """
        table = np.array([0.0, *(shares.get(zone, 0.0) for zone in ZONES)])
        image = Image.fromarray(np.take(np.rint(255 * table).astype(np.uint8), self.labels, mode="clip"))
        soft = image.filter(ImageFilter.GaussianBlur(width_px / self.step))
        return np.asarray(soft, np.float32) / np.float32(255)

    def grain(self, rng: Generator, width_px: float, *, octaves: int = 1) -> Coarse:
        """Smooth chance of mean 0 and spread about 1 on the grid.

        Args:
            rng: where the chance comes from.
            width_px: of its widest grains, in pixels of the photo.
            octaves: grains, each half as wide and half as strong as the one before.
        """
        return cloud(rng, (self.labels.shape[0], self.labels.shape[1]), width_px / self.step, octaves=octaves)

    def skin(self, width_px: float) -> Coarse:
        """Where the skin is: 1 on skin within the zones, fading out over ``width_px`` beyond on pixels of its colour.

        Brows, lips, hair and background beside a zone stay near 0, and so does everything where there is no zone.
        """
        zone = self.labels > 0
        if not zone.any():
            return np.zeros(zone.shape, np.float32)
        red, green, blue = (np.log(self.colour[..., channel] + np.float32(1e-3)) for channel in range(3))
        off = np.zeros(zone.shape, np.float32)
        for tint in (red - green, red - blue):
            np.maximum(off, np.abs(tint - np.median(tint[zone][::3])), out=off)
        off = off / np.float32(_SKIN_REACH) + np.maximum(np.median(green[zone][::3]) - green, 0) / np.float32(1.6)
        likeness = np.clip(2.0 - 2.0 * off, 0, 1)
        near = np.clip(2.0 * self.zones(dict.fromkeys(ZONES, 1.0), width_px), 0, 1)
        # A zone may hold a dark half of the face, but no hat or frame that its edge ran over.
        return np.asarray(np.where(zone, np.clip(2.0 - off, 0, 1), near * likeness), np.float32)
