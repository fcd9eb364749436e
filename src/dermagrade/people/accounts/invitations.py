"""Invitations: links that let one person in once. The link holds a secret of which the database keeps the digest."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dermagrade.errors import UsageError
from dermagrade.people.accounts.members import clean_email, clean_name, clean_roles, find_email, lock_members
from dermagrade.people.accounts.passwords import check_new, hash_password
from dermagrade.people.accounts.policy import AccountPolicy
from dermagrade.people.accounts.sessions import begin_session, digest_of, end_all
from dermagrade.people.store.audit import record
from dermagrade.people.store.database import Database
from dermagrade.people.store.schema import Invitation, Member, Study, StudyRater, now
from dermagrade.people.studies.lookups import study_to_change
from dermagrade.people.studies.roster import join

#: Days that a link may live.
LONGEST_DAYS = 90
#: Of a link for a new password, which opens an account that there is already.
PASSWORD_DAYS = 2

_DEAD = "This link was used already, has ended, or is not one of this service; ask your team for another one."


@dataclass(frozen=True)
class Invited:
    """What an invitation offers.

    Attributes:
        name: of whom it is for, as the team wrote it.
        email: likewise; None where they wrote none.
        roles: that it gives; none for a link that sets a new password.
        study: name of the study that one becomes a rater of, if any.
        known: whether somebody has an account with this e-mail address already.
    """

    name: str
    email: str | None
    roles: frozenset[str]
    study: str | None
    known: bool

    @property
    def for_password(self) -> bool:
        """Whether it only sets a new password for an account that there is."""
        return not self.roles


def make_invitation(
    db: Database,
    *,
    by: str,
    name: str,
    email: str | None = None,
    roles: Iterable[str] = ("rater",),
    study_id: str | None = None,
    days: float = 14,
) -> str:
    """Makes an invitation; the secret of its link, which is kept nowhere.

    Args:
        db: the database.
        by: id of who invites: the team may invite raters, and admins everybody.
        name: of whom it is for.
        email: likewise, if known.
        roles: that they get; none is lost by it.
        study_id: the study that they become a rater of.
        days: that the link lives, above 0 to 90.

    Raises:
        UsageError: if something of it is wrong, or is not theirs to give.
    """
    asked = clean_roles({*roles, "rater"} if study_id else roles)
    if not 0 < days <= LONGEST_DAYS:
        raise UsageError(f"An invitation lives more than 0 and at most {LONGEST_DAYS} days.")
    row = Invitation(
        name=clean_name(name),
        email=clean_email(email) if email else None,
        roles=asked,
        study_id=study_id,
        invited_by=by,
        expires_at=now() + timedelta(days=days),
    )
    with db.begin() as session:
        may = _roles_of(session, by)
        if "admin" not in may and ("team" not in may or asked != "rater"):
            raise UsageError("The team invites raters; only an admin invites the team and admins.")
        if study_id is not None and session.get_one(Study, study_id).state == "closed":
            raise UsageError("The study is closed, so nobody can be invited to it.")
        return _keep(session, row, what="invitation.made")


def make_password_link(db: Database, *, by: str, member_id: str) -> str:
    """Makes a link by which a member with a local account sets a new password; its secret.

    Raises:
        UsageError: if they have no local account, or who asks is no admin.
    """
    with db.begin() as session:
        if "admin" not in _roles_of(session, by):
            raise UsageError("Only an admin can do this.")
        member = session.get(Member, member_id)
        if member is None or member.password is None or member.email is None or not member.active:
            raise UsageError("There is no active account with a password of this person.")
        row = Invitation(
            name=member.name,
            email=member.email,
            roles="",
            invited_by=by,
            expires_at=now() + timedelta(days=PASSWORD_DAYS),
        )
        return _keep(session, row, what="password.link", person=member_id)


def find_invitation(db: Database, secret: str) -> Invited | None:
    """What the link with this secret offers; None where it is dead."""
    with db.read() as session:
        row = _living(session, secret)
        if row is None:
            return None
        study = session.get(Study, row.study_id) if row.study_id else None
        known = row.email is not None and find_email(session, row.email) is not None
        return Invited(row.name, row.email, frozenset(row.roles.split()), study.name if study else None, known)


def accept_with_password(
    db: Database, policy: AccountPolicy, *, secret: str, name: str, email: str, password: str
) -> str:
    """Makes a local account for whom an invitation is for, or sets their new password; a session's secret.

    Raises:
        UsageError: if the link is dead, there is such an account already, or something typed is wrong.
    """
    offered = find_invitation(db, secret)
    if offered is None:
        raise UsageError(_DEAD)
    address = offered.email or clean_email(email)
    called = offered.name if offered.for_password else clean_name(name)
    check_new(password, called, address)
    kept = hash_password(password)  # outside the transaction: it takes a while
    with db.begin() as session:
        lock_members(session)
        row = _taken(session, secret)
        member = find_email(session, address)
        if not row.roles:
            if member is None or not member.active or member.password is None:
                raise UsageError(_DEAD)
            member.password = kept
            end_all(session, member.id)
            _use(session, row, member, what="password.reset")
        elif member is not None:
            raise UsageError("There is an account with this e-mail address already; sign in, and open the link again.")
        else:
            member = Member(name=called, email=address, roles=row.roles, password=kept)
            session.add(member)
            session.flush()
            _use(session, row, member, what="invitation.accepted")
        return begin_session(session, policy, member)


def accept_as(db: Database, *, secret: str, member_id: str) -> None:
    """Lets somebody who is signed in take what an invitation offers.

    Raises:
        UsageError: if the link is dead.
    """
    with db.begin() as session:
        take(session, session.get_one(Member, member_id), secret)


def take(session: Session, member: Member, secret: str) -> None:
    """As :func:`accept_as`, within the caller's transaction.

    Raises:
        UsageError: if the link is dead.
    """
    row = _taken(session, secret)
    if not row.roles:
        raise UsageError("This link sets a new password; sign out first, and open it again.")
    member.roles = clean_roles({*member.roles.split(), *row.roles.split()})
    _use(session, row, member, what="invitation.accepted")


def invited_roles(session: Session, member_id: str) -> frozenset[str]:
    """The roles that a member has got by invitations."""
    rows = session.scalars(select(Invitation.roles).where(Invitation.used_by == member_id))
    return frozenset(role for words in rows for role in words.split())


def waiting_invitations(db: Database, study_id: str) -> list[tuple[str, datetime]]:
    """Names and last moments of a study's invitations that were not used and still live."""
    with db.read() as session:
        rows = session.scalars(
            select(Invitation)
            .where(Invitation.study_id == study_id, Invitation.used_at.is_(None), Invitation.expires_at > now())
            .order_by(Invitation.created_at)
        )
        return [(row.name, row.expires_at) for row in rows]


def _keep(session: Session, row: Invitation, *, what: str, **details: str) -> str:
    secret = secrets.token_urlsafe(32)
    row.digest = digest_of(secret)
    session.add(row)
    session.flush()
    roles = {"roles": row.roles} if row.roles else {}
    record(session, who=row.invited_by, what=what, study_id=row.study_id, **roles, **details)
    return secret


def _living(session: Session, secret: str) -> Invitation | None:
    row = session.get(Invitation, digest_of(secret))
    if row is None or row.used_at is not None or now() >= row.expires_at:
        return None
    return row if session.get_one(Member, row.invited_by).active else None


def _taken(session: Session, secret: str) -> Invitation:
    """The invitation, held until the transaction ends, so that two at once do not both use it."""
    session.get(Invitation, digest_of(secret), with_for_update=True, populate_existing=True)
    row = _living(session, secret)
    if row is None:
        raise UsageError(_DEAD)
    return row


def _use(session: Session, row: Invitation, member: Member, *, what: str) -> None:
    row.used_at, row.used_by = now(), member.id
    if row.study_id is not None:
        rater = session.get(StudyRater, (row.study_id, member.id))
        if rater is None or rater.removed_at is not None:
            join(session, study_to_change(session, row.study_id), by=row.invited_by, member_id=member.id)
    record(session, who=member.id, what=what, study_id=row.study_id, by=row.invited_by)


def _roles_of(session: Session, member_id: str) -> frozenset[str]:
    member = session.get_one(Member, member_id)
    return frozenset(member.roles.split()) if member.active else frozenset()
