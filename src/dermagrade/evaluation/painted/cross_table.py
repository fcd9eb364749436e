"""Whether one condition's score follows another condition. What is painted is simulated.

Every condition of the table that can be painted is painted onto faces, at grades across its scale, and the faces are
graded for every condition before and after. Nothing is taken out of a face before it is painted. A condition should
follow its own painting and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.errors import UsageError
from dermagrade.evaluation.measures.grader import Grader, arrived, zones_of
from dermagrade.evaluation.measures.outcome import Outcome
from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject, read_each
from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures
from dermagrade.scales import SCALES
from dermagrade.simulate.lesions import NoRoomError
from dermagrade.types import Photo
from dermagrade.weights.model import load_model

#: A score that moves by less than this counts as unmoved.
UNMOVED_BELOW = 0.2


@dataclass(frozen=True)
class Crossed:
    """What painting one condition did to the score of another on one photo.

    Attributes:
        painted: name of the condition that was painted.
        wished: grade that was wished for.
        truth: grade that was painted.
        graded: name of the condition that was graded.
        shift: its score before and after.
    """

    painted: str
    wished: float
    truth: float
    graded: str
    shift: Shift


def grades_across(scale: str, count: int) -> tuple[float, ...]:
    """So many grades of a scale, evenly from above its lowest to its highest."""
    low, high = SCALES[scale].low, SCALES[scale].high
    return tuple(float(v) for v in np.linspace(low, high, count + 1)[1:])


def cross(
    photo: Photo, graders: Sequence[Grader], painted: Sequence[Condition], *, grades: int, seed: int
) -> list[Crossed]:
    """Paints each condition onto one photo and grades all, before and after.

    Args:
        photo: a face, best a clear one.
        graders: of the conditions to grade; the first one's zone network finds the face.
        painted: conditions that can be painted.
        grades: how many grades of each scale.
        seed: of the painting.

    Returns:
        One for each condition painted, grade, and condition graded; none where no skin zone is found, there is no room
        to paint, or the condition has no score for the face as it is.

    Raises:
        WeightsError: if a network does not fit.
    """
    face = graders[0].face(photo)
    if face is None or not face.found:
        return []
    before = {g.condition.name: g.grade(photo, face).score for g in graders}
    found = []
    for condition in painted:
        if condition.paint is None:
            raise ValueError(f"{condition.name} cannot be painted")
        for wished in grades_across(condition.scale, grades):
            try:
                made = condition.paint(photo, face, grade=wished, seed=seed, bare=False)
            except NoRoomError:
                continue
            after = arrived(made.pixels, photo)
            seen = graders[0].face(after)
            for grader in graders:
                start = before[grader.condition.name]
                if start is not None:
                    shift = Shift(photo.name, start, grader.grade(after, seen).score)
                    found.append(Crossed(condition.name, wished, made.grade, grader.condition.name, shift))
    return found


def summarise(rows: Sequence[Crossed], *, rounds: int = 1000, seed: int = 0) -> list[dict[str, Any]]:
    """A record for each pair of painted and graded condition, over all grades and by wished grade."""
    records = []
    for painted, graded in dict.fromkeys((r.painted, r.graded) for r in rows):
        own = [r for r in rows if (r.painted, r.graded) == (painted, graded)]
        by_grade = {}
        for wished in sorted({r.wished for r in own}):
            part = [r for r in own if r.wished == wished]
            by_grade[f"{round(wished, 2):g}"] = {
                "mean_truth": round(float(np.mean([r.truth for r in part])), 3)
            } | shift_figures([r.shift for r in part], below=UNMOVED_BELOW, rounds=rounds, seed=seed)
        whole = shift_figures([r.shift for r in own], below=UNMOVED_BELOW, rounds=rounds, seed=seed)
        records.append({"painted": painted, "graded": graded, "simulated": True, "all": whole, "by_grade": by_grade})
    return records


def as_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The figures as a table to read: painted by graded condition, then by grade."""
    head = f"{'painted':16}{'graded':16}{'at':>6}{'photos':>8}  {'mean shift':24}{'mean size':22}"
    lines = [f"{head}under {UNMOVED_BELOW}"]
    for record in records:
        for at, row in {"all": record["all"], **record["by_grade"]}.items():
            cells = figure(row["mean"], "+.2f"), figure(row["mean_abs"], ".2f"), figure(row["share_below"], ".0%")
            names = f"{record['painted']:16}{record['graded']:16}"
            lines.append(f"{names}{at:>6}{row['photos']:>8}  {cells[0]:24}{cells[1]:22}{cells[2]}")
    return "\n".join(lines)


def table_graders(zones: Path | None = None) -> list[Grader]:
    """A grader for every condition that grades photos without anything further to install.

    Args:
        zones: the zone network, or a folder with it; the shipped one where None.

    Raises:
        UsageError: if there is none.
        WeightsError: if a network is absent or damaged.
    """
    graded = [condition for condition in CONDITIONS.values() if condition.takes == "photo" and condition.ships]
    if not graded:
        raise UsageError("No condition that is installed can be painted and graded.")
    network = zones_of(zones)
    return [Grader(c, None if c.weights is None else load_model(c.weights), network) for c in graded]


def measure(
    subjects: Sequence[Subject],
    graders: Sequence[Grader],
    *,
    grades: int = 4,
    seed: int = 0,
    read: ReadEach = read_each,
) -> Outcome:
    """Measures what painting each condition of the table does to the scores: one record for each pair.

    Args:
        subjects: photos of faces.
        graders: of the conditions to grade.
        grades: how many grades of each scale are painted, 1 or more.
        seed: of all that is drawn, 0 or more.
        read: reads the photos.

    Raises:
        UsageError: if no condition of the table can be painted.
        PhotoError: if a photo cannot be read and ``read`` does not leave it out.
        WeightsError: if a network does not fit.
    """
    painted = [condition for condition in CONDITIONS.values() if condition.paint is not None]
    if not painted:
        raise UsageError("No condition that is installed can be painted and graded.")
    rows: list[Crossed] = []
    for i, _, photo in read(subjects):
        rows += cross(photo, graders, painted, grades=grades, seed=1000 * seed + i)
    records = summarise(rows, seed=seed)
    models = [g.model.id for g in graders if g.model is not None]
    head = {"models": models, "asked": len(subjects)}
    said = f"{', '.join(models)}; {len({r.shift.person for r in rows})} of {len(subjects)} faces; all is simulated"
    return Outcome(tuple(head | record for record in records), f"{said}\n\n{as_text(records)}")
