"""The score by age.

Nobody graded these photos, so it is no measure of being right. What is known of a condition and age, such as that sun
spots gather over a life, is one thing its scores should show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.evaluation.measures.grader import Grader
from dermagrade.evaluation.measures.outcome import Outcome
from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject, read_each
from dermagrade.evaluation.measures.shift import figure
from dermagrade.evaluation.statistics.agreement import spearman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.tables import cell
from dermagrade.tables.join import join
from dermagrade.tables.row import read_rows

#: The first year of every band.
BANDS: tuple[int, ...] = (0, 18, 30, 40, 50, 60, 70)


@dataclass(frozen=True)
class Aged:
    """One graded photo: whose it is, their age in years, and the score."""

    person: str
    age: float
    score: float


def read_ages(table: Path) -> dict[str, float]:
    """File name to age in years, from a table ``photo,age``.

    Raises:
        LabelsError: if the table cannot be read, or an age is no number from 0 to 120.
    """
    ages = {}
    for row in read_rows(table, ("photo", "age")):
        age = cell.number(row, "age")
        if age is None or not 0 <= age <= 120:
            raise row.wrong(f"age is {row['age']!r}; a table of photo and age needs years from 0 to 120.")
        ages[cell.name(row)] = age
    return ages


def band_of(age: float) -> str:
    """The band that an age falls in, such as ``30-39``."""
    at = sum(age >= start for start in BANDS) - 1
    return f"{BANDS[at]}+" if at == len(BANDS) - 1 else f"{BANDS[at]}-{BANDS[at + 1] - 1}"


def summarise(rows: Sequence[Aged], draws: Draws) -> dict[str, Any]:
    """Mean score by band and the rank correlation of score and age, with 95 % intervals over persons.

    Args:
        rows: the graded photos.
        draws: for the intervals.
    """
    bands: dict[str, list[tuple[str, float]]] = {}
    for row in sorted(rows, key=lambda r: r.age):
        bands.setdefault(band_of(row.age), []).append((row.person, row.score))
    return {
        "photos": len(rows),
        "spearman": draws.estimate(spearman, [(r.person, r.age, r.score) for r in rows]).record(),
        "by_age": {band: draws.estimate(_mean, part).record() for band, part in bands.items()},
    }


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def as_text(figures: Mapping[str, Any]) -> str:
    """The figures as a table to read."""
    lines = [f"{'age':8}{'photos':>8}  mean score"]
    lines += [f"{band:8}{row['photos']:>8}  {figure(row, '.2f')}" for band, row in figures["by_age"].items()]
    lines.append(f"Spearman correlation of age and score: {figure(figures['spearman'], '.2f')}")
    return "\n".join(lines)


def ages_of(subjects: Sequence[Subject], table: Path) -> list[float]:
    """The age of each photo's person, in years.

    Args:
        subjects: the photos.
        table: ``photo,age``.

    Raises:
        LabelsError: if the table cannot be read, or lacks a photo.
    """
    names = [s.path.name for s in subjects]
    joined = join(names, read_ages(table), names_are="photos to grade", table=str(table))
    if joined.report.lacking.count:
        first, *others = joined.report.lacking.first
        more = f" and {joined.report.lacking.count - 1} more" if others else ""
        raise LabelsError(f"{table} has no age for {first}{more}. {joined.report.cause}")
    return [joined.found[name] for name in names]


def measure(
    subjects: Sequence[Subject], ages: Sequence[float], grader: Grader, *, seed: int = 0, read: ReadEach = read_each
) -> Outcome:
    """Measures the scores of these photos by age.

    Args:
        subjects: the photos.
        ages: of each photo's person, in years.
        grader: grades them.
        seed: of the intervals.
        read: reads them.

    Raises:
        PhotoError: if a photo cannot be read and ``read`` does not leave it out.
        WeightsError: if a network does not fit.
    """
    scores = [(i, subject, grader.score(photo)) for i, subject, photo in read(subjects)]
    rows = [Aged(subject.person, ages[i], score) for i, subject, score in scores if score is not None]
    figures, scale = summarise(rows, Draws(seed=seed)), grader.condition.scale
    head = {"models": grader.models, "scale": scale, "asked": len(subjects)}
    said = f"{', '.join(grader.models)}; {len(rows)} of {len(subjects)} photos graded on {scale}"
    return Outcome((head | figures,), f"{said}\n\n{as_text(figures)}")
