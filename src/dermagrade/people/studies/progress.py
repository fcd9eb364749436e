"""How far a study is, rater by rater, and how each rater stands to the golden photos. For the team alone."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, Study, StudyPhoto, StudyRater
from dermagrade.people.studies.latest_rows import is_answered
from dermagrade.people.studies.lookups import rates_blind
from dermagrade.people.studies.record import Given, StudyRecord


@dataclass(frozen=True)
class StudyLine:
    """A study in the list of all.

    Attributes:
        raters: those who were not removed.
        done: items with an answer.
        total: items that are to be graded or were; 0 before the study is opened.
    """

    id: str
    name: str
    scale: str
    state: str
    photos: int
    raters: int
    done: int
    total: int


@dataclass(frozen=True)
class Repeats:
    """A rater's hidden repeats against the first grade of the same photo.

    Attributes:
        pairs: photos that were graded both times.
        same: share of these with the same grade.
        distance: mean distance of the two grades.
    """

    pairs: int
    same: float
    distance: float


@dataclass(frozen=True)
class RaterProgress:
    """One rater.

    Attributes:
        done: items with an answer, calibration and adjudication included.
        total: items that are to be graded or were.
        last_answer: by the rater's clock; None before the first.
        median_seconds: from showing a photo to the answer; None before the first.
        cannot_share: of the answers that say the photo cannot be graded.
        repeats: None before a photo was graded twice.
    """

    member_id: str
    code: str
    name: str
    removed: bool
    done: int
    total: int
    last_answer: datetime | None
    median_seconds: float | None
    cannot_share: float | None
    repeats: Repeats | None


@dataclass(frozen=True)
class GoldenAnswer:
    """A rater's grade of a golden photo.

    Attributes:
        place: in the rater's blind order, from 0 for the first item to 1 for the last.
        difference: grade minus reference.
        answered_at: by the rater's clock.
    """

    photo: str
    person: str
    place: float
    difference: float
    answered_at: datetime


def list_studies(db: Database) -> tuple[StudyLine, ...]:
    """All studies, the newest first."""
    with db.read() as session:

        def counts(column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
            rows = session.execute(select(column, func.count()).where(*conditions).group_by(column))
            return {str(key): int(number) for key, number in rows}

        photos = counts(StudyPhoto.study_id)
        raters = counts(StudyRater.study_id, StudyRater.removed_at.is_(None), rates_blind())
        total = counts(Item.study_id, Item.cancelled_at.is_(None))
        done = counts(Item.study_id, Item.cancelled_at.is_(None), is_answered())
        return tuple(
            StudyLine(
                study.id,
                study.name,
                study.scale,
                study.state,
                photos.get(study.id, 0),
                raters.get(study.id, 0),
                done.get(study.id, 0),
                total.get(study.id, 0),
            )
            for study in session.scalars(select(Study).order_by(Study.created_at.desc(), Study.name))
        )


def progress_of(record: StudyRecord) -> tuple[RaterProgress, ...]:
    """Every rater of the study, those who were removed included, by code."""
    total: dict[str, int] = defaultdict(int)
    for place in record.places:
        total[place.member_id] += 1
    given: dict[str, list[Given]] = defaultdict(list)
    for answer in record.given:
        given[answer.member_id].append(answer)
    return tuple(
        RaterProgress(
            member_id=rater.member_id,
            code=rater.code,
            name=rater.name,
            removed=rater.removed,
            done=len(own := given[rater.member_id]),
            total=total[rater.member_id],
            last_answer=max((answer.answered_at for answer in own), default=None),
            median_seconds=statistics.median(answer.seconds for answer in own) if own else None,
            cannot_share=sum(answer.grade is None for answer in own) / len(own) if own else None,
            repeats=_repeats(own),
        )
        for rater in record.raters
    )


def golden_answers(record: StudyRecord) -> dict[str, tuple[GoldenAnswer, ...]]:
    """Rater code to the grades of golden photos in the rater's order; those without one are left out."""
    last: dict[str, int] = defaultdict(int)
    for place in record.places:
        if place.kind in ("ordinary", "golden", "repeat"):
            last[place.member_id] = max(last[place.member_id], place.position)
    found: Mapping[str, list[GoldenAnswer]] = defaultdict(list)
    for answer in record.blind:
        if answer.kind != "golden" or answer.grade is None or answer.photo.reference is None:
            continue
        found[answer.rater].append(
            GoldenAnswer(
                photo=answer.photo.name,
                person=answer.photo.person,
                place=answer.position / max(last[answer.member_id], answer.position, 1),
                difference=answer.grade - answer.photo.reference,
                answered_at=answer.answered_at,
            )
        )
    return {code: tuple(sorted(answers, key=lambda a: a.place)) for code, answers in sorted(found.items())}


def _repeats(own: list[Given]) -> Repeats | None:
    first = {a.photo.id: a.grade for a in own if a.round == 1 and a.grade is not None}
    distances = [
        abs(a.grade - first[a.photo.id]) for a in own if a.round > 1 and a.grade is not None and a.photo.id in first
    ]
    if not distances:
        return None
    return Repeats(len(distances), sum(d == 0 for d in distances) / len(distances), statistics.fmean(distances))
