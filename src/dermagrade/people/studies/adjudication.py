"""Disagreements, who is asked to settle them blind, and the grade that each photo ends with."""

from __future__ import annotations

import random
import statistics
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.store import audit
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, RatingRow, Study, StudyRater, now
from dermagrade.people.studies.current_answers import PhotoEntry
from dermagrade.people.studies.items import next_position
from dermagrade.people.studies.latest_rows import is_answered
from dermagrade.people.studies.lookups import ADJUDICATOR, member_of, rater_of, rates_blind, study_to_change
from dermagrade.people.studies.record import Given, StudyRecord

#: Grades that the readings of a photo differ by from which it is listed, unless the team names another number.
THRESHOLD = 2.0


@dataclass(frozen=True)
class Disagreement:
    """A photo whose readings differ; who said what stays out.

    Attributes:
        readings: first blind grades.
        spread: highest minus lowest.
        state: ``open``, ``asked`` (somebody is to settle it) or ``settled``.
    """

    photo: PhotoEntry
    readings: int
    spread: float
    state: str


@dataclass(frozen=True)
class Consensus:
    """The grade that a photo ends with.

    Attributes:
        grade: the adjudicated one where there is one, else the mean of the first blind grades.
        source: ``adjudicated`` or ``mean``.
        readings: first blind grades.
    """

    photo: PhotoEntry
    grade: float
    source: str
    readings: int


def disagreements(record: StudyRecord, threshold: float = THRESHOLD) -> tuple[Disagreement, ...]:
    """Photos whose first blind grades differ by ``threshold`` or more, in the order of their names.

    Raises:
        UsageError: if the threshold is not above zero.
    """
    if not threshold > 0:
        raise UsageError(f"The grades must differ by more than zero to be listed, not by {threshold:g}.")
    asked = {place.photo_id for place in record.places if place.kind == "adjudication"}
    settled = set(_settled(record))
    found = []
    for photo_id, grades in _first_grades(record).items():
        # Grades are whole or half steps, so the difference is exact.
        spread = max(grades) - min(grades)
        if len(grades) > 1 and spread >= threshold:
            state = "settled" if photo_id in settled else "asked" if photo_id in asked else "open"
            found.append(Disagreement(record.photos[photo_id], len(grades), spread, state))
    return tuple(sorted(found, key=lambda d: d.photo.name))


def consensus_of(record: StudyRecord) -> tuple[Consensus, ...]:
    """Every photo that was graded blind, in the order of names; calibration photos are none of them."""
    settled = _settled(record)
    grades = _first_grades(record)
    return tuple(
        Consensus(
            photo,
            settled[photo.id] if photo.id in settled else statistics.fmean(grades[photo.id]),
            "adjudicated" if photo.id in settled else "mean",
            len(grades.get(photo.id, ())),
        )
        for photo in record.photos.values()
        if photo.id in settled or photo.id in grades
    )


def ask_adjudicator(db: Database, *, by: str, study_id: str, member_id: str, photo_ids: Collection[str]) -> int:
    """Gives photos to one member to settle; they come in shuffled order, without any grade.

    Args:
        db: the database.
        by: id of the member who asks.
        study_id: an open study.
        member_id: who is to settle them: a rater of the study, or anybody else who is active.
        photo_ids: photos that at least two readings stand for; those that somebody was asked about are left out.

    Returns:
        How many photos were given.

    Raises:
        UsageError: if the study is not open, the member cannot sign in, or no photo is left to be given.
    """
    with db.begin() as session:
        study = study_to_change(session, study_id)
        if study.state != "open":
            raise UsageError("Disagreements are settled in an open study; reopen it first.")
        wanted = sorted(set(photo_ids) & _can_be_given(session, study_id))
        if not wanted:
            raise UsageError("None of these photos is left to be settled.")
        code = _seat(session, study, member_id)
        start = next_position(session, study, member_id)
        random.Random(f"{study.seed} {code} {start}").shuffle(wanted)
        for position, photo_id in enumerate(wanted, start):
            session.add(
                Item(study_id=study_id, member_id=member_id, photo_id=photo_id, kind="adjudication", position=position)
            )
        audit.record(session, who=by, what="adjudication.asked", study_id=study_id, rater=code, photos=len(wanted))
        return len(wanted)


def withdraw_adjudication(db: Database, *, by: str, study_id: str, member_id: str) -> int:
    """Takes back what a member was asked to settle and has not; what they settled stays.

    Returns:
        How many photos were taken back.

    Raises:
        UsageError: if there are none.
    """
    with db.begin() as session:
        rater = rater_of(session, study_to_change(session, study_id).id, member_id)
        waiting = session.scalars(
            select(Item).where(
                Item.study_id == study_id,
                Item.member_id == member_id,
                Item.kind == "adjudication",
                Item.cancelled_at.is_(None),
                ~exists().where(RatingRow.item_id == Item.id),
            )
        ).all()
        if not waiting:
            raise UsageError("There is nothing left to take back.")
        for item in waiting:
            item.cancelled_at = now()
        audit.record(
            session, who=by, what="adjudication.withdrawn", study_id=study_id, rater=rater.code, photos=len(waiting)
        )
        return len(waiting)


def open_items(db: Database, *, study_id: str, member_id: str) -> int:
    """How many photos of a study a member is still to grade, adjudications included."""
    with db.read() as session:
        theirs = select(func.count()).where(
            Item.study_id == study_id, Item.member_id == member_id, Item.cancelled_at.is_(None), ~is_answered()
        )
        return session.scalar(theirs) or 0


def _seat(session: Session, study: Study, member_id: str) -> str:
    """The code of a rater, or of somebody who only settles disagreements and gets a seat in the study for that."""
    member = member_of(session, member_id)
    if not member.active:
        raise UsageError(f"{member.name} may not sign in and so cannot settle anything.")
    seat = session.get(StudyRater, (study.id, member_id))
    if seat is not None and seat.removed_at is not None:
        raise UsageError(f"{member.name} was removed from the study; add them again first.")
    if seat is None:
        others = session.scalars(select(StudyRater.code).where(StudyRater.study_id == study.id, ~rates_blind())).all()
        seat = StudyRater(study_id=study.id, member_id=member_id, code=f"{ADJUDICATOR}{len(others) + 1:02d}")
        session.add(seat)
        session.flush()
    return seat.code


def _can_be_given(session: Session, study_id: str) -> set[str]:
    """Photos of the study with two blind items or more, about which nobody was asked."""
    in_study = (Item.study_id == study_id, Item.cancelled_at.is_(None))
    twice = session.scalars(
        select(Item.photo_id)
        .where(*in_study, Item.kind.in_(("ordinary", "golden")))
        .group_by(Item.photo_id)
        .having(func.count() > 1)
    )
    asked = session.scalars(select(Item.photo_id).where(*in_study, Item.kind == "adjudication"))
    return set(twice) - set(asked)


def _first_grades(record: StudyRecord) -> dict[str, list[float]]:
    grades: dict[str, list[float]] = defaultdict(list)
    for given in record.given:
        if given.round == 1 and given.grade is not None:
            grades[given.photo.id].append(given.grade)
    return dict(grades)


def _settled(record: StudyRecord) -> dict[str, float]:
    """Photo to its adjudicated grade, the latest where there are several."""
    found: list[Given] = [g for g in record.given if g.kind == "adjudication" and g.grade is not None]
    return {g.photo.id: g.grade for g in sorted(found, key=lambda g: g.received_at) if g.grade is not None}
