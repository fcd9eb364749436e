"""``GET`` below ``/desk/api``, ``/desk/photo`` and ``/desk/picture``: what the page asks for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dermagrade.errors import UsageError
from dermagrade.people.store.store import Store
from dermagrade.people.studies.instrument import picture_of
from dermagrade.people.studies.rater_desk import last_answer, photo_of, task_of, upcoming
from dermagrade.service.desk.rater import desk_of, shown
from dermagrade.service.signin.guards import AnyMember
from dermagrade.service.web.problem import Problem

router = APIRouter(prefix="/desk")

#: Tasks that one request may ask for.
MOST_TASKS = 50

#: Every photo goes out under the same headers, whatever its format: all that may differ is its own bytes. No browser
#: and no proxy keeps it; the page holds the next ones in memory.
PHOTO_TYPE = "application/octet-stream"
PHOTO_HEADERS = {"cache-control": "private, no-store"}


@router.get("/api/me")
def me(rater: AnyMember) -> dict[str, str]:
    """Who is signed in, and the secret that their changes carry: for a page that outlived its session."""
    return {"person": rater.id, "csrf": rater.csrf}


@router.get("/api/{study}/tasks")
def tasks(request: Request, study: str, rater: AnyMember, after: str = "-1", count: str = "6") -> dict[str, Any]:
    """The photos that come next, and how far the rater is."""
    store: Store = request.app.state.store
    least, most = _number("after", after, -1, 2**31 - 1), _number("count", count, 1, MOST_TASKS)
    desk = desk_of(store.db, study_id=study, member_id=rater.id)
    found = upcoming(store.db, study_id=study, member_id=rater.id, after=least, count=most)
    return {
        "person": rater.id,
        "state": desk.state,
        "done": desk.done,
        "total": desk.total,
        "tasks": [shown(task) for task in found],
    }


@router.get("/api/{study}/last")
def last(request: Request, study: str, rater: AnyMember) -> dict[str, Any]:
    """The rater's own last answer, to take it back; ``{"last": null}`` where there is none."""
    store: Store = request.app.state.store
    if desk_of(store.db, study_id=study, member_id=rater.id).state != "open":
        return {"last": None}
    found = last_answer(store.db, study_id=study, member_id=rater.id)
    if found is None:
        return {"last": None}
    task = task_of(store.db, item_id=found.item_id, member_id=rater.id)
    marks = None if found.marks is None else list(found.marks)
    answer = {"key": found.key, "kind": found.kind, "grade": found.grade, "reason": found.reason, "marks": marks}
    return {"last": {"task": shown(task), "answer": answer}}


@router.get("/photo/{item}")
def photo(request: Request, item: str, rater: AnyMember) -> Response:
    """The photo of one of the rater's items."""
    store: Store = request.app.state.store
    try:
        key, _, _ = photo_of(store.db, item_id=item, member_id=rater.id)
    except UsageError as error:
        raise Problem(404, str(error)) from error
    return Response(store.photos.get(key), headers=PHOTO_HEADERS, media_type=PHOTO_TYPE)


@router.get("/picture/{study}/{digest}")
def picture(request: Request, study: str, digest: str, rater: AnyMember) -> Response:
    """The picture that stands for one of the grades of a study."""
    store: Store = request.app.state.store
    desk = desk_of(store.db, study_id=study, member_id=rater.id)
    found = picture_of(desk.instrument, digest)
    if found is None:
        raise Problem(404, "The study has no such picture.")
    return Response(store.photos.get(found.key), headers=PHOTO_HEADERS, media_type="image/jpeg")


def _number(name: str, text: str, low: int, high: int) -> int:
    try:
        value = int(text) if len(text) <= 11 else high + 1
    except ValueError:
        value = high + 1
    if not low <= value <= high:
        raise Problem(422, f"{name} is a whole number from {low} to {high}.")
    return value
