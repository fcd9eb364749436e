"""Whether a score follows what is not the condition: redness, shadow, light, shine, a beard. All of it is simulated.

``python -m dermagrade.evaluation.painted.confounding --condition NAME --images DIR [--sample N] [--json]`` grades faces
before and after :func:`dermagrade.simulate.confounders.disturb` painted one thing on them that is no pigment. For a
condition of pigment nothing should move; acne is red, so redness may move its score.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dermagrade.evaluation.measures.grader import Grader, add_grader, arrived, grader_of
from dermagrade.evaluation.measures.photo_sample import folder_photos, with_progress
from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures
from dermagrade.evaluation.measures.told import told
from dermagrade.photo.read import read_photo
from dermagrade.simulate.confounders import CONFOUNDERS, disturb
from dermagrade.types import Photo

#: How strong everything is painted: half of what ordinary photos show at most, and all of it.
STRENGTHS: tuple[float, ...] = (0.5, 1.0)
#: A score that moves by less than this counts as unmoved.
UNMOVED_BELOW = 0.3


@dataclass(frozen=True)
class Disturbed:
    """What one thing painted on one face did to its score: its kind, how strong it was, and the shift."""

    kind: str
    strength: float
    shift: Shift


def disturbed(photo: Photo, person: str, grader: Grader, *, seed: int) -> list[Disturbed]:
    """The shifts of one photo under every kind and strength; none without a face or a score.

    Raises:
        WeightsError: if a network does not fit.
    """
    face = grader.face(photo)
    before = grader.grade(photo, face).score
    if face is None or before is None:
        return []
    found = []
    for kind in CONFOUNDERS:
        for strength in STRENGTHS:
            pixels = disturb(
                photo.pixels,
                face.label_map,
                box=face.box,
                kind=kind,
                strength=strength,
                seed=seed,
                points=face.points,
            )
            after = grader.score(arrived(pixels, photo))
            found.append(Disturbed(kind, strength, Shift(person, before, after)))
    return found


def summarise(rows: Sequence[Disturbed], *, rounds: int = 1000, seed: int = 0) -> list[dict[str, Any]]:
    """A record for each kind and strength; see :func:`~dermagrade.evaluation.measures.shift.shift_figures`."""
    return [
        {"kind": kind, "strength": strength, "simulated": True}
        | shift_figures(
            [r.shift for r in rows if (r.kind, r.strength) == (kind, strength)],
            below=UNMOVED_BELOW,
            rounds=rounds,
            seed=seed,
        )
        for kind, strength in dict.fromkeys((r.kind, r.strength) for r in rows)
    ]


def as_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The figures as a table to read."""
    head = f"{'simulated':16}{'strength':>8}{'photos':>8}  {'mean shift':24}{'mean size':22}{'90th percentile':22}"
    lines = [f"{head}under {UNMOVED_BELOW}"]
    for row in records:
        cells = [figure(row["mean"], "+.2f"), figure(row["mean_abs"], ".2f"), figure(row["p90"], ".2f")]
        names = f"{row['kind']:16}{row['strength']:>8g}{row['photos']:>8}"
        lines.append(f"{names}  {cells[0]:24}{cells[1]:22}{cells[2]:22}{figure(row['share_below'], '.0%')}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="Whether a score follows simulated things that are not the condition.")
    add_grader(parser)
    parser.add_argument("--images", type=Path, action="append", required=True, help="faces; may be given several times")
    parser.add_argument("--sample", type=int, metavar="N", help="photos of each folder (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, one for kind and strength")
    options = parser.parse_args(arguments)
    if (options.sample or 1) < 1 or options.seed < 0:
        parser.error("--sample must be 1 or more and --seed 0 or more")
    grader = grader_of(options)
    subjects = folder_photos(options.images, sample=options.sample, seed=options.seed)
    rows: list[Disturbed] = []
    for i, subject in enumerate(with_progress(subjects)):
        rows += disturbed(read_photo(subject.path), subject.person, grader, seed=1000 * options.seed + i)
    records = summarise(rows, seed=options.seed)
    scale = grader.condition.scale
    if options.json:
        head = {"models": grader.models, "scale": scale, "asked": len(subjects)}
        sys.stdout.write("".join(json.dumps(head | record) + "\n" for record in records))
    else:
        graded = len({r.shift.person for r in rows})
        told = f"{', '.join(grader.models)}; {graded} of {len(subjects)} faces, shifts of the {scale} score"
        sys.stdout.write(f"{told}; all that is painted is simulated\n\n{as_text(records)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
