"""``/team``: the list of studies, a new one, and each one's overview with what can be done to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.studies.progress import list_studies, progress_of
from dermagrade.people.studies.record import StudyRecord
from dermagrade.people.studies.scales import study_scales
from dermagrade.people.studies.setup import close_study, create_study, delete_draft, open_study, reopen_study
from dermagrade.scales import SCALES
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.team.study_page import (
    DONE,
    Filled,
    Team,
    attempt,
    blind,
    page,
    store_of,
    study_of,
    whole_number,
)
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/team")

_Verb = tuple[str, str, str, bool]

#: What can be done to a study and needs a second look: title, what it means, the button, whether it destroys.
VERBS: dict[str, _Verb] = {
    "open": (
        "Open the study",
        "Every rater gets their photos in an order of their own and can begin. Photos, golden set and settings can "
        "still be changed until the first grade comes in; after that never again. It cannot become a draft again.",
        "Open it",
        False,
    ),
    "close": (
        "Close the study",
        "No further grade comes in; what was graded stays. Answers that a rater gave without a connection and that "
        "were not sent yet are refused until it is opened again.",
        "Close it",
        True,
    ),
    "reopen": ("Reopen the study", "Raters can go on where they stopped.", "Reopen it", False),
    "delete": (
        "Delete the draft",
        "The draft and its photos are removed from this machine for good. The audit log keeps that it was there.",
        "Delete it for good",
        True,
    ),
}


@router.get("", response_class=HTMLResponse)
def list_all(request: Request, member: Team) -> HTMLResponse:
    """All studies with their state and progress."""
    return show(
        request,
        "team/list.html",
        member=member,
        studies=list_studies(store_of(request).db),
        scales=SCALES,
        done=DONE.get(request.query_params.get("done", "")),
    )


@router.get("/new", response_class=HTMLResponse)
def new(request: Request, member: Team) -> HTMLResponse:
    """The form for a new study."""
    return _new_page(request, member, {"seed": str(secrets.randbelow(2**31))}, None)


@router.post("/studies", dependencies=[Depends(check_csrf)])
def create(request: Request, member: Team, form: Filled) -> Response:
    """Makes a study."""
    try:
        study_id = create_study(
            store_of(request).db,
            by=member.id,
            name=form.get("name"),
            scale=_scale(form.get("scale")),
            seed=whole_number(form.get("seed"), "The seed"),
            per_photo=whole_number(form.get("per_photo"), "The number of raters per photo")
            if form.get("per_photo")
            else None,
            repeats=_percent(form.get("repeats")),
            lesions=bool(form.get("lesions")),
        )
    except UsageError as error:
        kept = {name: form.get(name) for name in ("name", "scale", "seed", "per_photo", "repeats", "lesions")}
        return _new_page(request, member, kept, str(error))
    return RedirectResponse(f"/team/studies/{study_id}/photos?done=created", 303)


@router.get("/studies/{study_id}", response_class=HTMLResponse)
def overview(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """How far the study is, rater by rater, and what comes next."""
    record = study_of(request, study_id)
    return _overview_page(request, member, record, None)


@router.get("/studies/{study_id}/confirm/{verb}", response_class=HTMLResponse)
def confirm(request: Request, member: Team, study_id: str, verb: str) -> HTMLResponse:
    """Asks before something is done that cannot simply be taken back."""
    if verb not in VERBS:
        raise Problem(404, "There is nothing at this address.")
    title, means, button, destroys = VERBS[verb]
    record = study_of(request, study_id)
    return page(
        request,
        "confirm.html",
        member,
        record,
        tab="",
        title=title,
        means=means,
        button=button,
        destroys=destroys,
        action=f"/team/studies/{study_id}/{verb}",
        fields={},
        back=f"/team/studies/{study_id}",
    )


@router.post("/studies/{study_id}/{verb}", dependencies=[Depends(check_csrf)])
def change(request: Request, member: Team, study_id: str, verb: str) -> Response:
    """Opens, closes or reopens a study, or deletes a draft."""
    if verb not in VERBS:
        raise Problem(404, "There is nothing at this address.")
    state = store_of(request)
    study_of(request, study_id)
    given: dict[str, Any] = {"by": member.id, "study_id": study_id}
    verbs: dict[str, tuple[Callable[[], None], str]] = {
        "open": (lambda: open_study(state.db, **given), f"/team/studies/{study_id}?done=opened"),
        "close": (lambda: close_study(state.db, **given), f"/team/studies/{study_id}?done=closed"),
        "reopen": (lambda: reopen_study(state.db, **given), f"/team/studies/{study_id}?done=reopened"),
        "delete": (lambda: delete_draft(state.db, state.photos, **given), "/team?done=deleted"),
    }
    do, then = verbs[verb]
    return attempt(do, then, lambda why: _overview_page(request, member, study_of(request, study_id), why))


def _overview_page(request: Request, member: SignedIn, record: StudyRecord, problem: str | None) -> HTMLResponse:
    progress = progress_of(record)
    kinds = [photo.kind for photo in record.photos.values()]
    return page(
        request,
        "overview.html",
        member,
        record,
        tab="",
        problem=problem,
        progress=progress,
        # Agreement with themselves is for those who are not grading.
        sees_grades=not blind(request, member, record),
        scale=SCALES[record.scale],
        counts={kind: kinds.count(kind) for kind in ("ordinary", "golden", "calibration")},
        done_items=sum(rater.done for rater in progress),
        all_items=sum(rater.total for rater in progress),
    )


def _new_page(request: Request, member: SignedIn, kept: dict[str, str], problem: str | None) -> HTMLResponse:
    first = {"name": "", "scale": study_scales()[0][1].id, "seed": "0", "per_photo": "", "repeats": "10", "lesions": ""}
    return show(
        request,
        "team/new.html",
        member=member,
        status=422 if problem else 200,
        scales=study_scales(),
        kept=first | kept,
        problem=problem,
    )


def _scale(name: str) -> str:
    known = [scale.id for _, scale in study_scales()]
    if name not in known:
        raise UsageError(f"Choose one of the scales {', '.join(known)}.")
    return name


def _percent(text: str) -> float:
    try:
        share = float(text.replace(",", "."))
    except ValueError:
        share = float("nan")
    if not 0 <= share <= 50:
        raise UsageError("The share of hidden repeats goes from 0 to 50 percent.")
    return share / 100
