"""``POST`` below ``/desk/api``: an answer, and taking one back. Each may be sent again and is stored once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from dermagrade.people.store.store import Store
from dermagrade.people.studies.answers import Answer, store_answer
from dermagrade.people.studies.rater_desk import task_of
from dermagrade.service.desk.bodies import AnswerBody, UndoBody, read_body
from dermagrade.service.desk.rater import check_item, shown
from dermagrade.service.signin.guards import AnyMember, check_csrf, signed_in

# In this order: whose session has ended hears that, and nothing of a body is read for a page from elsewhere.
router = APIRouter(prefix="/desk", dependencies=[Depends(signed_in), Depends(check_csrf)])


async def _answer_body(request: Request) -> AnswerBody:
    return await read_body(request, AnswerBody)


async def _undo_body(request: Request) -> UndoBody:
    return await read_body(request, UndoBody)


@router.post("/api/{study}/answers")
def store(
    request: Request, study: str, rater: AnyMember, body: Annotated[AnswerBody, Depends(_answer_body)]
) -> dict[str, Any]:
    """Stores one answer. What comes back is the same for every item, but for the reference in the calibration round."""
    store: Store = request.app.state.store
    check_item(store.db, study_id=study, item_id=body.item, member_id=rater.id)
    answer = Answer(
        key=body.key,
        item_id=body.item,
        kind=body.kind,
        grade=body.grade,
        reason=body.reason,
        marks=None if body.marks is None else tuple(mark.model_dump() for mark in body.marks),
        shown_at=body.shown_at,
        answered_at=body.answered_at,
        corrects=body.corrects,
    )
    stored = store_answer(store.db, member_id=rater.id, answer=answer)
    return {"stored": True, "new": stored.new, "reference": stored.reference}


@router.post("/api/{study}/undo")
def undo(
    request: Request, study: str, rater: AnyMember, body: Annotated[UndoBody, Depends(_undo_body)]
) -> dict[str, Any]:
    """Takes an answer back by a row of its own, and gives the task again."""
    store: Store = request.app.state.store
    check_item(store.db, study_id=study, item_id=body.item, member_id=rater.id)
    answer = Answer(
        key=body.key,
        item_id=body.item,
        kind="undone",
        grade=None,
        reason=None,
        marks=None,
        shown_at=body.shown_at,
        answered_at=body.answered_at,
        corrects=body.corrects,
    )
    stored = store_answer(store.db, member_id=rater.id, answer=answer)
    return {
        "stored": True,
        "new": stored.new,
        "task": shown(task_of(store.db, item_id=body.item, member_id=rater.id)),
    }
