"""The tables that the diary will have: a plan, which no migration makes yet.

The first page that keeps a photo of a person brings the migration that makes these tables. Why they are so, and what is
kept of somebody who had all deleted, is in ``docs/decisions/0012-a-diary-for-the-person-photographed.md``. In short:

- Consent comes first: a photo cannot be stored without a row that says who agreed to what, and when.
- Nothing of a file is kept but its pixels and, if the person wants, the moment at which it was taken. There is no
  column for a file's name, a place, a device or any other metadata, and photos lie in the store under random names.
- All that is known of a person hangs on one row. An export is all rows below it, a deletion takes them all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dermagrade.people.store.schema import Base, Moment, new_id, now


class PlannedTable(DeclarativeBase):
    """Of all planned tables; they are none of the studies' own, so no database has them."""

    metadata = MetaData(naming_convention=Base.metadata.naming_convention)
    type_annotation_map: ClassVar = {datetime: Moment, dict[str, Any]: JSON}


class Person(PlannedTable):
    """Somebody whose photos are kept: the one photographed, never one of the staff (who are members).

    Attributes:
        id: random; the only word for them outside this table, in the audit log and in the store of photos included.
        called: what they want to be called on their own pages; need not be their name.
        email: to sign in with; None where somebody else opens the diary for them.
        born_year: decides whether a guardian has to agree, and which advice is given; None where they do not say.
    """

    __tablename__ = "diary_persons"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    called: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    born_year: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Consent(PlannedTable):
    """That a person agreed to one thing. A withdrawn one stays as long as the person does, since it was the ground.

    Attributes:
        purpose: ``keep`` (photos and answers are stored for the person themselves) or ``study`` (they may be shown to
            raters).
        text_digest: SHA-256 of the words that were shown.
        given_by: ``self``, or ``guardian`` for a minor.
        withdrawn_at: from then on nothing new is stored on this ground; what it was the ground for is deleted.
    """

    __tablename__ = "diary_consents"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        CheckConstraint("purpose IN ('keep', 'study')", name="purpose"),
        CheckConstraint("given_by IN ('self', 'guardian')", name="given_by"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("diary_persons.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(12))
    text_digest: Mapped[str] = mapped_column(String(64))
    given_by: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class DiaryPhoto(PlannedTable):
    """One photo of a person: upright sRGB pixels in the store, and nothing else of its file.

    Attributes:
        consent_id: the ground on which it is kept; of the same person.
        key: of its pixels in the store of photos, random.
        digest: SHA-256 of the pixels, so that the same photo is not stored twice.
        width: in pixels.
        height: in pixels.
        taken_at: when it was taken, by the camera's clock or the person's word; None where they do not want it kept.
    """

    __tablename__ = "diary_photos"
    __table_args__ = (
        UniqueConstraint("id", "person_id"),
        UniqueConstraint("person_id", "digest"),
        ForeignKeyConstraint(
            ["consent_id", "person_id"], ["diary_consents.id", "diary_consents.person_id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("diary_persons.id", ondelete="CASCADE"))
    consent_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(default=now)


class DiaryAnswer(PlannedTable):
    """What was found on a photo, as it was shown to the person; a later model adds an answer and changes none.

    Attributes:
        model: condition to the id of its model.
        record: as ``dermagrade assess --json`` prints it, without the name of a file.
    """

    __tablename__ = "diary_answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    photo_id: Mapped[str] = mapped_column(ForeignKey("diary_photos.id", ondelete="CASCADE"), index=True)
    model: Mapped[dict[str, Any]]
    record: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=now)


class DiarySeries(PlannedTable):
    """Photos of one person that are compared over time, such as those of the left cheek.

    Attributes:
        title: in the person's words.
    """

    __tablename__ = "diary_series"
    __table_args__ = (UniqueConstraint("id", "person_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("diary_persons.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)


class DiarySeriesPhoto(PlannedTable):
    """A photo's place in a series; both are of the same person.

    Attributes:
        position: place in the order of time, from 0.
    """

    __tablename__ = "diary_series_photos"
    __table_args__ = (
        UniqueConstraint("series_id", "position"),
        ForeignKeyConstraint(
            ["series_id", "person_id"], ["diary_series.id", "diary_series.person_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["photo_id", "person_id"], ["diary_photos.id", "diary_photos.person_id"], ondelete="CASCADE"
        ),
    )

    series_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    photo_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]


class Export(PlannedTable):
    """That a person took all of it away: one archive with every photo, and every row below them as JSON.

    Attributes:
        ended_at: when the archive was removed again; it is made when it is asked for, and lives for a day.
    """

    __tablename__ = "diary_exports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("diary_persons.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class Deletion(PlannedTable):
    """All that is kept of a person who had everything deleted; it refers to no row.

    Attributes:
        person_id: the random id that they had: a backup that is brought back is purged by it.
        asked_by: ``self``, ``guardian``, or ``member`` where the person wrote to the staff.
        photos: how many were deleted.
        done_at: when the last file was gone; None while the deletion is under way, which goes on after a crash.
    """

    __tablename__ = "diary_deletions"
    __table_args__ = (CheckConstraint("asked_by IN ('self', 'guardian', 'member')", name="asked_by"),)

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(12))
    photos: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
