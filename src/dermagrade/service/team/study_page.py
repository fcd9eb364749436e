"""What the pages of a study share: the study itself, its tabs, who may see grades, and what was done just now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dermagrade.errors import DermagradeError, StoreError, UsageError
from dermagrade.people.accounts.sessions import SignedIn
from dermagrade.people.store.store import Store
from dermagrade.people.studies.adjudication import open_items
from dermagrade.people.studies.record import StudyRecord, read_study
from dermagrade.service.signin.guards import need_role
from dermagrade.service.web.form import Form, read_form
from dermagrade.service.web.pages import show
from dermagrade.service.web.problem import Problem

#: Who may use the team's desk, and the form that they sent.
Team = Annotated[SignedIn, Depends(need_role("team"))]
Filled = Annotated[Form, Depends(read_form)]

#: The tabs of a study: address below the study's, and title.
TABS = (
    ("", "Overview"),
    ("/photos", "Photos"),
    ("/scale", "Scale"),
    ("/raters", "Raters"),
    ("/golden", "Golden set"),
    ("/agreement", "Agreement"),
    ("/disagreements", "Disagreements"),
    ("/export", "Export"),
)

#: What a page says after a change, by the word in its address: a text in the address itself could be forged.
DONE: Mapping[str, str] = {
    "created": "The study is made. Add its photos next.",
    "opened": "The study is open: its raters can begin.",
    "closed": "The study is closed: no further grade comes in.",
    "reopened": "The study is open again.",
    "deleted": "The draft and its photos are deleted.",
    "kind": "The photo's kind is changed.",
    "pictures": "The raters see these pictures beside their grades.",
    "no-pictures": "The raters see no pictures of the grades.",
    "references": "The photos of the table are marked.",
    "added": "The rater is added.",
    "removed": "The rater is removed; what they graded stays.",
    "asked": "The photos are on their desk now.",
    "withdrawn": "What they had not settled is taken back.",
}


def store_of(request: Request) -> Store:
    """Database and photos of the studies."""
    found: Store = request.app.state.store
    return found


def study_of(request: Request, study_id: str) -> StudyRecord:
    """The study that an address names.

    Raises:
        Problem: 404, if there is none.
    """
    try:
        return read_study(store_of(request).db, study_id)
    except UsageError as error:
        raise Problem(404, str(error)) from error


def blind(request: Request, member: SignedIn, record: StudyRecord) -> int:
    """How many photos of an open study somebody is still to grade; while there are any, they see nobody's grades."""
    if record.state != "open":
        return 0
    return open_items(store_of(request).db, study_id=record.id, member_id=member.id)


def need_open_eyes(request: Request, member: SignedIn, record: StudyRecord) -> None:
    """Does nothing for those who may see the study's grades.

    Raises:
        Problem: 403, for somebody who is still to grade photos of it.
    """
    waiting = blind(request, member, record)
    if waiting:
        photos = "a photo" if waiting == 1 else f"{waiting} photos"
        raise Problem(
            403, f"You are still to grade {photos} of this study; what others said is shown to you after that."
        )


def page(
    request: Request,
    template: str,
    member: SignedIn,
    record: StudyRecord,
    *,
    tab: str,
    problem: str | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page of a study.

    Args:
        request: that asks for it.
        template: below ``templates/team``.
        member: who asks.
        record: the study.
        tab: which of :data:`TABS` it is.
        problem: one sentence on why what was asked for was not done.
        values: for the template.
    """
    return show(
        request,
        f"team/{template}",
        member=member,
        status=422 if problem else 200,
        study=record,
        tabs=TABS,
        tab=tab,
        problem=problem,
        done=DONE.get(request.query_params.get("done", "")),
        **values,
    )


def whole_number(text: str, what: str) -> int:
    """A number that somebody typed.

    Raises:
        UsageError: if it is none; ``what`` begins the sentence.
    """
    # Only what int() reads without surprises: it would take 1_000 too.
    if not text.isascii() or not text.isdecimal():
        raise UsageError(f"{what} must be a whole number.")
    return int(text)


def attempt(do: Callable[[], Any], then: str, again: Callable[[str], Response]) -> Response:
    """Does something and leads on; where it cannot be done, shows the page again with the sentence that says why.

    Args:
        do: the change.
        then: address that the browser goes to next.
        again: makes the page with a problem.
    """
    try:
        do()
    except StoreError:
        raise
    except DermagradeError as error:
        return again(str(error))
    return RedirectResponse(then, 303)
