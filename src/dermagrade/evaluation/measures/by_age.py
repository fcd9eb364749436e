"""The score by age.

``python -m dermagrade.evaluation.measures.by_age --condition NAME --images DIR (--age-from-name | --ages CSV) [--sample
N]`` grades photos and takes the person's age from the file's name (``age_gender_race_...``) or from a table. Nobody
graded these photos, so it is no measure of being right. What is known of a condition and age, such as that sun spots
gather over a life, is one thing its scores should show.
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
from numpy.typing import NDArray

from dermagrade.errors import LabelsError
from dermagrade.evaluation.measures.grader import add_grader, grader_of
from dermagrade.evaluation.measures.photo_sample import folder_photos, with_progress
from dermagrade.evaluation.measures.shift import figure
from dermagrade.evaluation.measures.told import told
from dermagrade.evaluation.statistics.agreement import spearman
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.photo.read import read_photo
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


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="The score by age.")
    add_grader(parser)
    parser.add_argument(
        "--images", type=Path, action="append", required=True, help="photos; may be given several times"
    )
    parser.add_argument("--ages", type=Path, required=True, metavar="CSV", help="photo,age")
    parser.add_argument("--sample", type=int, metavar="N", help="photos of each folder (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample must be 1 or more")
    subjects = folder_photos(options.images, sample=options.sample, seed=options.seed)
    # All ages are known before the first photo is graded.
    names = [s.path.name for s in subjects]
    joined = join(names, read_ages(options.ages), names_are="photos to grade", table=str(options.ages))
    if joined.report.lacking.count:
        first, *others = joined.report.lacking.first
        more = f" and {joined.report.lacking.count - 1} more" if others else ""
        raise LabelsError(f"{options.ages} has no age for {first}{more}. {joined.report.cause}")
    ages = [joined.found[name] for name in names]
    grader = grader_of(options)
    scores = [grader.score(read_photo(s.path)) for s in with_progress(subjects)]
    rows = [
        Aged(s.person, age, score) for s, age, score in zip(subjects, ages, scores, strict=True) if score is not None
    ]
    figures = summarise(rows, Draws(seed=options.seed))
    head = {"models": grader.models, "scale": grader.condition.scale, "asked": len(subjects)}
    if options.json:
        sys.stdout.write(json.dumps(head | figures) + "\n")
    else:
        told = f"{', '.join(grader.models)}; {len(rows)} of {len(subjects)} photos graded on {grader.condition.scale}"
        sys.stdout.write(f"{told}\n\n{as_text(figures)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(told(main))
