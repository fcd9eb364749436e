"""How far the score of the same skin moves when its photo is saved, lit or framed another way.

Photos are graded as they are, then again after every change of :mod:`~dermagrade.evaluation.measures.variants`, each
time from the bytes of a file and through all that a user's photo goes through: read, find the face, grade.

Those changes that mimic another photo of the same face a moment later give the standard deviation of retakes (Bland JM,
Altman DG. Statistics notes: measurement error. BMJ 1996;313:744). Pose, expression and focus do not change in them, so
real retakes scatter more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.evaluation.measures.grader import Grader
from dermagrade.evaluation.measures.outcome import Outcome
from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject, read_each
from dermagrade.evaluation.measures.variants import CHANGES, FURTHER, RETAKES
from dermagrade.evaluation.statistics.bootstrap import Estimate, bootstrap_by_person
from dermagrade.photo.read import read_photo_bytes
from dermagrade.types import Photo

#: A score that moves by less than this counts as steady.
STEADY_BELOW = 0.3


@dataclass(frozen=True)
class Move:
    """What one change did to the score of one photo.

    Attributes:
        photo: path.
        group: what kind of photo it is.
        person: whose it is.
        change: name of the change.
        before: score of the photo as it is.
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


def moves_of(photo: Photo, subject: Subject, grader: Grader) -> list[Move]:
    """The moves of one photo under every change; none where the photo as it is has no score.

    Raises:
        WeightsError: if a network does not fit.
    """
    before = grader.score(photo)
    if before is None:
        return []
    found = []
    for change, make in {**CHANGES, **FURTHER}.items():
        after = grader.score(read_photo_bytes(make(photo.pixels), name=photo.name))
        found.append(Move(str(subject.path), subject.group, subject.person, change, before, after))
    return found


def summarise(moves: Sequence[Move], *, rounds: int = 500, seed: int = 0) -> dict[str, Any]:
    """The figures: for all photos and for each group, over all changes, by change, and by each photo's largest move.

    ``all changes`` and the largest moves are of :data:`~dermagrade.evaluation.measures.variants.CHANGES`; the further
    changes have a row of their own. ``repeatability_sd`` is over the changes that mimic a retake. Every other figure is
    ``photos``, ``moves``, ``lost`` (scores that a change took away), ``mean``, ``p95`` and ``steady``, the share that
    moved by less than :data:`STEADY_BELOW`; a lost score is not steady, and is left out of mean and p95.
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

    def part(rows: Sequence[Move]) -> dict[str, Any]:
        first, further = ([m for m in rows if m.change in changes] for changes in (CHANGES, FURTHER))
        return {
            "all changes": figures(first),
            "largest move of each photo": figures(_largest(first)),
            "all further changes": figures(further),
            "by_change": {c: figures([m for m in rows if m.change == c]) for c in (*CHANGES, *FURTHER)},
            "repeatability_sd": repeatability_sd(rows, rounds=rounds, seed=seed).record(),
        }

    return {name: part(rows) for name, rows in parts.items()}


def repeatability_sd(moves: Sequence[Move], *, rounds: int = 500, seed: int = 0) -> Estimate:
    """Standard deviation of the scores of one face over the photo as it is and its mimicked retakes.

    The root of the mean over photos of their own variance. A lost score is left out.
    """
    scores: dict[str, list[float]] = {}
    person = {m.photo: m.person for m in moves}
    for m in moves:
        if m.change in RETAKES and m.after is not None:
            scores.setdefault(m.photo, [m.before]).append(m.after)
    variances = [float(np.var(values, ddof=1)) for values in scores.values()]
    return bootstrap_by_person(
        variances, groups=[person[photo] for photo in scores], statistic=_root_mean, rounds=rounds, seed=seed
    )


def _root_mean(variances: NDArray[np.float64]) -> float:
    return float(np.sqrt(variances.mean())) if len(variances) else float("nan")


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


def as_text(figures: Mapping[str, Any], *, scale: str) -> str:
    """The figures as tables to read, each with its interval; ``scale`` is the id of the score's."""
    lines = []
    for name, part in figures.items():
        whole = part["all changes"]
        lines += ["", f"{name}: {whole['photos']} photos, moves of the {scale} score"]
        lines.append(f"{'':34}{'mean':>20}{'95th percentile':>22}{f'under {STEADY_BELOW}':>24}{'lost':>6}")
        names = ("all changes", "largest move of each photo", "all further changes")
        rows = {key: part[key] for key in names} | part["by_change"]
        for change, row in rows.items():
            cells = _cell(row["mean"], ".2f"), _cell(row["p95"], ".2f"), _cell(row["steady"], ".1%")
            lines.append(f"{change:34}{cells[0]:>20}{cells[1]:>22}{cells[2]:>24}{row['lost']:>6}")
        retakes = _cell(part["repeatability_sd"], ".3f")
        lines.append(f"repeatability_sd, of {len(RETAKES)} mimicked retakes and the photo itself: {retakes}")
    return "\n".join(lines[1:])


def _cell(estimate: Mapping[str, Any], style: str) -> str:
    if estimate["value"] is None:
        return "-"
    ends = "" if estimate["low"] is None else f" ({estimate['low']:{style}}-{estimate['high']:{style}})"
    return f"{estimate['value']:{style}}{ends}"


def measure(subjects: Sequence[Subject], grader: Grader, *, seed: int = 0, read: ReadEach = read_each) -> Outcome:
    """Measures the moves of these photos.

    Args:
        subjects: the photos.
        grader: grades them.
        seed: of the intervals.
        read: reads them.

    Raises:
        PhotoError: if a photo cannot be read and ``read`` does not leave it out.
        WeightsError: if a network does not fit.
    """
    moves = [move for _, subject, photo in read(subjects) for move in moves_of(photo, subject, grader)]
    asked, scale = len(subjects), grader.condition.scale
    without = asked - len({move.photo for move in moves})
    head = {"models": grader.models, "scale": scale, "asked": asked, "without_score": without}
    table = summarise(moves, seed=seed)
    said = f"{', '.join(grader.models)}; {asked} photos, {without} of them without a score as they are"
    record = head | {"steady_below": STEADY_BELOW, "figures": table}
    return Outcome((record,), f"{said}\n\n{as_text(table, scale=scale)}")
