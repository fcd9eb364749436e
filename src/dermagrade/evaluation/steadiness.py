"""How far the acne score of the same skin moves when its photo arrives in another way.

``python -m dermagrade.evaluation.steadiness [--folder DIR]... [--sample N] [--model DIR] [--json]`` grades photos as
they are, then again after every change of :data:`~dermagrade.evaluation.variants.CHANGES`, each time from the bytes
of a file and through all that a user's photo goes through: read, find the face, grade. Without ``--folder`` it takes
a seeded sample of the acne photos and of the listed clear faces (:mod:`~dermagrade.evaluation.clear_faces`).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from dermagrade.conditions.acne.grade import grade_acne
from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.agreement import bootstrap_by_person
from dermagrade.evaluation.clear_faces import clear_faces
from dermagrade.evaluation.networks import named_network
from dermagrade.evaluation.variants import CHANGES
from dermagrade.face.zones import find_face
from dermagrade.photo.read import SUFFIXES, read_photo, read_photo_bytes
from dermagrade.types import Photo, Screening
from dermagrade.weights import runtime

#: A score that moves by less than this counts as steady.
STEADY_BELOW = 0.3
#: How many acne photos and clear faces are taken unless the call says otherwise.
ACNE_SAMPLE, CLEAR_SAMPLE = 150, 100


@dataclass(frozen=True)
class Subject:
    """A photo to measure.

    Attributes:
        path: of the file.
        group: what kind of photo it is, such as ``acne``.
        person: whose it is; the file where nobody knows.
    """

    path: Path
    group: str
    person: str


@dataclass(frozen=True)
class Move:
    """What one change did to the score of one photo.

    Attributes:
        photo: path.
        group: what kind of photo it is.
        person: whose it is.
        change: name of the change.
        before: score on ``acne-5`` of the photo as it is.
        after: score after the change; None where there was none any more.
    """

    photo: str
    group: str
    person: str
    change: str
    before: float
    after: float | None

    @property
    def size(self) -> float:
        """How far the score moved, 0 or more; NaN where it was lost."""
        return float("nan") if self.after is None else abs(self.after - self.before)


def moves_of(subject: Subject, *, zones: runtime.Model, acne: runtime.Model) -> list[Move]:
    """The moves of one photo under every change; none where the photo as it is has no score.

    Raises:
        PhotoError: if the photo cannot be read.
        WeightsError: if a network does not fit.
    """
    photo = read_photo(subject.path)
    before = _score(photo, zones, acne)
    if before is None:
        return []
    found = []
    for change, make in CHANGES.items():
        after = _score(read_photo_bytes(make(photo.pixels), name=photo.name), zones, acne)
        found.append(Move(str(subject.path), subject.group, subject.person, change, before, after))
    return found


def _score(photo: Photo, zones: runtime.Model, acne: runtime.Model) -> float | None:
    return grade_acne(photo, find_face(photo, model=zones), Screening(), model=acne).score


def summarise(moves: Sequence[Move], *, rounds: int = 500, seed: int = 0) -> dict[str, Any]:
    """The figures: for all photos and for each group, over all changes, by change, and by each photo's largest move.

    Every figure is ``photos``, ``moves``, ``lost`` (scores that a change took away), ``mean``, ``p95`` and
    ``steady``, the share that moved by less than :data:`STEADY_BELOW`; a lost score is not steady, and is left out of
    mean and p95.
    """
    groups = list(dict.fromkeys(m.group for m in moves))
    parts = {"all photos": moves} | ({g: [m for m in moves if m.group == g] for g in groups} if len(groups) > 1 else {})

    def figures(rows: Sequence[Move]) -> dict[str, Any]:
        sizes, persons = [m.size for m in rows], [m.person for m in rows]
        named = {"mean": _mean, "p95": _p95, "steady": _steady}
        return {
            "photos": len({m.photo for m in rows}),
            "moves": len(rows),
            "lost": sum(m.after is None for m in rows),
        } | {
            key: bootstrap_by_person(sizes, groups=persons, statistic=statistic, rounds=rounds, seed=seed).record()
            for key, statistic in named.items()
        }

    return {
        name: {
            "all changes": figures(rows),
            "largest move of each photo": figures(_largest(rows)),
            "by_change": {change: figures([m for m in rows if m.change == change]) for change in CHANGES},
        }
        for name, rows in parts.items()
    }


def _largest(moves: Sequence[Move]) -> list[Move]:
    """Of each photo the move that went farthest; a lost score is farther than any."""
    worst: dict[str, Move] = {}
    for move in moves:
        known = worst.get(move.photo)
        if known is None or np.nan_to_num(move.size, nan=np.inf) > np.nan_to_num(known.size, nan=np.inf):
            worst[move.photo] = move
    return list(worst.values())


def _mean(sizes: NDArray[np.float64]) -> float:
    kept = sizes[np.isfinite(sizes)]
    return float(kept.mean()) if len(kept) else float("nan")


def _p95(sizes: NDArray[np.float64]) -> float:
    kept = sizes[np.isfinite(sizes)]
    return float(np.percentile(kept, 95)) if len(kept) else float("nan")


def _steady(sizes: NDArray[np.float64]) -> float:
    # A comparison with NaN is False, so a lost score counts as not steady.
    return float((sizes < STEADY_BELOW).mean()) if len(sizes) else float("nan")


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures as tables to read, each with its interval."""
    lines = []
    for name, part in figures.items():
        whole = part["all changes"]
        lines += ["", f"{name}: {whole['photos']} photos, moves of the acne-5 score"]
        lines.append(f"{'':34}{'mean':>20}{'95th percentile':>22}{f'under {STEADY_BELOW}':>24}{'lost':>6}")
        rows = {key: part[key] for key in ("all changes", "largest move of each photo")} | part["by_change"]
        for change, row in rows.items():
            cells = _shown(row["mean"], ".2f"), _shown(row["p95"], ".2f"), _shown(row["steady"], ".1%")
            lines.append(f"{change:34}{cells[0]:>20}{cells[1]:>22}{cells[2]:>24}{row['lost']:>6}")
    return "\n".join(lines[1:])


def _shown(estimate: Mapping[str, Any], style: str) -> str:
    if estimate["value"] is None:
        return "-"
    ends = "" if estimate["low"] is None else f" ({estimate['low']:{style}}-{estimate['high']:{style}})"
    return f"{estimate['value']:{style}}{ends}"


def default_photos(data: Path, *, sample: int | None, seed: int) -> list[Subject]:
    """Sampled acne photos with their persons, then sampled clear faces, each of which counts as a person.

    Raises:
        LabelsError: if the data's table of acne photos cannot be read.
    """
    table = data / "acne" / "labels.csv"
    try:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            rows = [(row["photo"], row["subject"]) for row in csv.DictReader(lines)]
    except (OSError, KeyError) as error:
        raise LabelsError(f"{table} is missing or has no photo and subject; name photos by --folder.") from error
    acne = [Subject(data / "acne" / "photos" / photo, "acne photos", subject) for photo, subject in rows]
    faces = [Subject(data / "faces" / c / name, "clear faces", f"{c}/{name}") for c, name in clear_faces()]
    return [*_sampled(acne, sample or ACNE_SAMPLE, seed), *_sampled(faces, sample or CLEAR_SAMPLE, seed)]


def folder_photos(folders: Iterable[Path], *, sample: int | None, seed: int) -> list[Subject]:
    """Photos of folders, sampled from each; nobody knows the persons, so every photo counts as one.

    Raises:
        UsageError: if a folder is missing or holds no photo.
    """
    chosen: list[Subject] = []
    for folder in folders:
        files = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES) if folder.is_dir() else []
        if not files:
            raise UsageError(f"{folder} is no folder with photos.")
        own = [Subject(path, folder.name, str(path)) for path in files]
        chosen += _sampled(own, sample or len(own), seed)
    return chosen


def _sampled(subjects: Sequence[Subject], count: int, seed: int) -> list[Subject]:
    return random.Random(seed).sample(list(subjects), min(count, len(subjects)))


def _with_progress(subjects: Sequence[Subject]) -> Iterator[Subject]:
    with tqdm(subjects, unit="photo", disable=None) as bar:  # None: only on a terminal
        yield from bar


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="How far the acne score of the same skin moves.")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("DERMAGRADE_DATA", "../shared/data")))
    parser.add_argument("--folder", type=Path, action="append", default=[], help="photos; may be given several times")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="photos of each kind (default: 150 acne, 100 clear; all of a folder)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the intervals (default: %(default)s)")
    parser.add_argument("--model", type=Path, help="acne network, or a folder with it (default: the shipped one)")
    parser.add_argument("--zones", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample must be 1 or more")
    acne = runtime.load("acne" if options.model is None else named_network(options.model, "acne"))
    zones = runtime.load("zones" if options.zones is None else named_network(options.zones, "zones"))
    if options.folder:
        subjects = folder_photos(options.folder, sample=options.sample, seed=options.seed)
    else:
        subjects = default_photos(options.data, sample=options.sample, seed=options.seed)
    moves = [move for subject in _with_progress(subjects) for move in moves_of(subject, zones=zones, acne=acne)]
    asked, scored = len(subjects), len({move.photo for move in moves})
    figures = {"models": [acne.id, zones.id], "asked": asked, "without_score": asked - scored}
    table = summarise(moves, seed=options.seed)
    if options.json:
        sys.stdout.write(json.dumps(figures | {"steady_below": STEADY_BELOW, "figures": table}) + "\n")
    else:
        head = f"{acne.id}, {zones.id}; {asked} photos, {asked - scored} of them without a score as they are"
        sys.stdout.write(f"{head}\n\n{as_text(table)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
