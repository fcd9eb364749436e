"""The raters of a study: invited by a link, chosen from those who are known, or taken out."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from dermagrade.errors import UsageError
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Invitation, now
from dermagrade.people.studies.progress import progress_of
from dermagrade.people.studies.record import StudyRecord
from dermagrade.people.studies.roster import add_rater, remove_rater
from dermagrade.service.settings import Settings
from dermagrade.service.signin import Member, check_csrf
from dermagrade.service.signin.invitations import LONGEST_DAYS, invitation_link, make_invitation
from dermagrade.service.team.disagreements import active_people
from dermagrade.service.team.frame import Filled, Team, attempt, page, state_of, study_of, whole_number
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/team")


@router.get("/studies/{study_id}/raters", response_class=HTMLResponse)
def list_raters(request: Request, member: Team, study_id: str) -> HTMLResponse:
    """Who rates, who was invited, and the ways to bring in more."""
    return _page(request, member, study_of(request, study_id))


@router.post("/studies/{study_id}/raters/invite", dependencies=[Depends(check_csrf)])
def invite(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Makes a link for one person; it is shown on the page that follows, and never again."""
    record = study_of(request, study_id)
    settings: Settings = request.app.state.settings
    try:
        secret = make_invitation(
            state_of(request).db,
            by=member.id,
            name=form.get("name"),
            email=form.get("email") or None,
            roles=("rater",),
            study_id=study_id,
            days=whole_number(form.get("days"), "The days that the link lives"),
        )
    except UsageError as error:
        return _page(request, member, record, problem=str(error))
    link = invitation_link(settings, secret)
    return _page(request, member, record, link=link, invited=form.get("name"), status=201)


@router.post("/studies/{study_id}/raters/add", dependencies=[Depends(check_csrf)])
def add(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Makes somebody who has an account a rater of the study."""
    record = study_of(request, study_id)
    return attempt(
        lambda: add_rater(state_of(request).db, by=member.id, study_id=study_id, person_id=form.get("person")),
        f"/team/studies/{study_id}/raters?done=added",
        lambda why: _page(request, member, record, problem=why),
    )


@router.get("/studies/{study_id}/raters/{person_id}/remove", response_class=HTMLResponse)
def confirm_removal(request: Request, member: Team, study_id: str, person_id: str) -> HTMLResponse:
    """Asks before a rater is taken out."""
    record = study_of(request, study_id)
    rater = next((one for one in record.raters if one.person_id == person_id and not one.removed), None)
    if rater is None:
        raise Problem(404, "This person is not a rater of the study.")
    means = (
        f"{rater.name} ({rater.code}) cannot go on. What they graded stays; what they have not graded goes to the "
        "others, where a photo would else have too few raters. They can be added again, with an order of what is left."
    )
    return page(
        request,
        "confirm.html",
        member,
        record,
        tab="/raters",
        title=f"Remove {rater.name}",
        means=means,
        button="Remove them",
        destroys=True,
        action=f"/team/studies/{study_id}/raters/remove",
        fields={"person": person_id},
        back=f"/team/studies/{study_id}/raters",
    )


@router.post("/studies/{study_id}/raters/remove", dependencies=[Depends(check_csrf)])
def remove(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Takes a rater out."""
    record = study_of(request, study_id)
    return attempt(
        lambda: remove_rater(state_of(request).db, by=member.id, study_id=study_id, person_id=form.get("person")),
        f"/team/studies/{study_id}/raters?done=removed",
        lambda why: _page(request, member, record, problem=why),
    )


def _page(
    request: Request,
    member: Member,
    record: StudyRecord,
    *,
    problem: str | None = None,
    link: str | None = None,
    invited: str = "",
    status: int = 200,
) -> HTMLResponse:
    db = state_of(request).db
    inside = {rater.person_id for rater in record.raters if not rater.removed}
    answer = page(
        request,
        "raters.html",
        member,
        record,
        tab="/raters",
        problem=problem,
        progress=progress_of(record),
        people=[person for person in active_people(db) if person[0] not in inside],
        waiting=_waiting(db, record.id),
        link=link,
        invited=invited,
        longest_days=LONGEST_DAYS,
    )
    if status != 200:
        answer.status_code = status
    return answer


def _waiting(db: Database, study_id: str) -> list[tuple[str, datetime]]:
    """Names and last moments of the invitations that were not used and still live."""
    with db.read() as session:
        rows = session.scalars(
            select(Invitation)
            .where(Invitation.study_id == study_id, Invitation.used_at.is_(None), Invitation.expires_at > now())
            .order_by(Invitation.created_at)
        )
        return [(row.name, row.expires_at) for row in rows]
