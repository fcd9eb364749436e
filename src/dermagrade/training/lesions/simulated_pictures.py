"""Pictures with simulated lesions whose every source may be used commercially: no photo of a research collection.

Four sources, and nothing else: skin drawn by code (:mod:`dermagrade.simulate.skin`); scenes and heads drawn by code
(:mod:`dermagrade.training.zones.drawings`); two public-domain portraits that come inside packages of the ``train``
extra (Grace Hopper by the US Navy, in matplotlib; Eileen Collins by NASA, in scikit-image); and pictures without a
person from scikit-image that their authors gave to the public domain or under CC0. On the portraits the skin is marked
by hand below, since the zone network, which learnt from research photos, must have no part in this.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.errors import MissingExtraError
from dermagrade.face.chromophores import MELANIN
from dermagrade.scales import hayashi_from_count
from dermagrade.simulate.lesions import NoRoomError, PaintedPhoto, paint_lesions
from dermagrade.simulate.skin import draw_skin
from dermagrade.training.lesions.data import STORED_SIDE, LesionSamples
from dermagrade.training.lesions.net import GRADES
from dermagrade.training.zones.drawings.families import TRAIN_FAMILIES

Pixels = NDArray[np.uint8]

#: Public domain or CC0 by the word of scikit-image's own documentation, and without a person.
OBJECTS: tuple[str, ...] = (
    "brick.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png", "grass.png", "gravel.png", "horse.png",
    "hubble_deep_field.jpg", "retina.jpg", "rocket.jpg", "text.png",
)  # fmt: skip

# Package, file, square around the face (x0, y0, x1, y1), and ovals of plain skin (x, y, half width, half height).
_PORTRAITS = (
    (
        "matplotlib", "mpl-data/sample_data/grace_hopper.jpg", (132, 99, 398, 365),
        ((214, 262, 26, 26), (318, 258, 26, 26), (262, 313, 36, 16), (266, 160, 58, 10), (176, 225, 10, 20)),
    ),
    (
        "skimage", "data/astronaut.png", (148, 54, 301, 207),
        ((199, 131, 12, 15), (258, 129, 13, 15), (227, 174, 18, 9), (225, 89, 28, 9), (227, 119, 5, 12)),
    ),
)  # fmt: skip
# A face and its margin fill a picture, as in grading: the face itself measures this share of it.
_FACE_SHARE = 1 / 1.3
# Lesions this much fainter than usual count in the denser annotation alone.
_CLEAR_CONTRAST, _FAINT_CONTRAST = (0.45, 1.5), (0.15, 0.45)


def clean_samples(*, lesioned: int, plain: int, seed: int) -> LesionSamples:
    """Pictures for :func:`~dermagrade.training.lesions.fit.fit`, with lesions at known places; all of it simulated.

    The first map of a picture holds its clear lesions; the second the faint ones too, as a second annotator who looks
    closer would mark them. The same arguments give the same pictures.

    Args:
        lesioned: pictures with lesions: an eighth of them on the portraits, the rest on drawn skin.
        plain: pictures without: half of them skin, half scenes and objects.
        seed: of everything.

    Raises:
        MissingExtraError: if a package that brings a portrait is not installed.
    """
    n = lesioned + plain
    samples = LesionSamples(
        [f"clean/{i}" for i in range(n)],
        np.zeros((n, STORED_SIDE, STORED_SIDE, 3), np.uint8),
        np.full((n, 2), STORED_SIDE, np.int64),
        np.full((n, 4), np.nan),
        [[np.zeros((0, 2)), np.zeros((0, 2))] for _ in range(n)],
        np.zeros((n, 2)),
        np.zeros((n, GRADES)),
        np.arange(n) >= lesioned,
    )
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        if i >= lesioned and i % 2:
            samples.pixels[i] = _scene(rng)
        else:
            pixels, skin = _portrait(rng) if i % 8 == 0 else _drawn(rng)
            samples.pixels[i] = pixels
            if i < lesioned:
                samples.pixels[i], marks = _with_lesions(pixels, skin, rng)
                samples.lesions[i] = list(marks)
                samples.counts[i] = [len(m) for m in marks]
        # A patch only hints at the grade; here the count of half the picture says it.
        samples.grades[i, int(hayashi_from_count(samples.counts[i, 0] / 2).value)] = 1.0
    return samples


def _drawn(rng: Generator) -> tuple[Pixels, NDArray[np.bool_]]:
    picture = draw_skin(seed=int(rng.integers(2**31)), size=STORED_SIDE)
    return picture.pixels, picture.skin


def _with_lesions(pixels: Pixels, skin: NDArray[np.bool_], rng: Generator) -> tuple[Pixels, list[NDArray[np.float64]]]:
    """Up to three crops of lesions of different size and contrast, then perhaps a faint one; places of each map."""
    room = skin.astype(np.uint8)
    clear: list[tuple[float, float]] = []
    faint: list[tuple[float, float]] = []
    # With fewer lesions a picture, 400 steps taught the map no more than where skin is.
    wanted = int(np.exp(rng.uniform(np.log(6), np.log(90))))
    for share in rng.dirichlet(np.ones(int(rng.integers(1, 4)))):
        pixels, found = _crop_of_lesions(pixels, room, max(1, round(wanted * float(share))), _CLEAR_CONTRAST, rng)
        clear += found
    if rng.random() < 0.5:
        number = max(1, round(wanted * rng.uniform(0.2, 2.0)))
        pixels, faint = _crop_of_lesions(pixels, room, number, _FAINT_CONTRAST, rng)
    return pixels, [np.array(places, np.float64).reshape(-1, 2) for places in (clear, clear + faint)]


def _crop_of_lesions(
    pixels: Pixels, room: NDArray[np.uint8], count: int, contrasts: tuple[float, float], rng: Generator
) -> tuple[Pixels, list[tuple[float, float]]]:
    """Paint lesions of one size and contrast; takes their places out of ``room``."""
    width = _FACE_SHARE * len(pixels) * float(np.exp(rng.uniform(np.log(0.55), np.log(1.7))))
    painted = _painted(pixels, room, count, int(rng.integers(2**31)), width)
    if painted is None:
        return pixels, []
    contrast = rng.uniform(*contrasts)
    changed = pixels + contrast * (painted.pixels.astype(np.float64) - pixels)
    for lesion in painted.lesions:
        reach, x, y = int(2.2 * lesion.radius) + 1, int(lesion.x), int(lesion.y)
        room[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = 0
    return np.rint(changed).clip(0, 255).astype(np.uint8), [(le.x + 0.5, le.y + 0.5) for le in painted.lesions]


def _painted(pixels: Pixels, room: NDArray[np.uint8], count: int, seed: int, width: float) -> PaintedPhoto | None:
    """As many of the lesions as there is room for; None where there is none."""
    try:
        return paint_lesions(pixels, room, count=count, seed=seed, face_width_px=width)
    except NoRoomError as error:
        if not error.room:
            return None
        return paint_lesions(pixels, room, count=error.room, seed=seed, face_width_px=width)


def _portrait(rng: Generator) -> tuple[Pixels, NDArray[np.bool_]]:
    """One of the portraits, its skin made lighter or darker along the melanin direction, perhaps in the mirror."""
    pixels, skin = _portraits()[int(rng.integers(len(_portraits())))]
    linear = (pixels / 255.0) ** 2.2 * np.exp(-rng.uniform(-0.2, 2.0) * MELANIN)
    toned: Pixels = np.rint(255 * np.clip(linear, 0, 1) ** (1 / 2.2)).astype(np.uint8)
    return (toned[:, ::-1].copy(), skin[:, ::-1].copy()) if rng.random() < 0.5 else (toned, skin)


@lru_cache(maxsize=1)
def _portraits() -> tuple[tuple[Pixels, NDArray[np.bool_]], ...]:
    found = []
    for package, name, box, ovals in _PORTRAITS:
        scale = STORED_SIDE / (box[2] - box[0])
        with Image.open(_inside(package, name)) as opened:
            face = opened.convert("RGB").resize((STORED_SIDE, STORED_SIDE), Image.Resampling.BICUBIC, box=box)
        mask = Image.new("L", face.size)
        draw = ImageDraw.Draw(mask)
        for x, y, rx, ry in ovals:
            left, top, right, bottom = x - rx - box[0], y - ry - box[1], x + rx - box[0], y + ry - box[1]
            draw.ellipse([v * scale for v in (left, top, right, bottom)], fill=1)
        found.append((np.asarray(face), np.asarray(mask) > 0))
    return tuple(found)


def _scene(rng: Generator) -> Pixels:
    """A drawing without skin lesions, or a cut of an object."""
    if rng.random() < 0.6:
        return TRAIN_FAMILIES[int(rng.integers(len(TRAIN_FAMILIES)))](rng, STORED_SIDE)
    objects = _objects()
    picture = objects[int(rng.integers(len(objects)))]
    side = min(picture.size) * rng.uniform(0.4, 1.0)
    x, y = rng.uniform(0, picture.width - side), rng.uniform(0, picture.height - side)
    return np.asarray(
        picture.resize((STORED_SIDE, STORED_SIDE), Image.Resampling.BILINEAR, box=(x, y, x + side, y + side))
    )


@lru_cache(maxsize=1)
def _objects() -> Sequence[Image.Image]:
    return [Image.open(_inside("skimage", f"data/{name}")).convert("RGB") for name in OBJECTS]


def _inside(package: str, name: str) -> Path:
    """A file that a package brings."""
    found = find_spec(package)
    path = Path(found.origin).parent / name if found is not None and found.origin is not None else None
    if path is None or not path.is_file():
        raise MissingExtraError(
            f"the clean recipe needs {name.rsplit('/')[-1]} of {package}: install dermagrade[train]"
        )
    return path
