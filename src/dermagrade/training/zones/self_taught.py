"""What a zone network can teach itself: faces that the teacher missed, and pictures that it mistakes for faces."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.face.zones import find_face
from dermagrade.training.zones.data import ZoneSamples
from dermagrade.training.zones.net import ZoneNet
from dermagrade.training.zones.targets import WEIGHT_STEP
from dermagrade.types import KEY_POINTS, ZONES, Photo
from dermagrade.weights.model import Model

#: A point that is not seen lies far outside the picture, where it teaches "not here".
_ELSEWHERE = (-9999.0, -9999.0)
#: How many of the most mistaken pictures are kept, each twice, and how many others.
HARDEST, OTHERS = 900, 1200


def teach_missed(samples: ZoneSamples, rows: NDArray[np.int64], model: Model) -> NDArray[np.int64]:
    """Give photos of faces that have no mesh the network's own answer as their target, in place.

    Close-ups and profiles have no mesh, since the teacher found no face there. Every one of these photos is known to
    show a face; where the network sees at least two zones it is believed.

    Args:
        samples: all samples.
        rows: of photos without a target that show a face.
        model: the network, with a low threshold.

    Returns:
        The rows that have a target now.
    """
    kept = []
    for i in rows.tolist():
        width, height = samples.sizes[i].tolist()
        pixels = np.ascontiguousarray(samples.pixels[i, :height, :width])
        face = find_face(Photo(pixels, "0" * 64, width, height), model=model, cover=False)
        if face is None or len(face.found) < 2:
            continue
        samples.labels[i, :height, :width] = face.label_map
        samples.weights[i, :height, :width] = (WEIGHT_STEP * (face.label_map > 0)).astype(np.uint8)
        for zone, name in enumerate(ZONES):
            seen = max(int((face.label_map == zone + 1).sum()), 1)
            samples.totals[i, zone] = WEIGHT_STEP * seen / max(face.zones[name].visible, 0.05)
        samples.points[i] = [face.points.get(name, _ELSEWHERE) for name in KEY_POINTS]
        samples.boxes[i] = face.box
        samples.poses[i] = face.yaw_deg, face.pitch_deg, face.roll_deg
        samples.taught[i] = True
        kept.append(i)
    return np.array(kept, np.int64)


@torch.no_grad()
def hardest(net: ZoneNet, pictures: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Of pictures ``(n, s, s, 3)`` without a face, those that the network is surest of, twice, and others by chance."""
    net.eval()
    peaks = [
        net(torch.from_numpy(pictures[i : i + 50]).permute(0, 3, 1, 2).float() / 255)["centre"].amax((1, 2, 3)).numpy()
        for i in range(0, len(pictures), 50)
    ]
    worst = pictures[np.argsort(-np.concatenate(peaks))[:HARDEST]]
    others = pictures[np.random.default_rng(seed).permutation(len(pictures))[:OTHERS]]
    return np.concatenate([worst, worst, others])
