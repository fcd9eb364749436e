"""Whether a score follows what is not the condition: redness, shadow, light, shine, a beard. All of it is simulated.

Faces are graded before and after :func:`dermagrade.simulate.confounders.disturb` painted one thing on them that is no
pigment. For a condition of pigment nothing should move; acne is red, so redness may move its score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dermagrade.evaluation.measures.grader import Grader, arrived
from dermagrade.evaluation.measures.outcome import Outcome
from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject, read_each
from dermagrade.evaluation.measures.shift import Shift, figure, shift_figures
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


def measure(subjects: Sequence[Subject], grader: Grader, *, seed: int = 0, read: ReadEach = read_each) -> Outcome:
    """Measures the shifts of these faces: one record for each kind and strength.

    Args:
        subjects: the photos.
        grader: grades them.
        seed: of all that is drawn, 0 or more.
        read: reads them.

    Raises:
        PhotoError: if a photo cannot be read and ``read`` does not leave it out.
        WeightsError: if a network does not fit.
    """
    rows: list[Disturbed] = []
    for i, subject, photo in read(subjects):
        rows += disturbed(photo, subject.person, grader, seed=1000 * seed + i)
    records, scale = summarise(rows, seed=seed), grader.condition.scale
    head = {"models": grader.models, "scale": scale, "asked": len(subjects)}
    graded = len({r.shift.person for r in rows})
    said = f"{', '.join(grader.models)}; {graded} of {len(subjects)} faces, shifts of the {scale} score"
    text = f"{said}; all that is painted is simulated\n\n{as_text(records)}"
    return Outcome(tuple(head | record for record in records), text)
