"""The raters' answers: stored once each, and never changed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, RatingRow, Study, StudyPhoto, now
from dermagrade.people.studies.current_answers import Current, current_ratings
from dermagrade.people.studies.instrument import check_grade
from dermagrade.people.studies.lookups import rater_of, study_of, study_to_change, study_to_hold

__all__ = ["Answer", "Current", "Stored", "current_ratings", "store_answer"]

#: More lesions than that are not marked on one photo.
MOST_MARKS = 2_000


@dataclass(frozen=True)
class Answer:
    """One answer of a rater.

    Attributes:
        key: made by the rater's browser, 8 to 64 characters; the same answer sent twice has the same key.
        item_id: of the photo.
        kind: ``grade``, ``cannot`` or ``undone``.
        grade: one of the scale's levels; None unless ``kind`` is ``grade``.
        reason: why it cannot be graded; None unless ``kind`` is ``cannot``.
        marks: lesions, each ``{"x", "y", "radius"}`` in pixels of the photo; None where none were asked for.
        shown_at: when the photo stood on the screen, by the rater's clock.
        answered_at: when the answer was given, by the rater's clock.
        corrects: key of the answer that this one takes the place of, or takes back.
    """

    key: str
    item_id: str
    kind: str
    grade: float | None
    reason: str | None
    marks: tuple[dict[str, float], ...] | None
    shown_at: datetime
    answered_at: datetime
    corrects: str | None = None


@dataclass(frozen=True)
class Stored:
    """What became of an answer.

    Attributes:
        new: False where the same one was stored before.
        reference: the grade held to be right, after a grade in the calibration round; None ever after.
    """

    new: bool
    reference: float | None


def store_answer(db: Database, *, member_id: str, answer: Answer) -> Stored:
    """Stores an answer; it is on disk when this comes back. One that is stored already is not stored again.

    Args:
        db: the database.
        member_id: of the rater.
        answer: what they said.

    Raises:
        UsageError: if the photo is none of theirs, the study is not open, the answer does not fit the scale, or the
            photo has an answer already and ``corrects`` does not name it.
        StoreError: if it cannot be stored; it may be sent again.
    """
    _check_form(answer)
    try:
        with db.begin() as session:
            return _store(session, member_id, answer)
    except IntegrityError as error:
        # Two answers with one key that came in at the same moment for different photos.
        raise UsageError("The key of this answer belongs to another one.") from error


def _store(session: Session, member_id: str, answer: Answer) -> Stored:
    item = session.get(Item, answer.item_id)
    if item is None or item.member_id != member_id:
        raise UsageError("This photo is not, or no longer, among yours.")
    study = study_of(session, item.study_id)
    # The first answer changes the study; all others only keep it from being closed or given other raters meanwhile.
    study = (study_to_hold if study.locked_at else study_to_change)(session, study.id)
    # Of two that answer one item at once, the second now waits, and then sees what the first stored.
    session.refresh(item, with_for_update=True)
    photo = session.get_one(StudyPhoto, item.photo_id)
    reference = photo.reference if item.kind == "calibration" and answer.kind != "undone" else None
    before = session.scalar(select(RatingRow).where(RatingRow.key == answer.key))
    if before is not None:
        if _facts(before) != _facts(answer):
            raise UsageError("The key of this answer belongs to another one.")
        return Stored(new=False, reference=reference)
    if study.state != "open":
        raise UsageError("This study is closed; the answer was not stored.")
    rater_of(session, study.id, member_id)
    if item.cancelled_at is not None:
        raise UsageError("This photo is not, or no longer, among yours.")
    _check_scale(study, photo, answer)
    _check_turn(session, item, answer)
    session.add(
        RatingRow(
            key=answer.key,
            item_id=item.id,
            study_id=study.id,
            member_id=member_id,
            photo_id=photo.id,
            kind=answer.kind,
            grade=answer.grade,
            reason=answer.reason,
            marks=None if answer.marks is None else list(answer.marks),
            corrects=answer.corrects,
            shown_at=answer.shown_at,
            answered_at=answer.answered_at,
            position=item.position,
            instrument_version=study.instrument_version,
            seed=study.seed,
        )
    )
    session.flush()
    if study.locked_at is None:
        study.locked_at = now()
        audit.record(session, who=None, what="study.locked", study_id=study.id)
    return Stored(new=True, reference=reference)


def _check_form(answer: Answer) -> None:
    if not 8 <= len(answer.key) <= 64:
        raise UsageError("The key of an answer has 8 to 64 characters.")
    if answer.kind not in {"grade", "cannot", "undone"}:
        raise UsageError(f"An answer is one of grade, cannot, undone; not {answer.kind}.")
    if (answer.kind == "grade") != (answer.grade is not None):
        raise UsageError("An answer of the kind grade has a grade, and no other has.")
    if (answer.kind == "cannot") != bool((answer.reason or "").strip()):
        raise UsageError("A photo that cannot be graded needs a reason, and no other answer has one.")
    if answer.reason is not None and len(answer.reason) > 500:
        raise UsageError("A reason has at most 500 characters.")
    if answer.kind == "undone" and answer.corrects is None:
        raise UsageError("To take an answer back, its key is needed.")
    if answer.shown_at.tzinfo is None or answer.answered_at.tzinfo is None:
        raise UsageError("The times of an answer need a time zone.")


def _check_scale(study: Study, photo: StudyPhoto, answer: Answer) -> None:
    if answer.grade is not None:
        check_grade(study.instrument, answer.grade)
    if answer.marks is None:
        return
    if not study.lesions or answer.kind != "grade":
        raise UsageError("Lesions are marked only where the study asks for them, and with a grade.")
    if len(answer.marks) > MOST_MARKS:
        raise UsageError(f"At most {MOST_MARKS} lesions can be marked on a photo.")
    if not all(_on_photo(mark, photo) for mark in answer.marks):
        raise UsageError("A lesion needs x and y on the photo and a radius above 0, in pixels.")


def _on_photo(mark: dict[str, float], photo: StudyPhoto) -> bool:
    if set(mark) != {"x", "y", "radius"} or not all(math.isfinite(value) for value in mark.values()):
        return False
    inside = 0 <= mark["x"] <= photo.width and 0 <= mark["y"] <= photo.height
    return inside and 0 < mark["radius"] <= max(photo.width, photo.height)


def _check_turn(session: Session, item: Item, answer: Answer) -> None:
    """An answered item takes a correction of that very answer, an unanswered one a first answer."""
    latest = session.scalar(
        select(RatingRow).where(RatingRow.item_id == item.id).order_by(RatingRow.number.desc()).limit(1)
    )
    if latest is not None and latest.kind != "undone":
        if answer.corrects != latest.key:
            raise UsageError("This photo has another answer already; look at it again.")
    elif answer.kind == "undone" or answer.corrects not in {None, latest and latest.key}:
        raise UsageError("There is no such answer to correct or to take back.")


def _facts(answer: Answer | RatingRow) -> tuple[Any, ...]:
    """What must be the same in an answer that is sent again."""
    marks = None if answer.marks is None else list(answer.marks)
    return answer.item_id, answer.kind, answer.grade, answer.reason, marks, answer.corrects
