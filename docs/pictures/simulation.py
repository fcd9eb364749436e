"""Makes the pictures of docs/simulation.md: ``python docs/pictures/simulation.py [--out DIR]``.

The portrait is the demo's, of Grace Hopper, made by the US Navy and in the public domain; the other faces are drawn by
code. She endorses nothing here. All that is painted on them is simulated.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dermagrade.cli.demo import portrait
from dermagrade.conditions.pigmentation.load import ZONE_WEIGHTS, load_of_grade
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.simulate.confounders import CONFOUNDERS, disturb
from dermagrade.simulate.glaze import glaze_pigment
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.simulate.painted_pigment import PaintedPigment
from dermagrade.simulate.pigment import paint_pigment
from dermagrade.simulate.skin import draw_skin
from dermagrade.types import ZONES, Box

Pixels = NDArray[np.uint8]

METHODS = {"melanin": paint_pigment, "glaze": glaze_pigment}
TILE = 250
#: Drawn faces that show a whole face, and the melanin that they are drawn with, from light to dark.
DRAWN = ((16, 0.4), (13, 1.4), (38, 2.6), (27, 4.0))


class Face:
    """A face to paint on, cut to a square."""

    def __init__(self, pixels: Pixels, labels: NDArray[np.uint8], box: Box, points: dict[str, tuple[float, float]]):
        self.pixels, self.labels, self.box, self.points = pixels, labels, box, points
        self.width = box[2] - box[0]

    @classmethod
    def of_portrait(cls, side: int) -> Face:
        """The portrait's face as it is."""
        photo = read_photo(portrait())
        face = find_face(photo)
        assert face is not None
        x0, y0, x1, y1 = face.box
        half = 0.62 * max(x1 - x0, y1 - y0)
        cut = (round((x0 + x1) / 2 - half), round((y0 + y1) / 2 - half))
        cut = (*cut, cut[0] + round(2 * half), cut[1] + round(2 * half))
        k = side / (cut[2] - cut[0])
        pixels = Image.fromarray(photo.pixels).crop(cut).resize((side, side), Image.Resampling.LANCZOS)
        labels = Image.fromarray(face.label_map).crop(cut).resize((side, side), Image.Resampling.NEAREST)
        box = ((x0 - cut[0]) * k, (y0 - cut[1]) * k, (x1 - cut[0]) * k, (y1 - cut[1]) * k)
        points = {name: ((x - cut[0]) * k, (y - cut[1]) * k) for name, (x, y) in face.points.items()}
        return cls(np.array(pixels), np.array(labels), box, points)

    @classmethod
    def drawn(cls, seed: int, melanin: float, side: int) -> Face:
        """A face drawn by code; its skin is shared out to the zones by where it lies."""
        picture = draw_skin(seed=seed, size=side, melanin=melanin)
        ys, xs = np.nonzero(picture.skin)
        box = (float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
        y, x = np.mgrid[:side, :side]
        u, v = (x - box[0]) / (box[2] - box[0]), (y - box[1]) / (box[3] - box[1])
        labels = np.where(u < 0.5, 1 + ZONES.index("right_cheek"), 1 + ZONES.index("left_cheek"))
        labels[(abs(u - 0.5) < 0.1) & (v < 0.62)] = 1 + ZONES.index("nose")
        labels[(abs(u - 0.5) < 0.25) & (v > 0.66)] = 1 + ZONES.index("chin")
        labels[v < 0.25] = 1 + ZONES.index("forehead")
        return cls(picture.pixels, (labels * picture.skin).astype(np.uint8), box, {})

    def painted(self, method: str, grade: float, seed: int) -> PaintedPigment:
        """The face at a grade."""
        return METHODS[method](
            self.pixels,
            self.labels,
            face_width_px=self.width,
            load=load_of_grade(grade),
            seed=seed,
            zone_weights=ZONE_WEIGHTS,
        )

    def disturbed(self, kind: str, strength: float, seed: int) -> Pixels:
        """The face with something that is no pigment."""
        return disturb(
            self.pixels,
            self.labels,
            box=self.box,
            kind=kind,  # type: ignore[arg-type]
            strength=strength,
            seed=seed,
            points=self.points or None,
        )


def most_of(face: Face, method: str, what: str, grade: float) -> Pixels:
    """The face painted with the seed, among a few, of whose paint the largest share is of one kind."""
    tried = [face.painted(method, grade, seed) for seed in range(30)]
    return max(tried, key=lambda painted: float(painted.parameters[f"share_{what}"])).pixels


def sheet(rows: Sequence[Sequence[tuple[str, Pixels]]], path: Path) -> None:
    """Tiles with a line of text below each, as one JPEG."""
    line = 20
    height, width = len(rows) * (TILE + line), max(map(len, rows)) * TILE
    image = Image.new("RGB", (width, height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    for i, row in enumerate(rows):
        for j, (text, pixels) in enumerate(row):
            tile = Image.fromarray(pixels).resize((TILE - 4, TILE - 4), Image.Resampling.LANCZOS)
            image.paste(tile, (j * TILE + 2, i * (TILE + line) + 2))
            draw.text((j * TILE + 4, i * (TILE + line) + TILE), text, "black", font)
    image.save(path, quality=82)


def grades(face: Face, out: Path) -> None:
    """Both ways of painting, from nothing to the highest grade."""
    rows = []
    for method in METHODS:
        row = [
            (f"{method}, grade {g:g}", face.painted(method, g, 20 + i).pixels) for i, g in enumerate((0, 1, 3, 5, 7, 9))
        ]
        rows.append(row)
    sheet(rows, out / "simulation_grades.jpg")


def tones(out: Path) -> None:
    """The same grades on drawn skin from light to dark."""
    rows = []
    for seed, melanin in DRAWN:
        face = Face.drawn(seed, melanin, 400)
        row = [("drawn, nothing painted", face.pixels)]
        for i, (method, grade) in enumerate((("melanin", 3), ("melanin", 7), ("glaze", 3), ("glaze", 7))):
            row.append((f"{method}, grade {grade}", face.painted(method, grade, 3 + i).pixels))
        rows.append(row)
    sheet(rows, out / "simulation_tones.jpg")


def kinds(face: Face, out: Path) -> None:
    """What the patterns are made of, and acne lesions."""
    brown = [
        ("freckles and lentigines", most_of(face, "melanin", "spots", 5)),
        ("marks after inflammation", most_of(face, "melanin", "marks", 4)),
        ("fields as in melasma", most_of(face, "melanin", "fields", 6)),
    ]
    grown = [(f"glaze: {name}", most_of(face, "glaze", name, 6)) for name in ("cells", "net", "clusters")]
    painted = paint_lesions(face.pixels, face.labels, count=34, seed=1, face_width_px=face.width)
    lesions = [("acne lesions", painted.pixels)]
    for kind in ("papule", "pustule"):
        pairs = zip(painted.lesions, painted.kinds, strict=True)
        at = max((lesion for lesion, k in pairs if k == kind and lesion.zone == "forehead"), key=lambda one: one.radius)
        reach = round(0.06 * face.width)
        y, x = max(reach, round(at.y)), max(reach, round(at.x))
        lesions.append((f"a {kind}, enlarged", painted.pixels[y - reach : y + reach, x - reach : x + reach]))
    sheet([brown, grown, lesions], out / "simulation_kinds.jpg")


def confounders(face: Face, out: Path) -> None:
    """What is no pigment, on the portrait and on drawn skin."""
    rows = []
    for shown, name in ((face, "portrait"), (Face.drawn(*DRAWN[2], 400), "drawn by code")):
        row = [(name, shown.pixels)]
        row += [(kind.replace("_", " "), shown.disturbed(kind, 0.9, 4)) for kind in CONFOUNDERS]
        rows.append(row)
    sheet(rows, out / "simulation_confounders.jpg")


def main() -> None:
    """Make them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    face = Face.of_portrait(500)
    grades(face, out)
    tones(out)
    kinds(face, out)
    confounders(face, out)


if __name__ == "__main__":
    main()
