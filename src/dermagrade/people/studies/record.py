"""A study as it stands: what the team's figures and every export are made from, read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Item, Member, StudyPhoto, StudyRater
from dermagrade.people.studies.current_answers import Current, PhotoEntry, current_ratings, entry_of
from dermagrade.people.studies.lookups import photo_of_study, study_of

#: Kinds of items whose grades are blind readings of the study; calibration comes with feedback, adjudication after it.
BLIND = ("ordinary", "golden", "repeat")


@dataclass(frozen=True)
class Seat:
    """A rater of the study, or an adjudicator.

    Attributes:
        code: what exports call them.
        name: for the team's pages alone.
        email: for the key file alone.
        removed: whether the team took them out.
    """

    member_id: str
    code: str
    name: str
    email: str | None
    removed: bool


@dataclass(frozen=True)
class Place:
    """An item that is to be graded, or was: whose it is and what it shows."""

    id: str
    member_id: str
    photo_id: str
    kind: str
    position: int


@dataclass(frozen=True)
class Given(Current):
    """The answer that counts for an item, and which of the rater's readings of the photo it is.

    Attributes:
        round: 1 for a rater's first blind grade of a photo, from 2 on for hidden repeats; 0 for calibration and
            adjudication, which are no blind readings.
    """

    round: int

    @property
    def seconds(self) -> float:
        """From the photo on the screen to the answer, by the rater's clock."""
        return max((self.answered_at - self.shown_at).total_seconds(), 0.0)


@dataclass(frozen=True)
class StudyRecord:
    """A study with all that was graded in it.

    Attributes:
        instrument: scale and levels as the raters see them.
        state: ``draft``, ``open`` or ``closed``.
        raters: in the order of their codes, those who were removed included.
        photos: by id, in the order of their names.
        places: items that were not cancelled.
        given: answers that count, in the order of raters and positions.
    """

    id: str
    name: str
    scale: str
    instrument: Mapping[str, Any]
    instrument_version: str
    seed: int
    per_photo: int | None
    repeats: float
    lesions: bool
    state: str
    created_at: datetime
    opened_at: datetime | None
    locked_at: datetime | None
    closed_at: datetime | None
    raters: tuple[Seat, ...]
    photos: Mapping[str, PhotoEntry]
    places: tuple[Place, ...]
    given: tuple[Given, ...]

    @property
    def running(self) -> bool:
        """True until it is closed: grades may still come, and exports say so."""
        return self.state != "closed"

    @property
    def blind(self) -> tuple[Given, ...]:
        """The blind readings alone."""
        return tuple(given for given in self.given if given.kind in BLIND)


def read_study(db: Database, study_id: str) -> StudyRecord:
    """The study as it stands now.

    Raises:
        UsageError: if there is no such study.
    """
    # The answers come first: whatever they speak of is there when the rest is read.
    current = current_ratings(db, study_id)
    with db.read() as session:
        study = study_of(session, study_id)
        photos = {
            p.id: entry_of(p)
            for p in session.scalars(
                select(StudyPhoto).where(StudyPhoto.study_id == study_id).order_by(StudyPhoto.name)
            )
        }
        raters = tuple(
            Seat(member.id, rater.code, member.name, member.email, rater.removed_at is not None)
            for rater, member in session.execute(
                select(StudyRater, Member)
                .join(Member, Member.id == StudyRater.member_id)
                .where(StudyRater.study_id == study_id)
                .order_by(StudyRater.code)
            )
        )
        places = tuple(
            Place(item.id, item.member_id, item.photo_id, item.kind, item.position)
            for item in session.scalars(
                select(Item)
                .where(Item.study_id == study_id, Item.cancelled_at.is_(None))
                .order_by(Item.member_id, Item.position)
            )
        )
        whole = {
            name: getattr(study, name)
            for name in StudyRecord.__dataclass_fields__
            if name not in {"raters", "photos", "places", "given"}
        }
    return StudyRecord(**whole, raters=raters, photos=photos, places=places, given=_given(current))


def _given(current: Sequence[Current]) -> tuple[Given, ...]:
    given = []
    repeats: Counter[tuple[str, str]] = Counter()
    for one in sorted(current, key=lambda c: (c.rater, c.position)):
        round_ = 0
        if one.kind == "repeat":
            repeats[one.rater, one.photo.id] += 1
            round_ = 1 + repeats[one.rater, one.photo.id]
        elif one.kind in BLIND:
            round_ = 1
        given.append(Given(**vars(one), round=round_))
    return tuple(given)


def find_photo(db: Database, study_id: str, photo_id: str) -> PhotoEntry:
    """One photo of a study.

    Raises:
        UsageError: if it has no such photo.
    """
    with db.read() as session:
        return entry_of(photo_of_study(session, study_id, photo_id))
