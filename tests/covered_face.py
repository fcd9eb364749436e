"""A drawn face from the front whose zones and key points are known, and things drawn over it. No person is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from dermagrade.types import ZONES, FaceMap, Photo, Zone

Rgb = tuple[int, int, int]
LIGHT: Rgb = (226, 178, 154)
DARK: Rgb = (92, 60, 46)
BLACK: Rgb = (18, 18, 20)

#: Width and height of the picture, and the distance between the eyes.
WIDTH, HEIGHT, APART = 400, 480, 132
#: Middle between the eyes.
EYES = (200, 200)
#: Each zone as x0, y0, x1, y1 from that middle, in distances between the eyes; what lies between them is no zone.
PLACES = {
    "forehead": (-0.85, -1.0, 0.85, -0.42),
    "nose": (-0.22, -0.05, 0.22, 0.78),
    "left_cheek": (0.24, 0.28, 1.0, 1.35),
    "right_cheek": (-1.0, 0.28, -0.24, 1.35),
    "chin": (-0.55, 1.36, 0.55, 1.85),
}


def place(x: float, y: float) -> tuple[float, float]:
    """A place of the face in pixels."""
    return EYES[0] + x * APART, EYES[1] + y * APART


def drawn(tone: Rgb = LIGHT, *, hair: Rgb = (30, 24, 22), seed: int = 0) -> tuple[Photo, FaceMap]:
    """Photo and face, nothing over the skin; light falls off softly to one side."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (WIDTH, HEIGHT), (120, 130, 140))
    draw = ImageDraw.Draw(image)
    draw.ellipse((*place(-1.3, -1.75), *place(1.3, 1.2)), fill=hair)
    draw.ellipse((*place(-1.15, -1.2), *place(1.15, 2.05)), fill=tone)
    for side in (-0.5, 0.5):
        draw.ellipse((*place(side - 0.2, -0.08), *place(side + 0.2, 0.08)), fill=(235, 232, 230))
        draw.ellipse((*place(side - 0.08, -0.08), *place(side + 0.08, 0.08)), fill=(40, 28, 24))
        draw.rectangle((*place(side - 0.3, -0.38), *place(side + 0.3, -0.3)), fill=hair)
    draw.ellipse((*place(-0.35, 1.08), *place(0.35, 1.25)), fill=(170, 80, 80))
    light = np.linspace(1.0, 0.8, WIDTH)[None, :, None]
    pixels = np.clip(np.asarray(image) * light + rng.normal(0, 2.5, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8)
    labels = np.zeros((HEIGHT, WIDTH), np.uint8)
    zones = {}
    for number, name in enumerate(ZONES, start=1):
        x0, y0, x1, y1 = PLACES[name]
        left, top = place(x0, y0)
        right, bottom = place(x1, y1)
        labels[int(top) : int(bottom), int(left) : int(right)] = number
        zones[name] = Zone(name, 0.9, np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
    points = {
        "right_eye": place(-0.5, 0),
        "left_eye": place(0.5, 0),
        "nose_tip": place(0, 0.65),
        "mouth_right": place(-0.35, 1.16),
        "mouth_left": place(0.35, 1.16),
        "chin": place(0, 1.9),
    }
    box = (*place(-1.1, -1.05), *place(1.1, 1.9))
    return Photo(pixels, "0" * 64, WIDTH, HEIGHT, "drawn.png"), FaceMap(box, points, 0, 0, 0, labels, zones, 0.9)


def over(photo: Photo, draw_it: object, at: object = place) -> Photo:
    """The photo with something drawn over it: ``draw_it(draw, place)``."""
    image = Image.fromarray(photo.pixels)
    assert callable(draw_it)
    draw_it(ImageDraw.Draw(image), at)
    return replace(photo, pixels=np.asarray(image))


def face_mask(colour: Rgb):
    """A cloth mask from the bridge of the nose to below the chin."""

    def draw_it(draw, at):
        outline = [(-1.0, 0.75), (-0.5, 0.6), (0, 0.3), (0.5, 0.6), (1.0, 0.75), (0.9, 1.4), (0.5, 1.95), (0, 2.1)]
        draw.polygon([at(x, y) for x, y in [*outline, (-0.5, 1.95), (-0.9, 1.4)]], fill=colour)

    return draw_it


def bar(x0: float, y0: float, x1: float, y1: float, colour: Rgb = (0, 0, 0)):
    """A rectangle of one colour."""

    def draw_it(draw, at):
        draw.polygon([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)], fill=colour)

    return draw_it


def glasses(colour: Rgb = BLACK, width: float = 0.06):
    """Round glasses with a bridge and arms, their lenses clear."""

    def draw_it(draw, at):
        turns = np.radians(np.arange(0, 361, 8))
        px = max(1, round(width * np.hypot(*np.subtract(at(1, 0), at(0, 0)))))
        for side in (-1, 1):
            rim = [at(0.5 * side + 0.36 * np.cos(t), 0.12 + 0.3 * np.sin(t)) for t in turns]
            draw.line(rim, fill=colour, width=px, joint="curve")
            draw.line([at(0.86 * side, 0.05), at(1.15 * side, 0)], fill=colour, width=px)
        draw.line([at(-0.15, 0.08), at(0, 0.03), at(0.15, 0.08)], fill=colour, width=px)

    return draw_it


def fringe(colour: Rgb = (24, 20, 18)):
    """Hair from above the head down to the brows, on the left half further than on the right."""

    def draw_it(draw, at):
        draw.polygon([at(-1.2, -1.7), at(1.2, -1.7), at(1.2, -0.45), at(0, -0.45), at(-1.2, -0.8)], fill=colour)

    return draw_it
