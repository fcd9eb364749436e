"""``/desk``: a rater's studies; ``/desk/{study}``: the page on which they grade."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.store.store import Store
from dermagrade.people.studies.rater_desk import Desk, desks_of
from dermagrade.service.desk.rater import desk_of
from dermagrade.service.desk.reasons import REASONS
from dermagrade.service.signin.guards import AnyMember
from dermagrade.service.web.pages import show

router = APIRouter(prefix="/desk")


@router.get("", response_class=HTMLResponse)
def studies_page(request: Request, rater: AnyMember) -> HTMLResponse:
    """The rater's studies."""
    store: Store = request.app.state.store
    config = {"person": rater.id, "sign_in": "/sign-in?next=/desk"}
    return show(request, "desk/list.html", member=rater, desks=desks_of(store.db, rater.id), config=json.dumps(config))


@router.get("/{study}", response_class=HTMLResponse)
def grading_page(request: Request, study: str, rater: AnyMember) -> HTMLResponse:
    """The page on which a study is graded; its script asks for everything else."""
    store: Store = request.app.state.store
    desk = desk_of(store.db, study_id=study, member_id=rater.id)
    return show(
        request,
        "desk/grade.html",
        member=rater,
        desk=desk,
        reasons=REASONS,
        config=json.dumps(_config(desk, rater)),
    )


def _config(desk: Desk, rater: SignedIn) -> dict[str, Any]:
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
