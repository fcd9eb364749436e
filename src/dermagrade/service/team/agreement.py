"""How well the raters agree so far, over the grades that count now; the same report as ``dermagrade agreement``."""

from __future__ import annotations

import base64
import hashlib
import re

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from dermagrade.evaluation.raters.report import RaterStudy, study_raters
from dermagrade.people.studies.readings import golden_of, persons_of, readings_of, ungraded_of
from dermagrade.people.studies.record import StudyRecord
from dermagrade.reports.agreement.headlines import headlines
from dermagrade.reports.agreement.report import displays, render_agreement
from dermagrade.service.team.study_page import Team, need_open_eyes, page, study_of

router = APIRouter(prefix="/team")


@router.get("/studies/{study_id}/agreement", response_class=HTMLResponse)
def agreement(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """The figures so far, by rater code."""
    record = study_of(request, study_id)
    need_open_eyes(request, member, record)
    found = measure(record) if any(given.grade is not None for given in record.blind) else None
    return page(
        request,
        "agreement.html",
        member,
        record,
        tab="/agreement",
        found=found,
        headlines=headlines(found) if found else [],
        sections=displays(found) if found else [],
    )


@router.get("/studies/{study_id}/agreement/report")
def report(request: Request, member: Team, study_id: str) -> Response:
    """The same as one self-contained page, to be kept."""
    record = study_of(request, study_id)
    need_open_eyes(request, member, record)
    text = render_agreement(measure(record), notes=notes_of(record))
    # The page brings its style along: the policy lets in just this one.
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256((style[1] if style else "").encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'"
    ending = "-running" if record.running else ""
    return Response(
        text,
        media_type="text/html; charset=utf-8",
        headers={
            "content-security-policy": policy,
            "content-disposition": f'attachment; filename="agreement{ending}.html"',
        },
    )


def measure(record: StudyRecord) -> RaterStudy:
    """The statistics of the study's raters as it stands."""
    return study_raters(
        readings_of(record), persons=persons_of(record), golden=golden_of(record), ungraded=ungraded_of(record)
    )


def notes_of(record: StudyRecord) -> tuple[str, ...]:
    """What has to be known of the grades."""
    running = ("The study is still running: these are its grades so far.",) if record.running else ()
    return (f"Study: {record.name}, scale {record.scale}.", *running)
