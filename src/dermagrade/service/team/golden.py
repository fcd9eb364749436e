"""How each rater stands to the golden set, and whether that shifts while the study goes on."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dermagrade.evaluation.raters.drift import MIN_PERSONS, MIN_READINGS, Course, against_golden
from dermagrade.people.studies.progress import golden_answers
from dermagrade.people.studies.readings import golden_of, persons_of, readings_of
from dermagrade.people.studies.record import StudyRecord
from dermagrade.reports.display import Figure
from dermagrade.reports.estimate_text import shown
from dermagrade.service.team.golden_figure import golden_figure
from dermagrade.service.team.study_page import Team, need_open_eyes, page, study_of

router = APIRouter(prefix="/team")


@dataclass(frozen=True)
class GoldenLine:
    """One rater against the golden set, as the page shows it."""

    code: str
    name: str
    photos: int
    bias: str
    rmse: str
    drift: str
    drifts: bool
    said: str
    figure: Figure


@router.get("/studies/{study_id}/golden", response_class=HTMLResponse)
def golden_set(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """Bias, RMSE and drift of every rater, with a line drawn over their order."""
    record = study_of(request, study_id)
    need_open_eyes(request, member, record)
    return page(
        request, "golden.html", member, record, tab="/golden", lines=golden_lines(record), golden=len(golden_of(record))
    )


def golden_lines(record: StudyRecord) -> list[GoldenLine]:
    """A line for each rater who graded a golden photo."""
    courses = against_golden(readings_of(record), golden_of(record), persons=persons_of(record))
    answers = golden_answers(record)
    names = {rater.code: rater.name for rater in record.raters}
    return [
        GoldenLine(
            code=code,
            name=names[code],
            photos=len(answers[code]),
            bias=shown(course.bias, signed=True),
            rmse=shown(course.rmse),
            drift=shown(course.drift, signed=True) if math.isfinite(course.drift.value) else "not told yet",
            drifts=course.drift.leaves_out_zero,
            said=_said(code, course),
            figure=golden_figure(code, answers[code]),
        )
        for code, course in courses.items()
        if code in answers
    ]


def _said(code: str, course: Course) -> str:
    """What the figures mean, in words."""
    if not math.isfinite(course.drift.value):
        return f"A drift is told from {MIN_READINGS} golden photos of {MIN_PERSONS} persons on."
    if course.drift.leaves_out_zero:
        way = "higher" if course.drift.value > 0 else "lower"
        return (
            f"{code} grades ever {way}: by {abs(course.drift.value):.2f} grades in 100 photos, and the interval leaves "
            "out zero. Let them look at the calibration photos again, and look at their later grades with care."
        )
    return f"No drift shows: its interval, {course.drift.low:+.2f} to {course.drift.high:+.2f}, holds zero."
