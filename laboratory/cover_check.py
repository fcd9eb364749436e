"""What the search for covered skin finds, and takes away, on real photos.

``python -m laboratory.cover_check --data DIR`` prints by collection (and by the race code in the file names
of UTKFace) how many faces each kind of cover is named on; and for the acne photos how much of each zone is taken away,
how many zones are lost, and how many of the marked lesions lie on skin called covered. There are no labels of what
covers a face: who wears glasses has to be looked up in the photos that ``--list`` names.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dermagrade.face.cover import KINDS, uncovered
from dermagrade.face.zones import find_face
from dermagrade.photo.checks import covered
from dermagrade.photo.read import read_photo
from dermagrade.types import ZONES, FaceMap
from laboratory.data import add_data

Marks = Mapping[str, Sequence[tuple[float, float]]]


def photos(data: Path, sample: int) -> Iterator[tuple[str, Path]]:
    """Collection and path: all acne photos, and ``sample`` of each collection of faces, UTKFace by race code."""
    for path in sorted((data / "acne" / "photos").iterdir()):
        yield "acne", path
    for folder in ("utk", "scut"):
        own = sorted((data / "faces" / folder).iterdir())
        random.Random(2).shuffle(own)
        groups: dict[str, list[Path]] = defaultdict(list)
        for path in own:
            parts = path.name.split("_")
            groups[f"utk, code {parts[2]}" if folder == "utk" and len(parts) > 3 else folder].append(path)
        for name in sorted(groups):
            yield from ((name, path) for path in groups[name][:sample])


def lesion_marks(data: Path) -> Marks:
    """Photo name to the published places of its lesions, in pixels of the photo."""
    marks: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with open(data / "acne" / "lesions.csv", newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            marks[row["photo"]].append((float(row["x"]), float(row["y"])))
    return marks


def lost_shares(bare: FaceMap, seen: FaceMap) -> dict[str, float]:
    """Zone to the share of its pixels that is taken away, for the zones that were found."""
    shares = {}
    for name in bare.found:
        number = ZONES.index(name) + 1
        before, after = int((bare.label_map == number).sum()), int((seen.label_map == number).sum())
        shares[name] = 1 - after / max(before, 1)
    return shares


def report(data: Path, sample: int, listed: bool) -> str:
    """Both tables as Markdown, and with ``listed`` the photos that each finding touches."""
    marks = lesion_marks(data)
    faces: Counter[str] = Counter()
    touched: dict[str, Counter[str]] = defaultdict(Counter)
    lost: dict[str, float] = defaultdict(float)
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    names = []
    for collection, path in photos(data, sample):
        photo = read_photo(path)
        bare = find_face(photo, cover=False)
        if bare is None:
            continue
        faces[collection] += 1
        seen = uncovered(photo, bare)
        codes = [finding.code for finding in covered(seen)]
        touched[collection].update(codes)
        names += [f"{code} {path.name}" for code in codes]
        if collection != "acne":
            continue
        for zone, share in lost_shares(bare, seen).items():
            found[zone] += 1
            lost[zone] += share
        total["faces that lose a zone"] += set(seen.found) != set(bare.found)
        total["faces no longer graded by halves"] += bare.frontal and not seen.frontal
        height, width = bare.label_map.shape
        for x, y in marks.get(path.name, ()):
            column, row = int(x / photo.scale), int(y / photo.scale)
            if column < width and row < height and bare.label_map[row, column]:
                total["marked lesions within the zones"] += 1
                total["of these on skin called covered"] += not seen.label_map[row, column]
    columns = ["P113", "P114", "P115", "P116"]
    lines = ["| collection | faces | " + " | ".join(columns) + " |", "|---" * (2 + len(columns)) + "|"]
    for collection, n in faces.items():
        lines.append(f"| {collection} | {n} | " + " | ".join(str(touched[collection][c]) for c in columns) + " |")
    lines += ["", "| acne | |", "|---|---|"]
    lines += [f"| {what} | {n} |" for what, n in total.items()]
    lines += [f"| mean share taken from {z} | {lost[z] / found[z]:.3%} |" for z in ZONES if found[z]]
    return "\n".join([*lines, *(["", *names] if listed else [])])


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=f"What is found to cover skin ({', '.join(KINDS)}) on real photos.")
    add_data(parser)
    parser.add_argument("--sample", type=int, default=150, help="faces of each collection, and of each race code")
    parser.add_argument("--list", action="store_true", help="name the photos, to look at them")
    options = parser.parse_args(arguments)
    sys.stdout.write(report(options.data, options.sample, options.list) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
