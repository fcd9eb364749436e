"""The agreement of raters in a few sentences, each with its figures."""

from __future__ import annotations

import math

from dermagrade.evaluation.raters.report import RaterStudy
from dermagrade.reports.estimate_text import shown


def headlines(study: RaterStudy) -> list[str]:
    """What the figures say in short, a sentence each."""
    said = []
    single, alpha = study.reliability.forms["2,1"], study.reliability.overall["krippendorff_ordinal"]
    if math.isfinite(single.value):
        said.append(f"One reading, whoever reads: ICC(2,1) {shown(single)}.")
    if math.isfinite(alpha.value):
        said.append(f"Krippendorff's alpha, ordinal: {shown(alpha)}.")
    for needed in study.reliability.needed["2,1"]:
        if needed.wished == 0.9 and needed.raters is not None:
            many = "raters" if needed.raters > 1 else "rater"
            said.append(f"A mean with a reliability of 0.9 takes {needed.raters} {many}.")
    found = study.ceiling
    for key, words in (("mean_of_all", "with their own grade in it"), ("mean_of_others", "without it")):
        if key in found.bars:
            name = found.bars[key]
            value = shown(found.raters[name][key])
            said.append(f"Farthest from the mean of the raters, {words}, is {name}: RMSE {value}.")
    for name, figure in study.estimates.items():
        bias = figure["bias"]
        if bias.leaves_out_zero:
            way = "higher" if bias.value > 0 else "lower"
            said.append(f"{name} reads {way} than the raters' common level: {shown(bias, signed=True)} grades.")
    for name, course in study.golden.items():
        if course.drift.leaves_out_zero:
            size = shown(course.drift, signed=True)
            said.append(f"{name} drifts against the golden set: {size} grades in 100 photos.")
    return said
