"""Bias and RMSE against the golden set while a rater goes through the study, as a line by parts of their order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from dermagrade.people.studies.progress import GoldenAnswer
from dermagrade.reports.display import Figure
from dermagrade.reports.drawing import Plot, axis_for

#: A part has this many golden photos at least; fewer would show chance alone.
LEAST_IN_A_PART = 3
MOST_PARTS = 10


def golden_figure(code: str, answers: Sequence[GoldenAnswer]) -> Figure:
    """One rater's course: a dot for each golden photo, lines for the mean and for the RMSE of each part.

    Args:
        code: of the rater.
        answers: in the rater's order, one or more.
    """
    parts = _parts(answers)
    bias = [(_mean([a.place for a in part]), _mean([a.difference for a in part])) for part in parts]
    error = [(x, math.sqrt(_mean([a.difference**2 for a in part]))) for (x, _), part in zip(bias, parts, strict=True)]
    reach = [0.0, *(a.difference for a in answers), *(y for _, y in error)]
    plot = Plot(
        axis_for("part of the rater's order", [0.0, 1.0]), axis_for("grade minus reference", reach), height=240, left=56
    )
    plot.grid()
    plot.line((0.0, 0.0), (1.0, 0.0), dash="4 3")
    for answer in answers:
        plot.dot(plot.at(answer.place, answer.difference), radius=2.6, share=0.35)
    for points, colour in ((error, "--second"), (bias, "--blue")):
        for a, b in pairwise(points):
            plot.rule(*plot.at(*a), *plot.at(*b), f"var({colour})", wide=2)
        for point in points:
            plot.dot(plot.at(*point), radius=4, colour=colour)
    note = "Pale dots: golden photos. Blue line: mean of each part (bias); orange line: its RMSE; dashed: no bias."
    return Figure(code, plot.svg(f"Course of {code} against the golden set"), note)


def _parts(answers: Sequence[GoldenAnswer]) -> list[Sequence[GoldenAnswer]]:
    """Tenths of the golden photos in the rater's order, or fewer and larger parts where there are few photos."""
    number = max(1, min(MOST_PARTS, len(answers) // LEAST_IN_A_PART))
    edges = [round(i * len(answers) / number) for i in range(number + 1)]
    return [answers[start:end] for start, end in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
