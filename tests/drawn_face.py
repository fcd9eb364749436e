"""Faces that code draws: a mesh of 468 points on half an ellipsoid, and pictures of it. No person is shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.training.zones import targets as zt


def _canonical() -> NDArray[np.float64]:
    """x to the person's left, y down, z away; the oval is 2 wide and 2.7 high."""
    k = np.arange(468)
    angle, radius = k * 2.399963, 0.9 * np.sqrt((k + 0.5) / 468)
    flat = np.stack([radius * np.sin(angle), 1.35 * radius * np.cos(angle)], 1)

    def arc(
        indices: list[int], centre: tuple[float, float], half: tuple[float, float], start: float, end: float
    ) -> None:
        turn = np.radians(np.linspace(start, end, len(indices)))
        flat[indices] = np.stack([centre[0] - half[0] * np.cos(turn), centre[1] + half[1] * np.sin(turn)], 1)

    theta = np.radians(np.arange(36) * 10.0)
    flat[zt.OVAL] = np.stack([np.sin(theta), -1.35 * np.cos(theta)], 1)
    arc(zt.LIPS, (0, 0.65), (0.35, 0.12), 0, 342)
    for eye, lid, sign in ((zt.RIGHT_EYE, zt.RIGHT_LID, 1), (zt.LEFT_EYE, zt.LEFT_LID, -1)):
        arc(eye, (-0.4 * sign, -0.25), (0.16 * sign, 0.06), 0, 337.5)
        arc(lid, (-0.4 * sign, -0.25), (0.2 * sign, 0.1), 0, 180)
    flat[[300, 293, 334, 296, 336]] = np.stack([np.linspace(0.65, 0.15, 5), np.full(5, -0.5)], 1)
    flat[[70, 63, 105, 66, 107]] = np.stack([np.linspace(-0.65, -0.15, 5), np.full(5, -0.5)], 1)
    nose = {9: (0, -0.45), 168: (0, -0.28), 4: (0, 0.2), 1: (0, 0.24), 2: (0, 0.33), 98: (-0.1, 0.31),
            327: (0.1, 0.31), 129: (-0.2, 0.22), 358: (0.2, 0.22)}  # fmt: skip
    for index, place in nose.items():
        flat[index] = place
    depth = -0.6 * np.sqrt(np.clip(1 - flat[:, 0] ** 2 - (flat[:, 1] / 1.35) ** 2, 0, None))
    depth[[4, 1]] -= 0.15
    return np.column_stack([flat, depth])


def mesh(size: int = 128, *, yaw_deg: float = 0.0) -> NDArray[np.float64]:
    """A face in the middle of a square picture; positive yaw turns it to its own left."""
    turn = np.radians(yaw_deg)
    rotation = np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])
    return _canonical() @ rotation.T * (0.3 * size) + np.array([size / 2, size / 2, 0])


def picture(size: int = 128, *, spots: int = 0, seed: int = 0) -> NDArray[np.uint8]:
    """A plain oval in skin colour on grey, with red spots on it."""
    image = Image.new("RGB", (size, size), (90, 100, 110))
    draw = ImageDraw.Draw(image)
    draw.polygon([tuple(p) for p in mesh(size)[zt.OVAL, :2].tolist()], fill=(215, 170, 145))
    for x, y in spot_places(size, spots, seed).tolist():
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=(190, 50, 50))
    return np.array(image)


def spot_places(size: int, spots: int, seed: int) -> NDArray[np.float64]:
    """Where :func:`picture` puts its spots, ``(n, 2)``."""
    return size / 2 + np.random.default_rng(seed).uniform(-0.18, 0.18, (spots, 2)) * size
