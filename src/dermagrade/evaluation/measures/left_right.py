"""How alike the two cheeks of a face are graded, and what the mirror does to the score.

``python -m dermagrade.evaluation.measures.left_right --condition NAME --images DIR [--images DIR]... [--sample N]
[--json]`` grades faces that show both cheeks. Real cheeks differ, so perfect agreement is not to be wished for; a mean
difference far from 0 over many faces, or a score that the mirror moves, is the grader's own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.evaluation.measures.grader import Grader, add_grader, arrived, grader_of
from dermagrade.evaluation.measures.photo_sample import Subject, folder_photos, with_progress
from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures
from dermagrade.evaluation.measures.told import told
from dermagrade.evaluation.statistics.bland_altman import bland_altman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.evaluation.statistics.intraclass import icc_2_1
from dermagrade.photo.read import read_photo
from dermagrade.types import Photo

#: A mirrored photo's score that moves by less than this counts as steady.
STEADY_BELOW = 0.3


@dataclass(frozen=True)
class CheekScores:
    """The scores of one frontal face.

    Attributes:
        person: whose it is.
        left: score of the person's own left cheek.
        right: score of the right cheek.
        score: of the face.
        mirrored: score of the mirrored photo; None where it has none.
    """

    person: str
    left: float
    right: float
    score: float
    mirrored: float | None


def sides_of(photo: Photo, person: str, grader: Grader) -> CheekScores | None:
    """Grades a photo and its mirror image.

    Returns:
        None where the face is not frontal, has no score, or the condition gives its cheeks none.

    Raises:
        WeightsError: if a network does not fit.
    """
    face = grader.face(photo)
    if face is None or not face.frontal:
        return None
    answer = grader.grade(photo, face)
    left, right = answer.zones.get("left_cheek"), answer.zones.get("right_cheek")
    if answer.score is None or left is None or right is None:
        return None
    mirror = arrived(np.ascontiguousarray(photo.pixels[:, ::-1]), photo)
    return CheekScores(person, left.score, right.score, answer.score, grader.score(mirror))


def summarise(rows: Sequence[CheekScores], *, unit: str, draws: Draws) -> dict[str, Any]:
    """The figures, with 95 % intervals over persons.

    Args:
        rows: the faces.
        unit: id of the scale.
        draws: for the intervals.

    Returns:
        ``photos``; ``icc_2_1`` of left and right cheek; ``difference``, left less right, with its limits of agreement
        (None with fewer than two faces); ``mean_abs``, the mean size of that difference; ``mirror``, how far the
        mirror moves the score (:func:`~dermagrade.evaluation.measures.shift.shift_figures`).
    """
    cheeks = [(row.person, row.right, row.left) for row in rows]
    limits = bland_altman("left cheek less right cheek", unit, cheeks, draws)
    figures = draws.estimates(
        {
            "icc_2_1": lambda right, left: icc_2_1(np.column_stack([left, right])),
            "mean_abs": lambda right, left: float(np.abs(left - right).mean()),
        },
        cheeks,
    )
    shifts = [Shift(row.person, row.score, row.mirrored) for row in rows]
    return {
        "photos": len(rows),
        "icc_2_1": figures["icc_2_1"].record(),
        "difference": None if limits is None else limits.record(),
        "mean_abs": figures["mean_abs"].record(),
        "mirror": shift_figures(shifts, below=STEADY_BELOW, rounds=draws.rounds, seed=draws.seed),
    }


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures, one a line, each with its interval."""
    difference, mirror = figures["difference"], figures["mirror"]
    lines = [f"{figures['photos']} frontal faces", f"ICC(2,1) of the cheeks     {figure(figures['icc_2_1'], '.2f')}"]
    if difference is not None:
        lines += [
            f"left less right, mean      {figure(difference['bias'], '+.2f')}",
            f"  limits of agreement      {figure(difference['low_limit'], '+.2f')} and "
            f"{figure(difference['high_limit'], '+.2f')}",
        ]
    lines += [
        f"mean size of it            {figure(figures['mean_abs'], '.2f')}",
        f"mirror: mean shift         {figure(mirror['mean'], '+.2f')}",
        f"  mean size                {figure(mirror['mean_abs'], '.2f')}",
        f"  under {STEADY_BELOW}                {figure(mirror['share_below'], '.1%')}; {mirror['lost']} scores lost",
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="How alike both cheeks are graded, and what the mirror does.")
    add_grader(parser)
    parser.add_argument(
        "--images", type=Path, action="append", required=True, help="photos; may be given several times"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="photos of each folder (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample must be 1 or more")
    grader = grader_of(options)
    subjects = folder_photos(options.images, sample=options.sample, seed=options.seed)
    found = [_of(subject, grader) for subject in with_progress(subjects)]
    rows = [row for row in found if row is not None]
    figures = summarise(rows, unit=grader.condition.scale, draws=Draws(seed=options.seed))
    head = {"models": grader.models, "scale": grader.condition.scale, "asked": len(subjects)}
    if options.json:
        sys.stdout.write(json.dumps(head | figures) + "\n")
    else:
        told = f"{', '.join(grader.models)}; {len(subjects)} photos, scores on {grader.condition.scale}"
        sys.stdout.write(f"{told}\n{as_text(figures)}\n")
    return 0


def _of(subject: Subject, grader: Grader) -> CheekScores | None:
    return sides_of(read_photo(subject.path), subject.person, grader)


if __name__ == "__main__":
    sys.exit(told(main))
