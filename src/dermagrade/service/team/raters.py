"""The raters of a study: invited by a link, chosen from those who are known, or taken out."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.invitations import LONGEST_DAYS, make_invitation, waiting_invitations
from dermagrade.people.accounts.members import active_members
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.studies.progress import progress_of
from dermagrade.people.studies.record import StudyRecord
from dermagrade.people.studies.roster import add_rater, remove_rater
from dermagrade.service.settings import Settings
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.signin.links import invitation_link
from dermagrade.service.team.study_page import Filled, Team, attempt, page, store_of, study_of, whole_number
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
            store_of(request).db,
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
        lambda: add_rater(store_of(request).db, by=member.id, study_id=study_id, member_id=form.get("person")),
        f"/team/studies/{study_id}/raters?done=added",
        lambda why: _page(request, member, record, problem=why),
    )


@router.get("/studies/{study_id}/raters/{member_id}/remove", response_class=HTMLResponse)
def confirm_removal(request: Request, member: Team, study_id: str, member_id: str) -> HTMLResponse:
    """Asks before a rater is taken out."""
    record = study_of(request, study_id)
    rater = next((one for one in record.raters if one.member_id == member_id and not one.removed), None)
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
        fields={"person": member_id},
        back=f"/team/studies/{study_id}/raters",
    )


@router.post("/studies/{study_id}/raters/remove", dependencies=[Depends(check_csrf)])
def remove(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Takes a rater out."""
    record = study_of(request, study_id)
    return attempt(
        lambda: remove_rater(store_of(request).db, by=member.id, study_id=study_id, member_id=form.get("person")),
        f"/team/studies/{study_id}/raters?done=removed",
        lambda why: _page(request, member, record, problem=why),
    )


def _page(
    request: Request,
    member: SignedIn,
    record: StudyRecord,
    *,
    problem: str | None = None,
    link: str | None = None,
    invited: str = "",
    status: int = 200,
) -> HTMLResponse:
    db = store_of(request).db
    inside = {rater.member_id for rater in record.raters if not rater.removed}
    answer = page(
        request,
        "raters.html",
        member,
        record,
        tab="/raters",
        problem=problem,
        progress=progress_of(record),
        members=[one for one in active_members(db) if one[0] not in inside],
        waiting=waiting_invitations(db, record.id),
        link=link,
        invited=invited,
        longest_days=LONGEST_DAYS,
    )
    if status != 200:
        answer.status_code = status
    return answer
