"""The study's files, to be taken away by the team; every one that is taken is noted in the audit log."""

from __future__ import annotations

import importlib.util

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dermagrade.errors import MissingExtraError
from dermagrade.people.store import audit
from dermagrade.people.studies.exports.formats import FORMATS
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.team.study_page import Filled, Team, need_open_eyes, page, store_of, study_of
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/team")


@router.get("/studies/{study_id}/export", response_class=HTMLResponse)
def choose(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """The files that there are."""
    record = study_of(request, study_id)
    need_open_eyes(request, member, record)
    return page(
        request,
        "export.html",
        member,
        record,
        tab="/export",
        formats=FORMATS,
        has_workbook=importlib.util.find_spec("openpyxl") is not None,
    )


@router.post("/studies/{study_id}/export", dependencies=[Depends(check_csrf)])
def take(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """One file."""
    made = FORMATS.get(form.get("format"))
    if made is None:
        raise Problem(422, f"Choose one of the files: {', '.join(FORMATS)}.")
    record = study_of(request, study_id)
    need_open_eyes(request, member, record)
    db = store_of(request).db
    try:
        data = made.make(db, record)
    except MissingExtraError as error:
        raise Problem(422, str(error)) from error
    with db.begin() as session:
        audit.record(session, who=member.id, what="study.exported", study_id=study_id, format=made.name)
    headers = {"content-disposition": f'attachment; filename="{made.file_name(record)}"'}
    return Response(data, media_type=made.media_type, headers=headers)
