"""``/desk``: a rater's studies; ``/desk/{study}``: the page on which they grade."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from dermagrade.people.studies.work import Desk, desks_of
from dermagrade.service.desk.rater import desk_of
from dermagrade.service.desk.reasons import REASONS
from dermagrade.service.signin.member import Member, signed_in
from dermagrade.service.studies_state import StudiesState
from dermagrade.service.web.pages import show

router = APIRouter(prefix="/desk")

Rater = Annotated[Member, Depends(signed_in)]


@router.get("", response_class=HTMLResponse)
def studies_page(request: Request, rater: Rater) -> HTMLResponse:
    """The rater's studies."""
    studies: StudiesState = request.app.state.studies
    config = {"person": rater.id, "sign_in": "/sign-in?next=/desk"}
    return show("desk/list.html", member=rater, desks=desks_of(studies.db, rater.id), config=json.dumps(config))


@router.get("/{study}", response_class=HTMLResponse)
def grading_page(request: Request, study: str, rater: Rater) -> HTMLResponse:
    """The page on which a study is graded; its script asks for everything else."""
    studies: StudiesState = request.app.state.studies
    desk = desk_of(studies.db, study_id=study, person_id=rater.id)
    return show(
        "desk/grade.html",
        member=rater,
        desk=desk,
        reasons=REASONS,
        config=json.dumps(_config(desk, rater)),
    )


def _config(desk: Desk, rater: Member) -> dict[str, Any]:
    """What the script of the page is told: nothing of a single photo."""
    return {
        "study": desk.study_id,
        "person": rater.id,
        "lesions": desk.lesions,
        "sign_in": "/sign-in?next=" + quote(f"/desk/{desk.study_id}"),
        "levels": [
            {"value": level["value"], "label": level["label"], "words": level["words"]}
            for level in desk.instrument["levels"]
        ],
    }
