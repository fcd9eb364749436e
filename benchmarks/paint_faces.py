"""What painting a face costs: milliseconds, faces a second, and the ratio to encoding the same picture as JPEG.

The face is the demo's public-domain portrait, cut to 256 pixels, painted on one core. Time is that of the processor, so
other work on the machine weighs little; the ratio hardly depends on the machine at all.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import numpy as np
from PIL import Image

from dermagrade.cli.demo import portrait
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.simulate.confounders import CONFOUNDERS, disturb
from dermagrade.simulate.glaze import glaze_pigment
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.simulate.pigment import paint_pigment

SIDE = 256
ROUNDS = 15


def median_ms(call: Callable[[int], object]) -> float:
    """Median time of the processor in milliseconds of calls with seeds 1 and on, after one that warms up."""
    call(0)
    times = []
    for seed in range(1, ROUNDS + 1):
        started = time.process_time()
        call(seed)
        times.append(1000 * (time.process_time() - started))
    return statistics.median(times)


def main() -> None:
    """Cut the face, time every way of painting, print."""
    photo = read_photo(portrait())
    face = find_face(photo)
    assert face is not None
    x0, y0, x1, y1 = face.box
    half = 0.62 * max(x1 - x0, y1 - y0)
    cut = tuple(
        round(v) for v in ((x0 + x1) / 2 - half, (y0 + y1) / 2 - half, (x0 + x1) / 2 + half, (y0 + y1) / 2 + half)
    )
    k = SIDE / (cut[2] - cut[0])
    image = Image.fromarray(photo.pixels).crop(cut).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    labels = np.array(Image.fromarray(face.label_map).crop(cut).resize((SIDE, SIDE), Image.Resampling.NEAREST))
    pixels = np.array(image)
    box = ((x0 - cut[0]) * k, (y0 - cut[1]) * k, (x1 - cut[0]) * k, (y1 - cut[1]) * k)
    width = box[2] - box[0]

    calls: dict[str, Callable[[int], object]] = {
        "melanin": lambda seed: paint_pigment(pixels, labels, face_width_px=width, load=0.1, seed=seed),
        "glaze": lambda seed: glaze_pigment(pixels, labels, face_width_px=width, load=0.1, seed=seed),
        "20 lesions": lambda seed: paint_lesions(pixels, labels, count=20, seed=seed, face_width_px=width),
    }
    for kind in CONFOUNDERS:
        calls[kind] = lambda seed, kind=kind: disturb(pixels, labels, box=box, kind=kind, strength=0.8, seed=seed)
    print(f"{'painted':<16}{'ms':>8}{'faces/s':>10}{'ratio to JPEG':>16}")
    for name, call in calls.items():
        encoded = median_ms(lambda seed: image.save(io.BytesIO(), "JPEG", quality=90))
        painted = median_ms(call)
        print(f"{name:<16}{painted:>8.1f}{1000 / painted:>10.0f}{painted / encoded:>16.1f}")


if __name__ == "__main__":
    main()
