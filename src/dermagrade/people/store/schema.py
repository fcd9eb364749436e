"""The tables of the studies' database, for SQLite and PostgreSQL.

Identifiers are random and tell nothing; a golden photo's looks like any other's. Times are aware and in UTC. Rows of
``ratings`` and ``audit`` are only ever added: triggers of the database refuse to change or delete them.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


def new_id() -> str:
    """A random identifier of 22 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(16)


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """An aware time; SQLite, which knows no zones, keeps it in UTC and gives it back so."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; a time without a zone is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("times in the database are aware; this one has no zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Of all tables."""

    # Without names of their own, constraints could not be changed by a later migration.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # No lesions marked is NULL rather than JSON's own null.
    type_annotation_map: ClassVar = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON(none_as_null=True)}


class Member(Base):
    """One of the staff, who may sign in: a rater, one of the team, an admin. The table kept the name of its release.

    Attributes:
        name: as the team knows them.
        email: in lower case; None where none is known.
        roles: words out of ``rater team admin``, separated by spaces.
        issuer: of the OpenID provider that vouches for them, with ``subject`` its name for them; None for local ones.
        password: argon2 hash; None where they sign in at a provider.
        active: an inactive member cannot sign in; what they graded stays.
    """

    __tablename__ = "persons"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    roles: Mapped[str] = mapped_column(String(60), default="rater")
    issuer: Mapped[str | None] = mapped_column(String(500))
    subject: Mapped[str | None] = mapped_column(String(500))
    password: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Base):
    """A session: its cookie holds a secret of which only the SHA-256 is kept."""

    __tablename__ = "sign_ins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[str] = mapped_column("person_id", ForeignKey("persons.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class Invitation(Base):
    """A link that lets one person in once: as a rater of a study, or with further roles."""

    __tablename__ = "invitations"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    roles: Mapped[str] = mapped_column(String(60), default="rater")
    study_id: Mapped[str | None] = mapped_column(ForeignKey("studies.id"), index=True)
    invited_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))


class Study(Base):
    """One study.

    Attributes:
        scale: id of the scale that is graded on.
        instrument: what the raters see: scale, its levels and their words, as they were when the study was made.
        instrument_version: digest of ``instrument``; every rating carries it.
        seed: of the allocation.
        per_photo: raters of each ordinary photo; None lets every rater grade every photo.
        repeats: share of a rater's ordinary photos that come a second time.
        lesions: whether raters also mark lesions.
        state: ``draft``, ``open`` or ``closed``.
        locked_at: when the first rating came; from then on nothing above can be changed.
    """

    __tablename__ = "studies"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed')", name="state"),
        CheckConstraint("repeats >= 0 AND repeats <= 0.5", name="repeats"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    scale: Mapped[str] = mapped_column(String(60))
    instrument: Mapped[dict[str, Any]]
    instrument_version: Mapped[str] = mapped_column(String(32))
    seed: Mapped[int]
    per_photo: Mapped[int | None]
    repeats: Mapped[float]
    lesions: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    created_by: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    opened_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class StudyPhoto(Base):
    """One photo of a study. Nothing of its file but the pixels is kept.

    Attributes:
        name: of the file that came in, for the team and the export; raters never see it.
        person: whose photo it is, a pseudonym; its own name where the team gave none.
        key: of its pixels in the store of photos.
        digest: SHA-256 of the pixels.
        kind: ``ordinary``, ``golden`` (every rater grades it) or ``calibration`` (before the study, with feedback).
        reference: the grade that is held to be right; golden and calibration photos alone.
    """

    __tablename__ = "study_photos"
    __table_args__ = (
        UniqueConstraint("study_id", "name"),
        CheckConstraint("kind IN ('ordinary', 'golden', 'calibration')", name="kind"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("studies.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    person: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12), default="ordinary")
    reference: Mapped[float | None]


class StudyRater(Base):
    """A rater of a study.

    Attributes:
        code: pseudonym in exports and figures, such as ``R03``.
        removed_at: set when the team takes the rater out; what they graded stays.
    """

    __tablename__ = "study_raters"
    __table_args__ = (UniqueConstraint("study_id", "code"),)

    study_id: Mapped[str] = mapped_column(ForeignKey("studies.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column("person_id", ForeignKey("persons.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime] = mapped_column(default=now)
    removed_at: Mapped[datetime | None]


class Item(Base):
    """One photo that one rater is to grade once; a hidden repeat is an item of its own.

    Attributes:
        kind: ``ordinary``, ``golden``, ``repeat``, ``calibration`` or ``adjudication``; raters never see it, but that
            calibration comes first and is called so.
        position: place in the rater's order, from 0.
        shown_at: when its photo was first asked for.
        cancelled_at: set when it is no longer to be graded, and never where it was.
    """

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("study_id", "person_id", "position"),
        CheckConstraint("kind IN ('ordinary', 'golden', 'repeat', 'calibration', 'adjudication')", name="kind"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    study_id: Mapped[str] = mapped_column(ForeignKey("studies.id"))
    member_id: Mapped[str] = mapped_column("person_id", ForeignKey("persons.id"))
    photo_id: Mapped[str] = mapped_column(ForeignKey("study_photos.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int]
    shown_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class RatingRow(Base):
    """One answer; only ever added. The latest row of an item, by ``number``, is what counts.

    Attributes:
        number: rises with every row of the database.
        key: made by the rater's browser for this answer: one that is sent twice is stored once.
        kind: ``grade``, ``cannot`` (with ``reason``) or ``undone`` (takes the item's answer back).
        grade: on the study's scale.
        reason: why the photo cannot be graded.
        marks: lesions, each ``{"x", "y", "radius"}`` in pixels of the photo.
        corrects: key of the answer of the same item that this one takes the place of.
        shown_at: when the photo stood on the rater's screen, by the rater's clock.
        answered_at: likewise, when the answer was given.
        received_at: when the row was stored, by this machine's clock.
        position: place in the rater's order.
        instrument_version: of the study.
        seed: of the study's allocation.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        Index(None, "study_id", "person_id"),
        CheckConstraint("kind IN ('grade', 'cannot', 'undone')", name="kind"),
        CheckConstraint("(kind = 'grade') = (grade IS NOT NULL)", name="grade"),
        # Lets the numbers of deleted rows never come again, though none can be deleted.
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    study_id: Mapped[str] = mapped_column(ForeignKey("studies.id"))
    member_id: Mapped[str] = mapped_column("person_id", ForeignKey("persons.id"))
    photo_id: Mapped[str] = mapped_column(ForeignKey("study_photos.id"))
    kind: Mapped[str] = mapped_column(String(12))
    grade: Mapped[float | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    marks: Mapped[list[Any] | None]
    corrects: Mapped[str | None] = mapped_column(String(64))
    shown_at: Mapped[datetime]
    answered_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=now)
    position: Mapped[int]
    instrument_version: Mapped[str] = mapped_column(String(32))
    seed: Mapped[int]


class AuditRow(Base):
    """One thing that somebody did; only ever added.

    Attributes:
        who: id of the member; None for the program itself.
        what: a stable word such as ``study.opened``.
        details: never a photo, a password or a token.
        digest: SHA-256 of this row and the digest of the row before, so that a row that was taken out shows.
    """

    __tablename__ = "audit"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now)
    who: Mapped[str | None] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(60))
    study_id: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
