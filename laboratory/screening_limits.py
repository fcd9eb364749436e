"""Where the limits of the screening lie among real photos.

``python -m laboratory.screening_limits --data DIR`` prints, by collection, how many photos each finding
touches and the percentiles of every measure, as Markdown: these are the tables of ``docs/screening.md``. Faces are
those of the zone network or, with ``--faces teacher``, of the teacher meshes, with the oval of the face as the skin.
No zone is asked for. A photo without a face is screened as a whole.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from dermagrade.photo import checks
from dermagrade.photo.read import read_photo
from dermagrade.photo.screen import screen
from dermagrade.types import ZONES, FaceMap, Photo, Zone
from laboratory.data import add_data

#: Points of MediaPipe Face Mesh along the oval of the face.
_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
_PERCENTILES = (0, 0.5, 1, 3, 10, 50, 90, 97, 99, 99.5, 100)
_OF_THE_REGION: dict[str, Callable[[checks.Region], float]] = {
    "P102": checks.sharpness,
    "P103": checks.highlight,
    "P104": checks.brightness,
    "P105": checks.clipped_share,
    "P106": checks.cast_distance,
}


def mesh_face(points: NDArray[np.float64], photo: Photo) -> FaceMap:
    """A face as far as the screening needs one, from a mesh ``(468, 3)`` in pixels of the photo."""
    height, width = photo.pixels.shape[:2]
    x0, y0 = np.clip(points[:, :2].min(axis=0), 0, (width - 1, height - 1))
    x1, y1 = np.clip(points[:, :2].max(axis=0), 1, (width, height))
    label_map = Image.new("L", (width, height))
    ImageDraw.Draw(label_map).polygon([(float(x), float(y)) for x, y in points[list(_OVAL), :2]], fill=1)
    zones = {name: Zone(name, 1.0, np.empty((0, 2))) for name in ZONES}
    box = (float(x0), float(y0), float(x1), float(y1))
    return FaceMap(box, {}, 0.0, 0.0, 0.0, np.array(label_map), zones, 1.0)


def photos_with_faces(
    data: Path, sample: int, find: Callable[[Photo], FaceMap | None] | None = None
) -> Iterator[tuple[str, Photo, FaceMap | None]]:
    """Collection, photo and face: all of ``acne`` and up to ``sample`` of each collection in ``faces``.

    The face is what ``find`` says, or the teacher's where it is None.
    """
    chooser = random.Random(0)
    for folder, below in (("acne", "photos"), ("faces", "")):
        with np.load(data / folder / "teacher_mesh.npz") as mesh:
            rows = list(zip(map(str, mesh["photo"]), mesh["points"].astype(np.float64), strict=True))
        chooser.shuffle(rows)
        taken: Counter[str] = Counter()
        for name, points in rows:
            collection = "acne" if folder == "acne" else name.split("/")[0]
            taken[collection] += 1
            if collection == "acne" or taken[collection] <= sample:
                photo = read_photo(data / folder / below / name)
                if find is not None:
                    yield collection, photo, find(photo)
                else:
                    yield collection, photo, None if np.isnan(points[0, 0]) else mesh_face(points, photo)


def tables(data: Path, sample: int, find: Callable[[Photo], FaceMap | None] | None = None) -> str:
    """Both tables as Markdown; arguments as in :func:`photos_with_faces`."""
    touched: dict[str, Counter[str]] = defaultdict(Counter)
    photos: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for collection, photo, face in photos_with_faces(data, sample, find):
        photos[collection] += 1
        findings = screen(photo, face).findings
        touched[collection].update({f.code for f in findings})
        refused[collection] += any(f.severity == "refuse" for f in findings)
        values["P101", collection].append(checks.short_side_px(photo))
        area = checks.region(photo, face)
        if face is not None:
            values["P107", collection].append(checks.face_side_px(photo, face))
            for code, measure in _OF_THE_REGION.items() if area.measurable else ():
                values[code, collection].append(measure(area))
    lines = ["| code | finding | limit | " + " | ".join(f"{c} ({n})" for c, n in photos.items()) + " |"]
    lines.append("|---" * (3 + len(photos)) + "|")
    for check in checks.CHECKS:
        counts = " | ".join(f"{touched[c][check.code]} ({touched[c][check.code] / n:.1%})" for c, n in photos.items())
        bound = "-" if check.limit is None else f"{check.bound} {check.limit:g}"
        lines.append(f"| {check.code} | {check.title} | {bound} | {counts} |")
    lines.append(
        "| | refused | | " + " | ".join(f"{refused[c]} ({refused[c] / n:.1%})" for c, n in photos.items()) + " |"
    )
    lines += ["", "| code | collection | " + " | ".join(f"{p:g} %" for p in _PERCENTILES) + " |"]
    lines.append("|---" * (2 + len(_PERCENTILES)) + "|")
    for (code, collection), measured in sorted(values.items()):
        shown = " | ".join(f"{v:.3g}" for v in np.percentile(measured, _PERCENTILES))
        lines.append(f"| {code} | {collection} | {shown} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="How many real photos each finding of the screening touches.")
    add_data(parser)
    parser.add_argument("--sample", type=int, default=700, help="photos of each collection other than acne")
    parser.add_argument("--faces", choices=("network", "teacher"), default="network")
    options = parser.parse_args(arguments)
    find = None
    if options.faces == "network":  # loaded only where it is asked for
        from dermagrade.face.zones import find_face

        find = find_face
    sys.stdout.write(tables(options.data, options.sample, find) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
