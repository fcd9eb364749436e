"""How alike the two cheeks of a face are graded, and what the mirror does to the score.

Only faces that show both cheeks are graded. Real cheeks differ, so perfect agreement is not to be wished for; a mean
difference far from 0 over many faces, or a score that the mirror moves, is the grader's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dermagrade.evaluation.measures.grader import Grader, arrived
from dermagrade.evaluation.measures.outcome import Outcome
from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject, read_each
from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures
from dermagrade.evaluation.statistics.bland_altman import bland_altman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.evaluation.statistics.intraclass import icc_2_1
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


def measure(subjects: Sequence[Subject], grader: Grader, *, seed: int = 0, read: ReadEach = read_each) -> Outcome:
    """Measures the cheeks of these photos.

    Args:
        subjects: the photos.
        grader: grades them.
        seed: of the intervals.
        read: reads them.

    Raises:
        PhotoError: if a photo cannot be read and ``read`` does not leave it out.
        WeightsError: if a network does not fit.
    """
    found = [sides_of(photo, subject.person, grader) for _, subject, photo in read(subjects)]
    scale = grader.condition.scale
    figures = summarise([row for row in found if row is not None], unit=scale, draws=Draws(seed=seed))
    head = {"models": grader.models, "scale": scale, "asked": len(subjects)}
    said = f"{', '.join(grader.models)}; {len(subjects)} photos, scores on {scale}"
    return Outcome((head | figures,), f"{said}\n{as_text(figures)}")
