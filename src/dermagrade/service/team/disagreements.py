"""Photos that raters differ about, and who is asked to settle them without seeing what was said."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from dermagrade.errors import UsageError
from dermagrade.people.accounts.members import active_members
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.studies.adjudication import THRESHOLD, ask_adjudicator, disagreements, withdraw_adjudication
from dermagrade.people.studies.record import StudyRecord
from dermagrade.service.signin.guards import check_csrf
from dermagrade.service.team.study_page import Filled, Team, attempt, blind, page, store_of, study_of

router = APIRouter(prefix="/team")


@router.get("/studies/{study_id}/disagreements", response_class=HTMLResponse)
def list_disagreements(request: Request, member: Team, study_id: str, by: str = f"{THRESHOLD:g}") -> HTMLResponse:
    """The photos whose grades differ by a threshold or more, without who said what."""
    record = study_of(request, study_id)
    try:
        threshold = _threshold(by)
    except UsageError as error:
        return _page(request, member, record, THRESHOLD, str(error))
    return _page(request, member, record, threshold, None)


@router.post("/studies/{study_id}/disagreements", dependencies=[Depends(check_csrf)])
def ask(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Gives the listed photos that nobody was asked about to one person, in shuffled order."""
    record = study_of(request, study_id)

    def give() -> None:
        found = disagreements(record, _threshold(form.get("by")))
        ask_adjudicator(
            store_of(request).db,
            by=member.id,
            study_id=study_id,
            member_id=form.get("person"),
            photo_ids=[one.photo.id for one in found if one.state == "open"],
        )

    then = f"/team/studies/{study_id}/disagreements?done=asked"
    return attempt(give, then, lambda why: _page(request, member, record, THRESHOLD, why))


@router.post("/studies/{study_id}/disagreements/withdraw", dependencies=[Depends(check_csrf)])
def withdraw(request: Request, member: Team, study_id: str, form: Filled) -> Response:
    """Takes back what somebody was asked to settle and has not."""
    record = study_of(request, study_id)
    return attempt(
        lambda: withdraw_adjudication(
            store_of(request).db, by=member.id, study_id=study_id, member_id=form.get("person")
        ),
        f"/team/studies/{study_id}/disagreements?done=withdrawn",
        lambda why: _page(request, member, record, THRESHOLD, why),
    )


def _page(
    request: Request, member: SignedIn, record: StudyRecord, threshold: float, problem: str | None
) -> HTMLResponse:
    answered = {given.item_id for given in record.given}
    asked = [place for place in record.places if place.kind == "adjudication"]
    total = Counter(place.member_id for place in asked)
    done = Counter(place.member_id for place in asked if place.id in answered)
    names = {rater.member_id: rater for rater in record.raters}
    found = disagreements(record, threshold)
    return page(
        request,
        "disagreements.html",
        member,
        record,
        tab="/disagreements",
        problem=problem,
        threshold=threshold,
        found=found,
        open_ones=sum(one.state == "open" for one in found),
        adjudicators=[(names[member_id], done[member_id], total[member_id]) for member_id in total],
        members=active_members(store_of(request).db),
        sees_grades=not blind(request, member, record),
    )


def _threshold(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not 0 < value <= 100:
        raise UsageError("The difference must be a number above zero.")
    return value
