"""The agreement figures of one table of ratings beside those of public implementations.

    python benchmarks/agreement_beside_others.py ../shared/data/acne/ratings.csv

Needs krippendorff (GPL), scikit-learn and statsmodels, which Dermagrade itself does not use; an environment of its own
is the place for them.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np

from dermagrade.evaluation.raters.fit import grade_table
from dermagrade.evaluation.raters.pairs import by_rater
from dermagrade.evaluation.raters.report import study_raters
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.tables.ratings import read_ratings

try:
    import krippendorff
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm
except ImportError as error:
    sys.exit(print(f"Not compared: there is no {error.name} here; see this script's first lines."))


def main(path: Path) -> None:
    """Prints a row for each figure: ours, theirs, whose, and the difference."""
    readings = read_ratings(path).readings
    study = study_raters(readings, draws=Draws(rounds=0))
    names, _, table = grade_table(readings)
    rows = []
    for metric in ("ordinal", "interval"):
        theirs = krippendorff.alpha(table.T, level_of_measurement=metric)
        ours = study.reliability.overall[f"krippendorff_{metric}"].value
        rows.append((f"alpha, {metric}", ours, float(theirs), "krippendorff"))
    graded = by_rater(readings)
    for a, b in combinations(names, 2):
        photos = sorted(set(graded[a]) & set(graded[b]))
        theirs = cohen_kappa_score([graded[a][p] for p in photos], [graded[b][p] for p in photos], weights="quadratic")
        ours = study.agreement["pairs"][f"{a} and {b}"]["quadratic_kappa"].value
        rows.append((f"quadratic kappa, {a} and {b}", ours, float(theirs), "scikit-learn"))
    every = table[np.isfinite(table).all(1)]
    for form, theirs in correlations(*mean_squares(every), *every.shape).items():
        ours = study.reliability.complete[form].value
        rows.append((f"ICC({form}), photos that all graded", ours, theirs, "mean squares of statsmodels' anova_lm"))
    for what, ours, theirs, whose in rows:
        print(f"| {what} | {ours:.6f} | {theirs:.6f} | {whose} | {abs(ours - theirs):.0e} |")


def mean_squares(table: np.ndarray) -> tuple[float, float, float]:
    """Of photos, raters and what is left, for ``(photos, raters)`` without missing cells."""
    photo, rater = (index.ravel() for index in np.indices(table.shape))
    model = ols("grade ~ C(photo) + C(rater)", data={"grade": table.ravel(), "photo": photo, "rater": rater}).fit()
    found = anova_lm(model, typ=1)
    rows = ("C(photo)", "C(rater)", "Residual")
    return tuple(float(found.loc[row, "sum_sq"] / found.loc[row, "df"]) for row in rows)


def correlations(photos: float, raters: float, rest: float, n: int, k: int) -> dict[str, float]:
    """The formulae of Shrout and Fleiss 1979, written out once more."""
    within = (raters * (k - 1) + rest * (n - 1) * (k - 1)) / (n * (k - 1))
    return {
        "1,1": (photos - within) / (photos + (k - 1) * within),
        "2,1": (photos - rest) / (photos + (k - 1) * rest + k * (raters - rest) / n),
        "3,1": (photos - rest) / (photos + (k - 1) * rest),
        "1,k": (photos - within) / photos,
        "2,k": (photos - rest) / (photos + (raters - rest) / n),
        "3,k": (photos - rest) / photos,
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name one table of ratings.")
    main(Path(sys.argv[1]))
